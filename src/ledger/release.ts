/**
 * Hands builds of a pool to its queue, no more than its workers can take and a few, so that who is next is decided here and at the last
 * moment. What is in the queue is taken by whichever worker is first; all others wait in the ledger.
 */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import type { FleetRules } from './fleet.js';
import { type PoolState, poolState } from './pool-state.js';
import type { Outgoing } from './state.js';

/**
 * Releases what there is room for and returns it, in its order. Safe at any time and in several processes: of two at once the second
 * sees what the first did.
 */
export async function releaseBuilds(db: Db, pool: string, rules: FleetRules, now: Date): Promise<Outgoing['builds']> {
  return db.transaction(async (raw) => {
    const tx = raw as Db;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`release ${pool}`}))`);
    const state = await poolState(tx, pool, rules, now);
    const next = state.waiting
      .filter((one) => !one.capped && (one.origin === 'pull' || state.takesBranches))
      .slice(0, roomIn(state, rules.shareOf(pool).most));
    if (next.length === 0) return [];
    const mine = and(
      inArray(
        attempts.buildId,
        next.map(({ buildId }) => buildId),
      ),
      eq(attempts.state, 'queued'),
      isNull(attempts.releasedAt),
    );
    // Of a build that somebody ends at this moment we must not wait: they may wait for one that we have.
    const free = await tx
      .select({ buildId: attempts.buildId })
      .from(attempts)
      .where(mine)
      .for('update', { skipLocked: true });
    const ids = new Set(free.map(({ buildId }) => buildId));
    const done = next.filter(({ buildId }) => ids.has(buildId));
    if (done.length > 0)
      await tx
        .update(attempts)
        .set({ releasedAt: now })
        .where(and(mine, inArray(attempts.buildId, [...ids])));
    return done.map(({ buildId, attempt }) => ({ pool, buildId, attempt }));
  });
}

/** Free slots and a little more, so that no worker waits for us when it has ended a build. */
function roomIn({ slots, running, queue }: PoolState, most: number | null): number {
  const ahead = Math.max(1, Math.ceil(slots / 10));
  const byWorkers = Math.max(0, slots - running) + ahead - queue.length;
  return Math.max(0, most === null ? byWorkers : Math.min(byWorkers, most - running - queue.length));
}

/** Pools with builds that wait in the ledger. */
export async function poolsThatWait(db: Db): Promise<string[]> {
  const rows = await db
    .selectDistinct({ pool: builds.pool })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(and(eq(builds.state, 'queued'), eq(attempts.state, 'queued'), isNull(attempts.releasedAt)));
  return rows.map(({ pool }) => pool);
}
