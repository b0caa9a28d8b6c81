import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPostgresBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { BackendChoice } from '../../src/backend.js';
import { openEmbeddedQueues } from '../../src/queue/queues.js';
import { openEmbedded } from '../../src/store/open.js';
import { backends } from '../setup/backends.js';
import { eventually, type OpenBackend, openFresh } from './open.js';

describe.each(backends)('queues on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  test('a job reaches a consumer with its body', async () => {
    const got: unknown[] = [];
    const consumer = opened.queues.consume('plain', 1, async (body) => void got.push(body));
    await opened.queues.add('plain', [{ id: 'a', body: { text: 'ä "quoted" \\ \u2028', list: [1, null] } }]);
    await eventually(() => got.length === 1);
    expect(got).toEqual([{ text: 'ä "quoted" \\ \u2028', list: [1, null] }]);
    await consumer.close();
  });

  test('the same id twice while the first waits is one job, and may come again when it is done', async () => {
    await opened.queues.add('twice', [{ id: 'same', body: 1 }]);
    await opened.queues.add('twice', [{ id: 'same', body: 2 }]);
    const got: unknown[] = [];
    const consumer = opened.queues.consume('twice', 1, async (body) => void got.push(body));
    await eventually(() => got.length === 1);
    await eventually(async () => (await opened.queues.waiting('twice')) === 0);
    await opened.queues.add('twice', [{ id: 'same', body: 3 }]);
    await eventually(() => got.length === 2);
    expect(got).toEqual([1, 3]);
    await consumer.close();
  });

  test('a job that fails is not run again by the queue', async () => {
    let runs = 0;
    const consumer = opened.queues.consume('failing', 1, async () => {
      runs++;
      throw new Error('no');
    });
    await opened.queues.add('failing', [{ id: 'f', body: null }]);
    await eventually(async () => runs > 0 && (await opened.queues.waiting('failing')) === 0);
    expect(runs).toBe(1);
    await consumer.close();
  });

  test('a delayed job comes later than one added after it', async () => {
    const got: unknown[] = [];
    const consumer = opened.queues.consume('delayed', 1, async (body) => void got.push(body));
    await opened.queues.add('delayed', [{ id: 'late', body: 'late', delayMs: 400 }]);
    await opened.queues.add('delayed', [{ id: 'soon', body: 'soon' }]);
    await eventually(() => got.length === 2);
    expect(got).toEqual(['soon', 'late']);
    await consumer.close();
  });

  test('a taker gets each job once and null when there is none', async () => {
    const taker = opened.queues.taker('taken');
    expect(await taker.take()).toBeNull();
    await opened.queues.add('taken', [
      { id: 'one', body: 1 },
      { id: 'two', body: 2 },
    ]);
    expect(await eventually(() => taker.take())).toBe(1);
    expect(await eventually(() => taker.take())).toBe(2);
    expect(await taker.take()).toBeNull();
    expect(await opened.queues.waiting('taken')).toBe(0);
    await taker.close();
  });
});

/** On the embedded database there is one process, and the test below. */
describe.each(backends.filter(({ name }) => name !== 'PGlite'))('a queue of several processes on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  test('what somebody took who died of it comes to the next, and its id may come again', async () => {
    const dead = await rawWorker(opened.choice, 'graves');
    await opened.queues.add('graves', [{ id: 'one', body: 1 }]);
    expect(await eventually(dead.take)).toBe(1);
    await dead.end();
    const taker = opened.queues.taker('graves', { lockDuration: 1000, stalledInterval: 60 });
    expect(await eventually(() => taker.take())).toBe(1);
    await opened.queues.add('graves', [{ id: 'one', body: 2 }]);
    expect(await eventually(() => taker.take())).toBe(2);
    await taker.close();
  });
});

test('the embedded queue begins without what a dead process had in its hands, whose ids may come again at once', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-queues-'));
  const store = await openEmbedded(directory);
  const silent = { warn() {}, error() {} };
  const before = await openEmbeddedQueues(store.embedded!, silent);
  let held = 0;
  let letGo = () => {};
  before.consume('graves', 1, () => {
    held += 1;
    return new Promise((resolve) => {
      letGo = resolve;
    });
  });
  await before.add('graves', [{ id: 'one', body: 1 }]);
  await eventually(() => held === 1);
  await before.add('graves', [{ id: 'two', body: 2 }]);

  const after = await openEmbeddedQueues(store.embedded!, silent);
  expect(await after.waiting('graves')).toBe(0);
  const taker = after.taker('graves');
  await after.add('graves', [{ id: 'one', body: 3 }]);
  expect(await eventually(() => taker.take())).toBe(3);
  await after.close();
  // What stands for the dead process renews its hold on the job for as long as this one lives, and keeps it from ending.
  letGo();
  await before.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Takes a job and never says that it has. */
async function rawWorker({ redisUrl, databaseUrl }: BackendChoice, queue: string) {
  const redis = redisUrl === null ? null : new Redis(redisUrl, { maxRetriesPerRequest: null });
  const pool =
    redis === null ? new pg.Pool({ connectionString: databaseUrl!, options: '-c search_path=bullmq,public' }) : null;
  const worker = new Worker(
    queue,
    null,
    { connection: (redis ?? pool) as never, autorun: false, lockDuration: 50 },
    redis === null ? (createPostgresBackend as never) : undefined,
  );
  return {
    take: async () => ((await worker.getNextJob('nobody', { block: false })) as { data: unknown } | undefined)?.data,
    async end() {
      await worker.close(true);
      redis?.disconnect();
      await pool?.end();
    },
  };
}
