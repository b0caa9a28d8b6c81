import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { deliveries, repositories } from '../../src/store/schema.js';
import { addHostile, EVIL, HOSTILE_PAGES } from './hostile-rows.js';
import { openWeb, type TestWeb } from './open-web.js';
import {
  addAttempt,
  addBuild,
  addDecision,
  addFailedIntent,
  addLog,
  addRepository,
  addSubject,
  ago,
  failed,
  planOf,
  shaOf,
  triage,
} from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(() => web.empty());

const PAGES = [
  '/',
  '/products',
  '/products/hypre',
  '/spokes/fastmath',
  '/spokes/xsdk',
  '/spokes/peso',
  '/issues/octocat/secret-solver/5',
  '/pulls/octocat/secret-solver/7',
  '/builds/hidden',
  '/builds/hidden/log',
  '/builds/hidden/log.txt',
  '/builds/hidden/log/stream',
  '/api/v1/hub',
  '/api/v1/builds/hidden',
  '/api/v1/issues/octocat/secret-solver/5',
  '/api/v1/pulls/octocat/secret-solver/7',
  '/api/v1/pulls/octocat/secret-solver/7/builds',
  '/metrics',
];

/** Everything that could tell of the repository. */
async function addHidden(): Promise<void> {
  const here = { repositoryId: 9, repository: 'octocat/secret-solver' };
  await addSubject(web.db, { ...here, number: 5, title: 'classified issue' });
  await addDecision(web.db, {
    ...here,
    number: 5,
    outcome: triage({
      product: null,
      mode: 'abstain',
      spokes: { accountable: 'peso', cc: [] },
      candidates: [{ product: 'hypre', score: 0.5 }],
      reasons: ['classified reason'],
    }),
  });
  await addSubject(web.db, { ...here, number: 7, isPull: true, title: 'classified pull', headSha: shaOf('a') });
  const plan = planOf({ product: 'hypre', package: 'hypre' });
  const build = { ...here, product: 'hypre', name: 'classified check', plan };
  await addBuild(web.db, { id: 'hidden', ...build, end: failed({ package: 'hypre', summary: 'classified summary' }) });
  await addBuild(web.db, { id: 'hidden-running', ...build, state: 'running' });
  await addBuild(web.db, { id: 'hidden-waiting', ...build, state: 'waiting-approval', attempt: 0 });
  await addAttempt(web.db, { buildId: 'hidden' });
  await addLog(web.db, 'hidden', [[1, 'classified log\n']]);
  await addFailedIntent(web.db, 9, 'classified refusal');
  await web.db.insert(deliveries).values({
    guid: 'g',
    event: 'issues',
    digest: 'd',
    source: 'webhook',
    repository: 'octocat/secret-solver',
    payload: '{}',
    receivedAt: ago(1),
    dueAt: ago(1),
    state: 'failed',
    error: 'classified error',
  });
}

async function seen(): Promise<[string, number, string][]> {
  const list: [string, number, string][] = [];
  for (const path of PAGES) {
    const { status, text } = await web.get(path);
    const told = /classified|secret-solver|hidden/i.exec(text.replaceAll('aria-hidden', ''))?.[0] ?? '';
    list.push([path, status, told]);
  }
  return list;
}

const NOTHING = PAGES.map((path) => [path, /secret-solver|hidden/.test(path) ? 404 : 200, '']);

describe('private repositories', () => {
  test.each([
    ['is private', { private: true, state: 'active' as const }],
    ['was removed from the installation', { private: false, state: 'removed' as const }],
  ])('nothing is told of one that %s', async (_, row) => {
    await addRepository(web.db, { id: 9, fullName: 'octocat/secret-solver', ...row });
    await addHidden();
    expect(await seen()).toEqual(NOTHING);
    const { body } = await web.json('/api/v1/hub');
    expect(body.numbers).toMatchObject({ triage: 0, approvals: 0, running: 0, queued: 0 });
    expect(body.attention).toEqual([]);
  });

  test('nothing is told of one without a row', async () => {
    await addHidden();
    expect(await seen()).toEqual(NOTHING);
  });

  test('the same is told once it is public, and no longer when it turns private', async () => {
    await addRepository(web.db, { id: 9, fullName: 'octocat/secret-solver' });
    await addHidden();
    const open = await web.app().request('/builds/hidden');
    expect(open.status).toBe(200);
    expect(await open.text()).toContain('classified summary');
    expect((await web.json('/api/v1/hub')).body.numbers.triage).toBe(1);
    await web.db.update(repositories).set({ private: true }).where(eq(repositories.id, 9));
    expect(await seen()).toEqual(NOTHING);
  });

  test('a live log ends when its repository turns private', async () => {
    await addRepository(web.db, { id: 9, fullName: 'octocat/secret-solver' });
    await addHidden();
    await addAttempt(web.db, { buildId: 'hidden-running', state: 'running' });
    const answer = await web.app().request('/builds/hidden-running/log/stream');
    const reader = answer.body!.getReader();
    await reader.read();
    await web.db.update(repositories).set({ private: true }).where(eq(repositories.id, 9));
    await addLog(web.db, 'hidden-running', [[1, 'classified log\n']]);
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += new TextDecoder().decode(value);
    }
    expect(rest).not.toContain('classified');
  });

  test('a name that a private repository bears now shows nothing of its former bearer', async () => {
    await addRepository(web.db, { id: 8, fullName: 'octocat/secret-solver' });
    await addRepository(web.db, { id: 9, fullName: 'Octocat/Secret-Solver', private: true });
    await addSubject(web.db, { repositoryId: 8, number: 5 });
    expect((await web.get('/issues/octocat/secret-solver/5')).status).toBe(404);
  });

  test("a product's page leaves out a repository that is known to be private", async () => {
    const name = web.registry.products.get('hypre')!.repository!;
    expect((await web.get('/products/hypre')).text).toContain(name);
    await addRepository(web.db, { id: 3, fullName: name.toUpperCase(), private: true });
    expect((await web.get('/products/hypre')).text).not.toContain(`https://github.example/${name}`);
  });
});

