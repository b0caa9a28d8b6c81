import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SHORT_LIVED } from '../../src/demo/processes.js';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Bench, startBench, startReceiver } from './setup.js';

describe('trouble on demand', () => {
  let bench: Bench;
  let token: string;
  beforeAll(async () => {
    bench = await startBench();
    await bench.client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'admin' } });
    await bench.client.as('octocat').install('kokkos');
    token = await bench.token('kokkos');
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.client.clearFaults();
    await bench.client.idle();
    bench.receiver.received.length = 0;
  });

  const issues = '/repos/kokkos/kokkos/issues';
  const open = (title: string) => bench.call('POST', issues, token, { title });
  const titles = async () =>
    (await bench.client.dump())['kokkos/kokkos']?.issues.map((issue) => issue.title).filter((one) => one !== '');

  it('answers with a status and does nothing, as often as asked', async () => {
    await bench.client.faults({
      on: 'request',
      method: 'POST',
      path: '/repos/*/issues',
      times: 2,
      effect: { kind: 'status', status: 403, message: 'secondary rate limit', retryAfter: 7 },
    });
    const refused = await open('status');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect((await open('status')).status).toBe(403);
    expect(await titles()).not.toContain('status');
    expect((await open('status')).status).toBe(201);
  });

  it('does the work and loses the answer', async () => {
    await bench.client.faults({ on: 'request', path: issues, effect: { kind: 'lose-answer' } });
    await expect(open('lost')).rejects.toThrow();
    expect(await titles()).toContain('lost');
    expect((await bench.client.requests()).requests.at(-1)).toMatchObject({ method: 'POST', path: issues, lost: true });
  });

  it('loses a request without doing anything', async () => {
    await bench.client.faults({ on: 'request', path: issues, effect: { kind: 'lose-request' } });
    await expect(open('never')).rejects.toThrow();
    expect(await titles()).not.toContain('never');
  });

  it('answers late, with the work done before', async () => {
    await bench.client.faults({ on: 'request', path: issues, effect: { kind: 'delay', ms: 60_000 } });
    const late = new AbortController();
    const answer = fetch(`${bench.sandbox.url}${issues}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ title: 'late' }),
      signal: late.signal,
    });
    await bench.client.until('the work', async () => (await titles())?.includes('late'));
    late.abort();
    await expect(answer).rejects.toThrow('abort');
  });

  it('drops, duplicates, delays and reorders deliveries', async () => {
    await bench.client.faults({ on: 'webhook', event: 'issues', effect: { kind: 'drop' } });
    await open('dropped');
    await bench.client.idle();
    expect(bench.receiver.names()).toEqual([]);
    await bench.client.faults({ on: 'webhook', event: 'issues', effect: { kind: 'duplicate', copies: 2 } });
    await open('twice');
    await bench.client.idle();
    const guids = bench.receiver.received.map((one) => one.headers['x-github-delivery']);
    expect(guids).toHaveLength(3);
    expect(new Set(guids).size).toBe(1);

    bench.receiver.received.length = 0;
    await bench.client.faults({ on: 'webhook', event: 'issues', times: 2, effect: { kind: 'hold' } });
    await open('first');
    await open('second');
    await bench.client.idle();
    expect(bench.receiver.received).toHaveLength(0);
    expect(await bench.client.releaseHeld()).toEqual({ released: 2 });
    await bench.client.idle();
    const order = bench.receiver.received.map((one) => (one.payload.issue as { title: string }).title);
    expect(order).toEqual(['second', 'first']);

    bench.receiver.received.length = 0;
    await bench.client.faults({ on: 'webhook', effect: { kind: 'delay', ms: 150 } });
    await open('delayed');
    await open('prompt');
    await bench.client.idle();
    const arrival = bench.receiver.received.map((one) => (one.payload.issue as { title: string }).title);
    expect(arrival).toEqual(['prompt', 'delayed']);
  });

  it('never sends a failed delivery again by itself, but on request, and lists all attempts to the App', async () => {
    bench.receiver.status = 503;
    await open('failed');
    await bench.client.idle();
    bench.receiver.status = 200;
    const list = () => bench.call('GET', '/app/hook/deliveries?per_page=1', bench.jwt());
    const [failed] = (await list()).body;
    expect(failed).toMatchObject({ event: 'issues', action: 'opened', status_code: 503, redelivery: false });
    const detail = await bench.call('GET', `/app/hook/deliveries/${failed.id}`, bench.jwt());
    expect(detail.body.request.payload.issue.title).toBe('failed');
    expect(detail.body.request.headers['X-GitHub-Delivery']).toBe(failed.guid);
    expect(detail.body.response.payload).toBe('noted');
    expect((await bench.call('POST', `/app/hook/deliveries/${failed.id}/attempts`, bench.jwt())).status).toBe(202);
    await bench.client.idle();
    expect((await list()).body[0]).toMatchObject({ guid: failed.guid, status_code: 200, redelivery: true });
    expect((await list()).headers.get('link')).toMatch(/cursor=\d+>; rel="next"/);
  });

  it.each([
    ['deliveries', 'GET', '/app/hook/deliveries'],
    ['installation-repositories', 'GET', '/installation/repositories'],
    ['reactions', 'POST', `${issues}/1/reactions`],
    ['graphql', 'POST', '/graphql'],
  ] as const)('can be a GitHub without %s', async (name, method, where) => {
    await bench.client.switchOff(name);
    const as = name === 'deliveries' ? bench.jwt() : token;
    const body = method === 'POST' ? { content: 'eyes', query: 'x' } : undefined;
    expect((await bench.call(method, where, as, body)).status).toBe(404);
    await bench.client.switchOff();
    expect((await bench.call(method, where, as, body)).status).toBeLessThan(300);
  });

  it('transfers an issue by GraphQL: the old address redirects, both repositories are told', async () => {
    await bench.client.createRepo('kokkos/kernels');
    await open('elsewhere');
    const { number } = (await bench.call('GET', `${issues}?per_page=1`, token)).body[0];
    await bench.call('POST', `${issues}/${number}/comments`, token, { body: 'goes along' });
    await bench.client.idle();
    bench.receiver.received.length = 0;
    await expect(bench.client.as('octocat').transferIssue('kokkos/kokkos', number, 'kokkos/kernels')).rejects.toThrow();
    const [from, to] = await Promise.all([
      bench.call('GET', `${issues}/${number}`, token),
      bench.call('GET', '/repos/kokkos/kernels', token),
    ]);
    const query = `mutation { transferIssue(input: {issueId: "${from.body.node_id}", repositoryId: "${to.body.node_id}", createLabelsIfMissing: true}) { issue { number } } }`;
    const moved = await bench.call('POST', '/graphql', token, { query });
    expect(moved.body.data.transferIssue.issue).toMatchObject({
      number: 1,
      repository: { nameWithOwner: 'kokkos/kernels' },
    });
    const followed = await bench.call('GET', `${issues}/${number}/comments`, token);
    expect(followed.body).toMatchObject([{ body: 'goes along' }]);
    await bench.client.idle();
    expect(bench.receiver.names()).toEqual(['issues.transferred', 'issues.opened']);
    expect(bench.receiver.received[0]?.payload).toMatchObject({ changes: { new_repository: { name: 'kernels' } } });
    expect(bench.receiver.received[1]?.payload).toMatchObject({ changes: { old_issue: { number } } });
  });

  it('transfers nothing to another owner, from private to public, or to where issues are off; labels it lacks are left', async () => {
    for (const repo of ['elsewhere/there', 'kokkos/public', 'kokkos/off'])
      await bench.client.createRepo(repo, { collaborators: { admin: 'admin' } });
    await bench.client.createRepo('kokkos/secret', { private: true, collaborators: { admin: 'admin' } });
    const admin = bench.client.as('admin');
    const { token: adminToken } = await bench.client.addUser('admin');
    expect((await bench.call('PATCH', '/repos/kokkos/off', adminToken, { has_issues: false })).body.has_issues).toBe(
      false,
    );
    expect((await bench.call('POST', '/repos/kokkos/off/issues', adminToken, { title: 'x' })).status).toBe(410);
    const { number: secret } = await admin.openIssue('kokkos/secret', { title: 'Hidden' });
    await expect(admin.transferIssue('kokkos/secret', secret, 'kokkos/public')).rejects.toThrow(/private/);
    await admin.createLabel('kokkos/public', { name: 'here only' });
    const { number } = await admin.openIssue('kokkos/public', {
      title: 'Open',
      labels: ['here only'],
      assignees: ['admin'],
    });
    await expect(admin.transferIssue('kokkos/public', number, 'elsewhere/there')).rejects.toThrow(/same account/);
    await expect(admin.transferIssue('kokkos/public', number, 'kokkos/off')).rejects.toThrow(/disabled/);
    const moved = await admin.transferIssue('kokkos/public', number, 'kokkos/secret');
    const there = await admin.issue('kokkos/secret', moved.number);
    expect([there.labels, there.assignees.map(({ login }) => login)]).toEqual([[], ['admin']]);
  });
});

describe('the sandbox as a process', () => {
  let directory: string;
  const program = [...SHORT_LIVED, path.resolve('dist/sandbox/main.js')];
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'sandbox-process-'));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  async function start(port: string, webhookUrl: string) {
    const args = ['--directory', directory, '--port', port, '--webhook-url', webhookUrl];
    const child = spawn(process.execPath, [...program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, ...(JSON.parse(line) as { url: string; pid: number }) };
  }

  it('has after kill -9 and a restart all that it had answered, and sends what had not been', async () => {
    const receiver = await startReceiver();
    const first = await start('0', receiver.url);
    const client = new SandboxClient(first.url);
    await client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'write' } });
    const octocat = client.as('octocat');
    await octocat.install('kokkos');
    await octocat.push('kokkos/kokkos', 'work', { 'a.txt': 'a\n' });
    const pull = await octocat.openPull('kokkos/kokkos', { title: 'Work', head: 'work' });
    await client.idle();
    receiver.holding = true;
    await octocat.openIssue('kokkos/kokkos', { title: 'Not told yet' });
    const before = await client.dump();
    const { privateKey } = await client.info();
    expect(receiver.names()).not.toContain('issues.opened');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    receiver.holding = false;
    const second = await start(new URL(first.url).port, receiver.url);
    expect(second.url).toBe(first.url);
    expect(await client.dump()).toEqual(before);
    expect((await client.info()).privateKey).toBe(privateKey);
    expect((await octocat.pull('kokkos/kokkos', pull.number)).head.sha).toBe(pull.head.sha);
    await octocat.push('kokkos/kokkos', 'work', { 'b.txt': 'b\n' });
    expect((await octocat.pull('kokkos/kokkos', pull.number)).changed_files).toBe(2);
    await client.idle();
    expect(receiver.names()).toContain('issues.opened');
    expect((await readdir(path.join(directory, 'state'))).sort()).toEqual(['journal.jsonl']);
    await receiver.close();
  });

  it('says what it needs when it is started without a directory', async () => {
    const child = spawn(process.execPath, program, {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    const chunks: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(Buffer.concat(chunks).toString()).toContain('--directory DIR');
  });
});
