/** What was built and passed is not built again: from the worker's word of the hash to the check that links to the proof. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { and, eq } from 'drizzle-orm';
import type { CheckRunContent } from '../../src/check-run.js';
import { openBuild, retryBuild } from '../../src/ledger/builds.js';
import { withClosedPlaces } from '../../src/ledger/closed-places.js';
import { buildContent } from '../../src/ledger/content.js';
import { dropProofs, dropWorkers } from '../../src/ledger/retention.js';
import { attemptToken, nothingOutgoing } from '../../src/ledger/state.js';
import type { BuildPlan, EventBody } from '../../src/protocol.js';
import type { Db } from '../../src/store/open.js';
import { attempts, builds, repositories, workers } from '../../src/store/schema.js';
import { ensureSubject } from '../../src/store/subjects.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { backends } from '../setup/backends.js';
import { buildMessage, passed } from '../workers/build-worker/build-messages.js';
import { type OpenBackend, openFresh } from './open.js';

const KEY = 'a key of this test';
const VERSIONS = { spack: '1.1.0', spackCommit: 'a'.repeat(40), packagesCommit: null };
let opened: OpenBackend;
let hub: HubSide;
let pull = 0;
let seq = 0;
let hashes = 0;

beforeAll(async () => {
  // The fastest of them: what is asked of the database here is nothing special.
  opened = await openFresh(backends.find(({ name }) => name === 'PostgreSQL') ?? backends[0]!);
  hub = createHubSide({ ...ports(), queues: opened.queues, dispatch: async () => {}, log: { warn: () => {} } });
  await opened.store.db.insert(repositories).values({
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

const ports = () => ({
  db: opened.store.db,
  now: opened.now,
  tokenKey: KEY,
  content: (build: Parameters<typeof buildContent>[0], attempt: Parameters<typeof buildContent>[1]) =>
    buildContent(build, attempt, 'https://hub.example.org'),
});

/** A hash that no other test has. */
function newHash(): string {
  hashes += 1;
  return `hash${String(hashes).padStart(28, '2')}`;
}

/** A new pull request's build, or one of a branch. */
function open(change: Partial<BuildPlan> = {}): Promise<string> {
  const { plan } = buildMessage('x');
  pull += 1;
  const common = { headSha: plan.pull.headSha, name: `spokebot / ${pull}`, required: true, reasons: ['So.'] };
  const build = { ...plan, ...change };
  const ref = { installationId: 1, repositoryId: 10, fullName: 'LLNL/zfp' };
  const check =
    build.pull === null
      ? { ...common, pull: null, needsApproval: null, nightly: { of: { ...ref, branch: 'main' }, since: 0 }, build }
      : { ...common, pull: { ...ref, number: pull }, needsApproval: null, build };
  return opened.store.db.transaction((tx) =>
    openBuild(tx as unknown as Db, check as Parameters<typeof openBuild>[1], ports(), nothingOutgoing()),
  );
}

async function say(buildId: string, body: EventBody, attempt = 1, token = attemptToken(KEY, buildId, attempt)) {
  seq += 1;
  const controls = await hub.events([{ v: 1, buildId, attempt, token, worker: 'w1', seq, body }]);
  return controls.map(({ kind, reason }) => `${kind}: ${reason}`);
}

async function begin(buildId: string, attempt = 1, recorded = false) {
  await say(buildId, { kind: 'started', versions: VERSIONS, recorded }, attempt);
}

/** Builds it to its end, as a first build does. */
async function build(dagHash: string, change: Partial<BuildPlan> = {}, result = {}): Promise<string> {
  const id = await open(change);
  await begin(id);
  await say(id, { kind: 'finished', result: { ...passed(), versions: VERSIONS, dagHash, ...result } });
  return id;
}

/** What the hub says to a second build of the same hash. */
async function ask(dagHash: string, change: Partial<BuildPlan> = {}) {
  const id = await open(change);
  await begin(id);
  return { id, told: await say(id, { kind: 'concretized', dagHash }) };
}

async function checkOf(id: string): Promise<CheckRunContent> {
  const [row] = await opened.store.db
    .select()
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(eq(builds.id, id));
  return ports().content(row!.builds, row!.attempts);
}

function later(seconds: number): void {
  opened.clock.at = new Date(opened.clock.at.getTime() + seconds * 1000);
}

const BRANCH = { pull: null, branch: { name: 'main', headSha: 'a'.repeat(40) } };
const PROVED = ['cancel: it was built and passed already'];

test('the second build of a hash is not built: its check is green, says so and links to the first', async () => {
  const hash = newHash();
  const first = await build(hash);
  later(12 * 60);
  const { id, told } = await ask(hash);
  expect(told).toEqual(PROVED);
  const check = await checkOf(id);
  expect(check).toMatchObject({ status: 'completed', conclusion: 'success' });
  expect(check.output.title).toBe('zfp was already built and passed, 12 min ago');
  expect(check.output.summary).toContain(`](https://hub.example.org/builds/${first}), 12 min ago.`);
  expect(check.output.summary).toContain(hash);
  // What the worker says when it has stopped changes nothing.
  const stopped = { ...passed(), exitCode: null, cancelled: true };
  expect(await say(id, { kind: 'finished', result: stopped })).toEqual(['ack: the attempt is finished']);
  expect((await checkOf(id)).conclusion).toBe('success');
});

