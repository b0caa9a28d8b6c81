/**
 * Queues over BullMQ, the same on Redis, PostgreSQL and PGlite. A queue is transport: jobs may be lost or come twice, the
 * database tells again what is open. Hence no retries, no history and no results here.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import { createPostgresBackend, type Job, Queue, runMigrations, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { describe } from '../describe-error.js';

export interface QueueJob {
  /** Same id while one is waiting or running: the second is dropped. */
  readonly id: string;
  readonly body: unknown;
  readonly delayMs?: number;
}

export interface Consumer {
  /** Waits for running handlers. */
  close(): Promise<void>;
}

/** Takes single jobs on request, for those who hand them on; a job taken is done for the queue. */
export interface Taker {
  take(): Promise<unknown | null>;
  close(): Promise<void>;
}

export interface Queues {
  readonly kind: 'redis' | 'postgres' | 'embedded';
  add(queue: string, jobs: readonly QueueJob[]): Promise<void>;
  consume(queue: string, concurrency: number, handle: (body: unknown) => Promise<void>): Consumer;
  /** `held` as in `HANDLED`, if not the usual. */
  taker(queue: string, held?: Held): Taker;
  /** Jobs waiting or delayed in a queue. */
  waiting(queue: string): Promise<number>;
  close(): Promise<void>;
}

export interface QueueLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Up to so many jobs are added one by one: on PostgreSQL and PGlite a bulk addition costs as much as ten single ones. */
const FEW = { redis: 1, postgres: 8, embedded: 16 } as const;

export interface Held {
  readonly lockDuration: number;
  readonly stalledInterval: number;
}

/**
 * How long a job stays with whoever has it without a word, and how often it is looked for those who died, both in milliseconds. At the
 * second look a job of a dead one is dropped, and comes again where it was only taken; until then nothing of its id is added.
 */
const HANDLED: Held = { lockDuration: 20_000, stalledInterval: 10_000 };
const TAKEN: Held = { lockDuration: 10_000, stalledInterval: 10_000 };

type Connection = ConstructorParameters<typeof Queue>[1];
type BackendFactory = typeof createPostgresBackend | undefined;

function queuesOver(
  kind: Queues['kind'],
  connection: () => NonNullable<Connection>['connection'],
  backend: BackendFactory,
  log: QueueLog,
  end: () => Promise<void>,
): Queues {
  const open = new Map<string, Queue>();
  const workers = new Set<Worker>();
  const options = (): { connection: NonNullable<NonNullable<Connection>['connection']> } => ({
    connection: connection() as NonNullable<NonNullable<Connection>['connection']>,
  });

  function queue(name: string): Queue {
    let found = open.get(name);
    if (found === undefined) {
      found = new Queue(name, options(), backend as never);
      found.on('error', (error) => log.error({ queue: name, error: describe(error) }, 'queue connection'));
      open.set(name, found);
    }
    return found;
  }

  function worker(
    name: string,
    concurrency: number,
    handle: ((job: Job) => Promise<void>) | null,
    held: Held = HANDLED,
  ): Worker {
    const made = new Worker(
      name,
      handle,
      {
        ...options(),
        concurrency,
        autorun: handle !== null,
        // The ledger alone opens another attempt; a job whose lock was lost is never run again by the queue.
        maxStalledCount: 0,
        ...held,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
      backend as never,
    );
    made.on('error', (error) => log.error({ queue: name, error: describe(error) }, 'queue worker'));
    made.on('failed', (job, error) => log.warn({ queue: name, job: job?.id, error: describe(error) }, 'job failed'));
    workers.add(made);
    return made;
  }

  return {
    kind,
    async add(name, jobs) {
      const all = jobs.map(({ id, body, delayMs }) => ({
        name: 'job',
        data: body,
        opts: {
          // BullMQ refuses integers and most colons in ids.
          jobId: `j-${id.replaceAll(':', '.')}`,
          attempts: 1,
          removeOnComplete: true,
          removeOnFail: true,
          ...(delayMs === undefined ? {} : { delay: delayMs }),
        },
      }));
      if (all.length > FEW[kind]) await queue(name).addBulk(all);
      else for (const each of all) await queue(name).add(each.name, each.data, each.opts);
    },
    consume(name, concurrency, handle) {
      const made = worker(name, concurrency, (job) => handle(job.data));
      return {
        async close() {
          workers.delete(made);
          await made.close();
        },
      };
    },
    taker(name, held = TAKEN) {
      const made = worker(name, 1, null, held);
      const token = randomUUID();
      // Whoever died between the two steps of taking has the job for good otherwise, and its id keeps it from being added again.
      void made.startStalledCheckTimer();
      return {
        async take() {
          const job = (await made.getNextJob(token, { block: false })) as Job | undefined;
          if (!job) return null;
          await job.moveToCompleted(null, token, false);
          return job.data as unknown;
        },
        async close() {
          workers.delete(made);
          await made.close(true);
        },
      };
    },
    async waiting(name) {
      const counts = await queue(name).getJobCounts('waiting', 'delayed', 'active');
      return Object.values(counts).reduce((sum, n) => sum + n, 0);
    },
    async close() {
      await Promise.all([...workers].map((each) => each.close()));
      await Promise.all([...open.values()].map((each) => each.close()));
      await end();
    },
  };
}

/** BullMQ on Redis. The server needs `maxmemory-policy noeviction`. */
export async function openRedisQueues(url: string, log: QueueLog): Promise<Queues> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  redis.on('error', (error: Error) => log.error({ error: describe(error) }, 'redis connection'));
  await redis.connect();
  return queuesOver(
    'redis',
    () => redis as never,
    undefined,
    log,
    async () => {
      redis.disconnect();
    },
  );
}

