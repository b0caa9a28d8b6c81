/** How default branches stand, check by check, and where the issue about a broken one lies. */
import { and, eq, sql } from 'drizzle-orm';
import type { Action, NightlyState } from '../actions.js';
import { type Intent, issueLane, type NewIntent, nightlyLane } from '../outbox/intent.js';
import type { IssuePlace } from '../outbox/outbox.js';
import { enqueueIntents } from '../outbox/outbox.js';
import { storeLook } from './moves.js';
import type { Db } from './open.js';
import { followMoves } from './places.js';
import { nightlyIssues, subjects } from './schema.js';
import { findRepository } from './subjects.js';

export type NightlyRow = typeof nightlyIssues.$inferSelect;

export async function findNightly(
  db: Db,
  of: { repositoryId: number; name: string; pool: string },
): Promise<NightlyRow | null> {
  const [row] = await db
    .select()
    .from(nightlyIssues)
    .where(
      and(
        eq(nightlyIssues.repositoryId, of.repositoryId),
        eq(nightlyIssues.name, of.name),
        eq(nightlyIssues.pool, of.pool),
      ),
    );
  return row ?? null;
}

/** Where the issue lies now, transfers followed; null while there is none. */
export async function nightlyIssuePlace(db: Db, row: NightlyRow): Promise<IssuePlace | null> {
  const { issueRepositoryId: repositoryId, issueRepository: repository, issueNumber: number } = row;
  if (repositoryId === null || repository === null || number === null) return null;
  return (await followMoves(db, { repositoryId, repository, number })) as IssuePlace;
}

/** Keeps the state; `opens`: an issue is asked for, and the one before is forgotten. Returns the row as it is then. */
export async function keepNightly(tx: Db, state: NightlyState, opens: boolean, now: Date): Promise<NightlyRow> {
  const { repositoryId, name, pool, product, buildId, broken, brokenSha, brokenAt } = state;
  const set = { product, buildId, broken, brokenSha, brokenAt: new Date(brokenAt), updatedAt: now };
  const fresh = { issueRepositoryId: null, issueRepository: null, issueNumber: null };
  const [row] = await tx
    .insert(nightlyIssues)
    .values({ repositoryId, name, pool, ...set, round: opens ? 1 : 0 })
    .onConflictDoUpdate({
      target: [nightlyIssues.repositoryId, nightlyIssues.name, nightlyIssues.pool],
      set: opens ? { ...set, ...fresh, round: sql`${nightlyIssues.round} + 1` } : set,
    })
    .returning();
  return row!;
}

/** The intent of an `open-issue` action, as the row counts it. */
export function openIntent(
  { to, title, body, label, state }: Extract<Action, { kind: 'open-issue' }>,
  round: number,
): NewIntent {
  const of = { repositoryId: state.repositoryId, name: state.name, pool: state.pool };
  return {
    key: `open-issue-${nightlyLane(of)}-${round}`,
    lane: nightlyLane(of),
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
 * The issue is there: its place is kept, our label is put, and triage is sent to route it as any other.
 * Returns the numbers of deliveries to be handed on, and lanes to be poked.
 */
export async function applyOpened(
  tx: Db,
  intent: Extract<Intent, { kind: 'open-issue' }>,
  number: number,
  now: Date,
): Promise<{ readonly looks: number[]; readonly lanes: string[] }> {
  const { of, round, repositoryId, repository } = intent;
  await tx
    .update(nightlyIssues)
    .set({ issueRepositoryId: repositoryId, issueRepository: repository, issueNumber: number, updatedAt: now })
    .where(
      and(
        eq(nightlyIssues.repositoryId, of.repositoryId),
        eq(nightlyIssues.name, of.name),
        eq(nightlyIssues.pool, of.pool),
        eq(nightlyIssues.round, round),
      ),
    );
  await tx
    .insert(subjects)
    .values({
      repositoryId,
      number,
      isPull: false,
      title: intent.title,
      author: null,
      updatedAt: now,
    })
    .onConflictDoNothing();
  const known = await findRepository(tx, repositoryId);
  const installationId = known?.installationId ?? 0;
  const lanes =
    intent.label === null
      ? []
      : await enqueueIntents(tx, now, [
          {
            key: `nightly-label-${nightlyLane(of)}-${round}`,
            lane: issueLane(repositoryId, number),
            installationId,
            intent: { kind: 'add-labels', repositoryId, repository, number, labels: [intent.label] },
          },
        ]);
  const place = { repositoryId, repository, number };
  const look = await storeLook(tx, place, { installationId, private: known?.private ?? false, mark: 'nightly' }, now);
  return { looks: [look], lanes };
}