test('a hash that nothing proved is built', async () => {
  const hash = newHash();
  await build(hash, {}, { exitCode: 1, stderr: '==> Error: ProcessError: x' });
  expect((await ask(hash)).told).toEqual([]);
});

test.each<[string, Partial<BuildPlan>, Partial<BuildPlan>, boolean]>([
  ['another pool’s', { pool: 'gpu' }, {}, false],
  ['one without the tests that are asked for', {}, { tests: true }, false],
  ['one with more tests than are asked for', { tests: true }, {}, true],
  ['one in another sandbox', {}, { sandbox: 'bubblewrap' }, false],
  ['a recording’s', { sandbox: 'recorded' }, { sandbox: 'recorded' }, false],
  ['ci R28 a pull request’s for the build of a branch', {}, BRANCH, false],
  ['that of a branch for a pull request', BRANCH, {}, true],
])('a proof: %s', async (_what, proven, asked, holds) => {
  const hash = newHash();
  await build(hash, proven);
  expect((await ask(hash, asked)).told).toEqual(holds ? PROVED : []);
});

test('a recorded run proves nothing, nor does what another Spack built, or what is older than two weeks', async () => {
  const [played, other, old] = [newHash(), newHash(), newHash()];
  await build(played, {}, { recorded: true });
  await build(other, {}, { versions: { ...VERSIONS, spackCommit: 'b'.repeat(40) } });
  await build(old);
  expect((await ask(played)).told).toEqual([]);
  expect((await ask(other)).told).toEqual([]);
  later(15 * 24 * 3600);
  expect((await ask(old)).told).toEqual([]);
});

test('who wants it once more, or without cache, gets it built', async () => {
  const hash = newHash();
  await build(hash);
  const { id } = await ask(hash);
  for (const fresh of [false, true]) {
    const attempt = fresh ? 3 : 2;
    await opened.store.db.transaction((tx) =>
      retryBuild(tx as unknown as Db, id, ports(), nothingOutgoing(), fresh).then(() => {}),
    );
    await begin(id, attempt);
    expect(await say(id, { kind: 'concretized', dagHash: hash }, attempt)).toEqual([]);
    await say(id, { kind: 'finished', result: { ...passed(), versions: VERSIONS, dagHash: hash } }, attempt);
  }
  const other = await open();
  await opened.store.db.update(attempts).set({ fresh: true }).where(eq(attempts.buildId, other));
  await begin(other);
  expect(await say(other, { kind: 'concretized', dagHash: hash })).toEqual([]);
});

test('only the attempt’s own token can end it so', async () => {
  const hash = newHash();
  await build(hash);
  const id = await open();
  await begin(id);
  const told = await say(id, { kind: 'concretized', dagHash: hash }, 1, 'f'.repeat(64));
  expect(told).toEqual(['cancel: the token is not of this attempt']);
  expect((await checkOf(id)).status).toBe('in_progress');
});

test('the check of a build says what came from the build cache', async () => {
  const mirror = { name: 'site', url: 'file:///srv/cache', key: null };
  const caches = { read: [mirror], pulls: null, publish: null };
  const id = await build(newHash(), { caches }, { origins: { cache: 12, built: 1, present: 1 } });
  const { output } = await checkOf(id);
  expect(output.summary).toContain('12 of 14 packages came from the build cache, 1 was installed before, 1 was built.');
  expect(output.text).toContain('| Build cache | `read from site (unsigned)` |');
});

test('the next build of a pool is told which pull requests are over, and only where their binaries are', async () => {
  const caches = { read: [], pulls: 'file:///srv/pulls', publish: null };
  const { db } = opened.store;
  const closed = await open({ caches });
  const number = pull;
  const still = await open({ caches });
  const row = { repositoryId: 10, repository: 'LLNL/zfp', isPull: true, title: '', author: 'octocat' };
  await ensureSubject(db, { repositoryId: 10, number }, { ...row, open: false, headSha: null }, opened.now());
  await ensureSubject(db, { repositoryId: 10, number: pull }, { ...row, open: true, headSha: null }, opened.now());
  const told = async (id: string) => {
    const [found] = await db.select({ plan: builds.plan }).from(builds).where(eq(builds.id, id));
    return (await withClosedPlaces(db, found!.plan, opened.now())).caches?.over;
  };
  expect(await told(still)).toEqual([`llnl+zfp+${number}`]);
  await db.update(builds).set({ pool: 'elsewhere' }).where(eq(builds.id, closed));
  expect(await told(still)).toBeUndefined();
});

test('proofs and workers that are of no use any more go', async () => {
  const { db } = opened.store;
  const hash = newHash();
  await build(hash);
  const at = opened.now();
  await dropProofs(db, new Date(at.getTime() - 1));
  expect((await ask(hash)).told).toEqual(['cancel: it was built and passed already']);
  expect(await dropProofs(db, new Date(at.getTime() + 1))).toBeGreaterThan(0);
  expect((await ask(hash)).told).toEqual([]);
  const worker = { pool: 'linux', version: '0', concurrency: 1, via: 'http' as const };
  await db.insert(workers).values([
    { ...worker, id: 'gone', seenAt: new Date(at.getTime() - 1000) },
    { ...worker, id: 'here', seenAt: at },
  ]);
  await dropWorkers(db, at);
  expect((await db.select({ id: workers.id }).from(workers)).map(({ id }) => id)).toContain('here');
  expect((await db.select({ id: workers.id }).from(workers)).map(({ id }) => id)).not.toContain('gone');
});
