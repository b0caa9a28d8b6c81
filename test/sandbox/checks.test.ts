import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, startBench } from './setup.js';

const REPO = '/repos/kokkos/kokkos';

describe("the sandbox's checks, as on GitHub", () => {
  let bench: Bench;
  let token: string;
  let sha: string;
  beforeAll(async () => {
    bench = await startBench({ otherApps: [{ slug: 'otherbot' }] });
    const { client } = bench;
    await client.addUser('hubot');
    await client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'admin' } });
    await client.as('octocat').install('kokkos');
    await client.request('POST', '/_sandbox/installations', { account: 'kokkos', app: 'otherbot' });
    token = await bench.token('kokkos');
    sha = await client.as('octocat').push('kokkos/kokkos', 'work', { 'a.txt': 'a\n' });
  });
  afterAll(() => bench.close());

  const annotations = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      path: 'a.txt',
      start_line: index + 1,
      end_line: index + 1,
      annotation_level: 'failure',
      message: `line ${index + 1}`,
    }));
  const create = (more: object = {}, as = token) =>
    bench.call('POST', `${REPO}/check-runs`, as, { name: 'install', head_sha: sha, ...more });
  const output = (more: object = {}) => ({ title: 'T', summary: 'S', ...more });

  it('adds annotations to those that are there, at most 50 a request', async () => {
    const run = await create({ output: output({ annotations: annotations(50) }) });
    expect(run.status).toBe(201);
    const path = `${REPO}/check-runs/${run.body.id}`;
    const more = await bench.call('PATCH', path, token, { output: output({ annotations: annotations(10) }) });
    expect(more.body.output.annotations_count).toBe(60);
    const tooMany = await bench.call('PATCH', path, token, { output: output({ annotations: annotations(51) }) });
    expect(tooMany.status).toBe(422);
    const first = await bench.call('GET', `${path}/annotations?per_page=50`, token);
    const rest = await bench.call('GET', `${path}/annotations?per_page=50&page=2`, token);
    expect([first.body.length, rest.body.length]).toEqual([50, 10]);
    expect(first.headers.get('link')).toContain('rel="next"');
    expect(rest.body[9]).toMatchObject({ path: 'a.txt', start_line: 10, message: 'line 10', title: null });
  });

  it.each([
    ['a summary of 65,536 characters', { output: { title: 'T', summary: 'x'.repeat(65_536) } }],
    ['a text of 65,536 characters', { output: { title: 'T', summary: 'S', text: 'x'.repeat(65_536) } }],
    ['an output without summary', { output: { title: 'T' } }],
    ['completed without conclusion', { status: 'completed' }],
    ['a conclusion only GitHub may set', { conclusion: 'stale' }],
    ['a fourth action', { actions: ['a', 'b', 'c', 'd'].map((x) => ({ label: x, description: x, identifier: x })) }],
    ['a label of 21 characters', { actions: [{ label: 'x'.repeat(21), description: 'x', identifier: 'x' }] }],
    ['a description of 41 characters', { actions: [{ label: 'x', description: 'x'.repeat(41), identifier: 'x' }] }],
    ['an identifier of 21 characters', { actions: [{ label: 'x', description: 'x', identifier: 'x'.repeat(21) }] }],
    ['a commit that is not there', { head_sha: '1'.repeat(40) }],
  ])('refuses %s with 422', async (_what, more) => {
    expect((await create(more)).status).toBe(422);
  });

  it('takes a summary of exactly 65,535 characters', async () => {
    expect((await create({ output: output({ summary: 'x'.repeat(65_535) }) })).status).toBe(201);
  });

  it("lets only the App that made a run change it, and nobody's personal token make one", async () => {
    const run = await create();
    const other = await bench.token('kokkos', 'otherbot');
    const patch = { status: 'in_progress' };
    expect((await bench.call('PATCH', `${REPO}/check-runs/${run.body.id}`, other, patch)).status).toBe(403);
    expect((await create({}, 'ghp_sandbox_octocat')).status).toBe(403);
  });

  it('lists the newest run of a name, or all of them', async () => {
    const head = await bench.client.as('octocat').push('kokkos/kokkos', 'list', { 'b.txt': 'b\n' });
    await create({ head_sha: head, external_id: 'one' });
    await create({ head_sha: head, external_id: 'two' });
    const ids = async (query: string) => {
      const answer = await bench.call('GET', `${REPO}/commits/${head}/check-runs${query}`, token);
      return answer.body.check_runs.map((run: { external_id: string }) => run.external_id);
    };
    expect(await ids('')).toEqual(['two']);
    expect(await ids('?filter=all')).toEqual(['two', 'one']);
    expect(await ids('?check_name=nothing')).toEqual([]);
  });

  it('names the pull request of a head in its own repository, and none for the head of a fork', async () => {
    const octocat = bench.client.as('octocat');
    const own = await octocat.push('kokkos/kokkos', 'own', { 'own.txt': 'o\n' });
    const pull = await octocat.openPull('kokkos/kokkos', { title: 'Own', head: 'own' });
    expect((await create({ head_sha: own })).body.pull_requests).toMatchObject([{ number: pull.number }]);

    const hubot = bench.client.as('hubot');
    await hubot.fork('kokkos/kokkos');
    const theirs = await hubot.push('hubot/kokkos', 'theirs', { 'their.txt': 't\n' });
    await hubot.openPull('kokkos/kokkos', { title: 'Theirs', head: 'hubot:theirs' });
    const run = await create({ head_sha: theirs });
    expect(run.status).toBe(201);
    expect(run.body.pull_requests).toEqual([]);
    await bench.client.idle();
    const told = bench.receiver.received.filter((one) => one.event === 'check_run').at(-1);
    expect(told?.payload).toMatchObject({ check_run: { pull_requests: [], check_suite: { head_branch: null } } });
  });

  it('tells of a re-run and a button only the App whose run it is, and resets the suite', async () => {
    const head = await bench.client.as('octocat').push('kokkos/kokkos', 'suite', { 'c.txt': 'c\n' });
    const run = await create({ head_sha: head, conclusion: 'failure', output: output() });
    const suite = () => bench.call('GET', `${REPO}/check-suites/${run.body.check_suite.id}`, token);
    expect((await suite()).body).toMatchObject({ status: 'completed', conclusion: 'failure' });
    await bench.client.as('octocat').rerunCheck('kokkos/kokkos', run.body.id);
    expect((await suite()).body).toMatchObject({ status: 'queued', conclusion: null });
    const shown = await bench.call('GET', `${REPO}/check-runs/${run.body.id}`, token);
    expect(shown.body).toMatchObject({ status: 'completed', conclusion: 'failure' });
    await bench.client.as('octocat').rerunSuite('kokkos/kokkos', run.body.check_suite.id);
    await bench.client.idle();
    expect(bench.receiver.names().slice(-2)).toEqual(['check_run.rerequested', 'check_suite.rerequested']);
    await expect(bench.client.as('hubot').rerunCheck('kokkos/kokkos', run.body.id)).rejects.toThrow('403');
    await expect(bench.client.as('octocat').pressButton(run.body.id, 'nothing')).rejects.toThrow('404');
  });

  it.each([
    ['nothing', null, 'blocked', false],
    ['success', 'success', 'clean', true],
    ['neutral', 'neutral', 'clean', true],
    ['skipped', 'skipped', 'clean', true],
    ['failure', 'failure', 'blocked', false],
    ['action_required', 'action_required', 'blocked', false],
    ['cancelled', 'cancelled', 'blocked', false],
    ['timed_out', 'timed_out', 'blocked', false],
  ])('lets a required check that concluded with %s count as GitHub does', async (name, conclusion, state, passes) => {
    const octocat = bench.client.as('octocat');
    await octocat.protect('kokkos/kokkos', 'main', ['spokebot']);
    const head = await octocat.push('kokkos/kokkos', `head-${name}`, { [`${name}.txt`]: 'x\n' });
    const pull = await octocat.openPull('kokkos/kokkos', { title: name, head: `head-${name}` });
    if (conclusion) await create({ name: 'spokebot', head_sha: head, conclusion, output: output() });
    expect(await octocat.requiredChecks('kokkos/kokkos', pull.number)).toMatchObject([{ context: 'spokebot', passes }]);
    expect((await octocat.pull('kokkos/kokkos', pull.number)).mergeable_state).toBe(state);
    if (passes) expect((await octocat.merge('kokkos/kokkos', pull.number)).merged).toBe(true);
    else await expect(octocat.merge('kokkos/kokkos', pull.number)).rejects.toThrow('Required status check');
  });
});