describe('text from outside', () => {
  beforeEach(() => addHostile(web.db));

  test.each(HOSTILE_PAGES)('makes no tag, leaves no attribute and turns no text on %s', async (path) => {
    const { text } = await web.get(path);
    expect(text).not.toMatch(/<img src=x|<svg onload/);
    expect(text).not.toContain('<script>');
    expect(text).not.toMatch(/"'&|\u202e/);
    // Every attribute is quoted and none is an event handler.
    expect(text.replace(/="[^"]*"/g, '=""').match(/<[^>]*(?:\son\w+\s*=|=[^"])/gi)).toBeNull();
    expect(text.match(/<\/title>/g)).toHaveLength(1);
  });

  test('is what the JSON holds, as JSON', async () => {
    const { body } = await web.json('/api/v1/builds/evil');
    expect(body.name).toBe(EVIL);
    expect(body.verdict.summary).toContain(EVIL.replace('\u202e', ''));
  });

  test('cannot break out of an event of the live log', async () => {
    await addLog(web.db, 'evil', [[2, 'one\rtwo\ndata: fake\n\nevent: end\ndata: {}\n\n']]);
    const { text } = await web.get('/builds/evil/log/stream');
    const events = text.split('\n\n').filter((each) => each.startsWith('event: end'));
    expect(events).toHaveLength(1);
    expect(events[0]).toContain('"word":"failed"');
  });

  test('no address but http and https becomes a link', async () => {
    const kokkos = { ...web.registry.products.get('kokkos')!, homepage: 'javascript:alert(1)' };
    const registry = { ...web.registry, products: new Map([['kokkos', kokkos]]) };
    const page = await (await web.app({ registry: () => registry }).request('/products/kokkos')).text();
    expect(page).not.toContain('javascript:');
  });

  test('secrets in excerpts and logs are taken out', async () => {
    await addBuild(web.db, { id: 'leak', end: failed({ excerpt: 'TOKEN=ghp_0123456789abcdefghij0123' }) });
    await addAttempt(web.db, { buildId: 'leak' });
    await addLog(web.db, 'leak', [[1, 'curl https://octocat:hunter22@host/x\n']]);
    for (const path of ['/builds/leak', '/builds/leak/log', '/builds/leak/log.txt', '/api/v1/builds/leak'])
      expect([path, /ghp_|hunter22/.test((await web.get(path)).text)]).toEqual([path, false]);
  });
});

describe('headers', () => {
  test.each(['/', '/builds/none', '/api/v1/hub', '/healthz', '/assets/style.css', '/builds/none/log/stream'])(
    '%s lets nothing foreign in',
    async (path) => {
      const { headers } = await web.get(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  test('browsers are told to keep to https where people come by it, and only there', async () => {
    const told = async (publicUrl: string | null) =>
      (await web.app({ publicUrl }).request('/')).headers.get('strict-transport-security');
    expect(await told('https://hub.example')).toBe('max-age=31536000');
    for (const other of ['http://127.0.0.1:3000', null]) expect(await told(other)).toBeNull();
  });

  test('no page has inline scripts or styles', async () => {
    await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
    await addBuild(web.db, { id: 'b', state: 'running' });
    await addAttempt(web.db, { buildId: 'b', state: 'running' });
    for (const path of ['/', '/builds/b', '/builds/b/log', '/products']) {
      const { text } = await web.get(path);
      expect([path, text.match(/<style|\sstyle=|<script(?! src="\/assets\/)/g)]).toEqual([path, null]);
    }
  });

  test('nothing can be changed: every method but GET and HEAD is refused', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      for (const path of ['/', '/builds/b', '/api/v1/hub']) {
        const { status, headers } = await web.get(path, { method });
        expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, 'GET, HEAD']);
      }
  });
});
