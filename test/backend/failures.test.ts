/** What a failed attempt means: tried again elsewhere, known from the base branch, or counted as a flake; over the hub's real side and queue. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asc, eq } from 'drizzle-orm';
import type { CheckRunContent } from '../../src/check-run.js';
import { openBuild, retryBuild } from '../../src/ledger/builds.js';
import { buildContent } from '../../src/ledger/content.js';
import { attemptToken, type Build, nothingOutgoing, type Outgoing, plusSeconds } from '../../src/ledger/state.js';
import type { BuildMessage, BuildPlan, BuildResult } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import { builds, intents } from '../../src/store/schema.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { createQueueLink } from '../../src/workers/queue-link.js';
import { backends } from '../setup/backends.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { type OpenBackend, openFresh } from './open.js';

const KEY = 'a key of this test';
let opened: OpenBackend;
let hub: HubSide;
let count = 0;
let seq = 0;

beforeAll(async () => {
  opened = await openFresh(backends.find(({ name }) => name === 'PostgreSQL') ?? backends[0]!);
  hub = createHubSide({ ...ports(), queues: opened.queues, dispatch, log: { warn: () => {} } });
});
afterAll(async () => {
  await hub.close();
  await opened.remove();
});

const ports = () => ({
  db: opened.store.db,
  now: opened.now,
  tokenKey: KEY,
  content: (build: Build, attempt: Parameters<typeof buildContent>[1]) =>
    buildContent(build, attempt, 'https://hub.example.org'),
});
const dispatch = (out: Outgoing) => hub.sendBuilds(out.builds);
async function inTransaction<T>(work: (tx: Db, out: Outgoing) => Promise<T>): Promise<T> {
  const out = nothingOutgoing();
  const done = await opened.store.db.transaction((tx) => work(tx as unknown as Db, out));
  await dispatch(out);
  return done;
}

interface Where {
  readonly pool: string;
  /** Hexadecimal digit of the head. */
  readonly head?: string;
  readonly branch?: string;
}

/** Opens a build of a new pull request against `main`, or of a branch; each test has a pool of its own. */
function open({ pool, head = 'a', branch }: Where): Promise<string> {
  count += 1;
  const { plan } = buildMessage('x');
  const headSha = head.repeat(40);
  const ref = { installationId: 1, repositoryId: 10, fullName: 'LLNL/zfp' };
  const common = { headSha, name: 'spokebot / install zfp', required: true, reasons: ['So.'], needsApproval: null };
  const build: BuildPlan = {
    ...plan,
    pool,
    spec: `zfp@git.${headSha}`,
    pull:
      branch === undefined ? { ...plan.pull, number: count, headSha, baseSha: 'f'.repeat(40), baseRef: 'main' } : null,
    ...(branch === undefined ? {} : { branch: { name: branch, headSha } }),
  };
  const check =
    branch === undefined
      ? { ...common, pull: { ...ref, number: count }, build }
      : { ...common, pull: null, nightly: { of: { ...ref, branch }, since: 0 }, build };
  return inTransaction((tx, out) => openBuild(tx, check as Parameters<typeof openBuild>[1], ports(), out));
}

/** What a worker gets when it asks for one build; null when there is none for it within `ms`. */
async function take(worker: string, pool: string, ms = 5000): Promise<BuildMessage | null> {
  const controller = new AbortController();
  const answer = hub.poll(
    { v: 1, worker, pool, version: '1', free: 1, running: [] } as Parameters<HubSide['poll']>[0],
    controller.signal,
  );
  const timer = setTimeout(() => controller.abort(), ms);
  const { builds: list } = await answer;
  clearTimeout(timer);
  return list[0] ?? null;
}

async function finish(buildId: string, attempt: number, worker: string, result: Partial<BuildResult>) {
  seq += 1;
  const token = attemptToken(KEY, buildId, attempt);
  await hub.events([
    { v: 1, buildId, attempt, token, worker, seq, body: { kind: 'finished', result: { ...passed(), ...result } } },
  ]);
}
const buildOf = async (id: string) => (await opened.store.db.select().from(builds).where(eq(builds.id, id)))[0]!;
const checkOf = async (id: string) => {
  const rows = await opened.store.db
    .select()
    .from(intents)
    .where(eq(intents.lane, `check-${id}`))
    .orderBy(asc(intents.id));
  return (rows.at(-1)!.payload as { content: CheckRunContent }).content;
};
const again = (id: string) => inTransaction((tx, out) => retryBuild(tx, id, ports(), out));

