/** What a build that is being queued has before it: who is there to build it, what waits and runs, and how long it took before. */
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Outlook } from '../ci/report.js';
import type { Db } from '../store/open.js';
import { attempts, builds, workers } from '../store/schema.js';
import { type Build, LIMITS, plusSeconds } from './state.js';

/** So many newest verdicts say how long it takes. */
const HISTORY = 15;

export async function outlookOf(tx: Db, build: Build, now: Date): Promise<Outlook> {
  const [there] = await tx
    .select({
      workers: sql<number>`count(*)`.mapWith(Number),
      slots: sql<number>`coalesce(sum(${workers.concurrency}), 0)`.mapWith(Number),
    })
    .from(workers)
    .where(and(eq(workers.pool, build.pool), gt(workers.seenAt, plusSeconds(now, -LIMITS.heartbeat))));
  const open = await tx
    .select({ state: attempts.state, builds: sql<number>`count(*)`.mapWith(Number) })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(and(eq(builds.pool, build.pool), ne(builds.state, 'completed'), ne(builds.id, build.id)))
    .groupBy(attempts.state);
  const count = (state: string) => open.find((one) => one.state === state)?.builds ?? 0;
  return {
    workers: there?.workers ?? 0,
    slots: there?.slots ?? 0,
    ahead: count('queued'),
    running: count('running'),
    seconds: await usualSeconds(tx, build),
  };
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
