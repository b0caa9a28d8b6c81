/** Where an open build stands in the line of its pool, and when it is expected to end. */
import { and, eq, lt, ne, or, sql } from 'drizzle-orm';
import { expectedEnd } from '../../ci/report/expected.js';
import type { Db } from '../../store/open.js';
import { attempts, builds } from '../../store/schema.js';
import type { BuildState } from './status.js';

export interface QueuePlace {
  /** Builds of the pool that wait before it now; null once it runs. */
  readonly ahead: number | null;
  /** Workers of the pool when it was queued; null when not known. */
  readonly workers: number | null;
  /** Seconds that this check usually takes there; null when it was never built. */
  readonly usualSeconds: number | null;
  /** A guess, the same as the check's; null without one. */
  readonly expectedAt: Date | null;
}

/** Null unless the build waits for a worker or runs. */
export async function readQueuePlace(
  db: Db,
  build: { readonly id: string; readonly pool: string; readonly state: BuildState; readonly startedAt: Date | null },
  newest: Pick<typeof attempts.$inferSelect, 'queuedAt' | 'outlook'> | undefined,
): Promise<QueuePlace | null> {
  if (newest === undefined || (build.state !== 'queued' && build.state !== 'running')) return null;
  const { outlook, queuedAt } = newest;
  const usualSeconds = outlook?.seconds ?? null;
  const told = { workers: outlook?.workers ?? null, usualSeconds };
  if (build.state === 'running') {
    const { startedAt } = build;
    const end = startedAt === null || usualSeconds === null ? null : startedAt.getTime() + usualSeconds * 1000;
    return { ...told, ahead: null, expectedAt: end === null ? null : new Date(end) };
  }
  const [row] = await db
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(
      and(
        eq(builds.pool, build.pool),
        eq(builds.state, 'queued'),
        ne(builds.id, build.id),
        or(lt(attempts.queuedAt, queuedAt), and(eq(attempts.queuedAt, queuedAt), lt(builds.id, build.id))),
      ),
    );
  const end = expectedEnd(outlook, queuedAt.getTime());
  return { ...told, ahead: row?.n ?? 0, expectedAt: end === null ? null : new Date(end) };
}
