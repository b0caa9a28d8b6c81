/** The backends of the design, each with a fresh state: the same suite runs on all of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { BackendChoice } from '../../src/backend.js';

export interface TestBackend {
  readonly name: string;
  /** A fresh, empty place for one test or suite. */
  fresh(): Promise<BackendChoice & { remove(): Promise<void> }>;
}

const redisUrl = process.env.SPOKEBOT_TEST_REDIS ?? null;
const postgresUrl = process.env.SPOKEBOT_TEST_POSTGRES ?? null;
let counter = 0;

/** An empty database of its own on PostgreSQL; null where there is no server. */
export async function freshDatabase(): Promise<{ url: string; remove: () => Promise<void> } | null> {
  if (postgresUrl === null) return null;
  const name = `spokebot_${process.pid}_${counter++}`;
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => admin(`drop database ${name} with (force)`) };
}

/**
 * A Redis database that no other suite has: the server itself hands out the numbers, for suites run in several processes. Number 0
 * keeps the count.
 */
async function freshRedis(): Promise<string> {
  const client = new Redis(redisUrl!);
  const [, databases] = (await client.config('GET', 'databases')) as [string, string];
  const number = 1 + ((await client.incr('spokebot-test-databases')) % (Number(databases) - 1));
  await client.select(number);
  await client.flushdb();
  client.disconnect();
  return `${redisUrl!}/${number}`;
}

function backend(name: string, redis: boolean, postgres: boolean): TestBackend {
  return {
    name,
    async fresh() {
      const dataDirectory = mkdtempSync(path.join(tmpdir(), 'spokebot-test-'));
      const database = postgres ? await freshDatabase() : null;
      return {
        dataDirectory,
        databaseUrl: database?.url ?? null,
        redisUrl: redis ? await freshRedis() : null,
        async remove() {
          await database?.remove();
          rmSync(dataDirectory, { recursive: true, force: true });
        },
      };
    },
  };
}

/** Those that can run here; the global setup has said which are left out and why. */
export const backends: readonly TestBackend[] = [
  backend('PGlite', false, false),
  ...(postgresUrl ? [backend('PostgreSQL', false, true)] : []),
  ...(redisUrl ? [backend('Redis + PGlite', true, false)] : []),
  ...(redisUrl && postgresUrl ? [backend('Redis + PostgreSQL', true, true)] : []),
];
