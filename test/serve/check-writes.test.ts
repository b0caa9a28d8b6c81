/**
 * How many requests a check costs. What counts is every POST and PATCH of a check run, so also those that carry more annotations:
 * GitHub takes 50 of them a request. A check has at most 50 and so stays within its four; the roll-up is a check of its own.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { CheckView } from '../../src/sandbox/client.js';
import { intents } from '../../src/store/schema.js';
import { startTestHub, type TestHub } from './hub.js';
import { finished, started, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
const CHECK = 'spokebot / install zfp';
/** Create, start, one change in between, complete. */
const MOST = 4;
/** All that is asked of GitHub for a pull request until its checks are shown as queued. */
const REQUESTS_OF_A_PULL = 8;

let hub: TestHub;
let installation = 0;
beforeAll(async () => {
  hub = await startTestHub();
  await hub.github.createRepo(REPO, {
    files: { 'README.md': 'A product.\n' },
    collaborators: { octocat: 'admin' },
  });
  installation = (await hub.github.as('octocat').install('LLNL')).id;
  await hub.github.idle();
}, 60_000);
afterAll(() => hub.close());

const octocat = () => hub.github.as('octocat');
const take = () => workerOf(hub).take();

let branches = 0;
async function openPull(): Promise<{ sha: string; branch: string; number: number }> {
  await hub.github.clearRequests();
  const branch = `work-${++branches}`;
  const sha = await octocat().push(REPO, branch, { [`src/${branch}.c`]: 'int b;\n' });
  return { branch, sha, number: (await octocat().openPull(REPO, { title: branch, head: branch })).number };
}

/** Both check runs of a head, once the check and the roll-up are as given. */
function both(sha: string, check: string, rollUp: string): Promise<Record<string, CheckView>> {
  return hub.github.until(`${check} and ${rollUp} at ${sha.slice(0, 7)}`, async () => {
    const runs = Object.fromEntries((await octocat().checks(REPO, sha)).map((run) => [run.name, run]));
    const state = (name: string) => runs[name]?.conclusion ?? runs[name]?.status;
    return state(CHECK) === check && state('spokebot') === rollUp && runs;
  });
}

/** Waits for both, and for quiet; the writes of each, of which one made it. */
async function writes(sha: string, check: string, rollUp: string): Promise<{ check: number; rollUp: number }> {
  const runs = await both(sha, check, rollUp);
  await hub.settled();
  const all = await octocat().checks(REPO, sha, true);
  expect(all.map((run) => run.name).sort()).toEqual(['spokebot', CHECK]);
  const { requests } = await hub.github.requests();
  const changes = (name: string) =>
    requests.filter((each) => each.method === 'PATCH' && each.path.endsWith(`/check-runs/${runs[name]!.id}`)).length;
  return { check: 1 + changes(CHECK), rollUp: 1 + changes('spokebot') };
}

/** A build as workers tell of it: started, phases, log, heartbeats; a change of what the check shows waits to be sent. */
async function goes(sha: string) {
  const build = await take();
  await build.say(started);
  await both(sha, 'in_progress', 'in_progress');
  for (const phase of ['cmake', 'build', 'install']) {
    await build.say({ kind: 'phase', package: 'zfp', phase });
    await build.say({ kind: 'log', text: `${phase}\n` });
    await build.say({ kind: 'heartbeat' });
  }
  return build;
}

describe('ci R15: the requests of a check', () => {
  test('that is green', async () => {
    const { sha } = await openPull();
    await both(sha, 'queued', 'queued');
    await (await goes(sha)).say(finished({ stdout: '==> zfp: Successfully installed zfp\n' }));
    expect(await writes(sha, 'success', 'success')).toEqual({ check: 3, rollUp: 3 });
  });

  test('that is red, with 120 errors in the source', async () => {
    const { sha } = await openPull();
    await both(sha, 'queued', 'queued');
    const errors = Array.from(
      { length: 120 },
      (_, n) => `/tmp/stage/spack-stage-zfp-git.1234567/spack-src/src/a${n}.c:${n + 1}:4: error: expected ';'\n`,
    );
    const stdout = `==> zfp: Executing phase: 'build'\n`;
    const stderr = "==> Error: ProcessError: Command exited with status 2:\n    'make'\n";
    await (await goes(sha)).say(
      finished({ exitCode: 1, stdout, stderr, buildLog: `${stdout}${errors.join('')}make: *** [all] Error 1\n` }),
    );
    const spent = await writes(sha, 'failure', 'failure');
    const run = (await octocat().checks(REPO, sha)).find((each) => each.name === CHECK)!;
    expect(run.output.annotations_count).toBe(50);
    expect(spent).toEqual({ check: 3, rollUp: 3 });
  });

  test('that is cancelled', async () => {
    const { sha } = await openPull();
    const runs = await both(sha, 'queued', 'queued');
    const build = await goes(sha);
    await octocat().pressButton(runs[CHECK]!.id, 'cancel');
    const spent = await writes(sha, 'cancelled', 'action_required');
    expect(await build.say({ kind: 'heartbeat' })).toEqual(['cancel']);
    expect(spent).toEqual({ check: 3, rollUp: 3 });
  });

  test('that is superseded, and of the one in its place', async () => {
    const { sha, branch } = await openPull();
    await both(sha, 'queued', 'queued');
    await goes(sha);
    const next = await octocat().push(REPO, branch, { 'src/next.c': 'int n;\n' });
    expect(await writes(sha, 'cancelled', 'cancelled')).toEqual({ check: 3, rollUp: 3 });
    const build = await goes(next);
    await build.say(finished({}));
    const spent = await writes(next, 'success', 'success');
    expect([spent.check, spent.rollUp].every((each) => each <= MOST)).toBe(true);
  });

  test('whose deliveries all come four times', async () => {
    await hub.github.faults({ on: 'webhook', times: 4, effect: { kind: 'duplicate', copies: 3 } });
    const { sha } = await openPull();
    await both(sha, 'queued', 'queued');
    await (await goes(sha)).say(finished({}));
    expect(await writes(sha, 'success', 'success')).toEqual({ check: 3, rollUp: 3 });
    await hub.github.clearFaults();
  });
});

