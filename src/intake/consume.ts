/**
 * Takes stored deliveries from the queue and hands each to the handlers. A delivery stays `stored` until its handlers have
 * finished; whatever is still stored is found again by `openDeliveries`, so the queue may lose everything.
 */
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { describe } from '../describe-error.js';
import type { Db } from '../store/open.js';
import { deliveries } from '../store/schema.js';

export { describe } from '../describe-error.js';

export type StoredDelivery = typeof deliveries.$inferSelect;

export interface ConsumePorts {
  readonly db: Db;
  readonly now: () => Date;
  /** Runs every handler of the event; rejects when one failed. */
  readonly handle: (delivery: StoredDelivery, payload: unknown) => Promise<void>;
  readonly again: (seq: number, delayMs: number) => Promise<void>;
  readonly log: { error(fields: object, message: string): void };
}

/** Seconds before the next try after the first, second, ... failure; after the last one the delivery is set aside. */
const BACKOFF_SECONDS = [2, 10, 60, 300, 1800, 7200];

export async function consumeDelivery(seq: number, ports: ConsumePorts): Promise<void> {
  const [delivery] = await ports.db.select().from(deliveries).where(eq(deliveries.seq, seq));
  if (delivery === undefined || delivery.state !== 'stored') return;
  try {
    await ports.handle(delivery, JSON.parse(delivery.payload));
    await ports.db
      .update(deliveries)
      .set({ state: 'done', doneAt: ports.now(), error: null })
      .where(eq(deliveries.seq, seq));
  } catch (error) {
    const seconds = BACKOFF_SECONDS[delivery.attempts];
    const failed = seconds === undefined;
    ports.log.error(
      { deliveryId: delivery.guid, event: delivery.event, attempt: delivery.attempts + 1, error: describe(error) },
      failed
        ? 'the delivery was set aside; `spokebot doctor` lists it'
        : 'a handler failed; the delivery is tried again',
    );
    await ports.db
      .update(deliveries)
      .set({
        attempts: delivery.attempts + 1,
        error: describe(error).slice(0, 2000),
        ...(failed ? { state: 'failed' as const } : { dueAt: new Date(ports.now().getTime() + seconds * 1000) }),
      })
      .where(eq(deliveries.seq, seq));
    if (!failed) await ports.again(seq, seconds * 1000);
  }
}

/** Deliveries that are due and not finished, oldest first. */
export async function openDeliveries(db: Db, now: Date, limit = 1000): Promise<number[]> {
  const rows = await db
    .select({ seq: deliveries.seq })
    .from(deliveries)
    .where(and(eq(deliveries.state, 'stored'), lte(deliveries.dueAt, now)))
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
