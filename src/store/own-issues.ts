/** Issues of our own: asked for, open, and where they lie. What each is about is kept by `nightly.ts` and `pauses.ts`. */
import { eq } from 'drizzle-orm';
import type { Action, OwnIssueState } from '../actions.js';
import { type Cause, causeLane, type Intent, issueLane, type NewIntent } from '../outbox/intent.js';
import { enqueueIntents } from '../outbox/outbox.js';
import type { IssuePlace } from '../outbox/sent.js';
import { storeLook } from './moves.js';
import { keepNightly, placeNightly } from './nightly.js';
import type { Db } from './open.js';
import { keepPause, placePause } from './pauses.js';
import { followMoves } from './places.js';
import { intents, subjects } from './schema.js';
import { findRepository } from './subjects.js';

/** The columns that say where such an issue is; null while there is none. */
interface Kept {
  readonly issueRepositoryId: number | null;
  readonly issueRepository: string | null;
  readonly issueNumber: number | null;
}

/** Where the issue lies now, transfers followed; null while there is none. */
export async function ownIssuePlace(
  db: Db,
  { issueRepositoryId: repositoryId, issueRepository: repository, issueNumber: number }: Kept,
): Promise<IssuePlace | null> {
  if (repositoryId === null || repository === null || number === null) return null;
  return (await followMoves(db, { repositoryId, repository, number })) as IssuePlace;
}

/** Whether an issue that was asked for may still come; false once GitHub has refused it. */
export async function isOwnIssueComing(db: Db, of: Cause, round: number): Promise<boolean> {
  const [row] = await db
    .select({ state: intents.state })
    .from(intents)
    .where(eq(intents.key, openKey(of, round)));
  return row !== undefined && row.state !== 'failed' && row.state !== 'superseded';
}

function openKey(of: Cause, round: number): string {
  return `open-issue-${causeLane(of)}-${round}`;
}

/**
 * Keeps the state; `opens`: an issue is asked for, and the one before is forgotten. Returns the number of the issue among those of its
 * cause; null when this one was asked for already.
 */
export async function keepOwnIssue(tx: Db, state: OwnIssueState, opens: boolean, now: Date): Promise<number | null> {
  if ('since' in state) return keepPause(tx, state, opens, now);
  return (await keepNightly(tx, state, opens, now)).round;
}

/** The intent of an `open-issue` action, as its row counts it. */
export function openIntent(
  { to, title, body, label, state }: Extract<Action, { kind: 'open-issue' }>,
  round: number,
): NewIntent {
  const of: Cause =
    'since' in state
      ? { repositoryId: state.repositoryId, pause: true }
      : { repositoryId: state.repositoryId, name: state.name, pool: state.pool };
  return {
    key: openKey(of, round),
    lane: causeLane(of),
    installationId: to.installationId,
    intent: {
      kind: 'open-issue',
      repositoryId: to.repositoryId,
      repository: to.fullName,
      of,
      round,
      title,
      body,
      label,
    },
  };
}

/**
 * The issue is there and its place is kept. One about a branch gets our label, and triage is sent to route it as any other; one about a
 * pause is for the hub to read. Returns the numbers of deliveries to be handed on, and lanes to be poked.
 */
export async function applyOpened(
  tx: Db,
  intent: Extract<Intent, { kind: 'open-issue' }>,
  number: number,
  now: Date,
): Promise<{ readonly looks: number[]; readonly lanes: string[] }> {
  const { of, round, repositoryId, repository } = intent;
  const place = { repositoryId, repository, number };
  if ('pause' in of) {
    await placePause(tx, of.repositoryId, round, place, now);
    return { looks: [], lanes: [] };
  }
  await placeNightly(tx, of, round, place, now);
  await tx
    .insert(subjects)
    .values({ repositoryId, number, isPull: false, title: intent.title, author: null, updatedAt: now })
    .onConflictDoNothing();
  const known = await findRepository(tx, repositoryId);
  const installationId = known?.installationId ?? 0;
  const lanes =
    intent.label === null
      ? []
      : await enqueueIntents(tx, now, [
          {
            key: `nightly-label-${causeLane(of)}-${round}`,
            lane: issueLane(repositoryId, number),
            installationId,
            intent: { kind: 'add-labels', repositoryId, repository, number, labels: [intent.label] },
          },
        ]);
  const look = await storeLook(tx, place, { installationId, private: known?.private ?? false, mark: 'nightly' }, now);
  return { looks: [look], lanes };
}
