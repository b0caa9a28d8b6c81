import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, signJwt, startBench } from './setup.js';

describe("the sandbox's doors", () => {
  let bench: Bench;
  let token: string;
  beforeAll(async () => {
    bench = await startBench();
    const { client } = bench;
    await client.addUser('hubot');
    await client.createRepo('kokkos/kokkos', { collaborators: { octocat: 'admin' } });
    await client.createRepo('kokkos/secret', { private: true });
    await client.createRepo('other/open');
    await client.createRepo('other/secret', { private: true });
    await client.as('octocat').install('kokkos', ['kokkos']);
    await client.as('octocat').openIssue('kokkos/kokkos', { title: 'One' });
    token = await bench.token('kokkos');
  });
  afterAll(() => bench.close());

  const appWith = (claims: Record<string, unknown>, iss = bench.sandbox.app.id) =>
    bench.call('GET', '/app', signJwt(iss, bench.sandbox.app.privateKey, claims));

  it('knows the App by its JWT and nothing but a good one', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await appWith({})).body).toMatchObject({ slug: 'spokebot', installations_count: 1 });
    for (const [claims, why] of [
      [{ exp: now - 5 }, /\('exp'\) must be a numeric value representing the future time/],
      [{ exp: now + 615 }, /\('exp'\) is too far in the future/],
      [{ iat: now + 15 }, /\('iat'\) must be an Integer representing the time that the assertion was issued/],
    ] as const) {
      const refused = await appWith(claims);
      expect([refused.status, refused.body.message]).toEqual([401, expect.stringMatching(why)]);
      // By this a client finds out how wrong its clock is.
      expect(Math.abs(Date.parse(refused.headers.get('date') ?? '') / 1000 - now)).toBeLessThan(30);
    }
    expect((await appWith({}, 424242)).status).toBe(404);
    const [head, payload] = bench.jwt().split('.');
    expect((await bench.call('GET', '/app', `${head}.${payload}.c2lnbmVk`)).status).toBe(401);
    expect((await bench.call('GET', '/app', token)).status).toBe(401);
    expect((await bench.call('GET', '/user', 'ghp_wrong')).status).toBe(401);
  });

  it('answers under /api/v3 too', async () => {
    expect((await bench.call('GET', '/api/v3/app', bench.jwt())).body.slug).toBe('spokebot');
    expect((await bench.call('GET', '/api/v3/repos/kokkos/kokkos', token)).body.full_name).toBe('kokkos/kokkos');
    expect((await bench.call('POST', '/api/v3/nowhere', token, {})).status).toBe(404);
    expect((await bench.call('POST', '/repos/kokkos/kokkos/nowhere', token, {})).status).toBe(404);
  });

  it.each([
    ['reads inside', 'GET', '/repos/kokkos/kokkos/issues', 200],
    ['reads what is public elsewhere', 'GET', '/repos/other/open/issues', 200],
    ['does not see a private repository elsewhere', 'GET', '/repos/other/secret/issues', 404],
    ['does not see one that was not selected', 'GET', '/repos/kokkos/secret/issues', 404],
    ['does not write elsewhere', 'POST', '/repos/other/open/labels', 403],
    ['does not write what it has no permission for', 'PUT', '/repos/kokkos/kokkos/contents/x.txt', 403],
    ['does not administer', 'PATCH', '/repos/kokkos/kokkos', 403],
  ])('an installation %s: %s %s is %i', async (_what, method, path, status) => {
    const body = method === 'GET' ? undefined : { name: 'x', message: 'x', content: 'eA==' };
    const answer = await bench.call(method, path, token, body);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.message).toBe('Resource not accessible by integration');
  });

  it('narrows a token to the permissions and repositories that were asked for', async () => {
    const [installation] = (await bench.call('GET', '/app/installations', bench.jwt())).body;
    const path = `/app/installations/${installation.id}/access_tokens`;
    const narrow = await bench.call('POST', path, bench.jwt(), { permissions: { issues: 'read' } });
    expect(Date.parse(narrow.body.expires_at) - Date.now()).toBeGreaterThan(3_500_000);
    const write = await bench.call('POST', '/repos/kokkos/kokkos/issues', narrow.body.token, { title: 'x' });
    expect(write.status).toBe(403);
    expect((await bench.call('POST', path, bench.jwt(), { permissions: { contents: 'write' } })).status).toBe(422);
    expect((await bench.call('POST', path, bench.jwt(), { repositories: ['secret'] })).status).toBe(422);
  });

  it('ends what a suspended or removed installation may do, and tells of it', async () => {
    await bench.client.createRepo('brief/repo', { private: true });
    const octocat = bench.client.as('octocat');
    await octocat.install('brief');
    const brief = await bench.token('brief');
    bench.receiver.received.length = 0;
    await octocat.suspend('brief');
    expect((await bench.call('GET', '/repos/brief/repo', brief)).status).toBe(403);
    await octocat.suspend('brief', false);
    expect((await bench.call('GET', '/repos/brief/repo', brief)).status).toBe(200);
    await octocat.uninstall('brief');
    expect((await bench.call('GET', '/repos/brief/repo', brief)).status).toBe(401);
    await bench.client.idle();
    expect(bench.receiver.names()).toEqual(['installation.suspend', 'installation.unsuspend', 'installation.deleted']);
  });

  it('adds and removes repositories of an installation', async () => {
    bench.receiver.received.length = 0;
    const octocat = bench.client.as('octocat');
    await octocat.changeInstallation('kokkos', { add: ['secret'] });
    expect((await bench.call('GET', '/repos/kokkos/secret', token)).status).toBe(200);
    const list = await bench.call('GET', '/installation/repositories', token);
    expect(list.body.repositories.map((repo: { name: string }) => repo.name)).toEqual(['kokkos', 'secret']);
    await octocat.changeInstallation('kokkos', { remove: ['secret'] });
    expect((await bench.call('GET', '/repos/kokkos/secret', token)).status).toBe(404);
    await bench.client.idle();
    expect(bench.receiver.names()).toEqual(['installation_repositories.added', 'installation_repositories.removed']);
    expect(bench.receiver.received[0]?.payload).toMatchObject({
      repositories_added: [{ full_name: 'kokkos/secret', private: true }],
    });
  });

  it.each([
    ['none', 404, 404, 404, 404],
    ['read', 201, 403, 403, 403],
    ['triage', 201, 200, 403, 403],
    ['write', 201, 200, 201, 403],
    ['admin', 201, 200, 201, 200],
  ] as const)(
    'a person with the role %s may open %i, label %i, re-run %i, protect %i',
    async (role, open, label, rerun, protect) => {
      const repo = `roles/${role}`;
      await bench.client.createRepo(repo, { private: true, collaborators: { hubot: role } });
      await bench.client
        .as('sandbox')
        .install('roles')
        .catch(() => undefined);
      const installed = await bench.token('roles');
      const head = (await bench.call('GET', `/repos/${repo}/branches/main`, installed)).body.commit.sha;
      const created = await bench.call('POST', `/repos/${repo}/check-runs`, installed, { name: 'x', head_sha: head });
      const issue = await bench.call('POST', `/repos/${repo}/issues`, installed, { title: 'x' });
      const hubot = 'ghp_sandbox_hubot';
      const statuses = [
        await bench.call('POST', `/repos/${repo}/issues`, hubot, { title: 'mine' }),
        await bench.call('POST', `/repos/${repo}/issues/${issue.body.number}/labels`, hubot, { labels: ['a'] }),
        await bench.call('POST', `/repos/${repo}/check-runs/${created.body.id}/rerequest`, hubot),
        await bench.call('PUT', `/repos/${repo}/branches/main/protection`, hubot, { required_status_checks: null }),
      ].map((answer) => answer.status);
      expect(statuses).toEqual([open, label, rerun, protect]);
      const told = await bench.call('GET', `/repos/${repo}/collaborators/hubot/permission`, installed);
      expect(told.body.role_name).toBe(role);
    },
  );

  it('gives a role through a team', async () => {
    await bench.client.addOrg('teams', { teams: { leads: ['hubot'] } });
    await bench.client.createRepo('teams/repo');
    await bench.client.addTeam('teams', 'leads', { repositories: { 'teams/repo': 'maintain' } });
    const told = await bench.call('GET', '/repos/teams/repo/collaborators/hubot/permission', 'ghp_sandbox_hubot');
    expect(told.body).toMatchObject({ permission: 'write', role_name: 'maintain' });
    const members = await bench.call('GET', '/orgs/teams/teams/leads/members', 'ghp_sandbox_hubot');
    expect(members.body.map((member: { login: string }) => member.login)).toEqual(['hubot']);
  });

  it('counts requests down in headers and refuses when none are left', async () => {
    const first = await bench.call('GET', '/repos/kokkos/kokkos', token);
    const second = await bench.call('GET', '/repos/kokkos/kokkos', token);
    const remaining = (answer: typeof first) => Number(answer.headers.get('x-ratelimit-remaining'));
    expect(first.headers.get('x-ratelimit-limit')).toBe('5000');
    expect(remaining(second)).toBe(remaining(first) - 1);
    const [installation] = (await bench.call('GET', '/app/installations', bench.jwt())).body;
    await bench.client.setRateLimit(`installation/${installation.id}`, 1, 60);
    expect((await bench.call('GET', '/repos/kokkos/kokkos', token)).status).toBe(200);
    const refused = await bench.call('GET', '/repos/kokkos/kokkos', token);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    await bench.client.setRateLimit(`installation/${installation.id}`, 5000, 60);
  });
});
