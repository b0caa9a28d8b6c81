/** The backend switch: which database and which queue. Nothing else in the program knows. */
import pg from 'pg';
import { openEmbeddedQueues, openPostgresQueues, openRedisQueues, type QueueLog, type Queues } from './queue/queues.js';
import { openEmbedded, openPostgres, outliveConnections, type Store } from './store/open.js';

export interface BackendChoice {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly dataDirectory: string;
}

export interface Backend {
  readonly store: Store;
  readonly queues: Queues;
  /** True when this process is the only `serve` there can be (it holds the data directory). */
  readonly alone: boolean;
  close(): Promise<void>;
}

/**
 * State: PostgreSQL, else the embedded database in the data directory (one `serve`, by its lock). Queue: Redis, else PostgreSQL,
 * else the embedded database.
 */
export async function openBackend(choice: BackendChoice, log: QueueLog): Promise<Backend> {
  const store = choice.databaseUrl ? await openPostgres(choice.databaseUrl) : await openEmbedded(choice.dataDirectory);
  try {
    const queues = await openQueues(choice, store, log);
    return {
      store,
      queues,
      alone: store.embedded !== null,
      async close() {
        await queues.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The queue alone, for a worker of the hub's own operator. Throws when neither Redis nor PostgreSQL is named. */
export async function openQueues(
  choice: Pick<BackendChoice, 'databaseUrl' | 'redisUrl'>,
  store: Store | null,
  log: QueueLog,
): Promise<Queues> {
  if (choice.redisUrl) return openRedisQueues(choice.redisUrl, log);
  if (choice.databaseUrl) return openPostgresQueues(queuePool(choice.databaseUrl), log);
  if (store?.embedded) return openEmbeddedQueues(store.embedded, log);
  throw new Error('no queue: set REDIS_URL or DATABASE_URL');
}

function queuePool(connectionString: string): pg.Pool {
  // Every consumer keeps a connection for notifications; a pool that runs out waits in silence.
  const pool = new pg.Pool({ connectionString, max: 40, keepAlive: true, options: '-c search_path=bullmq,public' });
  outliveConnections(pool);
  return pool;
}
