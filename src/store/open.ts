/** Opens the state: PostgreSQL by URL, or PGlite in a data directory. Both carry the same schema and the same migrations. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzleEmbedded } from 'drizzle-orm/pglite';
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { describe } from '../describe-error.js';
import { lockDirectory } from './lock.js';
import { ownDirectory } from './own-directory.js';

/** What the rest of the program sees of the database; a transaction has the same type. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export interface Store {
  readonly db: Db;
  /** For a queue that lives in the same database; exactly one of the two is set. */
  readonly embedded: PGlite | null;
  readonly pool: pg.Pool | null;
  /** One statement as it stands, for the few that run with every delivery: prepared once for each connection under its name. */
  run(name: string, text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * PGlite asks for 128 MB of buffers and touches them all when it opens; with 16 MB opening costs half as much, the process holds 100 MB
 * less, and reads and writes of more than that cost the same, since the files are in the system's cache.
 */
const EMBEDDED = { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'] };

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** The server cannot be reached, or does not let us in. */
export class NoDatabase extends Error {}

/** Connects to `url` and brings the schema up to date. Throws `NoDatabase` when the server cannot be reached. */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max: 16, keepAlive: true });
  outliveConnections(pool);
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end();
    const { hostname, port } = new URL(url);
    throw new NoDatabase(
      `PostgreSQL at ${hostname || 'its socket'}${port && `:${port}`} cannot be used: ${describe(error)}. Does it run, and is DATABASE_URL right?`,
    );
  });
  try {
    // Several processes may start at once; the migrator itself does not guard against that.
    await client.query('select pg_advisory_lock(7077)');
    await migratePg(drizzlePg(client), { migrationsFolder, migrationsSchema: 'spokebot_migrations' });
  } finally {
    await client.query('select pg_advisory_unlock(7077)').catch(() => {});
    client.release();
  }
  return {
    db: drizzlePg(pool) as unknown as Db,
    embedded: null,
    pool,
    run: async (name, text, values) => (await pool.query({ name, text, values: values as unknown[] })).rows,
    close: () => pool.end(),
  };
}

/**
 * A connection that the server drops must not end the process, neither an idle one nor one in the middle of a transaction: whoever
 * waits for an answer on it gets the error, and the next query connects anew.
 */
export function outliveConnections(pool: pg.Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}

/**
 * Opens the embedded database below `directory` and holds the directory's lock until closed. A new directory is copied from a
 * template, since creating a cluster takes seconds and copying one a fraction of a second.
 */
export async function openEmbedded(directory: string): Promise<Store> {
  mkdirSync(directory, { recursive: true });
  const unlock = lockDirectory(directory);
  try {
    const cluster = path.join(directory, 'pg');
    if (!existsSync(cluster)) {
      const half = path.join(directory, 'pg.half');
      rmSync(half, { recursive: true, force: true });
      cpSync(await template(), half, { recursive: true });
      renameSync(half, cluster);
    }
    const embedded = await PGlite.create(cluster, EMBEDDED);
    const db = drizzleEmbedded(embedded);
    await migrateEmbedded(db, { migrationsFolder, migrationsSchema: 'spokebot_migrations' });
    return {
      db: db as unknown as Db,
      embedded,
      pool: null,
      run: async (_, text, values) => (await embedded.query<Record<string, unknown>>(text, [...values])).rows,
      close: async () => {
        await embedded.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

const KEPT = [fileURLToPath(new URL('../../.cache', import.meta.url)), path.join(tmpdir(), 'spokebot-cache')];

/** A migrated, empty cluster for this version of the schema; made once and kept beside the program, else in the temp directory. */
async function template(): Promise<string> {
  const digest = createHash('sha256');
  digest.update(readFileSync(path.join(migrationsFolder, 'meta/_journal.json')));
  const name = `pglite-${digest.digest('hex').slice(0, 12)}`;
  const ready = path.join(ownDirectory(KEPT), name);
  if (existsSync(ready)) return ready;
  const half = mkdtempSync(`${ready}-`);
  const database = await PGlite.create(half, EMBEDDED);
  await migrateEmbedded(drizzleEmbedded(database), { migrationsFolder, migrationsSchema: 'spokebot_migrations' });
  await database.close();
  try {
    renameSync(half, ready);
  } catch {
    // Another process was first; both are the same.
    rmSync(half, { recursive: true, force: true });
  }
  return ready;
}
