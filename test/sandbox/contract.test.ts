/**
 * The same calls on our sandbox and on `emulate`, another double of GitHub made by others: where both have a thing, both must answer
 * alike. What only the sandbox has is tested elsewhere.
 */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmulator } from 'emulate';
import { SandboxClient } from '../../src/sandbox/client.js';
import { DEFAULT_EVENTS, DEFAULT_PERMISSIONS, startSandbox } from '../../src/sandbox/start.js';
import { type Answer, call, type Receiver, signJwt, startReceiver } from './setup.js';

const APP = 4242;
const SECRET = 'a shared secret';
const REPO = '/repos/octocat/hello-world';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

interface Double {
  readonly url: string;
  /** Token of octocat, who owns the repository. */
  readonly person: string;
  close(): Promise<unknown>;
}

async function ourSandbox(webhookUrl: string): Promise<Double> {
  const directory = await mkdtemp(path.join(tmpdir(), 'contract-'));
  const app = { id: APP, privateKey, webhookSecret: SECRET, webhookUrl };
  const sandbox = await startSandbox({ directory, app });
  const client = new SandboxClient(sandbox.url);
  await client.addUser('octocat');
  await client.createRepo('octocat/hello-world');
  await client.as('octocat').install('octocat');
  const close = async () => {
    await sandbox.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { url: sandbox.url, person: 'ghp_sandbox_octocat', close };
}

async function emulate(webhookUrl: string): Promise<Double> {
  const app = {
    app_id: APP,
    slug: 'spokebot',
    name: 'spokebot',
    private_key: privateKey,
    permissions: { ...DEFAULT_PERMISSIONS },
    events: [...DEFAULT_EVENTS],
    webhook_url: webhookUrl,
    webhook_secret: SECRET,
    installations: [{ installation_id: 100, account: 'octocat' }],
  };
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { contract_person: { login: 'octocat', scopes: ['repo', 'user'] } },
      github: {
        users: [{ login: 'octocat' }],
        repos: [{ owner: 'octocat', name: 'hello-world', auto_init: true }],
        apps: [app],
      },
    },
  });
  // It names localhost, but listens on IPv4 only.
  return {
    url: emulator.url.replace('localhost', '127.0.0.1'),
    person: 'contract_person',
    close: () => emulator.close(),
  };
}

