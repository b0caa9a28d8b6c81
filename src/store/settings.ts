/** Small facts that outlive a process: keys that tokens are derived from, the reconciler's place, leases on shared work. */
import { randomBytes } from 'node:crypto';
import { eq, lte } from 'drizzle-orm';
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

export async function removeSetting(db: Db, key: string): Promise<void> {
  await db.delete(settings).where(eq(settings.key, key));
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

/** True for one process of several, once in `everyMs`. The work itself must bear being done twice. */
export async function takeTurn(db: Db, name: string, everyMs: number, now: Date): Promise<boolean> {
  const rows = await db
    .insert(settings)
    .values({ key: `turn.${name}`, value: true, updatedAt: now })
    .onConflictDoUpdate({
      target: settings.key,
      set: { updatedAt: now },
      // A little early rather than a whole interval late: clocks and timers are not exact.
      setWhere: lte(settings.updatedAt, new Date(now.getTime() - everyMs * 0.9)),
    })
    .returning({ key: settings.key });
  return rows.length > 0;
}
