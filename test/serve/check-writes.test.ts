/**
 * How many requests a check costs. What counts is every POST and PATCH of a check run, so also those that carry more annotations:
 * GitHub takes 50 of them a request. A check has at most 50 and so stays within its four; the roll-up is a check of its own.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckView } from '../../src/sandbox/client.js';
import { startTestHub, type TestHub } from './hub.js';
import { finished, started, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
const CHECK = 'spokebot / install zfp';
/** Create, start, one change in between, complete. */
const MOST = 4;

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
  await hub.github.createRepo(REPO, {
    files: { 'README.md': 'A product.\n' },
    collaborators: { octocat: 'admin' },
  });
  await hub.github.as('octocat').install('LLNL');
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
