/** Small facts that outlive a process: keys that tokens are derived from, the reconciler's place, leases on shared work. */
import { randomBytes } from 'node:crypto';
import { eq, lt, sql } from 'drizzle-orm';
import type { Db } from './open.js';
import { settings } from './schema.js';

export async function readSetting(db: Db, key: string): Promise<unknown> {
  const [row] = await db.select().from(settings).where(eq(settings.key, key));
  return row?.value ?? null;
}

export async function writeSetting(db: Db, key: string, value: unknown, now: Date): Promise<void> {
  await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
}

/** A random key, made once and the same for every process on this database. */
export async function secretKey(db: Db, name: string, now: Date): Promise<string> {
  const key = `key.${name}`;
  await db
    .insert(settings)
    .values({ key, value: randomBytes(32).toString('hex'), updatedAt: now })
    .onConflictDoNothing();
  return (await readSetting(db, key)) as string;
}

/** True for one holder at a time, which keeps it by asking again before `seconds` have passed. */
export async function takeLease(db: Db, name: string, holder: string, seconds: number, now: Date): Promise<boolean> {
  const key = `lease.${name}`;
  const until = new Date(now.getTime() + seconds * 1000);
  const rows = await db
    .insert(settings)
    .values({ key, value: holder, updatedAt: until })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: holder, updatedAt: until },
      setWhere: sql`${settings.value} = ${JSON.stringify(holder)}::jsonb or ${lt(settings.updatedAt, now)}`,
    })
    .returning({ key: settings.key });
  return rows.length > 0;
}
