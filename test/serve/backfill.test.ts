/** Issues from before spokebot's time: the plan, the run, a run that broke off, and that nobody is pinged. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { backfill } from '../../src/cli/backfill.js';
import { run } from '../cli/run-command.js';
import { startTestHub, type TestHub } from './hub.js';

const REPO = 'octo/zfp';
let hub: TestHub;
let directory: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'backfill-'));
  for (const folder of ['spokes', 'products']) mkdirSync(path.join(directory, folder));
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
  write(
    'hub.yml',
    `name: Test hub
fallback: peso
triage: { policy: act, actWithoutRecord: true }
labels:
  - { name: 'kind: bug', color: 'd73a4a' }
  - { name: 'spoke: {spoke}', color: '5319e7' }
  - { name: 'gpu: cuda', color: 'c2e0c6' }
`,
  );
  write('spokes/peso.yml', 'id: peso\nname: PESO\n');
  write('products/zfp.yml', `id: zfp\nname: zfp\nspokes: [peso]\nrepository: ${REPO}\nowners: [hubot]\n`);
  write(
    'products/hypre.yml',
    'id: hypre\nname: hypre\nspokes: [peso]\nrepository: octo/hypre\ntriage: { policy: shadow }\n',
  );
  hub = await startTestHub({ env: { SPOKEBOT_HUB: directory } });
  env = {
    APP_ID: String(hub.sandbox.app.id),
    PRIVATE_KEY: hub.sandbox.app.privateKey,
    WEBHOOK_SECRET: hub.secret,
    GITHUB_API_URL: hub.sandbox.url,
    SPOKEBOT_HUB: directory,
    SPOKEBOT_DATA: hub.dataDirectory,
  };
  for (const repo of [REPO, 'octo/hypre'])
    await hub.github.createRepo(repo, { collaborators: { octocat: 'admin', hubot: 'write' } });
  const octocat = hub.github.as('octocat');
  await octocat.openIssue(REPO, { title: 'zfp crashes with a segmentation fault', body: 'With CUDA, version 1.0.' });
  await octocat.openIssue(REPO, { title: 'Wrong result in 4D', body: 'Version 1.0.' });
  const closed = await octocat.openIssue(REPO, { title: 'Old crash' });
  await octocat.closeIssue(REPO, closed.number);
  await octocat.openIssue(REPO, { title: 'Third crash' });
  await octocat.openIssue('octo/hypre', { title: 'hypre crashes' });
  await octocat.install('octo');
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(directory, { recursive: true, force: true });
});

const call = (...args: string[]) => run(backfill, [REPO, ...args], env);

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 800; turn++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it did not come true: ${what}`);
}

const commented = async (number: number) => (await hub.github.as('octocat').comments(REPO, number)).length === 1;

test('the plan says what would be done to every open issue, and nothing is written', async () => {
  const { code, stdout } = await call('--plan', '--json');
  const plan = JSON.parse(stdout);
  expect([code, plan.policy, plan.skipped]).toEqual([0, 'act', 0]);
  expect(plan.issues.map((issue: { number: number }) => issue.number)).toEqual([1, 2, 4]);
  expect(plan.issues[0].actions).toEqual([
    `add labels kind: bug, spoke: peso, gpu: cuda to ${REPO}#1`,
    `write the comment of ${REPO}#1`,
  ]);
  expect((await call('--plan')).stdout).toMatch(
    /^#1 +act +zfp -> peso +kind: bug, spoke: peso, gpu: cuda +comment +zfp crashes/,
  );
  expect(await hub.github.as('octocat').comments(REPO, 1)).toEqual([]);
  expect(await hub.github.as('octocat').labels(REPO, 1)).toEqual([]);
});

test('a run does what the plan said, and assigns nobody although the policy would', async () => {
  const applied = await call('--apply', '--limit', '1', '--rate', '6000', '--json');
  expect([applied.code, JSON.parse(applied.stdout)]).toEqual([0, { repository: REPO, handed: 1, waiting: 0, done: 0 }]);
  await until('the comment', () => commented(1));
  const octocat = hub.github.as('octocat');
  expect(await octocat.labels(REPO, 1)).toEqual(['gpu: cuda', 'kind: bug', 'spoke: peso']);
  expect((await octocat.issue(REPO, 1)).assignees).toEqual([]);
  const [comment] = await octocat.comments(REPO, 1);
  expect(comment!.body).not.toMatch(/@\w/);
  // What is new is treated as the policy says: the difference is the backfill, not the policy.
  const fresh = await octocat.openIssue(REPO, { title: 'New crash', body: 'Version 2.0.' });
  await until('the owner', async () => (await octocat.issue(REPO, fresh.number)).assignees.length === 1);
});

test('the next run goes on where the last one ended, and only labels when asked', async () => {
  const { stdout } = await call('--apply', '--rate', '6000', '--labels-only', '--json');
  expect(JSON.parse(stdout)).toEqual({ repository: REPO, handed: 2, waiting: 0, done: 2 });
  const octocat = hub.github.as('octocat');
  await until(
    'labels',
    async () => (await octocat.labels(REPO, 4)).length > 0 && (await octocat.labels(REPO, 2)).length > 0,
  );
  expect(await octocat.comments(REPO, 4)).toEqual([]);
  expect(await octocat.labels(REPO, 3)).toEqual([]);
});

test('when all is decided there is nothing left to do', async () => {
  const again = JSON.parse((await call('--apply', '--rate', '6000', '--json')).stdout);
  expect(again).toEqual({ repository: REPO, handed: 0, waiting: 0, done: 4 });
  expect((await call('--plan')).stdout).toContain('0 open issues to take on, 4 decided on before');
});

test('the same issue handed over twice at once is decided on once', async () => {
  const { db } = hub.running.parts.backend.store;
  const { takeOn } = await import('../../src/handlers/backfill.js');
  const request = {
    installationId: 1,
    repositoryId: 999,
    fullName: REPO,
    private: false,
    number: 77,
    labelsOnly: true,
  };
  const ports = { db, recorder: hub.running.parts.recorder, stored: () => {}, hub: hub.running.parts.hub };
  const answers = await Promise.all([takeOn(request, ports), takeOn(request, ports)]);
  expect(answers.sort()).toEqual(['handed', 'waiting']);
  expect(await takeOn({ ...request, fullName: 'octo/stranger' }, ports)).toBe('refused');
});

test('under shadow the plan says that nothing would be written, and a run is refused', async () => {
  const planned = await run(backfill, ['octo/hypre', '--plan'], env);
  expect([planned.code, planned.stdout]).toEqual([
    0,
    expect.stringContaining('The policy of this repository is "shadow"'),
  ]);
  const applied = await run(backfill, ['octo/hypre', '--apply'], env);
  expect([applied.code, applied.stderr]).toEqual([1, expect.stringContaining('"shadow"')]);
});

test.each([
  ['neither plan nor apply', [REPO], 2, 'either --plan or --apply'],
  ['both', [REPO, '--plan', '--apply'], 2, 'either --plan or --apply'],
  ['a rate of nothing', [REPO, '--plan', '--rate', '0'], 2, '--rate takes a number'],
  ['a stranger', ['octo/stranger', '--plan'], 1, 'is no member'],
])('%s is refused', async (_, args, code, message) => {
  const answer = await run(backfill, args, env);
  expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(message)]);
});

test('without a serve nothing is applied', async () => {
  const answer = await run(backfill, [REPO, '--apply'], { ...env, SPOKEBOT_DATA: path.join(directory, 'none') });
  expect([answer.code, answer.stderr]).toEqual([1, expect.stringContaining('No serve runs here')]);
});
