/** Attempts that the queue may have lost. */
import { and, eq, isNull, lte } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';

/** Queue messages that may have been lost: attempts that were released and that no worker has taken. */
export async function unansweredAttempts(
  db: Db,
  before: Date,
): Promise<{ pool: string; buildId: string; attempt: number }[]> {
  return db
    .select({ pool: builds.pool, buildId: attempts.buildId, attempt: attempts.attempt })
    .from(attempts)
    .innerJoin(builds, and(eq(builds.id, attempts.buildId), eq(builds.attempt, attempts.attempt)))
    .where(and(eq(attempts.state, 'queued'), isNull(attempts.worker), lte(attempts.releasedAt, before)))
    .limit(5000);
}
