/**
 * What has been decided about the labels and people of an issue and is not on GitHub yet, as far as we know. A decision that took
 * GitHub's word alone would leave out what is about to go, and do twice what is about to come.
 */
import { and, asc, eq, gt, inArray, lte, type SQL } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import { Intent, issueLane } from '../outbox/intent.js';
import { lowerSet } from '../registry/lower-set.js';
import type { Db } from './open.js';
import { intents } from './schema.js';

/** Names of labels, or logins. */
export interface Changes {
  readonly arriving: readonly string[];
  readonly leaving: readonly string[];
}

export interface OnTheWay {
  readonly labels: Changes;
  readonly people: Changes;
}

type Place = Pick<IssueRef, 'repositoryId' | 'number'>;

const KINDS = ['add-labels', 'remove-labels', 'assign', 'unassign'] as const;
type Change = Extract<Intent, { kind: (typeof KINDS)[number] }>;

/** To be read before GitHub is: what is sent meanwhile is seen in one of the two. */
export async function onTheWay(db: Db, ref: Place): Promise<OnTheWay> {
  const pending = await pendingChanges(db, ref);
  return { labels: changes(pending, 'add-labels', 'remove-labels'), people: changes(pending, 'assign', 'unassign') };
}

/** Labels that we are about to take off ourselves, also such as come back: that they are gone is no person's doing. */
export async function labelsLeaving(db: Db, ref: Place): Promise<string[]> {
  return (await pendingChanges(db, ref)).filter(({ kind }) => kind === 'remove-labels').flatMap(namesOf);
}

/** Labels that GitHub may have although its answer never came: a person may have seen them there. */
export async function labelsMaybeThere(db: Db, ref: Place): Promise<string[]> {
  const tried = await pendingChanges(db, ref, gt(intents.attempts, 0));
  return tried.filter(({ kind }) => kind === 'add-labels').flatMap(namesOf);
}

/** As far as the clocks of two machines may be apart. */
const CLOCKS_MS = 5_000;

/**
 * Somebody was taken off at a moment: our assignments of them from before that were tried have arrived as far as they go, answer or not.
 * Whom else one names is still to be put on. What was decided later is no concern of a delivery that comes late.
 */
export async function noteArrived(db: Db, ref: Place, off: { login: string; at: Date }, now: Date): Promise<void> {
  const login = off.login.toLowerCase();
  const rows = await db
    .select({ id: intents.id, payload: intents.payload })
    .from(intents)
    .where(
      and(
        eq(intents.lane, issueLane(ref.repositoryId, ref.number)),
        eq(intents.kind, 'assign'),
        eq(intents.state, 'pending'),
        gt(intents.attempts, 0),
        lte(intents.createdAt, new Date(off.at.getTime() + CLOCKS_MS)),
      ),
    );
  for (const { id, payload } of rows) {
    const intent = Intent.safeParse(payload);
    if (!intent.success || intent.data.kind !== 'assign') continue;
    const { logins } = intent.data;
    const others = logins.filter((each) => each.toLowerCase() !== login);
    if (others.length === logins.length) continue;
    await db
      .update(intents)
      .set(
        others.length > 0
          ? { payload: { ...intent.data, logins: others } }
          : { state: 'sent', doneAt: now, claimedUntil: null },
      )
      .where(and(eq(intents.id, id), eq(intents.state, 'pending')));
  }
}

/** Names as they will be when all of that has arrived. */
export function afterAll(names: readonly string[], { arriving, leaving }: Changes): string[] {
  const moving = lowerSet([...arriving, ...leaving]);
  return [...names.filter((name) => !moving.has(name.toLowerCase())), ...arriving];
}

/** The last word on each name. */
function changes(pending: readonly Change[], puts: Change['kind'], takes: Change['kind']): Changes {
  const last = new Map<string, { readonly kind: Change['kind']; readonly name: string }>();
  for (const change of pending)
    if (change.kind === puts || change.kind === takes)
      for (const name of namesOf(change)) last.set(name.toLowerCase(), { kind: change.kind, name });
  const those = (kind: Change['kind']) =>
    [...last.values()].filter((each) => each.kind === kind).map(({ name }) => name);
  return { arriving: those(puts), leaving: those(takes) };
}

function namesOf(change: Change): readonly string[] {
  if (change.kind === 'add-labels') return change.labels.map(({ name }) => name);
  return change.kind === 'remove-labels' ? change.labels : change.logins;
}

/** In the order in which they will be sent. */
async function pendingChanges(db: Db, { repositoryId, number }: Place, more?: SQL): Promise<Change[]> {
  const rows = await db
    .select({ payload: intents.payload })
    .from(intents)
    .where(
      and(
        eq(intents.lane, issueLane(repositoryId, number)),
        inArray(intents.kind, [...KINDS]),
        eq(intents.state, 'pending'),
        more,
      ),
    )
    .orderBy(asc(intents.id));
  return rows.flatMap(({ payload }) => {
    const intent = Intent.safeParse(payload);
    return intent.success && isChange(intent.data) ? [intent.data] : [];
  });
}

function isChange(intent: Intent): intent is Change {
  return (KINDS as readonly string[]).includes(intent.kind);
}
