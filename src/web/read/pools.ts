/** Pools with their workers, what waits in them and why; for the page and its JSON. */
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Capabilities, Promised } from '../../ci/capabilities.js';
import type { Placed, WaitingBuild } from '../../ledger/fair-share.js';
import { fleetRules } from '../../ledger/fleet.js';
import { LATELY, type PoolState, poolState } from '../../ledger/pool-state.js';
import type { Pool, PoolShare, Registry } from '../../registry/model.js';
import type { Db } from '../../store/open.js';
import { builds, workers } from '../../store/schema.js';
import { type BuildSummary, readBuilds } from './build-summary.js';
import { isAlive, listWorkers, type WorkerSeen } from './numbers.js';
import { readVisible, type Viewer, type Visible } from './visible.js';

export interface PoolWorker extends WorkerSeen {
  readonly alive: boolean;
  /** Slots without a build; null where the worker is silent, or does not say. */
  readonly free: number | null;
  readonly capabilities: Capabilities | null;
}

export interface WaitingRow {
  /** Null for a build that may not be shown. */
  readonly build: BuildSummary | null;
  readonly spoke: string;
  /** Builds that get a worker before it. */
  readonly ahead: number;
  /** Whether a worker may take it at any moment. */
  readonly released: boolean;
  readonly why: string;
}

export interface SpokeUse {
  readonly spoke: string;
  /** Builds that run, or that lie in the queue. */
  readonly held: number;
  readonly waiting: number;
  /** Worker seconds within `usedHours`. */
  readonly usedSeconds: number;
}

export interface PoolView {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Null for one that hub.yml does not have any more. */
  readonly declared: Pick<Pool, 'sandbox' | 'trust' | 'open' | 'limits' | 'spack'> | null;
  readonly promises: Promised | null;
  readonly share: PoolShare | null;
  readonly workers: readonly PoolWorker[];
  /** Of workers that are there and fit. */
  readonly slots: number;
  readonly running: number;
  readonly approvals: number;
  /** In their order; at most the first ones of very many. */
  readonly waiting: readonly WaitingRow[];
  readonly waitingCount: number;
  readonly spokes: readonly SpokeUse[];
  readonly usedHours: number;
}

const WAITING_SHOWN = 50;

export async function readPools(db: Db, registry: Registry, now: Date, viewer: Viewer): Promise<PoolView[]> {
  const visible = await readVisible(db, viewer);
  const seen = await listWorkers(db, now);
  const more = await db
    .select({ id: workers.id, running: workers.running, capabilities: workers.capabilities })
    .from(workers);
  const told = new Map(more.map((row) => [row.id, row]));
  const counts = await db
    .select({ pool: builds.pool, state: builds.state, n: sql<number>`count(*)::int` })
    .from(builds)
    .where(ne(builds.state, 'completed'))
    .groupBy(builds.pool, builds.state);
  const ids = [
    ...new Set([...registry.pools.keys(), ...seen.map(({ pool }) => pool), ...counts.map(({ pool }) => pool)]),
  ];
  const views: PoolView[] = [];
  for (const id of ids) {
    const own = seen.filter(({ pool }) => pool === id);
    const list = own.map((worker) => workerOf(worker, told.get(worker.id), now));
    const approvals = counts.find((row) => row.pool === id && row.state === 'waiting-approval')?.n ?? 0;
    views.push(await poolView(db, visible, registry, id, list, approvals, now));
  }
  return views;
}

function workerOf(
  worker: WorkerSeen,
  told: { running: number | null; capabilities: Capabilities | null } | undefined,
  now: Date,
): PoolWorker {
  const alive = isAlive(worker, now);
  const running = told?.running ?? null;
  return {
    ...worker,
    alive,
    free: alive && running !== null ? Math.max(0, worker.concurrency - running) : null,
    capabilities: told?.capabilities ?? null,
  };
}

async function poolView(
  db: Db,
  visible: Visible,
  registry: Registry,
  id: string,
  list: readonly PoolWorker[],
  approvals: number,
  now: Date,
): Promise<PoolView> {
  const state = await poolState(db, id, fleetRules(registry), now);
  const pool = registry.pools.get(id);
  const line = [...state.queue, ...state.waiting];
  const shownIds = line.slice(0, WAITING_SHOWN).map(({ buildId }) => buildId);
  const open = shownIds.length === 0 ? [] : await visibleIds(db, shownIds);
  const summaries = new Map(
    (
      await readBuilds(
        db,
        visible,
        open.filter((one) => visible.names.has(one.repositoryId)).map((one) => one.id),
      )
    ).map((one) => [one.id, one]),
  );
  return {
    id,
    title: pool?.title ?? id,
    description: pool?.description ?? '',
    declared:
      pool === undefined
        ? null
        : { sandbox: pool.sandbox, trust: pool.trust, open: pool.open, limits: pool.limits, spack: pool.spack },
    promises: pool?.capabilities ?? null,
    share: pool?.share ?? null,
    workers: list,
    slots: state.slots,
    running: state.running,
    approvals,
    waiting: line.slice(0, WAITING_SHOWN).map((one, index) => ({
      build: summaries.get(one.buildId) ?? null,
      spoke: one.spoke,
      ahead: index,
      released: index < state.queue.length,
      why: whyItWaits(one, index, state, pool?.share ?? null),
    })),
    waitingCount: line.length,
    spokes: usesOf(line, state),
    usedHours: LATELY / 3600,
  };
}

async function visibleIds(db: Db, ids: readonly string[]): Promise<{ id: string; repositoryId: number }[]> {
  return db
    .select({ id: builds.id, repositoryId: builds.repositoryId })
    .from(builds)
    .where(and(inArray(builds.id, [...ids]), eq(builds.state, 'queued')));
}

function whyItWaits(one: WaitingBuild | Placed, index: number, state: PoolState, share: PoolShare | null): string {
  if (state.slots === 0) return 'No worker of the pool is there.';
  if (index < state.queue.length) return 'In the queue: the next free worker takes it.';
  if ('capped' in one && one.capped)
    return `Its spoke has the ${share?.mostPerSpoke ?? ''} builds at once that the hub gives it here.`;
  if (one.origin === 'nightly' && !state.takesBranches)
    return 'Not every worker of the pool understands builds without a pull request; update them.';
  if (share?.most != null && state.running + state.queue.length >= share.most)
    return `The pool builds ${share.most} at once, as the hub says.`;
  return one.origin === 'nightly' ? 'Built by night: pull requests go first.' : 'Its turn comes: all slots are taken.';
}

function usesOf(line: readonly WaitingBuild[], { held, used }: PoolState): SpokeUse[] {
  const ids = new Set([...held.keys(), ...used.keys(), ...line.map(({ spoke }) => spoke)]);
  return [...ids].sort().map((spoke) => ({
    spoke,
    held: held.get(spoke) ?? 0,
    waiting: line.filter((one) => one.spoke === spoke).length,
    usedSeconds: Math.round(used.get(spoke) ?? 0),
  }));
}
