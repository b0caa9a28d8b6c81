import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mutedLogins } from '../../src/store/commands.js';
import { startTestHub, type TestHub } from './hub.js';

const product = (id: string, repository: string, owners: string) =>
  `id: ${id}\nname: ${id}\nspokes: [dav]\nrepository: ${repository}\nspack: { packages: [{ name: ${id} }] }\nowners: [${owners}]\n`;
const FILES: Readonly<Record<string, string>> = {
  'hub.yml': `name: Test hub
fallback: peso
central: [octo/tracker]
triage: { policy: act, actWithoutRecord: true }
labels:
  - { name: 'spoke: {spoke}', color: '5319e7' }
  - { name: 'product: {product}', color: 'c5def5', where: central }
  - { name: 'kind: build', color: 'b60205' }
  - { name: 'facility: OLCF', color: '0e8a16' }
  - { name: 'platform: frontier', color: 'bfdadc' }
  - { name: 'gpu: hip', color: 'c2e0c6' }
commands:
  may: { mute-me: [contributor], product: [writer] }
`,
  'spokes/peso.yml': 'id: peso\nname: PESO\n',
  'spokes/dav.yml': 'id: dav\nname: DAV\n',
  'products/zfp.yml': product('zfp', 'llnl/zfp', 'outsider, ghost'),
  'products/slate.yml': product('slate', 'octo/slate', 'warden'),
  'products/hdf5.yml': product('hdf5', 'octo/hdf5', 'octocat'),
  'products/adios2.yml': product('adios2', 'octo/adios2', 'hubot'),
};

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub({ catalogue: FILES });
  const { github } = hub;
  for (const login of ['reporter', 'outsider', 'ghost', 'warden']) await github.addUser(login);
  const collaborators = { octocat: 'write', hubot: 'write', monalisa: 'write' } as const;
  for (const repo of ['llnl/zfp', 'octo/tracker', 'octo/elsewhere']) await github.createRepo(repo, { collaborators });
  await github.createRepo('octo/slate', { collaborators: { ...collaborators, reporter: 'read' }, private: true });
  for (const account of ['llnl', 'octo']) await github.as('octocat').install(account);
  await github.idle();
}, 60_000);
afterAll(() => hub.close());

const settled = () => hub.settled();
const bodies = async (repo: string, number: number) =>
  (await hub.github.as('reporter').comments(repo, number)).map(({ body }) => body);
const calls = async (repo: string, number: number) =>
  (await bodies(repo, number)).filter((body) => body.startsWith('@'));

test('who cannot be assigned is called by a comment of its own, once, in three writes and one read', async () => {
  const { github } = hub;
  const reporter = github.as('reporter');
  // The first issue finds out who can be assigned and makes the label.
  const first = await reporter.openIssue('llnl/zfp', { title: 'zfp does not start', body: 'zfp 1.0' });
  await github.until('a call', async () => (await calls('llnl/zfp', first.number)).length > 0);
  await settled();
  await github.clearRequests();
  const { number } = await reporter.openIssue('llnl/zfp', { title: 'zfp crashes', body: 'zfp 1.0' });
  const [call] = await github.until('a call', async () => {
    const found = await calls('llnl/zfp', number);
    return found.length > 0 ? found : null;
  });
  await settled();
  expect(call).toMatch(
    /^@(outsider|ghost): this is for \*\*zfp\*\*, and `products\/zfp\.yml` names you for it\. .* Write `\/spokebot mute-me` on a line of its own/,
  );
  const ours = (await github.requests()).requests.filter(
    (each) => String(each.actor).startsWith('installation/') && each.path.includes('/repos/llnl/zfp/'),
  );
  const writes = ours.filter((each) => each.method !== 'GET');
  expect(writes.map((each) => `${each.method} ${each.path.split('/').at(-1)}`)).toEqual([
    'POST labels',
    'POST comments',
    'POST comments',
  ]);
  expect(ours.length - writes.length).toBeLessThanOrEqual(1);
  await reporter.editIssue('llnl/zfp', number, { body: 'zfp 1.0 on Linux' });
  await reporter.closeIssue('llnl/zfp', number);
  await reporter.reopen('llnl/zfp', number);
  await settled();
  expect(await calls('llnl/zfp', number)).toEqual([call]);
});

test('with every label, an older issue to name and an assignee it is still three writes and one read', async () => {
  const { github } = hub;
  const reporter = github.as('reporter');
  const told = async (number: number) =>
    (await reporter.issue('octo/tracker', number)).assignees.length > 0 && bodies('octo/tracker', number);
  const open = async () => {
    const { number } = await reporter.openIssue('octo/tracker', {
      title: 'Installation issue: hdf5 on Frontier at OLCF',
      body: '### Steps to reproduce\n\n```console\n$ spack install hdf5+hip\n```\n\n### Error message\n\n```\n>> 12    error: no matching function for call to H5_wide_rewind(long)\n```',
    });
    await github.until('an assignee and a comment', async () => ((await told(number)) || []).length > 0);
    await settled();
    return number;
  };
  // The first of them makes the labels and finds out who can be assigned.
  const first = await open();
  const second = Math.floor(Date.now() / 1000);
  await github.until('the next second', async () => Math.floor(Date.now() / 1000) > second);
  await github.clearRequests();
  const number = await open();
  const ours = (await github.requests()).requests.filter((each) => String(each.actor).startsWith('installation/'));
  const writes = ours.filter(({ method }) => method !== 'GET');
  expect(writes.map(({ method, path: at }) => `${method} ${at.split('/').at(-1)}`)).toEqual([
    'POST labels',
    'POST comments',
    'POST assignees',
  ]);
  expect(ours.filter(({ method }) => method === 'GET').map(({ path: at }) => at)).toEqual([
    `/repos/octo/tracker/issues/${number}`,
  ]);
  expect((await reporter.labels('octo/tracker', number)).toSorted()).toEqual([
    'facility: OLCF',
    'gpu: hip',
    'kind: build',
    'platform: frontier',
    'product: hdf5',
    'spoke: dav',
  ]);
  expect((await bodies('octo/tracker', number))[0]).toContain(`May be the same as \`octo/tracker#${first}\``);
});