describe('ci R30', () => {
  /** Pushes and opens, without a look at what the others of the file count. */
  async function open(n: number): Promise<string> {
    const branch = `burst-${n}`;
    const sha = await octocat().push(REPO, branch, { [`src/${branch}.c`]: 'int b;\n' });
    await octocat().openPull(REPO, { title: branch, head: branch });
    return sha;
  }

  async function byTheApp() {
    const { requests } = await hub.github.requests();
    return requests.filter(({ actor }) => actor.startsWith('installation/'));
  }

  test('a burst of pull requests stays within its budget of requests', async () => {
    await hub.settled();
    await hub.github.clearRequests();
    const many = 20;
    for (let n = 0; n < many; n++) await open(n);
    await hub.settled();
    expect((await byTheApp()).length / many).toBeLessThanOrEqual(REQUESTS_OF_A_PULL);
  }, 120_000);

  test('a pause that GitHub asks for is kept by everything, and loses nothing', async () => {
    await hub.settled();
    await hub.github.clearRequests();
    const effect = { kind: 'status', status: 403, message: 'You have exceeded a secondary rate limit', retryAfter: 2 };
    await hub.github.faults({ on: 'request', path: '/repos/*/pulls/*', effect: effect as never });
    const heads = [await open(100), await open(101)];
    await hub.github.until('the refusal', async () => (await byTheApp()).some(({ status }) => status === 403));
    const late = await open(102);
    for (const sha of [...heads, late]) await both(sha, 'queued', 'queued');
    await hub.settled();
    const requests = await byTheApp();
    const refused = requests.findIndex(({ status }) => status === 403);
    const at = (n: number) => Date.parse(requests[n]!.at);
    expect(requests.filter(({ status }) => status === 403)).toHaveLength(1);
    // What was under way when GitHub said so may still arrive; nothing else does for as long as it asked for.
    const inThePause = requests.filter(
      (_, n) => n > refused && at(n) > at(refused) + 500 && at(n) < at(refused) + 1500,
    );
    expect(inThePause).toEqual([]);
    // Of what happened in the pause nothing is asked before it is over.
    const aboutIt = requests.flatMap(({ path }, n) => (path.includes(late) ? [at(n) - at(refused)] : []));
    expect(Math.min(...aboutIt)).toBeGreaterThan(1500);
  });

  test('when the budget gets short, comments wait until there is another, labels do not, and the page tells so', async () => {
    await hub.settled();
    const { db } = hub.running.parts.backend.store;
    await hub.github.setRateLimit(`installation/${installation}`, 800, 3600);
    const file = (title: string) => octocat().openIssue(REPO, { title, body: 'It crashes.' });
    const { number } = await file('zfp crashes with a NULL stream');
    await hub.github.until('labels', async () => (await octocat().labels(REPO, number)).includes('kind: bug'));
    await hub.settled();
    expect(await octocat().comments(REPO, number)).toEqual([]);
    const page = await (await fetch(`${hub.running.url}/`)).text();
    expect(page).toMatch(/LLNL.* of 5,000 requests are left/);
    expect(page).toContain('comments and digests');
    // A new window, as the answers to another issue tell; the comment would be looked at when the old one was to end.
    await hub.github.setRateLimit(`installation/${installation}`, 5000, 7200);
    await file('zfp crashes with another stream');
    await hub.settled();
    await db.update(intents).set({ dueAt: new Date() }).where(eq(intents.state, 'pending'));
    await hub.running.parts.sweep();
    await hub.settled();
    expect(await octocat().comments(REPO, number)).toHaveLength(1);
    expect(await (await fetch(`${hub.running.url}/`)).text()).not.toContain('comments and digests');
  });
});
