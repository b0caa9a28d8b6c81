/** How default branches stand, check by check, and where the issue about a broken one lies (`own-issues.ts`). */
import { and, eq, sql } from 'drizzle-orm';
import type { NightlyState } from '../actions.js';
import type { Db } from './open.js';
import { nightlyIssues } from './schema.js';

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

/** Notes where the issue of that round is. */
export async function placeNightly(
  tx: Db,
  of: { readonly repositoryId: number; readonly name: string; readonly pool: string },
  round: number,
  place: { readonly repositoryId: number; readonly repository: string; readonly number: number },
  now: Date,
): Promise<void> {
  await tx
    .update(nightlyIssues)
    .set({
      issueRepositoryId: place.repositoryId,
      issueRepository: place.repository,
      issueNumber: place.number,
      updatedAt: now,
    })
    .where(
      and(
        eq(nightlyIssues.repositoryId, of.repositoryId),
        eq(nightlyIssues.name, of.name),
        eq(nightlyIssues.pool, of.pool),
        eq(nightlyIssues.round, round),
      ),
    );
}