describe.each([
  ['our sandbox', ourSandbox],
  ['emulate', emulate],
])('%s', (_name, start) => {
  let receiver: Receiver;
  let double: Double;
  let token: string;
  beforeAll(async () => {
    receiver = await startReceiver();
    double = await start(receiver.url);
    token = (await tokenAnswer()).body.token;
  });
  afterAll(async () => {
    await double.close();
    await receiver.close();
  });

  const jwt = () => signJwt(APP, privateKey);
  const asApp = (method: string, where: string, body?: unknown) => call(double.url + where, method, token, body);
  const asPerson = (method: string, where: string, body?: unknown) =>
    call(double.url + where, method, double.person, body);
  async function tokenAnswer(): Promise<Answer> {
    const { body } = await call(`${double.url}/app/installations`, 'GET', jwt());
    return call(`${double.url}/app/installations/${body[0].id}/access_tokens`, 'POST', jwt(), {});
  }
  const openIssue = async (title: string) => (await asPerson('POST', `${REPO}/issues`, { title, body: 'x' })).body;

  it('knows the App by its JWT and gives its installation a token', async () => {
    const app = await call(`${double.url}/app`, 'GET', jwt());
    expect(app.body).toMatchObject({ id: APP, slug: 'spokebot', permissions: { issues: 'write' } });
    const granted = await tokenAnswer();
    expect(granted.status).toBe(201);
    expect(granted.body).toMatchObject({ token: expect.stringMatching(/^ghs_/), permissions: { checks: 'write' } });
    expect(Date.parse(granted.body.expires_at)).toBeGreaterThan(Date.now());
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const forged = signJwt(APP, other.export({ type: 'pkcs1', format: 'pem' }).toString());
    expect((await call(`${double.url}/app`, 'GET', forged)).status).toBe(401);
    expect((await asApp('GET', REPO)).body).toMatchObject({ full_name: 'octocat/hello-world', private: false });
    const write = await asApp('PUT', `${REPO}/contents/no.txt`, { message: 'x', content: 'eA==' });
    expect(write.status).toBe(403);
  });

  it('opens, changes, closes and reopens an issue', async () => {
    const issue = await openIssue('A title');
    expect(issue).toMatchObject({
      state: 'open',
      title: 'A title',
      user: { login: 'octocat' },
      labels: [],
      comments: 0,
    });
    const where = `${REPO}/issues/${issue.number}`;
    expect((await asPerson('PATCH', where, { title: 'Another' })).body.title).toBe('Another');
    const closed = await asPerson('PATCH', where, { state: 'closed', state_reason: 'not_planned' });
    expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect((await asPerson('PATCH', where, { state: 'open' })).body.state).toBe('open');
    expect((await asApp('GET', where)).body).toMatchObject({ number: issue.number, title: 'Another' });
    expect((await asApp('GET', `${REPO}/issues/99999`)).status).toBe(404);
    expect((await asPerson('POST', `${REPO}/issues`, { body: 'no title' })).status).toBe(422);
  });

  it('keeps labels of the repository and of an issue', async () => {
    const issue = await openIssue('To label');
    const where = `${REPO}/issues/${issue.number}/labels`;
    const label = { name: 'kind: bug', color: 'd73a4a', description: 'Broken' };
    const made = await asApp('POST', `${REPO}/labels`, label);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject(label);
    expect((await asApp('POST', `${REPO}/labels`, label)).status).toBe(422);
    const added = await asApp('POST', where, { labels: ['kind: bug', 'made on the way'] });
    expect(added.status).toBe(200);
    expect(added.body.map((one: { name: string }) => one.name)).toEqual(['kind: bug', 'made on the way']);
    const left = await asApp('DELETE', `${where}/${encodeURIComponent('kind: bug')}`);
    expect(left.body.map((one: { name: string }) => one.name)).toEqual(['made on the way']);
    expect((await asApp('DELETE', `${where}/${encodeURIComponent('kind: bug')}`)).status).toBe(404);
    const replaced = await asApp('PUT', where, { labels: ['kind: bug'] });
    expect(replaced.body).toMatchObject([{ name: 'kind: bug', color: 'd73a4a' }]);
    const found = await asApp('GET', `${REPO}/issues?labels=${encodeURIComponent('kind: bug')}`);
    expect(found.body.map((one: { number: number }) => one.number)).toEqual([issue.number]);
  });

  it('keeps comments, those of the App under its bot name', async () => {
    const issue = await openIssue('To discuss');
    const where = `${REPO}/issues/${issue.number}/comments`;
    const made = await asApp('POST', where, { body: 'First' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ body: 'First', user: { login: 'spokebot[bot]', type: 'Bot' } });
    await asPerson('POST', where, { body: 'Second' });
    const one = `${REPO}/issues/comments/${made.body.id}`;
    expect((await asApp('PATCH', one, { body: 'Changed' })).body.body).toBe('Changed');
    const list = await asApp('GET', where);
    expect(list.body.map((comment: { body: string }) => comment.body)).toEqual(['Changed', 'Second']);
    expect((await asApp('GET', `${REPO}/issues/${issue.number}`)).body.comments).toBe(2);
    expect((await asApp('DELETE', one)).status).toBe(204);
    expect((await asApp('GET', one)).status).toBe(404);
  });

  it('assigns and unassigns', async () => {
    const issue = await openIssue('To assign');
    const where = `${REPO}/issues/${issue.number}/assignees`;
    // The status is left out: GitHub documents 201, emulate says 200.
    const assigned = await asApp('POST', where, { assignees: ['octocat'] });
    expect(assigned.body.assignees).toMatchObject([{ login: 'octocat' }]);
    expect((await asApp('DELETE', where, { assignees: ['octocat'] })).body.assignees).toEqual([]);
  });

  it('keeps a check run of a commit', async () => {
    const branch = await asApp('GET', `${REPO}/branches/main`);
    const sha = branch.body.commit.sha;
    expect(sha).toMatch(/^[0-9a-f]{40}$/);
    const made = await asApp('POST', `${REPO}/check-runs`, { name: 'install', head_sha: sha, external_id: 'b1' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'install', head_sha: sha, status: 'queued', conclusion: null });
    const output = { title: 'T', summary: 'S' };
    const where = `${REPO}/check-runs/${made.body.id}`;
    expect((await asApp('PATCH', where, { status: 'in_progress' })).body.status).toBe('in_progress');
    const done = await asApp('PATCH', where, { status: 'completed', conclusion: 'failure', output });
    expect(done.body).toMatchObject({ status: 'completed', conclusion: 'failure', external_id: 'b1', output });
    const list = await asApp('GET', `${REPO}/commits/${sha}/check-runs`);
    expect(list.body).toMatchObject({ total_count: 1, check_runs: [{ id: made.body.id, conclusion: 'failure' }] });
    const more = await asApp('PATCH', where, { output: { ...output, summary: 'x'.repeat(3) } });
    expect(more.body.output.summary).toBe('xxx');
  });

  it('writes a file as a commit and reads it back', async () => {
    const content = Buffer.from('spokes: 1\n').toString('base64');
    const written = await asPerson('PUT', `${REPO}/contents/.github/spokebot.yml`, { message: 'Add', content });
    expect(written.status).toBe(201);
    const read = await asApp('GET', `${REPO}/contents/.github/spokebot.yml`);
    expect(read.body).toMatchObject({ type: 'file', encoding: 'base64', path: '.github/spokebot.yml' });
    expect(Buffer.from(read.body.content, 'base64').toString('utf8')).toBe('spokes: 1\n');
    expect((await asApp('GET', `${REPO}/contents/nowhere.yml`)).status).toBe(404);
    const listed = await asApp('GET', `${REPO}/contents/.github`);
    expect(listed.body).toMatchObject([{ name: 'spokebot.yml', type: 'file' }]);
  });

  it('pages lists by Link headers', async () => {
    for (const title of ['p1', 'p2', 'p3']) await openIssue(title);
    const first = await asApp('GET', `${REPO}/issues?state=all&per_page=2`);
    expect(first.body).toHaveLength(2);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    expect(next).toBeDefined();
    const asked = new URL(next ?? '');
    expect([asked.searchParams.get('page'), asked.searchParams.get('per_page')]).toEqual(['2', '2']);
    const second = await asApp('GET', asked.pathname + asked.search);
    const numbers = [...first.body, ...second.body].map((issue: { number: number }) => issue.number);
    expect(new Set(numbers).size).toBe(4);
    expect(second.headers.get('link')).toContain('rel="prev"');
  });

  it('counts requests in headers', async () => {
    const first = await asApp('GET', REPO);
    const second = await asApp('GET', REPO);
    expect(first.headers.get('x-ratelimit-limit')).toBe('5000');
    const used = [first, second].map((answer) => Number(answer.headers.get('x-ratelimit-remaining')));
    expect(used[1]).toBe((used[0] ?? 0) - 1);
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000);
  });

  it('tells the App by signed deliveries that name the installation', async () => {
    const issue = await openIssue('Told');
    // Emulate has no word for idle, so the test waits for the arrival itself.
    const told = await new Promise<(typeof receiver.received)[number]>((resolve) => {
      const look = () => {
        const found = receiver.received.find(
          (one) => one.event === 'issues' && (one.payload.issue as { number: number }).number === issue.number,
        );
        if (found) resolve(found);
        else setImmediate(look);
      };
      look();
    });
    const digest = createHmac('sha256', SECRET).update(told.body).digest('hex');
    expect(told.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    expect(told.payload).toMatchObject({
      action: 'opened',
      installation: { id: expect.any(Number) },
      repository: { full_name: 'octocat/hello-world' },
      sender: { login: 'octocat' },
    });
  });
});
