/**
 * Takes stored deliveries from the database and hands each to the handlers. A delivery stays `stored` until its handlers have
 * finished; whatever is still stored is found again by `openDeliveries`, so the queue may lose everything: it only says that there
 * is something to take. Processes that take at the same time never have the same delivery, by a claim that a dead one frees by time.
 */
import { and, asc, eq, inArray, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { describe } from '../describe-error.js';
import { isForGood } from '../for-good.js';
import type { Db } from '../store/open.js';
import { deliveries } from '../store/schema.js';

export { describe } from '../describe-error.js';

export type StoredDelivery = typeof deliveries.$inferSelect;

export interface ConsumePorts {
  readonly db: Db;
  readonly now: () => Date;
  /** Runs every handler of the event; rejects when one failed. */
  readonly handle: (delivery: StoredDelivery, payload: unknown) => Promise<void>;
  /** Has it looked again after so many milliseconds. */
  readonly again: (delayMs: number) => Promise<void>;
  /** Seconds for which a failure asks for a pause, which is nobody's failure; null when it asks for none. */
  readonly secondsAsked?: (error: unknown) => number | null;
  /** True for a failure that only says that somebody else was faster: nothing is wrong, and the next try sees what they did. */
  readonly raced?: (error: unknown) => boolean;
  readonly log: Readonly<Record<'error' | 'info', (fields: object, message: string) => void>>;
}

/** Seconds before the next try after the first, second, ... failure; after the last one the delivery is set aside. */
const BACKOFF_SECONDS = [2, 10, 60, 300, 1800, 7200];
/** Longer than a process stands still; who handles for longer renews its claims. */
const CLAIM_SECONDS = 30;

/** Hands a claimed delivery to its handlers, and commits what came of it. Rejects only when that cannot be committed. */
export async function consumeDelivery(delivery: StoredDelivery, ports: ConsumePorts): Promise<void> {
  const { seq, attempts } = delivery;
  try {
    await ports.handle(delivery, JSON.parse(delivery.payload));
    await ports.db
      .update(deliveries)
      .set({ state: 'done', doneAt: ports.now(), claimedUntil: null, error: null })
      .where(eq(deliveries.seq, seq));
  } catch (error) {
    const asked = ports.secondsAsked?.(error) ?? null;
    if (asked !== null) {
      await ports.db
        .update(deliveries)
        .set({
          claimedUntil: null,
          dueAt: new Date(ports.now().getTime() + asked * 1000),
          error: describe(error).slice(0, 2000),
        })
        .where(eq(deliveries.seq, seq));
      await ports.again(asked * 1000);
      return;
    }
    const seconds = BACKOFF_SECONDS[attempts];
    const failed = seconds === undefined || isForGood(error);
    const told = { deliveryId: delivery.guid, event: delivery.event, attempt: attempts + 1, error: describe(error) };
    if (failed) ports.log.error(told, 'the delivery was set aside; `spokebot doctor` lists it');
    else if (ports.raced?.(error)) ports.log.info(told, 'somebody else was faster; the delivery is tried again');
    else ports.log.error(told, 'a handler failed; the delivery is tried again');
    await ports.db
      .update(deliveries)
      .set({
        attempts: attempts + 1,
        claimedUntil: null,
        error: describe(error).slice(0, 2000),
        ...(failed ? { state: 'failed' as const } : { dueAt: new Date(ports.now().getTime() + seconds * 1000) }),
      })
      .where(eq(deliveries.seq, seq));
    if (!failed) await ports.again(seconds * 1000);
  }
}

/** Takes up to `most` deliveries that are due and that nobody has, oldest first. */
export async function claimDeliveries(db: Db, now: Date, most: number): Promise<StoredDelivery[]> {
  const due = db
    .select({ seq: deliveries.seq })
    .from(deliveries)
    .where(isFree(now))
    .orderBy(asc(deliveries.seq))
    .limit(most)
    .for('update', { skipLocked: true });
  const rows = await db
    .update(deliveries)
    .set({ claimedUntil: claimEnd(now) })
    .where(inArray(deliveries.seq, due))
    .returning();
  return rows.sort((a, b) => a.seq - b.seq);
}

/** Keeps what is claimed for as long again. */
export async function renewClaims(db: Db, now: Date, seqs: readonly number[]): Promise<void> {
  await db
    .update(deliveries)
    .set({ claimedUntil: claimEnd(now) })
    .where(and(inArray(deliveries.seq, [...seqs]), eq(deliveries.state, 'stored')));
}

/** Gives claims back: those of these deliveries, or all of them for a process that knows itself to be alone. */
export async function releaseDeliveries(db: Db, seqs: readonly number[] | 'all'): Promise<void> {
  await db
    .update(deliveries)
    .set({ claimedUntil: null })
    .where(and(eq(deliveries.state, 'stored'), seqs === 'all' ? undefined : inArray(deliveries.seq, [...seqs])));
}

/** Deliveries that are due and not finished, oldest first. */
export async function openDeliveries(db: Db, now: Date, limit = 1000): Promise<number[]> {
  const rows = await db
    .select({ seq: deliveries.seq })
    .from(deliveries)
    .where(isFree(now))
    .orderBy(asc(deliveries.seq))
    .limit(limit);
  return rows.map((row) => row.seq);
}

export async function countDeliveries(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .select({ state: deliveries.state, n: sql<number>`count(*)::int` })
    .from(deliveries)
    .groupBy(deliveries.state);
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}

function isFree(now: Date): SQL | undefined {
  return and(
    eq(deliveries.state, 'stored'),
    lte(deliveries.dueAt, now),
    or(isNull(deliveries.claimedUntil), lt(deliveries.claimedUntil, now)),
  );
}

function claimEnd(now: Date): Date {
  return new Date(now.getTime() + CLAIM_SECONDS * 1000);
}