test('who mutes spokebot is called no more, and the next one is', async () => {
  const { github } = hub;
  const { number } = await github.as('reporter').openIssue('llnl/zfp', { title: 'zfp is slow', body: 'zfp 1.0' });
  await settled();
  await github.as('outsider').comment('llnl/zfp', number, '/spokebot mute-me');
  const { db } = hub.running.parts.backend.store;
  await github.until('outsider is muted', async () => (await mutedLogins(db, new Date())).includes('outsider'));
  for (const title of ['zfp crashes at start', 'zfp crashes at the end']) {
    const next = await github.as('reporter').openIssue('llnl/zfp', { title, body: 'zfp 1.0' });
    await settled();
    expect((await calls('llnl/zfp', next.number)).map((body) => body.split(':')[0])).toEqual(['@ghost']);
  }
});

test('when a person sends an issue elsewhere, whom spokebot had put on it is taken off, unless that one has worked on it', async () => {
  const { github } = hub;
  const reporter = github.as('reporter');
  const rerouted = async (work: (number: number) => Promise<unknown>) => {
    const { number } = await reporter.openIssue('octo/tracker', { title: 'hdf5: crash at start', body: 'hdf5 1.14' });
    const holders = async () => (await reporter.issue('octo/tracker', number)).assignees.map(({ login }) => login);
    await github.until('an assignee', async () => (await holders()).length > 0);
    await settled();
    expect(await holders()).toEqual(['octocat']);
    await work(number);
    await github.as('monalisa').comment('octo/tracker', number, '/spokebot product adios2');
    await settled();
    return holders();
  };
  expect(await rerouted(async () => {})).toEqual(['hubot']);
  expect(await rerouted((number) => github.as('octocat').comment('octo/tracker', number, 'I am on it.'))).toEqual([
    'octocat',
  ]);
});

test('triage R7: the text of a private issue is in no comment, on no page, in no other repository', async () => {
  const { github } = hub;
  const secret = /plutonium|pu-239/i;
  const text = { title: 'slate: plutonium run crashes', body: 'The PU-239 deck fails.\n\n==> Error: plutonium' };
  const { number } = await github.as('reporter').openIssue('octo/slate', text);
  const [call] = await github.until('a call', async () => {
    const found = await calls('octo/slate', number);
    return found.length > 0 ? found : null;
  });
  await settled();
  expect(call).toMatch(/^@warden: this is for \*\*slate\*\*/);
  expect((await bodies('octo/slate', number)).join('\n')).not.toMatch(secret);
  for (const page of [
    '/',
    '/api/v1/hub',
    '/spokes/dav',
    '/products/slate',
    '/products',
    '/metrics',
    `/issues/octo/slate/${number}`,
    `/api/v1/issues/octo/slate/${number}`,
  ]) {
    const answer = await fetch(`${hub.running.url}${page}`);
    expect([page, await answer.text()]).toEqual([page, expect.not.stringMatching(secret)]);
  }
  const elsewhere = (await github.dump()) as unknown as Record<string, unknown>;
  const rest = JSON.stringify(elsewhere)
    .split(text.title)
    .join('')
    .split(JSON.stringify(text.body).slice(1, -1))
    .join('');
  expect(rest).not.toMatch(secret);
});

test('triage R6: what was decided about an issue is not written to where it was transferred', async () => {
  const { github } = hub;
  await github.faults({
    on: 'request',
    method: 'POST',
    path: '/repos/octo/tracker/issues/*/labels',
    times: 1,
    effect: { kind: 'status', status: 502 },
  });
  const { number } = await github.as('reporter').openIssue('octo/tracker', { title: 'hdf5: hang', body: 'hdf5 1.14' });
  const failed = async () =>
    (await github.requests()).requests.some(
      ({ method, path: where }) => method === 'POST' && where === `/repos/octo/tracker/issues/${number}/labels`,
    );
  await github.until('a write that failed', failed);
  // Nobody tells of the move: only the answers to what is written can.
  await github.faults({ on: 'webhook', event: 'issues', times: 20, effect: { kind: 'drop' } });
  await github.clearRequests();
  const moved = await github.as('octocat').transferIssue('octo/tracker', number, 'octo/elsewhere');
  await github.until('the write is tried again', failed);
  await settled();
  const there = await github.as('reporter').issue('octo/elsewhere', moved.number);
  expect(there.labels).toEqual([]);
  expect(there.assignees).toEqual([]);
  expect(await bodies('octo/elsewhere', moved.number)).toEqual([]);
});
