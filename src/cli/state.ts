/** Reads the state for a command: from the `serve` that runs here, else from the database itself. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { dataDirectory, type Env } from '../environment.js';
import { type Db, openEmbedded, openPostgres } from '../store/open.js';
import { askServe, findServe } from './running.js';

/** False where neither a `serve` runs nor a database is: then nothing can be known, whatever is asked. */
export function hasState(env: Env): boolean {
  const directory = dataDirectory(env);
  return Boolean(env.DATABASE_URL) || findServe(directory) !== null || existsSync(path.join(directory, 'pg'));
}

/**
 * `route` asks a running `serve`; `read` reads the database when none runs here; null where there is no state yet. Throws `DirectoryInUse` when another process
 * holds the data directory.
 */
export async function withState<T>(env: Env, route: string, read: (db: Db) => Promise<T | null>): Promise<T | null> {
  const directory = dataDirectory(env);
  const running = findServe(directory);
  if (running !== null) return askServe<T>(running, route);
  // Asking must not make an empty state where there is none.
  if (!hasState(env)) return null;
  const store = env.DATABASE_URL ? await openPostgres(env.DATABASE_URL) : await openEmbedded(directory);
  try {
    return await read(store.db);
  } finally {
    await store.close();
  }
}
