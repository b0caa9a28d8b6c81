import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { claimDeliveries, consumeDelivery, openDeliveries } from '../../src/intake/consume.js';
import { openConsumer } from '../../src/intake/consumer.js';
import { type NewDelivery, openRecorder } from '../../src/intake/record.js';
import { isStale, StaleFacts } from '../../src/perform.js';
import { deliveries } from '../../src/store/schema.js';
import { backends } from '../setup/backends.js';
import { eventually, type OpenBackend, openFresh } from './open.js';

function delivery(change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    guid: 'd0000000-0000-0000-0000-000000000001',
    event: 'issues',
    source: 'webhook',
    payload: '{"action":"opened"}',
    activity: 'opened',
    installationId: 1,
    repository: 'hypre-space/hypre',
    ...change,
  };
}

describe.each(backends)('intake on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  test('ci R9: a delivery is stored once, and one with the same id but another body is another', async () => {
    const recorder = openRecorder(opened.store, opened.now);
    const first = await recorder.record(delivery());
    expect(first.seq).not.toBeNull();
    expect(await recorder.record(delivery())).toEqual({ seq: null });
    expect((await recorder.record(delivery({ payload: '{"action":"edited"}' }))).seq).not.toBeNull();
    expect((await recorder.record(delivery({ event: 'issue_comment' }))).seq).not.toBeNull();
  });

  test('of a hundred at once, with doubles among them, each is stored once and answered by its own row', async () => {
    const recorder = openRecorder(opened.store, opened.now);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, n) => recorder.record(delivery({ guid: `many-${n % 50}` }))),
    );
    const seqs = results.map((each) => each.seq).filter((seq) => seq !== null);
    expect(seqs).toHaveLength(50);
    expect(new Set(seqs).size).toBe(50);
    const [row] = await opened.store.db
      .select()
      .from(deliveries)
      .where(eq(deliveries.seq, (results[7]!.seq ?? results[57]!.seq)!));
    expect(row?.guid).toBe('many-7');
  });

  test('a delivery whose handler fails waits longer each time, and is set aside at last with the reason', async () => {
    const recorder = openRecorder(opened.store, opened.now);
    const { seq } = await recorder.record(delivery({ guid: 'poison' }));
    const waits: number[] = [];
    for (let tries = 0; tries < 7; tries++) {
      const [row] = await opened.store.db.select().from(deliveries).where(eq(deliveries.seq, seq!));
      await consumeDelivery(row!, {
        db: opened.store.db,
        now: opened.now,
        handle: async () => {
          throw new AggregateError([new Error('first'), new Error('second')]);
        },
        again: async (delayMs) => void waits.push(delayMs / 1000),
        log: { error() {}, info() {} },
      });
    }
    expect(waits).toEqual([2, 10, 60, 300, 1800, 7200]);
    const [row] = await opened.store.db.select().from(deliveries).where(eq(deliveries.seq, seq!));
    expect(row).toMatchObject({ state: 'failed', attempts: 7, error: 'first; second' });
    // Redelivered once the cause is mended, it gets another chance.
    expect(await recorder.record(delivery({ guid: 'poison' }))).toEqual({ seq });
    expect(await openDeliveries(opened.store.db, opened.now())).toContain(seq);
    expect(await recorder.record(delivery({ guid: 'poison' }))).toEqual({ seq: null });
  });

  test('ci R30: a delivery that GitHub asks to wait with waits that long, which is no failure of its own', async () => {
    const { db } = opened.store;
    const { seq } = await openRecorder(opened.store, opened.now).record(delivery({ guid: 'asked-to-wait' }));
    const waits: number[] = [];
    const row = async () => (await db.select().from(deliveries).where(eq(deliveries.seq, seq!)))[0]!;
    const ports = {
      db,
      now: opened.now,
      handle: async () => {
        throw new Error('429: later');
      },
      again: async (delayMs: number) => void waits.push(delayMs / 1000),
      secondsAsked: () => 600,
      log: { error() {}, info() {} },
    };
    for (let tries = 0; tries < 10; tries++) await consumeDelivery(await row(), ports);
    expect(waits).toEqual(Array.from({ length: 10 }, () => 600));
    expect(await row()).toMatchObject({ state: 'stored', attempts: 0, claimedUntil: null });
    expect(await openDeliveries(db, opened.now())).not.toContain(seq);
    opened.clock.at = new Date(opened.clock.at.getTime() + 600_000);
    await consumeDelivery(await row(), { ...ports, handle: async () => {} });
    expect((await row()).state).toBe('done');
  });

  test('a delivery that somebody else was faster about is tried again, and no error is told', async () => {
    const { db } = opened.store;
    const { seq } = await openRecorder(opened.store, opened.now).record(delivery({ guid: 'raced' }));
    const row = async () => (await db.select().from(deliveries).where(eq(deliveries.seq, seq!)))[0]!;
    const told: string[] = [];
    const ports = {
      db,
      now: opened.now,
      again: async () => {},
      raced: isStale,
      log: { error: (_: object, message: string) => told.push(message), info() {} },
    };
    const failing = (error: Error) => async () => {
      throw error;
    };
    const stale = new StaleFacts('#2 was decided by somebody else meanwhile');
    await consumeDelivery(await row(), { ...ports, handle: failing(new AggregateError([stale])) });
    expect(await row()).toMatchObject({ state: 'stored', attempts: 1 });
    expect(told).toEqual([]);
    await consumeDelivery(await row(), { ...ports, handle: failing(new AggregateError([stale, new Error('No.')])) });
    expect(told).toEqual(['a handler failed; the delivery is tried again']);
    await consumeDelivery(await row(), { ...ports, handle: async () => {} });
    expect((await row()).state).toBe('done');
  });

  test('what is stored and due is found again without the queue', async () => {
    const recorder = openRecorder(opened.store, opened.now);
    const { seq } = await recorder.record(delivery({ guid: 'forgotten' }));
    expect(await openDeliveries(opened.store.db, opened.now())).toContain(seq);
    const handled: number[] = [];
    const consumer = openConsumer({
      db: opened.store.db,
      now: opened.now,
      handle: async (delivery) => void handled.push(delivery.seq),
      again: async () => {},
      log: { error() {}, info() {} },
    });
    expect(consumer.wake()).toBe(true);
    // Not by what is open: what is taken and not begun yet is not, and a consumer that closes gives it back.
    await eventually(async () => (await opened.store.db.$count(deliveries, eq(deliveries.state, 'stored'))) === 0);
    await consumer.close();
    expect(handled).toContain(seq);
    const [row] = await opened.store.db.select().from(deliveries).where(eq(deliveries.seq, seq!));
    expect(row).toMatchObject({ state: 'done', claimedUntil: null });
  });

  test('two that take at the same time never have the same delivery, and what a dead one had is free after its time', async () => {
    const { db } = opened.store;
    const recorder = openRecorder(opened.store, opened.now);
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) => recorder.record(delivery({ guid: `two-${n}` }))),
    );
    const claims = await Promise.all([8, 8, 8].map((most) => claimDeliveries(db, opened.now(), most)));
    const taken = claims.flat().map((each) => each.seq);
    expect(taken.toSorted((a, b) => a - b)).toEqual(made.map(({ seq }) => seq!).toSorted((a, b) => a - b));
    expect(await claimDeliveries(db, opened.now(), 8)).toEqual([]);
    opened.clock.at = new Date(opened.clock.at.getTime() + 31_000);
    expect(await claimDeliveries(db, opened.now(), 50)).toHaveLength(20);
  });

  test('a consumer handles a hundred, eight at a time, and gives back at its end what it has not begun', async () => {
    const { db } = opened.store;
    opened.clock.at = new Date(opened.clock.at.getTime() + 31_000);
    const recorder = openRecorder(opened.store, opened.now);
    await Promise.all(Array.from({ length: 100 }, (_, n) => recorder.record(delivery({ guid: `many-more-${n}` }))));
    let running = 0;
    let most = 0;
    const seen: string[] = [];
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const consumer = openConsumer({
      db,
      now: opened.now,
      handle: async ({ guid }) => {
        running += 1;
        most = Math.max(most, running);
        seen.push(guid);
        if (seen.length === 60) stop();
        await new Promise(setImmediate);
        running -= 1;
      },
      again: async () => {},
      log: { error() {}, info() {} },
    });
    consumer.wake();
    await stopped;
    await consumer.close();
    expect(most).toBeLessThanOrEqual(8);
    expect(new Set(seen).size).toBe(seen.length);
    // The twenty of the test before are handled as well.
    expect((await openDeliveries(db, opened.now())).length).toBe(120 - seen.length);
  });
});
