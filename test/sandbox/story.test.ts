import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, startBench } from './setup.js';

describe('the sandbox GitHub', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
    const { client } = bench;
    await client.addUser('octocat');
    await client.addUser('hubot');
    await client.createRepo('kokkos/kokkos', {
      files: { 'src/main.cpp': 'int main() {}\n' },
      collaborators: { octocat: 'write' },
    });
    await client.as('octocat').install('kokkos');
    await client.idle();
  });
  afterAll(() => bench.close());

  it('tells the App of an issue by a signed delivery, and shows what the App writes back', async () => {
    const { client, receiver } = bench;
    receiver.received.length = 0;
    const issue = await client.as('octocat').openIssue('kokkos/kokkos', { title: 'It fails', body: 'with gcc' });
    await client.idle();
    expect(receiver.names()).toEqual(['issues.opened']);
    const [delivery] = receiver.received;
    const digest = createHmac('sha256', bench.sandbox.app.webhookSecret)
      .update(delivery?.body ?? '')
      .digest('hex');
    expect(delivery?.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    expect(delivery?.headers['x-github-delivery']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(delivery?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
    expect(delivery?.payload).toMatchObject({
      issue: { number: issue.number, title: 'It fails', user: { login: 'octocat' } },
      repository: { full_name: 'kokkos/kokkos' },
      sender: { login: 'octocat', type: 'User' },
    });

    const token = await bench.token('kokkos');
    const path = `/repos/kokkos/kokkos/issues/${issue.number}`;
    expect((await bench.call('POST', `${path}/labels`, token, { labels: ['kind: bug'] })).status).toBe(200);
    const comment = await bench.call('POST', `${path}/comments`, token, { body: 'Hello' });
    expect(comment.body).toMatchObject({ body: 'Hello', user: { login: 'spokebot[bot]', type: 'Bot' } });
    await client.idle();
    expect(receiver.names()).toEqual(['issues.opened', 'label.created', 'issues.labeled', 'issue_comment.created']);
    expect(await client.as('octocat').labels('kokkos/kokkos', issue.number)).toEqual(['kind: bug']);
  });

  it('takes a pull request from push to merge, with real files and a fetchable head', async () => {
    const { client, receiver } = bench;
    const octocat = client.as('octocat');
    receiver.received.length = 0;
    const first = await octocat.push('kokkos/kokkos', 'fix', { 'src/main.cpp': 'int main() { return 0; }\n' });
    const pull = await octocat.openPull('kokkos/kokkos', { title: 'Return', head: 'fix' });
    expect(pull).toMatchObject({ changed_files: 1, mergeable: true, mergeable_state: 'clean', head: { sha: first } });
    const second = await octocat.push('kokkos/kokkos', 'fix', { 'src/new.cpp': 'int two;\n', 'README.md': 'Hi\n' });
    await client.idle();
    expect(receiver.names()).toEqual([
      'push',
      'check_suite.requested',
      'pull_request.opened',
      'push',
      'pull_request.synchronize',
      'check_suite.requested',
    ]);
    expect(receiver.received[4]?.payload).toMatchObject({ before: first, after: second, number: pull.number });

    const token = await bench.token('kokkos');
    const files = await bench.call('GET', `/repos/kokkos/kokkos/pulls/${pull.number}/files`, token);
    expect(files.body.map((file: { filename: string; status: string }) => `${file.status} ${file.filename}`)).toEqual([
      'added README.md',
      'modified src/main.cpp',
      'added src/new.cpp',
    ]);
    expect(files.body[1].patch).toContain('+int main() { return 0; }');

    const repo = await bench.call('GET', '/repos/kokkos/kokkos', token);
    const listed = execFileSync('git', ['ls-remote', repo.body.clone_url, `refs/pull/${pull.number}/head`], {
      encoding: 'utf8',
    });
    expect(listed.split('\t')[0]).toBe(second);

    const merged = await octocat.merge('kokkos/kokkos', pull.number);
    expect(merged.merged).toBe(true);
    const readme = await bench.call('GET', '/repos/kokkos/kokkos/contents/README.md', token);
    expect(Buffer.from(readme.body.content, 'base64').toString('utf8')).toBe('Hi\n');
  });

  it('keeps a check run from queued to a re-run', async () => {
    const { client, receiver } = bench;
    const octocat = client.as('octocat');
    const sha = await octocat.push('kokkos/kokkos', 'work', { 'a.txt': 'a\n' });
    await client.idle();
    receiver.received.length = 0;
    const token = await bench.token('kokkos');
    const created = await bench.call('POST', '/repos/kokkos/kokkos/check-runs', token, {
      name: 'install kokkos',
      head_sha: sha,
      external_id: 'build-1',
      status: 'queued',
      actions: [{ label: 'Retry', description: 'Build it again', identifier: 'retry' }],
    });
    expect(created.status).toBe(201);
    const path = `/repos/kokkos/kokkos/check-runs/${created.body.id}`;
    await bench.call('PATCH', path, token, {
      status: 'completed',
      conclusion: 'success',
      output: { title: 'Built', summary: 'In order.' },
    });
    const [check] = await octocat.checks('kokkos/kokkos', sha);
    expect(check).toMatchObject({ external_id: 'build-1', status: 'completed', conclusion: 'success' });
    await octocat.rerunCheck('kokkos/kokkos', created.body.id);
    await octocat.pressButton(created.body.id, 'retry');
    await client.idle();
    expect(receiver.names()).toEqual([
      'check_run.created',
      'check_run.completed',
      'check_suite.completed',
      'check_run.rerequested',
      'check_run.requested_action',
    ]);
    expect(receiver.received[4]?.payload).toMatchObject({
      requested_action: { identifier: 'retry' },
      sender: { login: 'octocat' },
    });
  });
});
