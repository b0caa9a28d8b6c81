import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { asc, eq, inArray } from 'drizzle-orm';
import fc from 'fast-check';
import type { PullCheck } from '../../src/actions.js';
import type { CheckRunContent } from '../../src/check-run.js';
import { approveBuild } from '../../src/ledger/approve.js';
import { openBuild, retryBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { cancelBuild, endBuilds } from '../../src/ledger/end.js';
import { acceptEvent } from '../../src/ledger/events.js';
import { NO_RULES } from '../../src/ledger/fleet.js';
import { releaseBuilds } from '../../src/ledger/release.js';
import { attemptToken, type Build, nothingOutgoing, type Outgoing, plusSeconds } from '../../src/ledger/state.js';
import { sweepBuilds } from '../../src/ledger/sweep.js';
import { unansweredAttempts } from '../../src/ledger/unanswered.js';
import { waiveBuild } from '../../src/ledger/waive.js';
import type { BuildResult, EventBody, WorkerEvent } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import { attempts, builds, intents, logChunks, workers } from '../../src/store/schema.js';
import { backends } from '../setup/backends.js';
import { endsByItself, holds, steps, type World } from './ledger-model.js';
import { type OpenBackend, openFresh } from './open.js';

const KEY = 'a key of this test';
const fastest = backends.find(({ name }) => name === 'PostgreSQL') ?? backends[0];
let number = 0;

function planned(change: Partial<PullCheck> = {}): PullCheck {
  const headSha = (change.headSha ?? 'a'.repeat(40)) as string;
  return {
    pull: { installationId: 1, repositoryId: 10, fullName: 'hypre-space/hypre', number },
    headSha,
    name: 'spokebot / install hypre',
    required: true,
    reasons: ['hypre is built here.'],
    needsApproval: null,
    build: {
      product: 'hypre',
      package: 'hypre',
      spec: `hypre@git.${headSha}`,
      repository: { fullName: 'hypre-space/hypre', cloneUrl: 'https://example.org/hypre.git' },
      pull: { number, headSha, baseSha: 'b'.repeat(40), baseRef: 'master', fork: false },
      pool: 'linux',
      sandbox: 'none',
      tests: false,
      limits: { seconds: 3600, logBytes: 1_000_000 },
    },
    ...change,
  };
}

function result(change: Partial<BuildResult> = {}): BuildResult {
  return {
    exitCode: 0,
    signal: null,
    timedOut: false,
    cancelled: false,
    trouble: null,
    stdout: '==> hypre: Successfully installed hypre-git.aaaa\n',
    stderr: '',
    buildLog: '',
    testLog: '',
    concreteSpec: 'hypre@git.aaaa',
    dagHash: 'abcdefghijklmnopqrstuvwxyz234567',
    versions: { spack: '1.1.0', spackCommit: null, packagesCommit: null },
    seconds: 12,
    phases: [],
    recorded: false,
    ...change,
  };
}

describe.each(backends)('ledger on $name', (backend) => {
  let opened: OpenBackend;
  let out: Outgoing;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());
  beforeEach(() => {
    number++;
    out = nothingOutgoing();
  });

  const ports = () => ({
    db: opened.store.db,
    now: opened.now,
    tokenKey: KEY,
    content: (build: Build, attempt: Parameters<typeof buildContent>[1]) =>
      buildContent(build, attempt, 'https://hub.example.org'),
  });
  const inTransaction = <T>(work: (tx: Db) => Promise<T>) => opened.store.db.transaction((tx) => work(tx as Db));
  const open = (check = planned()) => inTransaction((tx) => openBuild(tx, check, ports(), out));
  const buildOf = async (id: string) => (await opened.store.db.select().from(builds).where(eq(builds.id, id)))[0]!;
  const attemptsOf = (id: string) =>
    opened.store.db.select().from(attempts).where(eq(attempts.buildId, id)).orderBy(asc(attempts.attempt));
  const reports = async (id: string) =>
    (
      await opened.store.db
        .select()
        .from(intents)
        .where(eq(intents.lane, `check-${id}`))
        .orderBy(asc(intents.id))
    ).map((row) => (row.payload as { content: CheckRunContent }).content);
  let seq = 0;
  function event(buildId: string, body: EventBody, change: Partial<WorkerEvent> = {}): WorkerEvent {
    const attempt = change.attempt ?? 1;
    return {
      v: 1,
      buildId,
      attempt,
      token: attemptToken(KEY, buildId, attempt),
      worker: 'w1',
      seq: ++seq,
      body,
      ...change,
    };
  }
  const accept = (one: WorkerEvent) => acceptEvent(one, ports(), out);
  const started: EventBody = {
    kind: 'started',
    versions: { spack: '1.1.0', spackCommit: null, packagesCommit: null },
    recorded: false,
  };

  // The fastest: what differs between them is not the ledger's.
  (backend === fastest ? test : test.skip)(
    'any order of events, cancels, sweeps and pushes leaves one open attempt or one end',
    async () => {
      const { db } = opened.store;
      const property = fc.asyncProperty(steps, async (list) => {
        number++;
        const mine = number;
        const heads = ['a', 'b'].map((sign) => sign.repeat(40));
        const ids: (string | undefined)[] = [];
        const since = opened.now();
        const world: World = {
          async open(head) {
            const check = planned();
            const headSha = heads[head]!;
            const build = { ...check.build, spec: `hypre@git.${headSha}`, pull: { ...check.build.pull!, headSha } };
            ids[head] = await open({ ...check, headSha, build });
          },
          async tell(head, attempt, worker, word) {
            const id = ids[head];
            if (id === undefined) return;
            const bodies: Record<typeof word, EventBody> = {
              started,
              phase: { kind: 'phase', package: 'hypre', phase: 'build' },
              heartbeat: { kind: 'heartbeat' },
              passed: { kind: 'finished', result: result() },
              failed: { kind: 'finished', result: result({ exitCode: 1, stdout: '==> Error: no' }) },
              stopped: { kind: 'finished', result: result({ exitCode: null, signal: 'SIGTERM', workerStopped: true }) },
            };
            await accept(event(id, bodies[word], { attempt, worker }));
          },
          async cancel(head) {
            const id = ids[head];
            if (id !== undefined)
              await inTransaction((tx) => cancelBuild(tx, id, 'A person stopped it.', ports(), out));
          },
          async retry(head) {
            const id = ids[head];
            if (id !== undefined) await inTransaction((tx) => retryBuild(tx, id, ports(), out));
          },
          async supersede(head) {
            const keepSha = heads[head]!;
            const kept = ids[head];
            const which = { repositoryId: 10, number: mine, keep: kept === undefined ? [] : [kept], keepSha };
            const end = { kind: 'ended', why: 'superseded', detail: 'Pushed.', bySha: keepSha } as const;
            await inTransaction((tx) => endBuilds(tx, which, end, ports(), out));
          },
          async sweep() {
            await sweepBuilds({ ...ports(), listeningSince: since }, out);
          },
          wait(seconds) {
            opened.clock.at = plusSeconds(opened.now(), seconds);
          },
          async look() {
            const own = await db.select().from(builds).where(eq(builds.number, mine));
            const of = own.map(({ id }) => id);
            const told = new Map<string, string[]>();
            for (const id of of)
              told.set(
                id,
                (await reports(id)).map(({ status }) => status),
              );
            const tries = of.length === 0 ? [] : await db.select().from(attempts).where(inArray(attempts.buildId, of));
            return { builds: own, attempts: tries, ends: told, now: opened.now() };
          },
        };
        for (const step of list) {
          await step(world);
          await holds(world);
        }
        await endsByItself(world);
        await holds(world);
      });
      await fc.assert(property, { numRuns: 8, seed: 22, endOnFailure: true });
    },
    60_000,
  );

  test('the same wish twice is one build, one attempt, one message and one check run', async () => {
    const id = await open();
    expect(await open()).toBe(id);
    expect(await attemptsOf(id)).toHaveLength(1);
    expect(out.builds).toEqual([{ pool: 'linux', buildId: id, attempt: 1 }]);
    expect((await reports(id)).map((each) => each.status)).toEqual(['queued']);
  });

  test('queued, in progress and completed are told once each', async () => {
    const id = await open();
    expect(await accept(event(id, started))).toBeNull();
    expect(await accept(event(id, { kind: 'heartbeat' }))).toBeNull();
    expect(await accept(event(id, { kind: 'phase', package: 'hypre', phase: 'build' }))).toBeNull();
    expect(await accept(event(id, { kind: 'finished', result: result() }))).toMatchObject({ kind: 'ack' });
    expect(await accept(event(id, { kind: 'finished', result: result() }))).toMatchObject({ kind: 'ack' });
    expect((await reports(id)).map((each) => [each.status, each.conclusion])).toEqual([
      ['queued', undefined],
      ['in_progress', undefined],
      ['completed', 'success'],
    ]);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'verdict' } });
  });

  test('a result that comes before the start, or alone, still counts', async () => {
    const id = await open();
    expect(await accept(event(id, { kind: 'finished', result: result({ exitCode: 1, stdout: '' }) }))).toMatchObject({
      kind: 'ack',
    });
    expect(await accept(event(id, started))).toMatchObject({ kind: 'cancel' });
    expect((await buildOf(id)).state).toBe('completed');
  });

  test('log chunks are kept once each and by number, whatever their order', async () => {
    const id = await open();
    const second = event(id, { kind: 'log', text: 'two\n' }, { seq: 902 });
    await accept(second);
    await accept(event(id, { kind: 'log', text: 'one\n' }, { seq: 901 }));
    await accept(second);
    const rows = await opened.store.db
      .select()
      .from(logChunks)
      .where(eq(logChunks.buildId, id))
      .orderBy(asc(logChunks.seq));
    expect(rows.map((row) => row.text).join('')).toBe('one\ntwo\n');
    expect((await attemptsOf(id))[0]!.logBytes).toBe(8);
    expect(await accept(event(id, { kind: 'log', text: 'x' }, { worker: 'w1', attempt: 2 }))).toMatchObject({
      kind: 'cancel',
    });
  });

  test('an event with a wrong token, of an old attempt or of a second worker is answered with cancel and changes nothing', async () => {
    const id = await open();
    expect(await accept(event(id, started, { token: 'guess' }))).toMatchObject({ kind: 'cancel' });
    expect((await buildOf(id)).state).toBe('queued');
    await accept(event(id, started));
    expect(await accept(event(id, started, { worker: 'w2' }))).toMatchObject({ kind: 'cancel' });
    expect(await accept(event(id, { kind: 'heartbeat' }, { attempt: 2 }))).toMatchObject({ kind: 'cancel' });
    expect(await accept(event('no such build', started))).toMatchObject({ kind: 'cancel' });
    expect((await attemptsOf(id))[0]).toMatchObject({ worker: 'w1', state: 'running' });
  });

  test('ci R8: when heartbeats stop another attempt opens, and the late result of the first does not count', async () => {
    const id = await open();
    await accept(event(id, started));
    const sweep = (listeningSince: Date) => sweepBuilds({ ...ports(), listeningSince }, out);
    const since = opened.now();
    opened.clock.at = plusSeconds(opened.now(), 61);
    await sweep(since);
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['lost', 'queued']);
    expect(out.controls.filter((each) => each.buildId === id)).toMatchObject([
      { worker: 'w1', attempt: 1, kind: 'cancel' },
    ]);
    await accept(event(id, started, { attempt: 2, worker: 'w2' }));
    // The first one was only cut off: it is told to be quiet, and its red result is not shown.
    expect(await accept(event(id, { kind: 'finished', result: result({ exitCode: 1 }) }))).toMatchObject({
      kind: 'ack',
    });
    await accept(event(id, { kind: 'finished', result: result() }, { attempt: 2, worker: 'w2' }));
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  test('ci R8: a late start of an attempt that was given up is cancelled, and changes nothing of the newer verdict', async () => {
    const id = await open();
    await accept(event(id, started));
    opened.clock.at = plusSeconds(opened.now(), 61);
    await sweepBuilds({ ...ports(), listeningSince: new Date(0) }, out);
    await accept(event(id, started, { attempt: 2, worker: 'w2' }));
    await accept(event(id, { kind: 'finished', result: result() }, { attempt: 2, worker: 'w2' }));
    const shown = await reports(id);
    expect(shown.at(-1)).toMatchObject({ status: 'completed', conclusion: 'success' });
    // A site woke up: the same attempt from another machine, its phases, its log, its failure.
    for (const worker of ['w1', 'w3'])
      for (const body of [
        started,
        { kind: 'phase', package: 'hypre', phase: 'cmake' },
        { kind: 'log', text: 'late' },
      ] as const)
        expect(await accept(event(id, body, { worker }))).toMatchObject({ kind: 'cancel', attempt: 1 });
    const failure = result({ exitCode: 1, stdout: '', stderr: '==> Error: ProcessError' });
    expect(await accept(event(id, { kind: 'finished', result: failure }))).toMatchObject({ kind: 'ack' });
    expect(await reports(id)).toEqual(shown);
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['lost', 'finished']);
  });

  test('ci R19: while nobody listened no worker could be heard, so a restarted hub waits before it gives up', async () => {
    const id = await open();
    await accept(event(id, started));
    opened.clock.at = plusSeconds(opened.now(), 6 * 3600);
    expect((await buildOf(id)).deadlineAt < opened.now()).toBe(true);
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['running']);
    await accept(event(id, { kind: 'finished', result: result() }));
    expect((await reports(id)).at(-1)).toMatchObject({ conclusion: 'success' });
  });

  test('a build that waits in the site’s own queue spends none of its time, says why, and is given up after two days', async () => {
    const id = await open();
    const listeningSince = opened.now();
    const sweep = () => sweepBuilds({ ...ports(), listeningSince }, out);
    const waiting = (detail: string) => accept(event(id, { kind: 'waiting', detail }));
    await waiting('waiting in Slurm as job 12');
    for (let hours = 0; hours < 2; hours++) {
      opened.clock.at = plusSeconds(opened.now(), 3600);
      await waiting('waiting in Slurm: Priority');
      await sweep();
    }
    expect((await attemptsOf(id)).map(({ state, phase }) => [state, phase])).toEqual([
      ['running', 'waiting in Slurm: Priority'],
    ]);
    const shown = (await reports(id)).at(-1);
    expect(shown?.output.title).toBe('Queued at the site of pool linux');
    expect(shown?.output.summary).toContain('has not begun it: waiting in Slurm as job 12. It starts by itself');
    const { deadlineAt } = await buildOf(id);
    expect(deadlineAt).toEqual(plusSeconds(opened.now(), 3600 + 600));
    // What comes late, after the build has begun, gives it no more time.
    await accept(event(id, started));
    expect((await reports(id)).at(-1)?.output.title).toBe('Preparing hypre');
    opened.clock.at = plusSeconds(opened.now(), 60);
    await waiting('waiting in Slurm: Priority');
    expect((await buildOf(id)).deadlineAt).toEqual(deadlineAt);

    number++;
    const never = await open(planned());
    opened.clock.at = plusSeconds(opened.now(), 48 * 3600 + 1);
    await accept(event(never, { kind: 'waiting', detail: 'waiting in Slurm: Priority' }));
    opened.clock.at = plusSeconds(opened.now(), 3600 + 601);
    await accept(event(never, { kind: 'waiting', detail: 'waiting in Slurm: Priority' }));
    await sweep();
    expect((await buildOf(never)).state).toBe('completed');
  });

  test('a part of a build that takes longer than its limit ends, although its worker only says that it lives', async () => {
    const limits = { seconds: 3600, logBytes: 1_000_000, parts: { fetch: 600, test: 300 } };
    const check = planned();
    const id = await open({ ...check, build: { ...check.build, limits } });
    const since = opened.now();
    const phase = (name: string) => accept(event(id, { kind: 'phase', package: 'hypre', phase: name }));
    const later = async (seconds: number) => {
      opened.clock.at = plusSeconds(opened.now(), seconds);
      await accept(event(id, { kind: 'heartbeat' }));
      await sweepBuilds({ ...ports(), listeningSince: since }, out);
    };
    await phase('fetch');
    await later(599);
    await phase('cmake');
    await later(1000);
    await phase('test');
    await later(300 + 119);
    expect(await buildOf(id)).toMatchObject({ state: 'running' });
    out = nothingOutgoing();
    await later(1);
    expect(out.controls).toMatchObject([{ worker: 'w1', buildId: id, kind: 'cancel' }]);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { limit: { part: 'test', seconds: 300 } } });
    expect((await reports(id)).at(-1)).toMatchObject({
      conclusion: 'timed_out',
      output: { title: 'hypre took too long: testing stopped after 5 min' },
    });
  });

  test('sources that do not come in time are nobody’s change', async () => {
    const check = planned();
    const limits = { seconds: 3600, logBytes: 1_000_000, parts: { fetch: 600 } };
    const id = await open({ ...check, build: { ...check.build, limits } });
    const since = opened.now();
    await accept(event(id, { kind: 'phase', package: 'hypre', phase: 'fetch' }));
    opened.clock.at = plusSeconds(opened.now(), 720);
    await accept(event(id, { kind: 'heartbeat' }));
    await sweepBuilds({ ...ports(), listeningSince: since }, out);
    const report = (await reports(id)).at(-1);
    expect(report?.conclusion).toBe('action_required');
    expect(report?.output?.title).toMatch(/^Not checked, not your change/);
    expect(report?.output?.summary).toContain('fetching took longer than the 10 min that it may take here');
  });

  test('after three silent workers the check asks for an action and blames nobody', async () => {
    const id = await open();
    const since = opened.now();
    for (const attempt of [1, 2, 3]) {
      await accept(event(id, started, { attempt, worker: `w${attempt}` }));
      opened.clock.at = plusSeconds(opened.now(), 61);
      await sweepBuilds({ ...ports(), listeningSince: since }, out);
    }
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'lost' }, attempt: 3 });
    const { headSha, completedAt } = await buildOf(id);
    opened.clock.at = plusSeconds(opened.now(), 3600);
    const endAt = (head: string) =>
      inTransaction((tx) =>
        endBuilds(
          tx,
          { repositoryId: 10, number, keep: [], keepSha: head },
          { kind: 'ended', why: 'superseded', detail: 'A newer commit.', bySha: head },
          ports(),
          out,
        ),
      );
    const waive = (reason: string | null) =>
      inTransaction((tx) => waiveBuild(tx, { buildId: id, by: 'octocat', reason }, ports(), out));
    // As long as somebody wants to know, and for good where somebody answers for it.
    await endAt(headSha);
    await waive('Known.');
    await endAt('c'.repeat(40));
    expect(await buildOf(id)).toMatchObject({ end: { kind: 'lost' } });
    await waive(null);
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
    await endAt('c'.repeat(40));
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    // It was over before.
    expect((await buildOf(id)).completedAt).toEqual(completedAt);
  });

  test('a worker that stopped or died and came back gives the build to another, three times at most', async () => {
    const id = await open();
    const gone = result({ exitCode: null, trouble: 'the worker stopped', workerStopped: true, stdout: '' });
    await accept(event(id, started));
    const first = event(id, { kind: 'finished', result: gone });
    expect(await accept(first)).toMatchObject({ kind: 'ack' });
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 2, end: null, startedAt: null });
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['lost', 'queued']);
    expect(out.builds.at(-1)).toEqual({ pool: 'linux', buildId: id, attempt: 2 });
    // It repeats itself until it has heard the answer.
    expect(await accept(first)).toMatchObject({ kind: 'ack' });
    expect(await attemptsOf(id)).toHaveLength(2);
    // Refused by a worker that was shutting down already: no `started` before it.
    await accept(event(id, { kind: 'finished', result: gone }, { attempt: 2, worker: 'w2' }));
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'queued' });
    await accept(event(id, { kind: 'finished', result: gone }, { attempt: 3, worker: 'w3' }));
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['lost', 'lost', 'lost']);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'lost' }, attempt: 3 });
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
  });

  test('workers that were told to stop say nothing against the build, but do not hand it on for ever', async () => {
    const id = await open();
    const told = result({ exitCode: null, trouble: 'told to stop', workerStopped: true, inOrder: true, stdout: '' });
    const died = result({ exitCode: null, trouble: 'it died', workerStopped: true, stdout: '' });
    const end = (attempt: number, how: BuildResult) =>
      accept(event(id, { kind: 'finished', result: how }, { attempt, worker: `w${attempt}` }));
    for (let attempt = 1; attempt < 18; attempt++) await end(attempt, attempt === 4 || attempt === 9 ? died : told);
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 18 });
    await end(18, told);
    await end(19, told);
    await end(20, told);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'lost' }, attempt: 20 });
  });

  test('a build that cannot be swept holds up no other and is told once', async () => {
    const bad = await open();
    const good = await open(planned({ headSha: 'e'.repeat(40) }));
    for (const id of [bad, good]) await accept(event(id, started));
    const since = opened.now();
    opened.clock.at = plusSeconds(opened.now(), 61);
    out = nothingOutgoing();
    const { content } = ports();
    const broken = {
      ...ports(),
      listeningSince: since,
      content: (build: Build, attempt: Parameters<typeof buildContent>[1]) => {
        if (build.id === bad) throw new Error('unforeseen');
        return content(build, attempt);
      },
    };
    const said: object[] = [];
    const log = { error: (fields: object) => void said.push(fields) };
    await sweepBuilds({ ...broken, log }, out);
    expect(said).toEqual([{ failures: [`build ${bad} could not be swept: unforeseen`] }]);
    expect((await buildOf(good)).attempt).toBe(2);
    expect(out.builds).toContainEqual({ pool: 'linux', buildId: good, attempt: 2 });
    // Nothing of the round that was rolled back goes out.
    expect(out.builds.map((each) => each.buildId)).not.toContain(bad);
    expect(out.controls.map((each) => each.buildId)).not.toContain(bad);
    await expect(sweepBuilds(broken, out)).rejects.toThrow(AggregateError);
    await sweepBuilds({ ...ports(), listeningSince: since }, out);
    expect((await buildOf(bad)).attempt).toBe(2);
  });

  test('ci R18: a build that no worker takes ends at its deadline as not checked', async () => {
    const id = await open();
    const { deadlineAt } = await buildOf(id);
    opened.clock.at = plusSeconds(deadlineAt, -1);
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    expect((await buildOf(id)).state).toBe('queued');
    opened.clock.at = deadlineAt;
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
  });

  test('a queued build knows who is there, what is before it and how long it took before', async () => {
    const pool = 'known';
    const of = (headSha: string) => planned({ headSha, build: { ...planned().build, pool } });
    await opened.store.db.insert(workers).values([
      { id: 'k1', pool, version: '1', via: 'http', concurrency: 2, seenAt: opened.now() },
      { id: 'gone', pool, version: '1', via: 'http', concurrency: 8, seenAt: plusSeconds(opened.now(), -3600) },
    ]);
    const outlook = async (id: string) => {
      const [row] = await opened.store.db.select().from(attempts).where(eq(attempts.buildId, id));
      return row?.outlook;
    };
    const first = await open(of('1'.repeat(40)));
    expect(await outlook(first)).toEqual({ workers: 1, slots: 2, ahead: 0, running: 0, seconds: null });
    await accept(event(first, started));
    opened.clock.at = plusSeconds(opened.now(), 90);
    await accept(event(first, { kind: 'heartbeat' }));
    const second = await open(of('2'.repeat(40)));
    expect(await outlook(second)).toMatchObject({ ahead: 0, running: 1, seconds: null });
    await accept(event(first, { kind: 'finished', result: result() }));
    await opened.store.db.update(workers).set({ seenAt: opened.now() }).where(eq(workers.id, 'k1'));
    const third = await open(of('3'.repeat(40)));
    expect(await outlook(third)).toEqual({ workers: 1, slots: 2, ahead: 1, running: 0, seconds: 90 });
    expect((await reports(third)).at(-1)?.output.summary).toContain('It usually takes 1 min 30 s here');
  });

  test('a build that waits for others gets its turn, and a deadline all the same', async () => {
    const pool = 'busy';
    const other = await open(planned({ name: 'spokebot / other', build: { ...planned().build, pool } }));
    const id = await open(planned({ build: { ...planned().build, pool } }));
    const { deadlineAt } = await buildOf(id);
    opened.clock.at = plusSeconds(deadlineAt, -1);
    await accept(event(other, started));
    opened.clock.at = deadlineAt;
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    const waiting = await buildOf(id);
    expect(waiting.state).toBe('queued');
    expect(waiting.deadlineAt.getTime()).toBeGreaterThan(deadlineAt.getTime());
    opened.clock.at = plusSeconds(waiting.deadlineAt, -1);
    await accept(event(other, { kind: 'heartbeat' }));
    opened.clock.at = waiting.deadlineAt;
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'expired' } });
  });

  test('a newer head ends the older builds of the pull request and cancels the worker', async () => {
    const old = await open();
    await accept(event(old, started));
    const next = await open(planned({ headSha: 'c'.repeat(40) }));
    await inTransaction((tx) =>
      endBuilds(
        tx,
        { repositoryId: 10, number, keep: [next], keepSha: 'c'.repeat(40) },
        { kind: 'ended', why: 'superseded', detail: 'A newer commit.', bySha: 'c'.repeat(40) },
        ports(),
        out,
      ),
    );
    expect((await reports(old)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
    expect((await buildOf(next)).state).toBe('queued');
    expect(out.controls).toMatchObject([{ worker: 'w1', buildId: old, kind: 'cancel' }]);
    expect(await accept(event(old, { kind: 'finished', result: result({ cancelled: true }) }))).toMatchObject({
      kind: 'ack',
    });
    expect((await reports(old)).at(-1)).toMatchObject({ conclusion: 'cancelled' });
  });

  test('going back to an earlier head takes its superseded build up again', async () => {
    const id = await open();
    await inTransaction((tx) =>
      endBuilds(
        tx,
        { repositoryId: 10, number, keep: [], keepSha: null },
        { kind: 'ended', why: 'closed', detail: 'Closed.', bySha: null },
        ports(),
        out,
      ),
    );
    await open();
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 2, end: null });
    expect((await attemptsOf(id)).map((each) => each.state)).toEqual(['cancelled', 'queued']);
  });

  test('ci R22: what needs approval does not run, and an approval is for one head on one pool', async () => {
    const held = planned({ needsApproval: 'The code comes from a fork.' });
    const id = await open(held);
    expect(out.builds).toEqual([]);
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
    // A re-run of what was never approved waits again.
    await inTransaction((tx) => retryBuild(tx, id, ports(), out));
    expect(await attemptsOf(id)).toEqual([]);
    const other = await open({ ...held, headSha: 'd'.repeat(40) });
    await inTransaction((tx) => approveBuild(tx, { buildId: id, by: 'octocat' }, ports(), out));
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 1 });
    expect(await buildOf(other)).toMatchObject({ state: 'waiting-approval', attempt: 0 });
  });

  test('what is asked for without cache while it waits for approval is built without cache when it is approved', async () => {
    const id = await open(planned({ needsApproval: 'The code comes from a fork.' }));
    opened.clock.at = plusSeconds(opened.now(), 31 * 24 * 3600);
    await sweepBuilds({ ...ports(), listeningSince: opened.now() }, out);
    expect(await buildOf(id)).toMatchObject({ state: 'completed', end: { kind: 'expired' } });
    await inTransaction((tx) => retryBuild(tx, id, ports(), out, true));
    expect(await buildOf(id)).toMatchObject({ state: 'waiting-approval' });
    await inTransaction((tx) => approveBuild(tx, { buildId: id, by: 'octocat' }, ports(), out));
    expect(await attemptsOf(id)).toMatchObject([{ attempt: 1, state: 'queued', fresh: true }]);
    expect(await buildOf(id)).toMatchObject({ freshNext: false });
  });

  test('ci R21b: a retry after a finished build is a new attempt; while one runs it joins it', async () => {
    const id = await open();
    expect(await inTransaction((tx) => retryBuild(tx, id, ports(), out))).toBe(false);
    await accept(event(id, started));
    await accept(event(id, { kind: 'finished', result: result({ exitCode: 1, stdout: '' }) }));
    expect(await inTransaction((tx) => retryBuild(tx, id, ports(), out))).toBe(true);
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 2 });
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'queued' });
  });

  test('a message that nobody answered is found again; one that a worker took is not', async () => {
    const pool = 'unanswered';
    const id = await open(planned({ build: { ...planned().build, pool } }));
    const later = plusSeconds(opened.now(), 1);
    const message = { pool, buildId: id, attempt: 1 };
    // What waits for its turn in the ledger was never sent.
    expect(await unansweredAttempts(opened.store.db, later)).not.toContainEqual(message);
    expect(await releaseBuilds(opened.store.db, pool, NO_RULES, opened.now())).toEqual([message]);
    expect(await unansweredAttempts(opened.store.db, later)).toContainEqual(message);
    await accept(event(id, started));
    expect((await unansweredAttempts(opened.store.db, later)).map((each) => each.buildId)).not.toContain(id);
  });
});
