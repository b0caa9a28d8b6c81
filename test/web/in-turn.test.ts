import { expect, test } from '@jest/globals';
import { Hono } from 'hono';
import type { Db } from '../../src/store/open.js';
import { createWeb } from '../../src/web/app.js';
import { inTurn } from '../../src/web/in-turn.js';
import { createMetrics } from '../../src/web/metrics.js';

/** An application whose pages are made when the test says so. */
function pages() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const app = new Hono();
  app.use(inTurn({ atOnce: 2, waiting: 2 }));
  app.get('/:name', async (c) => {
    const name = c.req.param('name');
    begun.push(name);
    await new Promise<void>((resolve, reject) =>
      ends.set(name, (error) => (error === undefined ? resolve() : reject(error))),
    );
    return c.text(name);
  });
  app.onError((_, c) => c.text('failed', 500));
  const ask = async (name: string, signal?: AbortSignal) =>
    (await app.request(`/${name}`, signal ? { signal } : {})).status;
  return { begun, ask, end: (name: string, error?: Error) => ends.get(name)!(error) };
}

const settled = async () => {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
};

test('a few pages are made at a time, in the order in which they were asked for, and whoever is one too many is told to come again', async () => {
  const { begun, ask, end } = pages();
  const answers = ['a', 'b', 'c', 'd'].map((name) => ask(name));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  expect(await ask('e')).toBe(503);
  end('b');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  // One that fails makes room as well.
  end('a', new Error('no'));
  await settled();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('c');
  end('d');
  expect(await Promise.all(answers)).toEqual([500, 200, 200, 200]);
  const again = ask('f');
  await settled();
  end('f');
  expect(await again).toBe(200);
});

test('whoever left while waiting has no page made, and keeps no place', async () => {
  const { begun, ask, end } = pages();
  const answers = [ask('a'), ask('b')];
  const leaving = new AbortController();
  const left = ask('left', leaving.signal);
  const last = ask('last');
  await settled();
  leaving.abort();
  end('a');
  await settled();
  expect(begun).toEqual(['a', 'b', 'last']);
  end('b');
  end('last');
  expect(await Promise.all([...answers, left, last])).toEqual([200, 200, 503, 200]);
});

test('pages that are made without waiting for anything are one to a round of the event loop', async () => {
  const seen: string[] = [];
  const app = new Hono();
  app.use(inTurn({ atOnce: 6, waiting: 200 }));
  app.get('/', (c) => {
    seen.push('page');
    return c.text('made');
  });
  let over = false;
  const tick = () => {
    seen.push('else');
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  await Promise.all(Array.from({ length: 20 }, () => app.request('/')));
  over = true;
  expect(seen.filter((each) => each === 'page')).toHaveLength(20);
  expect(seen.some((each, at) => each === 'page' && seen[at + 1] === 'page')).toBe(false);
});

/** A database that never answers. */
const silent: unknown = new Proxy(() => {}, {
  get: (_, key) => (key === 'then' ? () => {} : silent),
  apply: () => silent,
});

test.each([
  ['/', true],
  ['/products', true],
  ['/products/zfp', true],
  ['/pools', true],
  ['/issues/octo/repo/1', true],
  ['/pulls/octo/repo/1', true],
  ['/builds/b', true],
  ['/api/v1/hub', true],
  ['/api/v1/pools', true],
  ['/api/v1/builds/b', true],
  ['/metrics', true],
  // These have bounds of their own, or cost nothing; a full line of visitors must not hide how the process is.
  ['/builds/b/log', false],
  ['/healthz', false],
  ['/assets/style.css', false],
])('of those who ask for %s without end some are told to come again: %s', async (path, bounded) => {
  const app = createWeb({
    db: silent as Db,
    registry: () =>
      ({ hub: { name: 'hub' }, products: new Map([['zfp', {}]]), spokes: new Map(), pools: new Map() }) as never,
    version: '0',
    now: () => new Date(0),
    cases: () => new Promise(() => {}),
    githubUrl: 'https://github.example',
    backend: { queue: 'none', state: 'none' },
    ready: async () => ({ ok: true, checks: [] }),
    metrics: createMetrics({ defaults: false }),
    publicUrl: null,
    signIn: null,
    log: { error: () => {} },
  });
  const statuses: number[] = [];
  for (let visitor = 0; visitor < 220; visitor++)
    void Promise.resolve(app.request(path)).then(({ status }) => statuses.push(status));
  await settled();
  expect(statuses.includes(503)).toBe(bounded);
  expect((await app.request('/healthz')).status).toBe(200);
});
