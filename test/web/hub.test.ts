import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { builds, deliveries, repositories, subjects, workers } from '../../src/store/schema.js';
import type { BuildSummary } from '../../src/web/read/build-summary.js';
import { type Json, openWeb, section, type TestWeb, words } from './open-web.js';
import {
  addAttempt,
  addBuild,
  addDecision,
  addFailedIntent,
  addRepository,
  addSubject,
  addWorker,
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
beforeEach(async () => {
  await web.empty();
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
  await addRepository(web.db, { id: 2, fullName: 'hypre-space/hypre' });
});

const HYPRE = {
  repositoryId: 2,
  repository: 'hypre-space/hypre',
  number: 4,
  name: 'spokebot / hypre',
  product: 'hypre',
};
const HYPRE_PLAN = planOf({ product: 'hypre', package: 'hypre', spec: `hypre@git.${shaOf('a')}` });

async function addUndecided(number: number, change: Parameters<typeof triage>[0] = {}, facts: object = {}) {
  await addSubject(web.db, { repositoryId: 1, number, title: `Undecided ${number}` });
  await addDecision(web.db, {
    repositoryId: 1,
    repository: 'kokkos/kokkos',
    number,
    facts,
    outcome: triage({
      product: null,
      mode: 'abstain',
      spokes: { accountable: 'peso', cc: [] },
      candidates: [{ product: 'hypre', score: 0.4 }],
      reasons: ['nothing in it names a product'],
      ...change,
    }),
  });
}

describe('an empty hub', () => {
  test('says that nothing needs a person and folds every spoke', async () => {
    const { status, text } = await web.get('/');
    expect(status).toBe(200);
    expect(section(text, 'attention')).toContain('Nothing needs a person now.');
    expect(words(text)).toContain(`${web.registry.spokes.size} quiet spokes`);
    expect(text).not.toContain('<table');
  });
});

describe('the hub at a glance', () => {
  test('counts what waits, runs and was delivered', async () => {
    await addUndecided(11);
    await addBuild(web.db, { id: 'b1', state: 'running' });
    await addBuild(web.db, { id: 'b2', state: 'queued' });
    await addBuild(web.db, { id: 'b3', state: 'queued', number: 8 });
    await addBuild(web.db, { id: 'b4', state: 'waiting-approval', attempt: 0, needsApproval: 'a fork' });
    const row = { event: 'issues', source: 'webhook', payload: '{}', receivedAt: ago(1), dueAt: ago(1) };
    await web.db.insert(deliveries).values([
      { ...row, guid: '1', digest: '1', state: 'stored' },
      { ...row, guid: '2', digest: '2', state: 'done' },
      { ...row, guid: '3', digest: '3', state: 'done' },
      { ...row, guid: '4', digest: '4', state: 'failed', error: 'no such field' },
    ]);
    const { body } = await web.json('/api/v1/hub');
    expect(body.numbers).toEqual({
      triage: 1,
      approvals: 1,
      running: 1,
      queued: 2,
      deliveries: { stored: 1, done: 2, failed: 1 },
      intents: { pending: 0, failed: 0 },
    });
    const page = words((await web.get('/')).text);
    expect(page).toContain('1 issue needs a person');
    expect(page).toContain('2 checks are queued');
    expect(page).toContain('Deliveries: 1 waiting, 2 processed, 1 failed');
  });

  test('tells a product of its accountable spoke with what waits and its last check', async () => {
    await addBuild(web.db, { id: 'old', ...HYPRE, plan: HYPRE_PLAN, createdAt: ago(90), completedAt: ago(80) });
    await addBuild(web.db, { id: 'new', ...HYPRE, plan: HYPRE_PLAN, end: failed({ package: 'hypre' }) });
    await addBuild(web.db, { id: 'run', ...HYPRE, plan: HYPRE_PLAN, state: 'running' });
    const { body } = await web.json('/api/v1/hub');
    const spoke = body.spokes.find((each: { id: string }) => each.id === 'fastmath');
    const product = spoke.products[0];
    expect(product).toMatchObject({ id: 'hypre', running: 1, queued: 0, triage: 0, attention: true, active: true });
    expect(product.last.id).toBe('new');
    expect(body.spokes[0].id).toBe('fastmath');
    // xSDK is only kept informed: it is told in one line, not in rows.
    const page = (await web.get('/')).text;
    expect(words(page)).toContain('Kept informed of hypre failed');
    expect(page.match(/<tr><th scope="row">/g)).toHaveLength(1);
  });

  test('tells a spoke how many open issues are its own, and each product which', async () => {
    for (const [number, open] of [
      [11, true],
      [12, true],
      [13, false],
    ] as const) {
      await addSubject(web.db, { repositoryId: 1, number, title: `Routed ${number}`, open });
      await addDecision(web.db, {
        repositoryId: 1,
        repository: 'kokkos/kokkos',
        number,
        outcome: triage({
          product: { id: 'hypre', confidence: 0.9 },
          mode: 'act',
          spokes: { accountable: 'fastmath', cc: [] },
        }),
      });
    }
    // A person gave it to the spoke; for which product nobody has said.
    await addSubject(web.db, { repositoryId: 1, number: 14, title: 'Given' });
    await addDecision(web.db, {
      repositoryId: 1,
      repository: 'kokkos/kokkos',
      number: 14,
      outcome: triage({
        product: null,
        mode: 'suggest',
        spokes: { accountable: 'fastmath', cc: [] },
        reasons: ['a person chose fastmath'],
      }),
    });
    const { text } = await web.get('/');
    expect(words(section(text, 'spokes'))).toContain('3 open issues');
    expect(words(section(text, 'spokes'))).toContain('hypre 2 open issues');
    expect(words(section(text, 'decisions'))).not.toContain('suggested');
    expect(section(text, 'attention')).toContain('Nothing needs a person now.');
  });

  test('takes no superseded or cancelled build for the last check of a product', async () => {
    await addBuild(web.db, { id: 'good', createdAt: ago(60), completedAt: ago(50) });
    await addBuild(web.db, {
      id: 'gone',
      number: 9,
      end: { kind: 'ended', why: 'superseded', detail: '', bySha: shaOf('c') },
    });
    const { body } = await web.json('/api/v1/hub');
    const spoke = body.spokes.find((each: { id: string }) => each.id === 's4pst');
    expect(spoke.products[0].last).toMatchObject({ id: 'good', status: { tone: 'ok', word: 'passed' } });
    expect(body.recent.map((each: { id: string }) => each.id)).toEqual(['gone', 'good']);
  });

  test('puts first what stands still, then approvals, then issues, then broken checks', async () => {
    await addUndecided(11);
    await addUndecided(12, { mode: 'suggest', spokes: { accountable: 'xsdk', cc: [] } });
    await addBuild(web.db, { id: 'w', state: 'waiting-approval', attempt: 0, needsApproval: 'a fork' });
    await addBuild(web.db, { id: 'q', state: 'queued', pool: 'linux' });
    await addBuild(web.db, { id: 'bad', ...HYPRE, plan: HYPRE_PLAN, end: failed({ package: 'hypre' }) });
    await addFailedIntent(web.db, 2, 'Label is gone');
    const { body } = await web.json('/api/v1/hub');
    expect(body.attention.map((each: { kind: string }) => each.kind)).toEqual([
      'pool',
      'failure',
      'approval',
      'triage',
      'triage',
      'check',
    ]);
    const attention = section((await web.get('/')).text, 'attention');
    expect(attention).toContain('Pool linux: 1 build waits and no worker answers');
    expect(attention).toContain('Label is gone');
    expect(attention).toContain('some product of xSDK');
  });

  test('a pool with a living worker is no reason to worry, a silent one is', async () => {
    await addBuild(web.db, { id: 'q', state: 'queued' });
    await addWorker(web.db, { seenAt: ago(0.5) });
    expect((await web.json('/api/v1/hub')).body.attention).toEqual([]);
    await web.db.delete(workers);
    await addWorker(web.db, { seenAt: ago(5) });
    const { body } = await web.json('/api/v1/hub');
    expect(body.attention).toEqual([{ kind: 'pool', pool: 'linux', queued: 1, seenAt: ago(5).toISOString() }]);
  });

  test("a running build's heartbeat keeps its worker alive", async () => {
    await addWorker(web.db, { seenAt: ago(5) });
    await addBuild(web.db, { id: 'r', state: 'running' });
    await addAttempt(web.db, { buildId: 'r', state: 'running', heartbeatAt: ago(0.1) });
    const { body } = await web.json('/api/v1/hub');
    expect(body.pools[0].workers[0]).toMatchObject({ id: 'worker-1', alive: true, seenAt: ago(0.1).toISOString() });
  });

  test('an issue for which a person has named a spoke no longer waits', async () => {
    await addUndecided(11, {}, { labels: ['spoke: xsdk'], labelsWeAdded: [] });
    await addUndecided(12, {}, { labels: ['spoke: xsdk'], labelsWeAdded: ['spoke: xsdk'] });
    const { body } = await web.json('/api/v1/hub');
    expect(body.attention.map((each: { issue: { number: number } }) => each.issue.number)).toEqual([12]);
  });

  test('closed issues and earlier decisions do not wait', async () => {
    await addUndecided(11);
    await addDecision(web.db, { repositoryId: 1, repository: 'kokkos/kokkos', number: 11, at: ago(1) });
    await addUndecided(12);
    await web.db.update(subjects).set({ open: false }).where(eq(subjects.number, 12));
    expect((await web.json('/api/v1/hub')).body.numbers.triage).toBe(0);
  });

  test('a hub that stays up tells each end, rerun, new name and privacy with the next request', async () => {
    const app = web.app();
    const told = async () => {
      const body = (await (await app.request('/api/v1/hub')).json()) as Json;
      return body.recent.map((build: BuildSummary) => `${build.id} ${build.repository} ${build.status.word}`);
    };
    await addBuild(web.db, { id: 'one' });
    expect(await told()).toEqual(['one kokkos/kokkos passed']);
    await addBuild(web.db, { id: 'two', end: failed(), completedAt: ago(1) });
    expect(await told()).toEqual(['two kokkos/kokkos failed', 'one kokkos/kokkos passed']);
    await web.db.update(builds).set({ state: 'queued', end: null, completedAt: null }).where(eq(builds.id, 'two'));
    expect(await told()).toEqual(['one kokkos/kokkos passed']);
    await web.db.update(repositories).set({ fullName: 'kokkos/renamed' }).where(eq(repositories.id, 1));
    expect(await told()).toEqual(['one kokkos/renamed passed']);
    await web.db.update(repositories).set({ private: true }).where(eq(repositories.id, 1));
    expect(await told()).toEqual([]);
  });

  test('says so when the hub is paused', async () => {
    const registry = { ...web.registry, hub: { ...web.registry.hub, paused: true } };
    const page = await web.app({ registry: () => registry }).request('/');
    expect(words(await page.text())).toContain('The hub is paused.');
  });
});

describe('pages of the catalogue', () => {
  test('a spoke tells the products it answers for, those it is informed of, and what came of them', async () => {
    await addBuild(web.db, { id: 'h', ...HYPRE, plan: HYPRE_PLAN });
    await addUndecided(12, { mode: 'suggest', spokes: { accountable: 'xsdk', cc: [] } });
    const { status, text } = await web.get('/spokes/xsdk');
    expect(status).toBe(200);
    const own = [...web.registry.products.values()].filter((each) => each.accountable === 'xsdk').length;
    expect(words(text)).toContain(`Answers for ${own} products`);
    expect(section(text, 'checks')).toContain('hypre builds with Spack');
    expect(section(text, 'issues')).toContain('Undecided 12');
    expect(words(text)).toContain('1 issue waits for its people A person has to say what it is about 1');
  });

  test('a product tells its facts and the issues it may be about', async () => {
    await addUndecided(11);
    const { text } = await web.get('/products/hypre');
    const hypre = web.registry.products.get('hypre')!;
    expect(words(text)).toContain(`Spack packages ${hypre.packages.map((each) => each.name).join(' , ')}`);
    expect(text).toContain(`href="https://github.example/${hypre.repository}"`);
    expect(section(text, 'issues')).toContain('Undecided 11');
  });

  test('products are found by name, package, alias and spoke', async () => {
    expect(words((await web.get('/products')).text)).toContain(`${web.registry.products.size} products`);
    const found = words((await web.get('/products?q=kokkos+s4pst')).text);
    expect(found).toContain('Kokkos');
    expect(found).not.toContain('hypre');
    expect(words((await web.get('/products?q=no-such-thing')).text)).toContain('0 products of 144');
  });

  test('what the catalogue lacks is a 404 that says where to go', async () => {
    for (const path of ['/spokes/nobody', '/products/nothing', '/spokes/__proto__', '/nowhere']) {
      const { status, text } = await web.get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).toContain('href="/products"');
    }
  });

  test.each([
    [
      '/api/v1/spokes/nope',
      'The catalogue has no spoke "nope"; /api/v1/hub lists the spokes with the ids of their products.',
    ],
    [
      '/api/v1/products/nope',
      'The catalogue has no product "nope"; /api/v1/hub lists the spokes with the ids of their products.',
    ],
    [
      '/api/v1/products/nope/report',
      'The catalogue has no product "nope"; /api/v1/hub lists the spokes with the ids of their products.',
    ],
    ['/api/v1/nope', 'There is nothing at this address; begin at /api/v1/hub.'],
    ['/api/v1/builds/nope', 'Not found. Private repositories are never shown here.'],
    ['/api/v1/issues/octocat/nope/1', 'Not found. Private repositories are never shown here.'],
  ])(
    'the API says of %s what is wrong, and speaks of private repositories only where it may be that',
    async (at, error) => {
      expect(await web.json(at)).toEqual({ status: 404, body: { error } });
    },
  );

  test('the report takes silence for no agreement', async () => {
    await addSubject(web.db, { repositoryId: 2, number: 11 });
    await addDecision(web.db, {
      repositoryId: 2,
      repository: 'hypre-space/hypre',
      number: 11,
      outcome: triage({ product: { id: 'hypre', confidence: 1 } }),
    });
    const { text } = await web.get('/products/hypre/report');
    expect(section(text, 'people')).toContain('Whose it is nobody said');
    expect(section(text, 'differ')).toBe(
      'Where they differ Nothing to compare: nobody has said anything about these issues yet.',
    );
    expect(text).not.toContain('empty good');
  });
});

test("a product's record is read with the reader that decisions are made with", async () => {
  let asked = 0;
  const cases = async () => {
    asked += 1;
    return [];
  };
  for (const path of ['/products/hypre', '/api/v1/products/hypre']) {
    const before = asked;
    expect((await web.app({ cases }).request(path)).status).toBe(200);
    expect(asked).toBeGreaterThan(before);
  }
});
