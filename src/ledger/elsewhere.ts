/** A machine that failed a build may fail it again, so another try goes to another worker, where the pool has one. */
import { and, eq, gt, lt, notInArray } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { attempts, builds, workers } from '../store/schema.js';
import { LIMITS, plusSeconds } from './state.js';

/** So long a try waits for the others before any worker may take it. */
const WAITS_SECONDS = 600;

/** Workers that are to leave an attempt to others; none where there are no others, or none that took it in time. */
export async function workersToAvoid(
  db: Db,
  { buildId, attempt }: { readonly buildId: string; readonly attempt: number },
  now: Date,
): Promise<string[]> {
  const [row] = await db
    .select({ retry: attempts.retry, queuedAt: attempts.queuedAt, pool: builds.pool })
    .from(attempts)
    .innerJoin(builds, eq(builds.id, attempts.buildId))
    .where(and(eq(attempts.buildId, buildId), eq(attempts.attempt, attempt)));
  // More memory is found with fewer jobs, not elsewhere.
  if (row?.retry !== 'infrastructure' || now > plusSeconds(row.queuedAt, WAITS_SECONDS)) return [];
  const before = await db
    .select({ worker: attempts.worker })
    .from(attempts)
    .where(and(eq(attempts.buildId, buildId), lt(attempts.attempt, attempt)));
  const failed = [...new Set(before.flatMap(({ worker }) => (worker === null ? [] : [worker])))];
  if (failed.length === 0) return [];
  const [other] = await db
    .select({ id: workers.id })
    .from(workers)
    .where(
      and(
        eq(workers.pool, row.pool),
        notInArray(workers.id, failed),
        gt(workers.seenAt, plusSeconds(now, -LIMITS.heartbeat)),
      ),
    )
    .limit(1);
  return other === undefined ? [] : failed;
}
