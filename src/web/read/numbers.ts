/** How much there is of everything: for the hub's page, and for the gauges of `/metrics`. */
import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { copiedSince } from '../../store/explain.js';
import type { Db } from '../../store/open.js';
import { listRates } from '../../store/rates.js';
import { attempts, builds, deliveries, intents, workers } from '../../store/schema.js';
import type { Gauges } from '../metrics.js';
import { listLate } from './late.js';

/** Workers send a heartbeat or poll far more often than that. */
export const WORKER_SILENT_SECONDS = 60;

const n = sql<number>`count(*)::int`;

export interface Traffic {
  readonly deliveries: { readonly stored: number; readonly done: number; readonly failed: number };
  readonly intents: { readonly pending: number; readonly failed: number };
}

/** Counts over tables that only grow; the caller keeps the answer for some seconds. */
export async function countTraffic(db: Db): Promise<Traffic> {
  const [states, waiting] = await Promise.all([
    db.select({ state: deliveries.state, n }).from(deliveries).groupBy(deliveries.state),
    db
      .select({ state: intents.state, n })
      .from(intents)
      .where(inArray(intents.state, ['pending', 'failed']))
      .groupBy(intents.state),
  ]);
  const delivered = byState(states);
  const written = byState(waiting);
  return {
    deliveries: { stored: delivered.stored ?? 0, done: delivered.done ?? 0, failed: delivered.failed ?? 0 },
    intents: { pending: written.pending ?? 0, failed: written.failed ?? 0 },
  };
}

export interface WorkerSeen {
  readonly id: string;
  readonly pool: string;
  readonly version: string;
  readonly via: 'queue' | 'http';
  readonly concurrency: number;
  /** Why it gets no builds; null when it does. */
  readonly unfit: string | null;
  /** A second worker of the same name was heard of within the last minutes. */
  readonly copied: boolean;
  readonly seenAt: Date;
}

/** Workers heard of in the last day, the latest heartbeat of their builds counted in. */
export async function listWorkers(db: Db, now: Date): Promise<WorkerSeen[]> {
  const since = new Date(now.getTime() - 24 * 3600 * 1000);
  const beat = db
    .select({
      worker: attempts.worker,
      at: sql<Date>`max(${attempts.heartbeatAt})`.mapWith(attempts.heartbeatAt).as('at'),
    })
    .from(attempts)
    .where(eq(attempts.state, 'running'))
    .groupBy(attempts.worker)
    .as('beat');
  return db
    .select({
      id: workers.id,
      pool: workers.pool,
      version: workers.version,
      via: workers.via,
      concurrency: workers.concurrency,
      unfit: workers.unfit,
      copied: sql<boolean>`coalesce(${workers.copiedAt} > ${copiedSince(now).toISOString()}::timestamptz, false)`,
      seenAt: sql<Date>`greatest(${workers.seenAt}, ${beat.at})`.mapWith(workers.seenAt),
    })
    .from(workers)
    .leftJoin(beat, eq(beat.worker, workers.id))
    .where(gte(workers.seenAt, since))
    .orderBy(workers.pool, workers.id);
}

/** Installations whose budget is told, the shortest first: somebody may install the App anywhere. */
const MOST_BUDGETS = 200;

/** Everything, private repositories too: the figures name none. */
export async function readGauges(db: Db, now: Date): Promise<Gauges> {
  const states = await db.select({ state: builds.state, n }).from(builds).groupBy(builds.state);
  const open = await db
    .select({
      pool: builds.pool,
      queued: sql<number>`count(*) filter (where ${builds.state} = 'queued')::int`,
      running: sql<number>`count(*) filter (where ${builds.state} = 'running')::int`,
      oldest: sql<Date | null>`min(${attempts.queuedAt}) filter (where ${builds.state} = 'queued')`.mapWith(
        attempts.queuedAt,
      ),
    })
    .from(builds)
    .leftJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(inArray(builds.state, ['queued', 'running']))
    .groupBy(builds.pool);
  const alive = (await listWorkers(db, now)).filter((worker) => isAlive(worker, now));
  const traffic = await countTraffic(db);
  const pools = [...new Set([...open.map((row) => row.pool), ...alive.map((worker) => worker.pool)])].sort();
  return {
    builds: { 'waiting-approval': 0, queued: 0, running: 0, completed: 0, ...byState(states) },
    pools: pools.map((pool) => {
      const row = open.find((one) => one.pool === pool);
      const own = alive.filter((worker) => worker.pool === pool);
      const fit = own.filter(({ unfit }) => unfit === null);
      return {
        pool,
        queued: row?.queued ?? 0,
        running: row?.running ?? 0,
        workers: own.length,
        slots: fit.reduce((sum, { concurrency }) => sum + concurrency, 0),
        unfit: own.length - fit.length,
        oldestSeconds: row?.oldest ? Math.max(0, (now.getTime() - row.oldest.getTime()) / 1000) : 0,
      };
    }),
    deliveries: traffic.deliveries,
    intents: traffic.intents,
    lateIssues: (await listLate(db, now)).length,
    budgets: (await listRates(db, now, MOST_BUDGETS)).map(({ installationId, most, left, pausedUntil }) => ({
      installation: installationId,
      most,
      left,
      pauseSeconds: pausedUntil === null ? 0 : Math.max(0, (pausedUntil.getTime() - now.getTime()) / 1000),
    })),
  };
}

export function isAlive(worker: Pick<WorkerSeen, 'seenAt'>, now: Date): boolean {
  return now.getTime() - worker.seenAt.getTime() < WORKER_SILENT_SECONDS * 1000;
}

function byState(rows: readonly { readonly state: string; readonly n: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}
