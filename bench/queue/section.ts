/** What our queue adds to plain BullMQ: the same small jobs, added and taken, on the same server. */
import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { openQueues } from '../../src/backend.js';
import { startPostgres, startRedis } from '../../test/setup/servers.js';
import { createTally, type Section } from '../section.js';

const AT_ONCE = 8;
const PLAIN = 'plain BullMQ';
const OURS = 'through src/queue';
const BODY = { buildId: 'a'.repeat(40), attempt: 1 };

/** Adds `count` jobs, so many at a time, and resolves when the last was taken. */
type Round = (count: number) => Promise<{ addedMs: number; doneMs: number }>;
interface Side {
  readonly round: Round;
  close(): Promise<void>;
}

export const queueSection: Section = {
  id: 'queue',
  async run({ quick, say }) {
    const tally = createTally();
    const [redis, postgres] = [await startRedis(), await startPostgres({ durable: true })];
    const missing = [redis.url === null && redis.why, postgres.url === null && postgres.why].filter(Boolean);
    const count = quick ? 300 : 1500;
    const rounds = quick ? 2 : 5;
    try {
      for (const [backend, url] of [
        ['Redis', redis.url],
        ['PostgreSQL', postgres.url],
      ] as const) {
        if (url === null) continue;
        say(`queue: ${backend}`);
        const redisUrl = backend === 'Redis' ? url : null;
        const sides = [
          [PLAIN, await plain(backend, url)],
          [OURS, await ours({ redisUrl, databaseUrl: redisUrl === null ? url : null })],
        ] as const;
        try {
          for (const [, side] of sides) await side.round(100);
          for (let round = 0; round < rounds; round++)
            for (const [name, side] of round % 2 === 0 ? sides : sides.toReversed()) {
              const { addedMs, doneMs } = await side.round(count);
              tally.add(backend, name, 'added', '/s', (count / addedMs) * 1000);
              tally.add(backend, name, 'added and taken', '/s', (count / doneMs) * 1000);
            }
        } finally {
          for (const [, side] of sides) await side.close();
        }
      }
    } finally {
      await redis.stop();
      await postgres.stop();
    }
    const groups = ['Redis', 'PostgreSQL'];
    return {
      id: 'queue',
      title: 'Our queue beside plain BullMQ',
      notes: [
        `${count} small jobs, ${AT_ONCE} additions at a time, ${AT_ONCE} taken at a time; both in this process, taking turns.`,
        ...missing.map((why) => `Left out: ${why as string}.`),
      ],
      measures: tally.measures(),
      ratios: groups.flatMap((group) =>
        ['added', 'added and taken'].flatMap((metric) => tally.ratios(group, metric, PLAIN)),
      ),
      failures: tally.failures,
    };
  },
};

function sideOf(
  add: (id: string) => Promise<unknown>,
  consume: (handle: () => Promise<void>) => void,
  close: () => Promise<void>,
): Side {
  let left = 0;
  let done = () => {};
  consume(async () => {
    left -= 1;
    if (left === 0) done();
  });
  let nth = 0;
  return {
    close,
    async round(count) {
      left = count;
      const whole = new Promise<void>((resolve) => {
        done = resolve;
      });
      const began = performance.now();
      let toAdd = count;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (toAdd > 0) {
            toAdd -= 1;
            await add(`job-${nth++}`);
          }
        }),
      );
      const addedMs = performance.now() - began;
      await whole;
      return { addedMs, doneMs: performance.now() - began };
    },
  };
}

async function plain(backend: 'Redis' | 'PostgreSQL', url: string): Promise<Side> {
  const redis = backend === 'Redis' ? new Redis(url, { maxRetriesPerRequest: null }) : null;
  const pool =
    redis === null
      ? new pg.Pool({ connectionString: url, max: 40, keepAlive: true, options: '-c search_path=bullmq,public' })
      : null;
  if (pool !== null) {
    const client = await pool.connect();
    await runMigrations(client as never);
    client.release();
  }
  const connection = { connection: (redis ?? pool) as never };
  const factory = (pool === null ? undefined : createPostgresBackend) as never;
  const queue = new Queue('plain', connection, factory);
  let worker: Worker | null = null;
  return sideOf(
    (id) => queue.add('job', BODY, { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true }),
    (handle) => {
      worker = new Worker('plain', handle, { ...connection, concurrency: AT_ONCE }, factory);
    },
    async () => {
      await worker?.close();
      await queue.close();
      redis?.disconnect();
      await pool?.end();
    },
  );
}

async function ours(choice: { redisUrl: string | null; databaseUrl: string | null }): Promise<Side> {
  const log = { warn() {}, error() {} };
  const queues = await openQueues(choice, null, log);
  return sideOf(
    (id) => queues.add('ours', [{ id, body: BODY }]),
    (handle) => void queues.consume('ours', AT_ONCE, handle),
    () => queues.close(),
  );
}
