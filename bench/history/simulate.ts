/**
 * The same day on the real plan, decisions, ledger and sweeper, on the embedded database; only GitHub, the clock and the workers are
 * stand-ins. A worker takes builds in the order in which they were sent and stops within five seconds of a `cancel`.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import type { PullNow } from '../../src/github/forge.js';
import { onCheckRun } from '../../src/handlers/checks.js';
import type { HandlerPorts } from '../../src/handlers/ports.js';
import { planPull } from '../../src/handlers/pulls.js';
import { buildContent } from '../../src/ledger/content.js';
import { acceptEvent } from '../../src/ledger/events.js';
import { attemptToken, LIMITS, nothingOutgoing, type Outgoing, plusSeconds } from '../../src/ledger/state.js';
import { sweepBuilds } from '../../src/ledger/sweep.js';
import { unansweredAttempts } from '../../src/ledger/unanswered.js';
import { perform } from '../../src/perform.js';
import { type BuildResult, type EventBody, PROTOCOL_VERSION } from '../../src/protocol.js';
import { openEmbedded } from '../../src/store/open.js';
import { builds as buildRows } from '../../src/store/schema.js';
import { ensureRepository } from '../../src/store/subjects.js';
import { VERSION } from '../../src/version.js';
import type { DayResult } from './everything.js';
import { builds, DAY, type Happening, type History, shaOf } from './history.js';
import { dayHub, POOLS, REPOSITORY } from './hub.js';

const BEGIN = Date.parse('2026-01-05T08:00:00Z');
const KEY = 'a key of this bench';
const STOPS_WITHIN = 5;
/** Until the hash is known; only then can a worker be spared the build. */
const CONCRETIZES = 60;
const UPKEEP_SECONDS = 30;
const REF = { installationId: 1, repositoryId: 2, fullName: REPOSITORY };

interface Running {
  readonly worker: string;
  readonly pool: string;
  readonly buildId: string;
  readonly attempt: number;
  readonly began: number;
  ends: number;
  seq: number;
  cancelled: boolean;
  /** Its hash had passed before. */
  proved: boolean;
}

export interface Simulated extends DayResult {
  readonly deliveries: number;
  /** Changes of check runs that would have gone to GitHub, and how many builds they are of. */
  readonly cancelled: number;
  /** Builds that ended with a link to one that had passed. */
  readonly proved: number;
}

