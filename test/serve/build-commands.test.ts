/** Stories of commands about builds, on the real `serve` and the sandbox GitHub; the worker is played by the test. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EventBody } from '../../src/protocol.js';
import { startTestHub, type TestHub } from './hub.js';
import { failed, finished, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
let hub: TestHub;
let catalogue: string;

beforeAll(async () => {
  catalogue = mkdtempSync(path.join(tmpdir(), 'spokebot-catalogue-'));
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), catalogue, { recursive: true });
  const file = path.join(catalogue, 'spokes/rapids.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('leads: []', 'leads: [hubot]'));
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  for (const login of ['hubot', 'stranger']) await hub.github.addUser(login);
  await hub.github.createRepo(REPO, {
    files: { 'README.md': 'A product.\n' },
    collaborators: { octocat: 'write', mona: 'read', admin: 'admin' },
  });
  await hub.github.as('admin').install('LLNL');
  await hub.github.idle();
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(catalogue, { recursive: true, force: true });
});

const settled = () => hub.settled();

async function say(number: number, who: string, line: string): Promise<void> {
  await hub.github.as(who).comment(REPO, number, line);
}

async function checks(sha: string): Promise<Record<string, string>> {
  const all = await hub.github.as('octocat').checks(REPO, sha);
  return Object.fromEntries(
    all
      .map(({ name, status, conclusion }): [string, string] => [name, conclusion ?? status])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Waits until the head shows these conclusions, or what its checks are doing; fails with the difference. */
async function shows(sha: string, expected: Record<string, string>): Promise<void> {
  const same = async () =>
    JSON.stringify(Object.entries({ ...(await checks(sha)), ...expected }).sort()) ===
    JSON.stringify(Object.entries(await checks(sha)).sort());
  await hub.github.until('the checks', same).catch(() => {});
  expect(await checks(sha)).toMatchObject(expected);
}

const answer = async (number: number) =>
  (await hub.github.as('octocat').comments(REPO, number)).find(({ user }) => user.login.endsWith('[bot]'))?.body ?? '';

async function answers(number: number, part: string): Promise<void> {
  await hub.github.until('the answer', async () => (await answer(number)).includes(part)).catch(() => {});
  expect(await answer(number)).toContain(part);
}

/** Takes the next build of the queue and ends it; its spec. */
async function build(end: EventBody): Promise<string> {
  const taken = await workerOf(hub).take();
  await taken.say(end);
  return taken.plan.spec.replace(/@git\.[0-9a-f]+/, '');
}

async function nothingWaits(): Promise<void> {
  const { builds } = await hub.running.parts.hubSide.poll(
    { v: 1, worker: 'w-test', pool: 'linux', version: '1', free: 1, running: [] },
    AbortSignal.timeout(300),
  );
  expect(builds).toEqual([]);
}

test('a fork waits, is approved by naming its head, fails, is built otherwise, and is let stand by a lead', async () => {
  const mona = hub.github.as('mona');
  await mona.fork(REPO);
  const sha = await mona.push('mona/zfp', 'work', { 'src/f.c': 'int f;\n' });
  const { number } = await mona.openPull(REPO, { title: 'From a fork', head: 'mona:work' });
  await settled();
  await shows(sha, { spokebot: 'action_required', 'spokebot / install zfp': 'action_required' });

  await say(number, 'mona', `/spokebot approve ${sha}`);
  await answers(number, '`approve` is for approver, writer, keeper');
  await say(number, 'octocat', `/spokebot approve ${'0'.repeat(40)}`);
  await answers(number, 'is not the head any more');
  await nothingWaits();

  await say(number, 'octocat', `/spokebot approve ${sha.slice(0, 12)}`);
  expect(await build(failed('zfp'))).toBe('zfp');
  await shows(sha, { spokebot: 'failure', 'spokebot / install zfp': 'failure' });

  await say(number, 'octocat', '/spokebot build +cuda');
  // The approval was for this head on this pool, whatever is built there.
  expect(await build(failed('zfp'))).toBe('zfp+cuda');
  await shows(sha, { 'spokebot / install zfp+cuda': 'failure' });
  await say(number, 'octocat', '/spokebot targets');
  await answers(number, '| `install zfp+cuda` | `zfp+cuda` | linux | no | did not pass |');

  await say(number, 'octocat', '/spokebot retry install zfp');
  expect(await build(failed('zfp'))).toBe('zfp');
  await say(number, 'octocat', '/spokebot waive install zfp because the compiler is broken');
  await answers(number, '`waive` is for lead, keeper');
  await say(number, 'hubot', '/spokebot waive install zfp because the compiler of this pool is broken');
  await shows(sha, { spokebot: 'success', 'spokebot / install zfp': 'neutral' });

  const next = await mona.push('mona/zfp', 'work', { 'src/f.c': 'int g;\n' });
  await settled();
  // The waiver, the wish and the approval were about the other head.
  await shows(next, { spokebot: 'action_required', 'spokebot / install zfp': 'action_required' });
}, 60_000);

test('cancel by who opened it, and build for a draft', async () => {
  const octocat = hub.github.as('octocat');
  const sha = await octocat.push(REPO, 'draft', { 'src/d.c': 'int d;\n' });
  const { number } = await octocat.openPull(REPO, { title: 'Draft', head: 'draft', draft: true });
  await settled();
  await shows(sha, { 'spokebot / install zfp': 'skipped' });
  await say(number, 'octocat', '/spokebot build');
  await shows(sha, { 'spokebot / install zfp': 'queued', spokebot: 'queued' });
  await say(number, 'octocat', '/spokebot cancel');
  await shows(sha, { 'spokebot / install zfp': 'cancelled', spokebot: 'action_required' });
  await nothingWaits();
  await say(number, 'octocat', '/spokebot retry');
  expect(await build(finished({}))).toBe('zfp');
  await shows(sha, { 'spokebot / install zfp': 'success', spokebot: 'success' });
}, 60_000);
