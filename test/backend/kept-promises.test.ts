/** What the ledger and its queues promise of every build, whatever happens to messages, workers and GitHub, on each backend. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { asc, eq } from 'drizzle-orm';
import type { EndReason } from '../../src/actions.js';
import type { CheckRunContent } from '../../src/check-run.js';
import { auditChecks, type ShownRun } from '../../src/ledger/audit.js';
import { openBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { endWithoutVerdict } from '../../src/ledger/end.js';
import { NO_RULES } from '../../src/ledger/fleet.js';
import { releaseBuilds } from '../../src/ledger/release.js';
import { lockBuild } from '../../src/ledger/row.js';
import { attemptToken, type Build, type BuildAttempt, nothingOutgoing, plusSeconds } from '../../src/ledger/state.js';
import { sweepBuilds } from '../../src/ledger/sweep.js';
import { unansweredAttempts } from '../../src/ledger/unanswered.js';
import { deliverLane, openLanes } from '../../src/outbox/outbox.js';
import { type Decided, perform } from '../../src/perform.js';
import type { BuildResult, EventBody } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import { builds, intents, repositories } from '../../src/store/schema.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { backends } from '../setup/backends.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { type OpenBackend, openFresh } from './open.js';

const KEY = 'a key of this test';
const ENDS: readonly EndReason[] = ['superseded', 'unplanned', 'closed', 'removed', 'cancelled'];
const started: EventBody = {
  kind: 'started',
  versions: { spack: null, spackCommit: null, packagesCommit: null },
  recorded: false,
};

describe.each(backends)('on $name', (backend) => {
  let opened: OpenBackend;
  let hub: HubSide;
  let pull = 0;

  beforeAll(async () => {
    opened = await openFresh(backend);
    hub = createHubSide({ ...ports(), queues: opened.queues, dispatch: async () => {}, log: { warn: () => {} } });
    await db().insert(repositories).values({
      id: 10,
      installationId: 1,
      fullName: 'LLNL/zfp',
      private: false,
      state: 'active',
      firstSeenAt: opened.now(),
    });
  });
  afterAll(async () => {
    await hub.close();
    await opened.remove();
  });
  beforeEach(() => {
    pull += 1;
  });

  const db = () => opened.store.db;
  const ports = () => ({
    db: db(),
    now: opened.now,
    tokenKey: KEY,
    version: '1',
    content: (build: Build, attempt: BuildAttempt | null) => buildContent(build, attempt, null),
  });
  const inTransaction = <T>(work: (tx: Db) => Promise<T>) => db().transaction((tx) => work(tx as Db));
  function check(pool = 'linux') {
    const { plan } = buildMessage('x');
    return {
      pull: { installationId: 1, repositoryId: 10, fullName: 'LLNL/zfp', number: pull },
      headSha: plan.pull.headSha,
      name: 'spokebot / install zfp',
      required: true,
      reasons: ['zfp is built here.'],
      needsApproval: null,
      build: { ...plan, pool, pull: { ...plan.pull, number: pull } },
    };
  }
  const open = (pool = 'linux', out = nothingOutgoing()) =>
    inTransaction((tx) => openBuild(tx, check(pool), ports(), out));
  const buildOf = async (id: string) => (await db().select().from(builds).where(eq(builds.id, id)))[0]!;
  const reports = async (id: string) =>
    (
      await db()
        .select()
        .from(intents)
        .where(eq(intents.lane, `check-${id}`))
        .orderBy(asc(intents.id))
    ).map(({ payload }) => (payload as { content: CheckRunContent }).content);
  const say = (buildId: string, body: EventBody, worker = 'w1', attempt = 1) =>
    hub.events([{ v: 1, buildId, attempt, token: attemptToken(KEY, buildId, attempt), worker, seq: 1, body }]);
  const poll = (pool: string, running: { buildId: string; attempt: number }[] = []) =>
    hub.poll({ v: 1, worker: 'w1', pool, version: '1', free: 1, running }, AbortSignal.timeout(2000));

  test('ci R5: the ledger has a build before anybody is told of it; what it does not know is stopped', async () => {
    const known: boolean[] = [];
    const decided: Decided = {
      kind: 'plan',
      subject: { repositoryId: 10, repository: 'LLNL/zfp', number: null },
      facts: { pull },
      revision: null,
      delivery: null,
      decision: { outcome: {}, actions: [{ kind: 'start-check', check: check() }], reasons: [] },
    };
    const dispatch = async ({ builds: told }: { builds: readonly { buildId: string }[] }) => {
      for (const { buildId } of told) known.push((await buildOf(buildId)) !== undefined);
    };
    await perform(decided, { ...ports(), dispatch });
    expect(known).toEqual([true]);
    const stranger = { buildId: 'f'.repeat(40), attempt: 1 };
    expect((await poll('nobody', [stranger])).controls).toMatchObject([{ ...stranger, kind: 'cancel' }]);
  });

  test('ci R6: a report that GitHub puts off for days is not dropped, and goes out once', async () => {
    const id = await open();
    const lane = `check-${id}`;
    const sent: string[] = [];
    const outbox = (answer: 'later' | 'done') => ({
      ...ports(),
      send: async ({ key }: { key: string }) => {
        sent.push(key);
        return answer === 'later'
          ? ({ kind: 'later', seconds: 3600, reason: 'rate limit' } as const)
          : ({ kind: 'done', effect: null } as const);
      },
      apply: async () => {},
      again: async () => {},
      count: () => {},
      log: { warn() {}, error() {} },
    });
    for (let hour = 0; hour < 40; hour++) {
      await deliverLane(lane, outbox('later') as never);
      opened.clock.at = plusSeconds(opened.now(), 3601);
      expect(await openLanes(db(), opened.now())).toContain(lane);
    }
    expect(sent).toHaveLength(40);
    await deliverLane(lane, outbox('done') as never);
    await deliverLane(lane, outbox('done') as never);
    expect(sent).toHaveLength(41);
    expect(new Set(sent).size).toBe(1);
  });

  test('ci R6: a build that the queue lost is sent again, and one that nobody takes ends with a check', async () => {
    const id = await open('lossy');
    const begin = opened.now();
    await releaseBuilds(db(), 'lossy', NO_RULES, begin);
    const lost = async () => (await unansweredAttempts(db(), opened.now())).some(({ buildId }) => buildId === id);
    opened.clock.at = plusSeconds(begin, 60);
    expect(await lost()).toBe(true);
    opened.clock.at = (await buildOf(id)).deadlineAt;
    await sweepBuilds({ ...ports(), listeningSince: begin }, nothingOutgoing());
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'action_required' });
    expect(await lost()).toBe(false);
  });

  const result = (change: Partial<BuildResult>): EventBody => ({
    kind: 'finished',
    result: { ...passed(), ...change },
  });
  test.each([
    ['passed', result({})],
    ['failed', result({ exitCode: 1, stdout: '', stderr: '==> Error: nothing known' })],
    ['cancelled by its worker', result({ cancelled: true, exitCode: null, signal: 'SIGTERM' })],
    ['timed out', result({ timedOut: true, exitCode: null, signal: 'SIGKILL' })],
    ['no Spack', result({ trouble: 'spack is not there', exitCode: null })],
  ] as const)('ci R16 and R17: a build that %s has a completed check', async (_, end) => {
    const id = await open();
    // What the machines failed is tried again by itself, which comes to an end too.
    for (let attempt = 1; attempt <= 3 && (await buildOf(id)).state !== 'completed'; attempt++) {
      await say(id, started, 'w1', attempt);
      await say(id, end, 'w1', attempt);
    }
    expect((await buildOf(id)).state).toBe('completed');
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: expect.any(String) });
  });

  test.each(ENDS)('ci R16: a build that ended as %s has a completed check', async (why) => {
    const id = await open();
    await inTransaction(async (tx) => {
      const build = await lockBuild(tx, id);
      await endWithoutVerdict(tx, build!, { kind: 'ended', why, detail: '', bySha: null }, ports(), nothingOutgoing());
    });
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });

  test('ci R16: a check that does not show how its build ended is found and sent again', async () => {
    const id = await open();
    await say(id, started);
    await say(id, result({}));
    const sent = async () => (await reports(id)).length;
    const audit = (shown: ShownRun) =>
      auditChecks({ ...ports(), log: { warn() {} }, checkRuns: async () => [shown] }, nothingOutgoing());
    const open_ = { externalId: id, status: 'in_progress', conclusion: null };
    // While the report is on its way nothing is wrong yet.
    expect(await audit(open_)).toEqual([]);
    await db()
      .update(intents)
      .set({ state: 'failed' })
      .where(eq(intents.lane, `check-${id}`));
    const before = await sent();
    expect(await audit({ externalId: id, status: 'completed', conclusion: 'success' })).toEqual([]);
    expect(await audit(open_)).toEqual([id]);
    expect(await sent()).toBe(before + 1);
    expect((await reports(id)).at(-1)).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  test('ci R17: however long a build took, its end counts', async () => {
    const id = await open();
    await say(id, started);
    const { deadlineAt } = await buildOf(id);
    while (opened.now() < plusSeconds(deadlineAt, -60)) {
      opened.clock.at = plusSeconds(opened.now(), 30);
      await say(id, { kind: 'heartbeat' });
      if (opened.now().getTime() % 600_000 === 0)
        await sweepBuilds({ ...ports(), listeningSince: new Date(0) }, nothingOutgoing());
    }
    await say(id, result({}));
    expect((await reports(id)).at(-1)).toMatchObject({ conclusion: 'success' });
  });

  test('ci R21: a message that two workers got is built by one of them', async () => {
    const id = await open('twice');
    expect(await say(id, started, 'first')).toEqual([]);
    expect(await say(id, started, 'second')).toMatchObject([
      { kind: 'cancel', reason: expect.stringContaining('another') },
    ]);
    expect(await say(id, result({ exitCode: 1 }), 'second')).toMatchObject([{ kind: 'ack' }]);
    expect((await buildOf(id)).state).toBe('running');
    await say(id, result({}), 'first');
    expect((await reports(id)).at(-1)).toMatchObject({ conclusion: 'success' });
  });

  test('ci R15: what changes nothing of a check asks for no request', async () => {
    const id = await open('same');
    await say(id, started);
    const before = (await reports(id)).length;
    for (let n = 0; n < 3; n++) await say(id, started);
    await say(id, { kind: 'heartbeat' });
    expect(await reports(id)).toHaveLength(before);
  });

  test('ci R31: a pool with many waiting builds does not delay another', async () => {
    const out = nothingOutgoing();
    for (let n = 0; n < 60; n++) {
      pull += 1;
      await open('full', out);
    }
    await hub.sendBuilds(out.builds);
    const own = nothingOutgoing();
    const id = await open('free', own);
    await hub.sendBuilds(own.builds);
    expect((await poll('free')).builds.map(({ buildId }) => buildId)).toEqual([id]);
  });
});
