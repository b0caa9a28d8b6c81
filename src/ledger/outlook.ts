/**
 * What a build that is being queued has before it: who is there to build it, what waits and runs, and how long it took before. What is
 * before it is told by the same order in which builds are released.
 */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Outlook } from '../ci/report.js';
import type { Db } from '../store/open.js';
import { builds } from '../store/schema.js';
import { type FleetRules, NO_RULES } from './fleet.js';
import { type PoolState, poolState } from './pool-state.js';
import type { Build } from './state.js';

/** So many newest verdicts say how long it takes. */
const HISTORY = 15;

/** `build` has no open attempt yet: it is placed as if it were queued now. */
export async function outlookOf(tx: Db, build: Build, now: Date, rules: FleetRules = NO_RULES): Promise<Outlook> {
  const { id: buildId, product, origin, plan } = build;
  const dependent = plan.dependent !== undefined;
  const newcomer = { buildId, attempt: build.attempt + 1, product, origin, dependent };
  const state = await poolState(tx, build.pool, rules, now, newcomer);
  return {
    workers: state.workers,
    slots: state.slots,
    ahead: aheadOf(build.id, state) ?? 0,
    running: state.running,
    seconds: await usualSeconds(tx, build),
  };
}

/** Builds that get a worker before a build that waits; null for one that does not wait. */
export function aheadOf(buildId: string, { queue, waiting }: Pick<PoolState, 'queue' | 'waiting'>): number | null {
  const at = [...queue, ...waiting].findIndex((one) => one.buildId === buildId);
  return at < 0 ? null : at;
}

/** Median over the newest verdicts of the same check on the same pool; null without any. */
async function usualSeconds(tx: Db, { repositoryId, name, pool }: Build): Promise<number | null> {
  const rows = await tx
    .select({ startedAt: builds.startedAt, completedAt: builds.completedAt })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, repositoryId),
        eq(builds.name, name),
        eq(builds.pool, pool),
        eq(builds.state, 'completed'),
        sql`${builds.end} ->> 'kind' = 'verdict'`,
        // One that was proved by another took no time of its own.
        sql`${builds.end} -> 'proof' is null`,
      ),
    )
    .orderBy(desc(builds.completedAt))
    .limit(HISTORY);
  const seconds = rows
    .flatMap((row) => (row.startedAt && row.completedAt ? [row.completedAt.getTime() - row.startedAt.getTime()] : []))
    .sort((a, b) => a - b);
  const middle = seconds[Math.floor((seconds.length - 1) / 2)];
  return middle === undefined ? null : Math.round(middle / 1000);
}
