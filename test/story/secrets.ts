/** Everything that a hub keeps anywhere, as lines of text, and what in it would let somebody in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

/** A line and where it was found. */
export interface Kept {
  readonly where: string;
  readonly text: string;
}

/** GitHub's tokens of all kinds, those of pools and attempts, a signed JWT, a private key. */
const SECRET =
  /\bsb[ap]_[0-9a-f]{8,}|\bgh[a-z]_\w{8,}|\bgithub_pat_\w{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Places that hold something of this kind, or one of `also`. */
export function secretsIn(kept: readonly Kept[], also: readonly string[] = []): string[] {
  return kept
    .filter(({ text }) => SECRET.test(text) || also.some((secret) => text.includes(secret)))
    .map(({ where }) => where);
}

/** All keys of a Redis database, whatever their type. */
export async function keptInRedis(url: string): Promise<Kept[]> {
  const redis = new Redis(url);
  const kept: Kept[] = [];
  for (const key of await redis.keys('*')) kept.push({ where: `redis ${key}`, text: `${key} ${await value(key)}` });
  redis.disconnect();
  return kept;

  async function value(key: string): Promise<string> {
    const type = await redis.type(key);
    const read: Record<string, () => Promise<unknown>> = {
      string: () => redis.get(key),
      hash: () => redis.hgetall(key),
      list: () => redis.lrange(key, 0, -1),
      set: () => redis.smembers(key),
      zset: () => redis.call('ZRANGE', key, '0', '-1', 'WITHSCORES'),
      stream: () => redis.xrange(key, '-', '+'),
      none: async () => '',
    };
    const reader = read[type];
    if (reader === undefined) throw new Error(`${key} is of the type ${type}, which is not read here`);
    return JSON.stringify(await reader());
  }
}

/** All rows of all tables of all schemas but PostgreSQL's own. */
export async function keptInPostgres(url: string): Promise<Kept[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query(
      `select table_schema as schema, table_name as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const kept: Kept[] = [];
    for (const { schema, name } of tables) {
      const { rows } = await client.query(`select each::text as text from "${schema}"."${name}" as each`);
      for (const { text } of rows) kept.push({ where: `${schema}.${name}`, text });
    }
    return kept;
  } finally {
    await client.end();
  }
}

/** All files below a directory, but for the folders named. */
export function keptInFiles(directory: string, without: readonly string[] = []): Kept[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const where = path.join(directory, entry.name);
    if (entry.isDirectory()) return without.includes(entry.name) ? [] : keptInFiles(where);
    return entry.isFile() ? [{ where, text: readFileSync(where, 'latin1') }] : [];
  });
}
