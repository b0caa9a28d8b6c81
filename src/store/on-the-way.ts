/**
 * What has been decided about the labels and people of an issue and is not on GitHub yet, as far as we know. A decision that took
 * GitHub's word alone would leave out what is about to go, and do twice what is about to come.
 */
import { and, asc, eq, gt, inArray, type SQL } from 'drizzle-orm';
import type { IssueRef } from '../actions.js';
import { Intent, issueLane } from '../outbox/intent.js';
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
  return {
    labels: changes(
      pending.flatMap((intent): Named[] => {
        if (intent.kind === 'add-labels') return [{ comes: true, names: intent.labels.map(({ name }) => name) }];
        return intent.kind === 'remove-labels' ? [{ comes: false, names: intent.labels }] : [];
      }),
    ),
    people: changes(
      pending.flatMap((intent): Named[] =>
        intent.kind === 'assign' || intent.kind === 'unassign'
          ? [{ comes: intent.kind === 'assign', names: intent.logins }]
          : [],
      ),
    ),
  };
}

/** Labels that we are about to take off ourselves, also such as come back: that they are gone is no person's doing. */
export async function labelsLeaving(db: Db, ref: Place): Promise<string[]> {
  return (await pendingChanges(db, ref)).flatMap((intent) => (intent.kind === 'remove-labels' ? intent.labels : []));
}

/** Labels that GitHub may have although its answer never came: a person may have seen them there. */
export async function labelsMaybeThere(db: Db, ref: Place): Promise<string[]> {
  return (await pendingChanges(db, ref, gt(intents.attempts, 0))).flatMap((intent) =>
    intent.kind === 'add-labels' ? intent.labels.map(({ name }) => name) : [],
  );
}

/** Names as they will be when all of that has arrived. */
export function afterAll(names: readonly string[], { arriving, leaving }: Changes): string[] {
  const moving = new Set([...arriving, ...leaving].map((name) => name.toLowerCase()));
  return [...names.filter((name) => !moving.has(name.toLowerCase())), ...arriving];
}

interface Named {
  readonly comes: boolean;
  readonly names: readonly string[];
}

/** The last word on each name. */
function changes(all: readonly Named[]): Changes {
  const last = new Map<string, { readonly comes: boolean; readonly name: string }>();
  for (const { comes, names } of all) for (const name of names) last.set(name.toLowerCase(), { comes, name });
  const those = (comes: boolean) => [...last.values()].filter((each) => each.comes === comes).map(({ name }) => name);
  return { arriving: those(true), leaving: those(false) };
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
