import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Db } from '../../src/store/open.js';
import { notePause, noteRate } from '../../src/store/rates.js';
import { apiRates } from '../../src/store/schema.js';
import { createMetrics } from '../../src/web/metrics.js';
import { openWeb, type TestWeb } from './open-web.js';
import { addBuild, addFailedIntent, addRepository, addWorker, ago, NOW } from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(() => web.empty());

describe('health', () => {
  test('the process is alive even when nothing else is', async () => {
    const answer = await web.app({ ready: () => Promise.reject(new Error('down')) }).request('/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive', version: '9.9.9' }]);
  });

  test('ready says what answers', async () => {
    expect(await web.json('/readyz')).toEqual({
      status: 200,
      body: {
        status: 'ready',
        version: '9.9.9',
        backend: { queue: 'PGlite', state: 'PGlite' },
        checks: [{ name: 'database', ok: true, detail: 'answers' }],
      },
    });
  });

  test('not ready is a 503 that says which part', async () => {
    const checks = [{ name: 'queue', ok: false, detail: 'connection refused' }];
    const answer = await web.app({ ready: async () => ({ ok: false, checks }) }).request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 'not ready', checks });
  });

  test('checks that fail themselves are a 503 without their message', async () => {
    const answer = await web.app({ ready: () => Promise.reject(new Error('password=x')) }).request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('password');
  });
});

describe('a page that cannot be made', () => {
  const broken = new Proxy({} as Db, {
    get() {
      throw new Error('connection to 10.0.0.1 lost, password=x');
    },
  });

  test.each(['/', '/api/v1/hub', '/builds/b'])('%s answers 500 with a reference and no cause', async (path) => {
    const answer = await web.app({ db: broken }).request(path);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toMatch(/password|10\.0\.0\.1|at .*\.ts/);
    const { fields, message } = web.logged.at(-1)!;
    expect(message).toBe('a page could not be made');
    expect(text).toContain((fields as { reference: string }).reference);
    expect(JSON.stringify(fields)).toContain('connection to 10.0.0.1 lost');
  });

  test('metrics are still told, with the ledger marked as unread', async () => {
    const metrics = createMetrics({ defaults: false });
    metrics.delivery('stored', 'issues');
    const answer = await web.app({ db: broken, metrics }).request('/metrics');
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain('spokebot_deliveries_total{event="issues",outcome="stored"} 1');
    expect(text).toContain('spokebot_gauges_ok 0');
  });
});

