import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../src/sandbox/pages/markdown.js';
import { type Bench, startBench } from './setup.js';

describe('the pages of the sandbox', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
    await bench.client.addUser('hubot');
    await bench.client.createRepo('kokkos/kokkos', {
      files: { 'src/main.cpp': 'int main() {}\n' },
      collaborators: { octocat: 'write' },
    });
    await bench.client.as('octocat').install('kokkos');
  });
  afterAll(() => bench.close());

  const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(bench.sandbox.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { Origin: bench.sandbox.url, ...headers },
      redirect: 'manual',
    });
  const read = async (path: string) => (await fetch(bench.sandbox.url + path)).text();

  it('opens an issue by its form and shows it, with nothing of its text as HTML', async () => {
    const fields = { as: 'hubot', title: 'A <b>bold</b> title', body: 'line\r\n<script>alert(1)</script>' };
    const answer = await submit('/kokkos/kokkos/issues', fields);
    expect(answer.status).toBe(303);
    const where = answer.headers.get('location') ?? '';
    expect(where).toBe('/kokkos/kokkos/issues/1');
    const shown = await read(where);
    expect(shown).toContain('A &lt;b&gt;bold&lt;/b&gt; title');
    expect(shown).toContain('&lt;script&gt;');
    expect(shown).not.toContain('<script');
    expect((await bench.client.as('hubot').issue('kokkos/kokkos', 1)).body).toBe('line\n<script>alert(1)</script>');
  });

  it('comments, labels and closes in the name of the person who was chosen', async () => {
    await submit('/kokkos/kokkos/issues/1/comments', { as: 'hubot', body: 'More to say' });
    await submit('/kokkos/kokkos/issues/1/labels', { as: 'octocat', labels: 'one, two', do: 'add' });
    await submit('/kokkos/kokkos/issues/1/labels', { as: 'octocat', labels: 'one', do: 'remove' });
    await submit('/kokkos/kokkos/issues/1/state', { as: 'octocat', state: 'closed' });
    const issue = (await bench.client.dump())['kokkos/kokkos']?.issues[0];
    expect(issue).toMatchObject({
      labels: ['two'],
      state: 'closed',
      comments: [{ author: 'hubot', body: 'More to say' }],
    });
  });

  it('shows who reacted to a comment, since that may be the whole answer', async () => {
    const { id } = await bench.client.as('octocat').comment('kokkos/kokkos', 1, 'Please do.');
    const token = await bench.token('kokkos');
    await bench.call('POST', `/repos/kokkos/kokkos/issues/comments/${id}/reactions`, token, { content: '+1' });
    expect(await read('/kokkos/kokkos/issues/1')).toContain('👍 spokebot[bot]');
  });

  it('says why something did not work', async () => {
    const refused = await submit('/kokkos/kokkos/issues/1/labels', { as: 'hubot', labels: 'three', do: 'add' });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('Must have triage rights');
    const nobody = await submit('/kokkos/kokkos/issues', { as: 'ghost', title: 'x' });
    expect(await nobody.text()).toContain('Choose who acts');
  });

  it('opens a pull request from a fork for a person without write access, breaks it, re-runs and presses', async () => {
    const fields = {
      as: 'hubot',
      title: 'Mine',
      body: '',
      path: 'src/main.cpp',
      content: 'int main() { return 1; }\n',
    };
    const answer = await submit('/kokkos/kokkos/pulls', fields);
    expect(answer.headers.get('location')).toBe('/kokkos/kokkos/pull/2');
    await submit('/kokkos/kokkos/pull/2/break', { as: 'hubot' });
    const pull = await bench.client.as('octocat').pull('kokkos/kokkos', 2);
    expect(pull).toMatchObject({ head: { ref: 'hubot-1' }, changed_files: 1, user: { login: 'hubot' } });
    const token = await bench.token('kokkos');
    const file = await bench.call('GET', `/repos/kokkos/kokkos/contents/src/main.cpp?ref=${pull.head.sha}`, token);
    expect(Buffer.from(file.body.content, 'base64').toString('utf8')).toContain('#error');

    const run = await bench.call('POST', '/repos/kokkos/kokkos/check-runs', token, {
      name: 'install kokkos',
      head_sha: pull.head.sha,
      conclusion: 'failure',
      output: { title: 'It broke', summary: 'The **compiler** says no.' },
      actions: [{ label: 'Retry', description: 'Again', identifier: 'retry' }],
    });
    const shown = await read('/kokkos/kokkos/pull/2');
    expect(shown).toContain('It broke');
    expect(shown).toContain('value="retry"');
    const alone = await read(`/kokkos/kokkos/runs/${run.body.id}`);
    expect(alone).toContain('<strong>compiler</strong>');
    // Its text may speak of the buttons above it.
    expect(alone.indexOf('value="retry"')).toBeGreaterThan(0);
    expect(alone.indexOf('value="retry"')).toBeLessThan(alone.indexOf('<strong>compiler</strong>'));
    await bench.client.idle();
    bench.receiver.received.length = 0;
    await submit(`/kokkos/kokkos/pull/2/checks/${run.body.id}`, { as: 'octocat', rerun: 'yes' });
    await submit(`/kokkos/kokkos/pull/2/checks/${run.body.id}`, { as: 'octocat', press: 'retry' });
    await bench.client.idle();
    expect(bench.receiver.names()).toEqual(['check_run.rerequested', 'check_run.requested_action']);
  });

  it('pushes to a branch for who may, and for nobody else', async () => {
    const fields = { branch: 'docs', path: 'NOTES.md', content: 'n\n', message: 'Note' };
    expect((await submit('/kokkos/kokkos/push', { as: 'octocat', ...fields })).status).toBe(303);
    expect(await read('/kokkos/kokkos')).toContain('<code>docs</code>');
    expect((await submit('/kokkos/kokkos/push', { as: 'hubot', ...fields })).status).toBe(422);
  });

  it('shows deliveries and sends one again by its button', async () => {
    expect(await read('/deliveries')).toContain('check_run.rerequested');
    const delivery = (await bench.client.deliveries()).at(-1);
    expect(await read(`/deliveries/${delivery?.id}`)).toContain(delivery?.guid);
    bench.receiver.received.length = 0;
    await submit(`/deliveries/${delivery?.id}/redeliver`, {});
    await bench.client.idle();
    expect(bench.receiver.received[0]?.headers['x-github-delivery']).toBe(delivery?.guid);
  });

  it('is not driven by pages of somewhere else', async () => {
    const fields = { as: 'octocat', title: 'x' };
    expect((await submit('/kokkos/kokkos/issues', fields, { Origin: 'http://evil.example' })).status).toBe(403);
  });

  it.each(['/', '/kokkos/kokkos', '/kokkos/kokkos/issues/1', '/kokkos/kokkos/pull/2', '/deliveries'])(
    'shows %s without scripts and under a strict policy',
    async (path) => {
      const answer = await fetch(bench.sandbox.url + path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await answer.text()).not.toContain('<script');
    },
  );

  it.each([
    ['<img src=x onerror=alert(1)>', '<p>&lt;img src=x onerror=alert(1)&gt;</p>\n'],
    ['<!-- key -->seen', '<p>seen</p>\n'],
    ['[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>\n'],
    ['<details><summary>Log</summary>\n\nin\n\n</details>', '<details><summary>Log</summary><p>in</p>\n</details>'],
    ['<details>\n\nleft open', '<details><p>left open</p>\n</details>'],
    ['</details>\n\none too many', '<p>one too many</p>\n'],
  ])('renders %j safely', (text, expected) => {
    expect(renderMarkdown(text)).toBe(expected);
  });
});
