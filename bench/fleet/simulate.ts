/**
 * A fleet of simulated workers over a real Redis, with the real ledger, releases, sweeper and hub side on a clock that runs faster. State is
 * in PostgreSQL where one is given, else in the embedded database.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { and, eq, ne } from 'drizzle-orm';
import { openQueues } from '../../src/backend.js';
import { openBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { NO_RULES } from '../../src/ledger/fleet.js';
import { poolsThatWait } from '../../src/ledger/release.js';
import {
  type Build,
  type BuildAttempt,
  LIMITS,
  nothingOutgoing,
  type Outgoing,
  plusSeconds,
} from '../../src/ledger/state.js';
import { sweepBuilds } from '../../src/ledger/sweep.js';
import { unansweredAttempts } from '../../src/ledger/unanswered.js';
import { type Db, openEmbedded, openPostgres } from '../../src/store/open.js';
import { attempts, builds } from '../../src/store/schema.js';
import { createHubSide } from '../../src/workers/hub-side.js';
import { judge, type Try, type Verdict } from './judge.js';
import { type FleetSize, makeLoad } from './load.js';
import { type SimulatedWorker, startWorker } from './worker.js';

const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const KEY = 'a key of this bench';

export interface FleetOptions {
  readonly size: FleetSize;
  readonly redisUrl: string;
  readonly databaseUrl: string | null;
  /** Simulated seconds in one of ours. */
  readonly speed: number;
  readonly seed: number;
  /** Seconds of ours after which it is given up. */
  readonly mostSeconds: number;
  readonly say: (line: string) => void;
}

export interface FleetResult extends Verdict {
  /** Seconds of the simulated clock. */
  readonly took: number;
  readonly workers: number;
}

export async function simulateFleet(options: FleetOptions): Promise<FleetResult> {
  const { size, redisUrl, databaseUrl, speed, seed, say } = options;
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-fleet-'));
  const warnings: string[] = [];
  const log = {
    info() {},
    warn: (fields: object, message: string) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
    error: (fields: object, message: string) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
  };
  const store = databaseUrl === null ? await openEmbedded(directory) : await openPostgres(databaseUrl);
  const queues = await openQueues({ redisUrl, databaseUrl: null }, null, log);
  const began = performance.now();
  const elapsed = () => ((performance.now() - began) / 1000) * speed;
  const now = () => new Date(BEGIN + elapsed() * 1000);
  const { db } = store;
  const ports = {
    db,
    now,
    tokenKey: KEY,
    log,
    content: (build: Build, attempt: BuildAttempt | null) => buildContent(build, attempt, null),
  };
  const dispatch = async (out: Outgoing) => {
    await hub.releasePools(new Set([...out.builds.map(({ pool }) => pool), ...out.pools]));
    await hub.sendControls(out.controls);
  };
  const hub = createHubSide({ ...ports, queues, dispatch, fleet: () => NO_RULES });
  const workers: SimulatedWorker[] = [];
  let over = false;
  try {
    hub.listen();
    for (let pool = 0; pool < size.pools; pool++)
      for (let n = 0; n < size.workers; n++)
        workers.push(
          await startWorker({
            id: `w-${pool}-${n}`,
            pool: `pool-${pool}`,
            queues,
            log,
            announceMs: (LIMITS.heartbeat / 4 / speed) * 1000,
            heartbeatMs: (LIMITS.heartbeat / 3 / speed) * 1000,
            buildMs: (buildId) => (secondsOf(buildId, size) / speed) * 1000,
          }),
        );
    say(`${workers.length} workers are there`);
    const listeningSince = now();
    const sweeping = (async () => {
      while (!over) {
        const out = nothingOutgoing();
        await sweepBuilds({ ...ports, listeningSince }, out);
        for (const pool of await poolsThatWait(db)) out.pools.add(pool);
        await hub.sendAgain(await unansweredAttempts(db, plusSeconds(now(), -LIMITS.resend)));
        await dispatch(out);
        await delay(5_000 / speed + 100);
      }
    })();
    await ask(makeLoad(size, seed), elapsed, async (wanted) => {
      const out = nothingOutgoing();
      await db.transaction((tx) => openBuild(tx as unknown as Db, wanted, ports, out));
      await dispatch(out);
    });
    await silence(workers, size.silent);
    say(`${size.silent} workers have fallen silent`);
    const until = performance.now() + options.mostSeconds * 1000;
    while (performance.now() < until && (await openBuilds(db)) > 0) await delay(200);
    over = true;
    await sweeping;
    const silent = new Set(workers.filter((worker) => worker.silent()).map(({ id }) => id));
    const told = judge(await readTries(db), silent);
    if (warnings.length > 0) say(`${warnings.length} warnings, the first: ${warnings[0]}`);
    return { ...told, took: elapsed(), workers: workers.length };
  } finally {
    over = true;
    await Promise.all(workers.map((worker) => worker.close()));
    await hub.close();
    await queues.close();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** By its id, so that every attempt of a build takes the same. */
function secondsOf(buildId: string, { seconds: [least, most] }: FleetSize): number {
  return least + (Number.parseInt(buildId.slice(0, 6), 16) % (most - least));
}

/** Each when its time has come. */
async function ask(
  load: ReturnType<typeof makeLoad>,
  elapsed: () => number,
  open: (check: ReturnType<typeof makeLoad>[number]['check']) => Promise<void>,
): Promise<void> {
  const since = elapsed();
  for (const { at, check } of load) {
    while (elapsed() - since < at) await delay(20);
    await open(check);
  }
}

/** The first of each pool in turn that are in the middle of a build. */
async function silence(workers: readonly SimulatedWorker[], n: number): Promise<void> {
  for (let left = n; left > 0; ) {
    const turn = left % poolsOf(workers);
    const busy = workers.filter((worker) => worker.busy() && !worker.silent());
    const any = busy.find(({ id }) => Number(id.split('-')[1]) === turn) ?? busy[0];
    if (any === undefined) await delay(50);
    else {
      any.fallSilent();
      left -= 1;
    }
  }
}

function poolsOf(workers: readonly SimulatedWorker[]): number {
  return new Set(workers.map(({ id }) => id.split('-')[1])).size;
}

async function openBuilds(db: Db): Promise<number> {
  return (await db.select({ id: builds.id }).from(builds).where(ne(builds.state, 'completed'))).length;
}

async function readTries(db: Db): Promise<Try[]> {
  const rows = await db
    .select({
      buildId: attempts.buildId,
      attempt: attempts.attempt,
      pool: builds.pool,
      spoke: builds.product,
      origin: builds.origin,
      state: attempts.state,
      worker: attempts.worker,
      queuedAt: attempts.queuedAt,
      releasedAt: attempts.releasedAt,
      startedAt: attempts.startedAt,
      finishedAt: attempts.finishedAt,
    })
    .from(attempts)
    .innerJoin(builds, and(eq(builds.id, attempts.buildId)));
  const seconds = (at: Date | null) => (at === null ? null : (at.getTime() - BEGIN) / 1000);
  return rows.map((row) => ({
    ...row,
    queuedAt: seconds(row.queuedAt)!,
    releasedAt: seconds(row.releasedAt),
    startedAt: seconds(row.startedAt),
    finishedAt: seconds(row.finishedAt),
  }));
}