const stage = '/w/stage/spack-stage-zfp-git.aa_1.0-abcdefghijklmnopqrstuvwxyz234567';
const failed = (stderr: string): Partial<BuildResult> => ({ exitCode: 1, stdout: '', stderr });
const NO_NETWORK = failed(
  '==> Error: FetchError: All fetchers failed for spack-stage-zfp-1.0-abcdefghijklmnopqrstuvwxyz234567\n    https://example.org/x: Name or service not known\n',
);
const broken = (message: string, line = 7): Partial<BuildResult> => ({
  ...failed(
    `==> Error: ProcessError: Command exited with status 2:\n    '/usr/bin/make'\n\nSee build log for details:\n  ${stage}/spack-build-out.txt\n`,
  ),
  buildLog: `==> zfp: Executing phase: 'build'\n${stage}/spack-src/src/zfp.c:${line}:3: error: ${message}\n`,
});
const NO_MEMORY: Partial<BuildResult> = {
  ...broken('x'),
  buildLog: "==> zfp: Executing phase: 'build'\ng++: fatal error: Killed signal terminated program cc1plus\n",
};

describe('ci R32: machines fail', () => {
  test('twice more it is tried, elsewhere where there is an elsewhere, and the change is never blamed', async () => {
    const id = await open({ pool: 'net' });
    expect(await take('one', 'net')).toMatchObject({ attempt: 1 });
    expect(await take('two', 'net', 1)).toBeNull();
    await finish(id, 1, 'one', NO_NETWORK);
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 2 });
    // The one that failed leaves it; when it is sent again, the other takes it.
    expect(await take('one', 'net', 100)).toBeNull();
    await resend(id, 'net', 2);
    expect(await take('two', 'net')).toMatchObject({ attempt: 2, avoid: ['one'] });
    await finish(id, 2, 'two', NO_NETWORK);
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 3 });
    // Both have failed it and there is no third, so anybody may.
    expect(await take('one', 'net')).toMatchObject({ attempt: 3 });
    await finish(id, 3, 'one', NO_NETWORK);
    expect(await buildOf(id)).toMatchObject({
      state: 'completed',
      attempt: 3,
      end: { verdict: { fault: 'infrastructure' } },
    });
    const check = await checkOf(id);
    expect(check).toMatchObject({ conclusion: 'action_required' });
    expect(check.output.title).toMatch(/^Not checked, not your change/);
    expect(check.output.text).toContain('| Attempt | `3` |');
  });

  test('a worker on the queue leaves alone what it has failed', async () => {
    const link = createQueueLink(opened.queues, { warn: () => {} });
    const taken: number[] = [];
    const both = new Promise<void>((resolve) => {
      const onBuild = async ({ attempt }: BuildMessage) => {
        taken.push(attempt);
        if (attempt === 3) resolve();
      };
      const identity = { id: 'one', pool: 'queue', version: '1', concurrency: 1 };
      void link.open(identity as Parameters<typeof link.open>[0], { onBuild, onControl: () => {} });
    });
    const message = (attempt: number, avoid: string[]) => ({
      id: `x.${attempt}`,
      body: { ...buildMessage('x'), attempt, avoid },
    });
    await opened.queues.add('builds-queue', [message(2, ['one']), message(3, ['two'])]);
    await both;
    expect(taken).toEqual([3]);
    await link.close();
  });

  test('a person’s retry gives the machines another two tries', async () => {
    const id = await open({ pool: 'net2' });
    for (const attempt of [1, 2, 3]) await finish(id, attempt, 'one', NO_NETWORK);
    await again(id);
    for (const attempt of [4, 5]) await finish(id, attempt, 'one', NO_NETWORK);
    expect(await buildOf(id)).toMatchObject({ state: 'queued', attempt: 6 });
  });

  test('out of memory is tried once more, one command at a time', async () => {
    const id = await open({ pool: 'memory' });
    const first = await take('large', 'memory');
    expect(first?.plan).not.toHaveProperty('jobs');
    await finish(id, 1, 'large', NO_MEMORY);
    expect(await take('large', 'memory')).toMatchObject({ attempt: 2, plan: { jobs: 1 } });
    await finish(id, 2, 'large', NO_MEMORY);
    expect(await buildOf(id)).toMatchObject({
      state: 'completed',
      attempt: 2,
      end: { verdict: { category: 'out-of-memory' } },
    });
    expect((await checkOf(id)).conclusion).toBe('action_required');
  });

  test('a failure of the commit is not tried again, and neither is what nobody understands', async () => {
    const id = await open({ pool: 'code' });
    await finish(id, 1, 'one', broken("'x' undeclared"));
    expect(await buildOf(id)).toMatchObject({ state: 'completed', attempt: 1 });
    expect((await checkOf(id)).conclusion).toBe('failure');
    const unknown = await open({ pool: 'code' });
    await finish(unknown, 1, 'one', failed('==> Error: the moon is in the wrong phase\n'));
    expect(await buildOf(unknown)).toMatchObject({ state: 'completed', attempt: 1 });
    expect((await checkOf(unknown)).conclusion).toBe('action_required');
  });
});

