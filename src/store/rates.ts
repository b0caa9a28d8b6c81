/** GitHub's budget of each installation, shared by all processes. */
import { eq, gt, or, sql } from 'drizzle-orm';
import type { Rate } from '../outbox/rate.js';
import type { Db } from './open.js';
import { apiRates, installations } from './schema.js';

/** What one answer told. */
export interface ToldRate {
  readonly most: number;
  readonly left: number;
  readonly resetAt: Date;
}

export async function readRate(db: Db, installationId: number): Promise<Rate | null> {
  const [row] = await db.select().from(apiRates).where(eq(apiRates.installationId, installationId));
  return row ?? null;
}

/** Notes what was told; of one window the least that is left holds, since answers may overtake each other. */
export async function noteRate(db: Db, installationId: number, told: ToldRate, now: Date): Promise<void> {
  // Windows are told in whole seconds, and one may be told a second earlier or later.
  const sameWindow = sql`abs(extract(epoch from excluded.reset_at - ${apiRates.resetAt})) < 30`;
  await db
    .insert(apiRates)
    .values({ installationId, ...told, at: now })
    .onConflictDoUpdate({
      target: apiRates.installationId,
      set: {
        most: sql`excluded.most`,
        left: sql`case when ${sameWindow} then least(${apiRates.left}, excluded."left") else excluded."left" end`,
        resetAt: sql`excluded.reset_at`,
        at: now,
      },
      // What belongs to a window that is over says nothing.
      setWhere: sql`excluded.reset_at > ${apiRates.resetAt} - interval '30 seconds'`,
    });
}

/** Notes that GitHub wants to be left alone until then. */
export async function notePause(db: Db, installationId: number, until: Date, now: Date): Promise<void> {
  await db
    .insert(apiRates)
    .values({ installationId, most: 0, left: 0, resetAt: new Date(0), pausedUntil: until, at: now })
    .onConflictDoUpdate({
      target: apiRates.installationId,
      set: { pausedUntil: sql`greatest(${apiRates.pausedUntil}, excluded.paused_until)`, at: now },
    });
}

export interface ListedRate extends Rate {
  readonly installationId: number;
  /** Account that the App is installed on; null when no delivery has told it. */
  readonly account: string | null;
  readonly at: Date;
}

/** Those that were told something that still holds, the shortest first. */
export async function listRates(db: Db, now: Date, limit: number): Promise<ListedRate[]> {
  return db
    .select({
      installationId: apiRates.installationId,
      account: installations.account,
      most: apiRates.most,
      left: apiRates.left,
      resetAt: apiRates.resetAt,
      pausedUntil: apiRates.pausedUntil,
      at: apiRates.at,
    })
    .from(apiRates)
    .leftJoin(installations, eq(installations.id, apiRates.installationId))
    .where(or(gt(apiRates.resetAt, now), gt(apiRates.pausedUntil, now)))
    .orderBy(
      sql`${apiRates.pausedUntil} > ${now.toISOString()}::timestamptz desc nulls last`,
      sql`${apiRates.left}::float / greatest(${apiRates.most}, 1)`,
    )
    .limit(limit);
}
