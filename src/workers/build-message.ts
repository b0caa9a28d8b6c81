/** What a worker is told to build: an attempt of the ledger, as it is wanted at this moment. */
import { and, eq } from 'drizzle-orm';
import { withClosedPlaces } from '../ledger/closed-places.js';
import { workersToAvoid } from '../ledger/elsewhere.js';
import { attemptToken } from '../ledger/state.js';
import { type BuildMessage, PROTOCOL_VERSION } from '../protocol.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';

/** The message of an attempt that still waits for a worker; null when it is not wanted any more. */
export async function buildMessage(
  db: Db,
  key: string,
  { buildId, attempt }: { buildId: string; attempt: number },
  now: Date,
): Promise<BuildMessage | null> {
  const [row] = await db
    .select({ plan: builds.plan, fresh: attempts.fresh, retry: attempts.retry })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(and(eq(builds.id, buildId), eq(builds.attempt, attempt), eq(attempts.state, 'queued')));
  if (row === undefined) return null;
  const plan = await withClosedPlaces(db, row.plan, now);
  const avoid = row.retry === null ? [] : await workersToAvoid(db, { buildId, attempt }, now);
  return {
    v: PROTOCOL_VERSION,
    buildId,
    attempt,
    token: attemptToken(key, buildId, attempt),
    // One command at a time needs the least memory that the build can do with.
    plan: row.retry === 'out-of-memory' ? { ...plan, jobs: 1, moreMemory: true } : plan,
    ...(row.fresh ? { fresh: true } : {}),
    ...(avoid.length === 0 ? {} : { avoid }),
  };
}