describe('metrics', () => {
  test('counts what it is told', async () => {
    const metrics = createMetrics({ defaults: false });
    metrics.delivery('stored', 'issues');
    metrics.delivery('stored', 'issues');
    metrics.delivery('duplicate', 'issues');
    metrics.handled('issues', 'done', 0.03);
    metrics.intent('add-labels', 'done');
    metrics.decision('triage', 'act');
    metrics.decision('plan', null);
    const text = await metrics.text();
    expect(text).toContain('spokebot_deliveries_total{event="issues",outcome="stored"} 2');
    expect(text).toContain('spokebot_deliveries_total{event="issues",outcome="duplicate"} 1');
    expect(text).toContain('spokebot_delivery_seconds_bucket{le="0.05",event="issues",outcome="done"} 1');
    expect(text).toContain('spokebot_delivery_seconds_bucket{le="0.025",event="issues",outcome="done"} 0');
    expect(text).toContain('spokebot_intents_total{kind="add-labels",outcome="done"} 1');
    expect(text).toContain('spokebot_decisions_total{kind="triage",mode="act"} 1');
    expect(text).toContain('spokebot_decisions_total{kind="plan",mode="none"} 1');
  });

  test('invented events cannot grow without bound', async () => {
    const metrics = createMetrics({ defaults: false });
    for (let index = 0; index < 1000; index++) metrics.delivery('stored', `event_${index}`);
    const rows = (await metrics.text()).match(/^spokebot_deliveries_total\{/gm)!;
    expect(rows.length).toBe(151);
  });

  test('reads the ledger with every scrape', async () => {
    await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
    await addBuild(web.db, { id: 'q1', state: 'queued' });
    await addBuild(web.db, { id: 'q2', state: 'queued', number: 8 });
    await addBuild(web.db, { id: 'done' });
    await addWorker(web.db, { seenAt: ago(0.2) });
    await addWorker(web.db, { id: 'silent', seenAt: ago(30) });
    await addFailedIntent(web.db, 1, 'no');
    const { text, headers } = await web.get('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    for (const line of [
      'spokebot_builds{state="queued"} 2',
      'spokebot_builds{state="running"} 0',
      'spokebot_builds{state="completed"} 1',
      'spokebot_pool_queued{pool="linux"} 2',
      'spokebot_pool_workers{pool="linux"} 1',
      'spokebot_outbox{state="failed"} 1',
      'spokebot_deliveries{state="stored"} 0',
      'spokebot_gauges_ok 1',
    ])
      expect(text).toContain(`${line}\n`);
    await web.db.delete((await import('../../src/store/schema.js')).builds);
    expect((await web.get('/metrics')).text).not.toContain('spokebot_pool_queued{pool="linux"} 2');
  });

  test('tells what GitHub leaves to each installation, and what of it is over no more', async () => {
    const { db } = web;
    const at = (minutes: number) => ({ most: 5000, resetAt: ago(-minutes) });
    await noteRate(db, 11, { ...at(30), left: 4321 }, NOW);
    await noteRate(db, 12, { ...at(30), left: 0 }, NOW);
    await noteRate(db, 13, { ...at(-1), left: 7 }, NOW);
    await notePause(db, 12, ago(-1.5), NOW);
    // Asked for a pause before it told how much there is.
    await notePause(db, 14, ago(-1), NOW);
    const { text } = await web.get('/metrics');
    const told = text.split('\n').filter((line) => line.startsWith('spokebot_github_'));
    expect(told.sort()).toEqual([
      'spokebot_github_limit{installation="11"} 5000',
      'spokebot_github_limit{installation="12"} 5000',
      'spokebot_github_pause_seconds{installation="11"} 0',
      'spokebot_github_pause_seconds{installation="12"} 90',
      'spokebot_github_pause_seconds{installation="14"} 60',
      'spokebot_github_remaining{installation="11"} 4321',
      'spokebot_github_remaining{installation="12"} 0',
    ]);
    await db.delete(apiRates);
    expect((await web.get('/metrics')).text).not.toContain('spokebot_github_remaining{');
  });

  test('tells of a bounded number of installations, the shortest ones', async () => {
    const row = (n: number) => ({ installationId: n, most: 5000, left: n, resetAt: ago(-30), at: NOW });
    await web.db.insert(apiRates).values(Array.from({ length: 300 }, (_, n) => row(n + 1)));
    const { text } = await web.get('/metrics');
    await web.db.delete(apiRates);
    const told = [...text.matchAll(/^spokebot_github_remaining\{installation="(\d+)"\}/gm)].map(([, n]) => Number(n));
    expect(told).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  });

  test('the figures of the process come with it', async () => {
    expect(await createMetrics().text()).toContain('process_cpu_user_seconds_total');
  });
});

describe('assets', () => {
  test('are kept for good under their digest, and asked for again without', async () => {
    const page = (await web.get('/')).text;
    const address = /href="(\/assets\/style\.css\?v=[0-9a-f]{12})"/.exec(page)![1]!;
    expect((await web.get(address)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await web.get('/assets/style.css')).headers.get('cache-control')).toBe('no-cache');
    expect((await web.get('/assets/style.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect((await web.get('/assets/..%2fapp.ts')).status).toBe(404);
  });

  test('pages are not kept', async () => {
    expect((await web.get('/')).headers.get('cache-control')).toBe('no-store');
  });
});
