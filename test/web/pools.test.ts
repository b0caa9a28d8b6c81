/** The page of the machines: who is there, who holds what, what waits and why; the same order as the ledger's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../src/registry/model.js';
import { workers } from '../../src/store/schema.js';
import { openWeb, type TestWeb } from './open-web.js';
import { addAttempt, addBuild, addRepository, ago, NOW, planOf, shaOf } from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(() => web.empty());

/** The packaged hub's pool, with a promise and a cap. */
function registry(): Registry {
  const linux = web.registry.pools.get('linux')!;
  return {
    ...web.registry,
    pools: new Map([
      [
        'linux',
        {
          ...linux,
          capabilities: { targets: ['x86_64_v3'], compilers: ['gcc@13'], gpus: [], memoryGigabytes: 64 },
          share: { most: null, mostPerSpoke: 1, weights: {} },
        },
      ],
    ]),
  };
}

async function queued(id: string, product: string, minutes: number, released = false): Promise<void> {
  await addBuild(web.db, {
    id,
    state: 'queued',
    product,
    headSha: shaOf('c'),
    plan: planOf({ product }),
    createdAt: ago(minutes),
  });
  await addAttempt(web.db, {
    buildId: id,
    state: 'queued',
    worker: null,
    phase: null,
    startedAt: null,
    heartbeatAt: null,
    queuedAt: ago(minutes),
    releasedAt: released ? ago(minutes) : null,
  });
}

const addWorker = (row: { id: string; concurrency?: number; seenAt?: Date }) =>
  web.db
    .insert(workers)
    .values({ pool: 'linux', version: '9.9.9', via: 'queue', concurrency: 1, seenAt: ago(0), ...row });
const pools = async () => (await web.app({ registry }).request('/api/v1/pools')).json();

describe('the page of the pools', () => {
  test('says what waits, in the order of the ledger, and why', async () => {
    await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
    await addWorker({ id: 'w1', concurrency: 1 });
    await queued('a1', 'kokkos', 30, true);
    await queued('a2', 'kokkos', 20);
    await queued('b1', 'hypre', 10);
    const body = (await pools()) as { pools: { waiting: { build: { id: string }; ahead: number; why: string }[] }[] };
    expect(body.pools[0]!.waiting.map(({ build, ahead, why }) => [build.id, ahead, why])).toEqual([
      ['a1', 0, 'In the queue: the next free worker takes it.'],
      ['b1', 1, 'Its turn comes: all slots are taken.'],
      ['a2', 2, 'Its spoke has the 1 builds at once that the hub gives it here.'],
    ]);
    const page = (await web.get('/pools')).text;
    expect(page.indexOf('/builds/a1')).toBeLessThan(page.indexOf('/builds/b1'));
    // A build's own page tells the same place.
    expect((await web.json('/api/v1/builds/b1')).body.queue.ahead).toBe(1);
  });

  test('a worker that lacks what its pool promises is shown so, and its slots do not count', async () => {
    await addWorker({ id: 'w1', concurrency: 4 });
    await web.db.update(workers).set({
      running: 0,
      capabilities: { target: 'haswell', compilers: ['gcc@12.2.0'], memoryGigabytes: 128 },
      unfit: 'Pool linux promises gcc@13, which it does not have.',
    });
    const body = (await pools()) as { pools: object[] };
    expect(body.pools[0]).toMatchObject({
      slots: 0,
      promises: { compilers: ['gcc@13'] },
      workers: [{ id: 'w1', alive: true, free: 4, unfit: 'Pool linux promises gcc@13, which it does not have.' }],
    });
    const page = await (await web.app({ registry }).request('/pools')).text();
    expect(page).toContain('unfit');
    expect(page).toContain('haswell, gcc@12.2.0, 128 GB');
  });

  test('a name that two workers go by is shown with what to do, until the second one is heard of no more', async () => {
    const there = { pool: 'linux', version: '9.9.9', via: 'http' as const, concurrency: 1, seenAt: ago(0) };
    await web.db.insert(workers).values([
      { ...there, id: 'w1', copiedAt: ago(4) },
      { ...there, id: 'w2', copiedAt: ago(6) },
      { ...there, id: 'w3' },
    ]);
    expect(await pools()).toMatchObject({
      pools: [{ workers: [{ copied: true }, { copied: false }, { copied: false }] }],
    });
    const page = (await web.get('/pools')).text;
    expect(page.match(/Two workers go by this name/g)).toHaveLength(1);
  });

  test('a pool without a worker says so, and what becomes of what waits', async () => {
    await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
    await queued('a1', 'kokkos', 30);
    await addWorker({ id: 'gone', seenAt: ago(30) });
    const page = (await web.get('/pools')).text;
    expect(page).toContain('No worker of this pool is there. What waits ends as “not checked”');
    expect(page).toContain('silent');
  });

  test('metrics tell slots, running builds, unfit workers and the longest wait', async () => {
    await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
    await addWorker({ id: 'w1', concurrency: 3 });
    await queued('a1', 'kokkos', 30);
    const { readGauges } = await import('../../src/web/read/numbers.js');
    expect((await readGauges(web.db, NOW)).pools).toEqual([
      { pool: 'linux', queued: 1, running: 0, workers: 1, slots: 3, unfit: 0, oldestSeconds: 1800 },
    ]);
  });
});