/** BullMQ on PostgreSQL, in its own schema and with its own pool: each consumer keeps one connection for notifications. */
export async function openPostgresQueues(pool: pg.Pool, log: QueueLog): Promise<Queues> {
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.error({ error: describe(error) }, 'queue database'));
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock(7078)');
    await runMigrations(client as never);
  } finally {
    await client.query('select pg_advisory_unlock(7078)').catch(() => {});
    client.release();
  }
  return queuesOver(
    'postgres',
    () => pool as never,
    createPostgresBackend,
    log,
    () => pool.end(),
  );
}

/**
 * BullMQ on the embedded database, which stays open when the queues close. Begins without jobs: only a process that is gone can have
 * left any, and those that it had in its hands would keep their ids from being added again.
 */
export async function openEmbeddedQueues(database: PGlite, log: QueueLog): Promise<Queues> {
  const pool = embeddedPool(database);
  await runMigrations(pool as never);
  await database.exec('set search_path = bullmq, public');
  const { rows } = await database.query<{ queue: string }>('select distinct queue from bullmq.job');
  for (const { queue: name } of rows) {
    const left = new Queue(name, { connection: pool as never }, createPostgresBackend as never);
    await left.obliterate({ force: true });
    await left.resume();
    await left.close();
  }
  return queuesOver(
    'embedded',
    () => pool as never,
    createPostgresBackend,
    log,
    async () => {},
  );
}

const asJson = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** PGlite in the shape of a `pg` pool, as far as BullMQ uses one. */
function embeddedPool(database: PGlite) {
  class Client extends EventEmitter {
    private readonly stop = database.onNotification((channel, payload) =>
      this.emit('notification', { channel, payload }),
    );

    async query(text: string, params?: unknown[]) {
      // PGlite answers by microtasks from this very thread: without a turn of the event loop BullMQ's polling would starve
      // timers and sockets.
      await new Promise(setImmediate);
      if (!params?.length) {
        const last = (await database.exec(text)).at(-1);
        return { rows: last?.rows ?? [], rowCount: last?.affectedRows ?? last?.rows.length ?? 0 };
      }
      const result = await database.query(text, params, { serializers: { 114: asJson, 3802: asJson } });
      return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length };
    }

    release() {
      this.stop();
      this.removeAllListeners();
    }
  }
  const shared = new Client();
  shared.setMaxListeners(0);
  return Object.assign(shared, {
    options: { keepAlive: true },
    connect: async () => new Client(),
    end: async () => {},
  });
}
