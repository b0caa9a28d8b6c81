/** `labels plan` and `labels apply` against a sandbox GitHub in this process. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { labels } from '../../src/cli/labels.js';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.js';
import { appKey } from '../setup/app-key.js';
import { run } from './run-command.js';

const HUB = `name: Test hub
fallback: peso
labels:
  - { name: 'kind: bug', color: 'd73a4a', description: It is wrong, previously: [bug] }
  - { name: 'kind: docs', color: '0075ca' }
  - { name: 'spoke: {spoke}', color: '5319e7' }
`;

let directory: string;
let sandbox: Sandbox;
let github: SandboxClient;
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'labels-'));
  const hub = path.join(directory, 'hub');
  const write = (name: string, text: string) => writeFileSync(path.join(hub, name), text);
  for (const folder of ['spokes', 'products']) mkdirSync(path.join(hub, folder), { recursive: true });
  write('hub.yml', HUB);
  write('spokes/peso.yml', 'id: peso\nname: PESO\n');
  for (const id of ['zfp', 'hypre', 'slate'])
    write(`products/${id}.yml`, `id: ${id}\nname: ${id}\nspokes: [peso]\nrepository: octo/${id}\n`);
  sandbox = await startSandbox({ directory: path.join(directory, 'github'), app: appKey });
  github = new SandboxClient(sandbox.url);
  for (const name of ['zfp', 'hypre', 'elsewhere'])
    await github.createRepo(`octo/${name}`, { collaborators: { octocat: 'admin' } });
  await github.createRepo('octo/slate', {
    collaborators: { octocat: 'admin' },
    files: { '.github/spokebot.yml': "labels:\n  without: ['kind: docs']\n" },
  });
  await github.as('octocat').install('octo');
  env = {
    APP_ID: String(sandbox.app.id),
    PRIVATE_KEY: sandbox.app.privateKey,
    WEBHOOK_SECRET: sandbox.app.webhookSecret,
    GITHUB_API_URL: sandbox.url,
    SPOKEBOT_HUB: hub,
    SPOKEBOT_DATA: path.join(directory, 'data'),
  };
});

afterAll(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

const call = (...args: string[]) => run(labels, args, env);
const octocat = () => github.as('octocat');

async function labelsOf(repo: string): Promise<string[]> {
  const found = (await github.request(
    'GET',
    `/repos/${repo}/labels?per_page=100`,
    undefined,
    'ghp_sandbox_octocat',
  )) as {
    name: string;
  }[];
  return found.map(({ name }) => name).sort();
}

test('plan shows every step and changes nothing', async () => {
  await octocat().createLabel('octo/zfp', { name: 'bug', color: 'ffffff' });
  const before = await labelsOf('octo/zfp');
  const { code, stdout } = await call('plan', 'octo/zfp');
  expect(code).toBe(0);
  expect(stdout).toContain('rename  "bug" to "kind: bug"  (stays on its issues)\n');
  expect(stdout).toContain('create  "kind: docs"  #0075ca\n');
  expect(await labelsOf('octo/zfp')).toEqual(before);
});

test('apply does exactly the plan, a renamed label stays on its issues, and a second apply does nothing', async () => {
  const issue = await octocat().openIssue('octo/zfp', { title: 'Crash', labels: ['bug'] });
  const planned = JSON.parse((await call('plan', 'octo/zfp', '--json')).stdout);
  const applied = JSON.parse((await call('apply', 'octo/zfp', '--plan', planned.plan, '--pace', '0', '--json')).stdout);
  expect(applied.done).toEqual(planned.steps);
  expect([applied.left, applied.failure]).toEqual([0, null]);
  expect(await octocat().labels('octo/zfp', issue.number)).toEqual(['kind: bug']);
  expect(await labelsOf('octo/zfp')).toEqual(expect.arrayContaining(['kind: bug', 'kind: docs', 'spoke: peso']));

  const again = await call('apply', 'octo/zfp', '--pace', '0', '--json');
  expect([again.code, JSON.parse(again.stdout).done, JSON.parse(again.stdout).right]).toEqual([0, [], 3]);
  expect((await call('plan', 'octo/zfp')).stdout).toContain('nothing to do');
});

test('labels of people are left alone', async () => {
  await octocat().createLabel('octo/hypre', { name: 'good first issue', color: '7057ff', description: 'Easy' });
  const before = await labelsOf('octo/hypre');
  await call('apply', 'octo/hypre', '--pace', '0');
  expect(await labelsOf('octo/hypre')).toEqual(expect.arrayContaining(before));
});

test('a run that breaks off says what it did, and the next goes on from there', async () => {
  await github.faults({
    on: 'request',
    method: 'POST',
    path: '/repos/octo/slate/labels',
    after: 1,
    effect: { kind: 'status', status: 502 },
  });
  const broken = await call('apply', 'octo/slate', '--pace', '0');
  await github.clearFaults();
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('1 done, 1 left')]);
  expect(broken.stderr).toContain('GitHub answered 502');
  const next = await call('apply', 'octo/slate', '--pace', '0');
  expect([next.code, next.stdout]).toEqual([0, expect.stringContaining('1 done, 0 left, 1 were right already')]);
});

test("a repository's own file keeps a label out", async () => {
  expect(await labelsOf('octo/slate')).not.toContain('kind: docs');
});

test('a plan that is no longer the one reviewed is refused', async () => {
  await octocat().createLabel('octo/zfp', { name: 'other' });
  await github.request('DELETE', '/repos/octo/zfp/labels/kind%3A%20docs', undefined, 'ghp_sandbox_octocat');
  const { code, stderr } = await call('apply', 'octo/zfp', '--plan', '0000000000', '--pace', '0');
  expect([code, stderr]).toEqual([1, expect.stringContaining('not 0000000000')]);
  expect(await labelsOf('octo/zfp')).not.toContain('kind: docs');
});

test.each([
  ['a stranger', ['plan', 'octo/elsewhere'], 1, 'is no member'],
  ['no repository', ['plan'], 2, 'Which repository?'],
  ['no name', ['plan', 'zfp'], 2, 'OWNER/NAME'],
  ['no verb', ['octo/zfp'], 2, 'plan or apply'],
  ['a pace in words', ['apply', 'octo/zfp', '--pace', 'slow'], 2, 'milliseconds'],
])('%s is refused', async (_, args, code, message) => {
  const answer = await call(...args);
  expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(message)]);
});

test('a paused hub writes nothing', async () => {
  const paused = path.join(directory, 'paused');
  cpSync(path.join(directory, 'hub'), paused, { recursive: true });
  writeFileSync(path.join(paused, 'hub.yml'), `${HUB}paused: true\n`);
  const { code, stderr } = await call('apply', 'octo/zfp', '--hub', paused);
  expect([code, stderr]).toEqual([1, expect.stringContaining('paused')]);
});