describe('the same failure on the base branch', () => {
  test('is said so: the check still fails, and is not blamed on the change', async () => {
    for (const [head, minute, message] of [
      ['1', 1, 'it was something else'],
      ['2', 2, "'x' undeclared"],
      ['3', 3, "'x' undeclared"],
    ] as const) {
      opened.clock.at = plusSeconds(opened.clock.at, 60 * minute);
      await finish(await open({ pool: 'base', head, branch: 'main' }), 1, 'one', broken(message, minute));
    }
    const id = await open({ pool: 'base' });
    await finish(id, 1, 'one', broken("'x' undeclared", 99));
    expect(await buildOf(id)).toMatchObject({ end: { onBase: { branch: 'main', sinceSha: '2'.repeat(40) } } });
    const check = await checkOf(id);
    expect(check.conclusion).toBe('failure');
    expect(check.output.title).toMatch(/^Fails on main since 2222222, not this change/);
    expect(check.output.summary).toContain('**Not your change.**');
    expect(check.output.summary).not.toContain('Your move');
    expect(check.output.annotations).toEqual([]);
  });

  test('another failure is the change’s, and so is one that the branch no longer has', async () => {
    const other = await open({ pool: 'base' });
    await finish(other, 1, 'one', broken("'y' undeclared"));
    expect((await checkOf(other)).output.summary).toContain('**Your move.**');
    opened.clock.at = plusSeconds(opened.clock.at, 60);
    await finish(await open({ pool: 'base', head: '4', branch: 'main' }), 1, 'one', {});
    const later = await open({ pool: 'base' });
    await finish(later, 1, 'one', broken("'x' undeclared"));
    expect((await checkOf(later)).output.summary).toContain('**Your move.**');
  });

  test('another branch, another pool or another pull request says nothing', async () => {
    await finish(await open({ pool: 'alone', head: '5', branch: 'release' }), 1, 'one', broken("'x' undeclared"));
    await finish(await open({ pool: 'alone', head: '6' }), 1, 'one', broken("'x' undeclared"));
    const id = await open({ pool: 'alone' });
    await finish(id, 1, 'one', broken("'x' undeclared"));
    expect((await checkOf(id)).output.summary).toContain('**Your move.**');
  });

  test('a build of the very commit that it is made on counts, whoever asked for it', async () => {
    await finish(await open({ pool: 'very', head: 'f' }), 1, 'one', broken("'x' undeclared"));
    const id = await open({ pool: 'very' });
    await finish(id, 1, 'one', broken("'x' undeclared"));
    expect((await checkOf(id)).output.title).toMatch(/^Fails on main since fffffff/);
  });
});

describe('flakes', () => {
  test('the same inputs that failed and then passed are counted per check and pool, and told', async () => {
    await finish(await open({ pool: 'flaky' }), 1, 'one', {});
    const id = await open({ pool: 'flaky' });
    await finish(id, 1, 'one', broken("'x' undeclared"));
    expect((await checkOf(id)).output.summary).not.toContain('not steady');
    await again(id);
    await finish(id, 2, 'one', {});
    expect((await checkOf(id)).output.summary).toContain(
      'This check is not steady on pool `flaky`: of the last 2, one of its builds both failed and passed without a change.',
    );
  });

  test('a machine’s failure is no flake', async () => {
    const id = await open({ pool: 'steady' });
    await finish(id, 1, 'one', NO_NETWORK);
    await finish(id, 2, 'one', {});
    expect(await checkOf(id)).toMatchObject({ conclusion: 'success' });
    expect((await checkOf(id)).output.summary).not.toContain('not steady');
  });
});

/** As the sweeper does with a message that nobody answered. */
async function resend(buildId: string, pool: string, attempt: number): Promise<void> {
  await opened.queues.add(`builds-${pool}`, [{ id: `${buildId}.${attempt}.again`, body: { buildId, attempt } }]);
}
