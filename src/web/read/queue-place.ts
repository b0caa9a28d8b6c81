/** Where an open build stands in the line of its pool, and when it is expected to end. */
import { expectedEnd } from '../../ci/report/expected.js';
import type { FleetRules } from '../../ledger/fleet.js';
import { aheadOf } from '../../ledger/outlook.js';
import { poolState } from '../../ledger/pool-state.js';
import type { Db } from '../../store/open.js';
import type { attempts } from '../../store/schema.js';
import type { BuildState } from './status.js';

export interface QueuePlace {
  /** Builds of the pool that get a worker before it, as it looks now; null once it runs. */
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
  rules: FleetRules,
  now: Date,
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
  const ahead = aheadOf(build.id, await poolState(db, build.pool, rules, now));
  const end = expectedEnd(outlook, queuedAt.getTime());
  return { ...told, ahead: ahead ?? 0, expectedAt: end === null ? null : new Date(end) };
}
