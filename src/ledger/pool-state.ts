/** What there is in a pool right now: its workers, what waits, what is held, and what the spokes used of it lately. */
import { and, eq, gt, isNotNull, or, sql } from 'drizzle-orm';
import { BRANCHES } from '../ci/capabilities.js';
import type { Db } from '../store/open.js';
import { attempts, builds, workers } from '../store/schema.js';
import { inOrder, type Placed, type PoolUse, type WaitingBuild } from './fair-share.js';
import type { FleetRules } from './fleet.js';
import { LIMITS, plusSeconds } from './state.js';

/** Worker seconds count for so long, in seconds. */
export const LATELY = 6 * 3600;

export interface PoolState {
  /** Workers that were heard of lately and that fit the pool. */
  readonly workers: number;
  /** Builds that they take at once. */
  readonly slots: number;
  readonly running: number;
  /** In the pool's queue, in its order; any worker may take them. */
  readonly queue: readonly WaitingBuild[];
  /** In the ledger, in the order in which they are released. */
  readonly waiting: readonly Placed[];
  /** Builds of each spoke that run or lie in the queue. */
  readonly held: ReadonlyMap<string, number>;
  /** Worker seconds of each spoke lately. */
  readonly used: ReadonlyMap<string, number>;
  /** Every worker understands builds without a pull request. */
  readonly takesBranches: boolean;
}

/** `newcomer`: a build without an open attempt, taken to be queued now. */
export async function poolState(
  db: Db,
  pool: string,
  rules: FleetRules,
  now: Date,
  newcomer?: Pick<WaitingBuild, 'buildId' | 'attempt' | 'origin' | 'dependent'> & { readonly product: string },
): Promise<PoolState> {
  const there = await db
    .select({ slots: workers.concurrency, capabilities: workers.capabilities, unfit: workers.unfit })
    .from(workers)
    .where(and(eq(workers.pool, pool), gt(workers.seenAt, plusSeconds(now, -LIMITS.heartbeat))));
  const fit = there.filter(({ unfit }) => unfit === null);
  const open = await db
    .select({
      buildId: attempts.buildId,
      attempt: attempts.attempt,
      state: attempts.state,
      product: builds.product,
      origin: builds.origin,
      dependent: sql<boolean>`${builds.plan} ->> 'dependent' is not null`,
      queuedAt: attempts.queuedAt,
      releasedAt: attempts.releasedAt,
    })
    .from(attempts)
    .innerJoin(builds, and(eq(builds.id, attempts.buildId), eq(builds.attempt, attempts.attempt)))
    .where(and(eq(builds.pool, pool), or(eq(attempts.state, 'queued'), eq(attempts.state, 'running'))));
  const held = new Map<string, number>();
  const queue: (WaitingBuild & { readonly releasedAt: number })[] = [];
  const inLedger: WaitingBuild[] = [];
  for (const { product, state, releasedAt, queuedAt, ...row } of open) {
    const one = { ...row, spoke: rules.spokeOf(product), queuedAt: queuedAt.getTime() };
    if (state === 'running' || releasedAt !== null) held.set(one.spoke, (held.get(one.spoke) ?? 0) + 1);
    if (state === 'queued' && releasedAt !== null) queue.push({ ...one, releasedAt: releasedAt.getTime() });
    if (state === 'queued' && releasedAt === null) inLedger.push(one);
  }
  if (newcomer !== undefined) {
    const { product, ...row } = newcomer;
    // Of those of the same moment it is the last.
    inLedger.push({ ...row, spoke: rules.spokeOf(product), queuedAt: now.getTime() + 1 });
  }
  const use: PoolUse = { held, used: await usedLately(db, pool, rules, now) };
  return {
    workers: fit.length,
    slots: fit.reduce((sum, { slots }) => sum + slots, 0),
    running: open.filter(({ state }) => state === 'running').length,
    queue: queue.sort((a, b) => a.releasedAt - b.releasedAt),
    waiting: inOrder(inLedger, use, rules.shareOf(pool), now.getTime()),
    ...use,
    takesBranches: fit.every(({ capabilities }) => capabilities?.features?.includes(BRANCHES) ?? false),
  };
}

/** Worker seconds by spoke within the last hours, what runs among them. */
async function usedLately(db: Db, pool: string, rules: FleetRules, now: Date): Promise<Map<string, number>> {
  const since = plusSeconds(now, -LATELY);
  const rows = await db
    .select({
      product: builds.product,
      seconds: sql<number>`sum(extract(epoch from
        coalesce(${attempts.finishedAt}, ${now.toISOString()}::timestamptz) - greatest(${attempts.startedAt}, ${since.toISOString()}::timestamptz)))`.mapWith(
        Number,
      ),
    })
    .from(attempts)
    .innerJoin(builds, eq(builds.id, attempts.buildId))
    .where(
      and(
        eq(builds.pool, pool),
        isNotNull(attempts.startedAt),
        or(eq(attempts.state, 'running'), gt(attempts.finishedAt, since)),
      ),
    )
    .groupBy(builds.product);
  const used = new Map<string, number>();
  for (const { product, seconds } of rows) {
    const spoke = rules.spokeOf(product);
    used.set(spoke, (used.get(spoke) ?? 0) + Math.max(0, seconds));
  }
  return used;
}