export async function simulateDay(history: History, slots: number): Promise<Simulated> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-day-'));
  const store = await openEmbedded(directory);
  try {
    return await runDay(history, slots, store.db);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runDay(history: History, slots: number, db: HandlerPorts['db']): Promise<Simulated> {
  let clock = 0;
  const now = () => new Date(BEGIN + clock * 1000);
  const { registry, config } = await dayHub();
  const world = new Map<number, { head: string; open: boolean; pushed: number }>();
  const waiting = new Map<string, { buildId: string; attempt: number }[]>(POOLS.map((pool) => [pool, []]));
  const running: Running[] = [];
  const workers = POOLS.flatMap((pool) => Array.from({ length: slots }, (_, n) => ({ pool, id: `${pool}-${n}` })));
  let workerSeconds = 0;
  let attempts = 0;
  let cancelled = 0;
  let proved = 0;
  let lastEnd = 0;

  const dispatch = async (out: Outgoing) => {
    for (const { pool, ...one } of out.builds) {
      const queue = waiting.get(pool)!;
      if (!queue.some((other) => other.buildId === one.buildId && other.attempt === one.attempt)) queue.push(one);
    }
    for (const { worker, buildId, attempt, kind } of out.controls) {
      const one = running.find(
        (each) => each.worker === worker && each.buildId === buildId && each.attempt === attempt,
      );
      if (kind !== 'cancel' || one === undefined || one.cancelled) continue;
      one.cancelled = true;
      one.ends = Math.min(one.ends, clock + STOPS_WITHIN);
    }
  };
  const ledger = {
    db,
    now,
    tokenKey: KEY,
    content: (build: never, attempt: never) => buildContent(build, attempt, null),
    listeningSince: now(),
  };
  const forge = {
    pull: async (_: string, number: number) => pullNow(world.get(number)!, number),
    changedFiles: async (_: string, number: number) =>
      history.documentation.has(number) ? ['docs/usage.md'] : ['core/src/Kokkos_Core.hpp'],
    permission: async () => 'write',
    commitMessage: async () => null,
  };
  const ports = {
    db,
    now,
    log: { info() {}, warn() {} },
    hub: () => ({ registry, digest: 'day' }),
    forge: async () => forge,
    config: async () => config,
    // Nothing is known of the recipe, and nothing is advised.
    recipes: { look: async () => null },
    publicUrl: null,
    perform: (decided: never) => perform(decided, { ...ledger, version: VERSION, dispatch } as never),
  } as unknown as HandlerPorts;
  await ensureRepository(
    db,
    { id: REF.repositoryId, installationId: REF.installationId, fullName: REPOSITORY, private: false },
    now(),
  );

  const tell = async (one: Omit<Running, 'ends' | 'began' | 'cancelled' | 'proved'>, body: EventBody) => {
    const out = nothingOutgoing();
    const { worker, buildId, attempt } = one;
    const token = attemptToken(KEY, buildId, attempt);
    const event = { v: PROTOCOL_VERSION, buildId, attempt, token, worker, seq: one.seq, body } as const;
    const answer = await acceptEvent(event, ledger as never, out);
    await dispatch(out);
    return answer;
  };

  async function happen(one: Happening): Promise<void> {
    const delivery = `${one.kind} ${one.pull} ${one.at}`;
    if (one.kind === 'push') world.set(one.pull, { head: one.sha, open: true, pushed: one.at });
    if (one.kind === 'close') world.set(one.pull, { ...world.get(one.pull)!, open: false });
    if (one.kind !== 'build-again') return planPull({ ...REF, number: one.pull }, delivery, ports);
    const rows = await db.select().from(buildRows).where(eq(buildRows.headSha, one.sha));
    for (const { id, number } of rows)
      if (number === one.pull)
        await onCheckRun(
          {
            installation: { id: REF.installationId },
            repository: { id: REF.repositoryId, full_name: REPOSITORY, private: false },
            sender: { login: 'octocat' },
            check_run: { id: 1, external_id: id },
          },
          `${delivery} ${id}`,
          ports,
        );
  }

  async function startWhatCan(): Promise<void> {
    for (const { pool, id: worker } of workers)
      while (!running.some((one) => one.worker === worker)) {
        const next = waiting.get(pool)!.shift();
        if (next === undefined) break;
        const one = {
          worker,
          pool,
          ...next,
          began: clock,
          ends: clock + DAY.buildSeconds,
          seq: 1,
          cancelled: false,
          proved: false,
        };
        const versions = { spack: '1.1.0', spackCommit: null, packagesCommit: null };
        // Nobody may want it any more; then the worker is told so at once and takes the next.
        if ((await tell(one, { kind: 'started', versions, recorded: false }))?.kind === 'cancel') continue;
        attempts += 1;
        running.push(one);
        // Concretized it is known by its hash, and the hub may know what became of that.
        one.seq += 1;
        if ((await tell(one, { kind: 'concretized', dagHash: await hashOf(one) }))?.kind !== 'cancel') continue;
        one.ends = clock + CONCRETIZES;
        one.proved = true;
      }
  }

  async function hashOf({ buildId, pool }: Running): Promise<string> {
    const [row] = await db.select().from(buildRows).where(eq(buildRows.id, buildId));
    return dagHashOf(row!.headSha, pool);
  }

  async function end(one: Running): Promise<void> {
    running.splice(running.indexOf(one), 1);
    workerSeconds += clock - one.began;
    lastEnd = clock;
    if (one.cancelled) cancelled += 1;
    if (one.proved) proved += 1;
    const [row] = await db.select().from(buildRows).where(eq(buildRows.id, one.buildId));
    const result = resultOf(
      builds(history, row!.number!, row!.headSha, one.pool),
      one.cancelled,
      clock - one.began,
      dagHashOf(row!.headSha, one.pool),
    );
    await tell({ ...one, seq: one.seq + 1 }, { kind: 'finished', result });
  }

  async function upkeep(): Promise<void> {
    for (const one of running) {
      one.seq += 1;
      await tell(one, { kind: 'heartbeat' });
    }
    const out = nothingOutgoing();
    await sweepBuilds(ledger as never, out);
    out.builds.push(...(await unansweredAttempts(db, plusSeconds(now(), -LIMITS.resend))));
    await dispatch(out);
  }

  const left = [...history.happenings];
  let nextUpkeep = UPKEEP_SECONDS;
  while (left.length > 0 || running.length > 0 || [...waiting.values()].some((queue) => queue.length > 0)) {
    clock = Math.min(left[0]?.at ?? Number.POSITIVE_INFINITY, nextUpkeep, ...running.map(({ ends }) => ends));
    for (const one of running.filter(({ ends }) => ends <= clock)) await end(one);
    while (left.length > 0 && left[0]!.at <= clock) await happen(left.shift()!);
    if (nextUpkeep <= clock) {
      await upkeep();
      nextUpkeep = clock + UPKEEP_SECONDS;
    }
    await startWhatCan();
  }

  const verdicts = new Map<string, boolean>();
  const waits: number[] = [];
  for (const [pull, { head, open, pushed }] of world) {
    if (!open) continue;
    const rows = await db.select().from(buildRows).where(eq(buildRows.headSha, head));
    for (const pool of POOLS) {
      const row = rows.find((each) => each.number === pull && each.pool === pool);
      // Documentation only: shown as skipped, which GitHub counts as passed.
      if (row === undefined && history.documentation.has(pull)) verdicts.set(`${pull} ${pool}`, true);
      if (row?.end?.kind === 'verdict') verdicts.set(`${pull} ${pool}`, row.end.verdict.outcome === 'passed');
    }
    const own = rows.filter((each) => each.number === pull && each.completedAt !== null);
    waits.push(...own.map(({ completedAt }) => Math.max(0, (completedAt!.getTime() - BEGIN) / 1000 - pushed) / 60));
  }
  return {
    workerMinutes: workerSeconds / 60,
    builds: attempts,
    hours: lastEnd / 3600,
    waits,
    verdicts,
    deliveries: history.happenings.length,
    cancelled,
    proved,
  };
}

function pullNow({ head, open }: { head: string; open: boolean }, number: number): PullNow {
  return {
    title: `change ${number}`,
    body: '',
    author: 'octocat',
    open,
    draft: false,
    headSha: head,
    headRepositoryId: REF.repositoryId,
    baseSha: shaOf('the base'),
    baseRef: 'develop',
    defaultBranch: 'develop',
    cloneUrl: `https://github.com/${REPOSITORY}.git`,
    private: false,
    labels: [],
    baseRepositoryId: REF.repositoryId,
  };
}

const FAILING_LOG = `==> kokkos: Executing phase: 'build'
/tmp/stage/spack-src/core/src/Kokkos_Core.hpp:12:3: error: expected ';' before '}' token
make: *** [Makefile:10: all] Error 1
==> Error: ProcessError: Command exited with status 2:
    'make'
`;

/** The head and the pool's own compilers are all that differs between the builds of this day. */
function dagHashOf(headSha: string, pool: string): string {
  return createHash('sha256').update(`${headSha} ${pool}`).digest('hex').slice(0, 32);
}

function resultOf(passes: boolean, cancelled: boolean, seconds: number, dagHash: string): BuildResult {
  return {
    exitCode: cancelled ? null : passes ? 0 : 1,
    signal: cancelled ? 'SIGTERM' : null,
    timedOut: false,
    cancelled,
    trouble: null,
    stdout: passes ? '==> kokkos: Successfully installed kokkos\n' : FAILING_LOG,
    stderr: '',
    buildLog: passes ? '' : FAILING_LOG,
    testLog: '',
    concreteSpec: null,
    dagHash,
    versions: { spack: '1.1.0', spackCommit: null, packagesCommit: null },
    seconds,
    phases: [],
    recorded: false,
  };
}
