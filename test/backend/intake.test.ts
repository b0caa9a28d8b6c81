import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { consumeDelivery, openDeliveries } from '../../src/intake/consume.js';
import { type NewDelivery, openRecorder } from '../../src/intake/record.js';
import { deliveries } from '../../src/store/schema.js';
import { backends } from '../setup/backends.js';
import { type OpenBackend, openFresh } from './open.js';

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
    const recorder = openRecorder(opened.store.db, opened.now);
    const first = await recorder.record(delivery());
    expect(first.seq).not.toBeNull();
    expect(await recorder.record(delivery())).toEqual({ seq: null });
    expect((await recorder.record(delivery({ payload: '{"action":"edited"}' }))).seq).not.toBeNull();
    expect((await recorder.record(delivery({ event: 'issue_comment' }))).seq).not.toBeNull();
  });

  test('of a hundred at once, with doubles among them, each is stored once and answered by its own row', async () => {
    const recorder = openRecorder(opened.store.db, opened.now);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, n) => recorder.record(delivery({ guid: `many-${n % 50}` }))),
    );
    const seqs = results.map((each) => each.seq).filter((seq) => seq !== null);
    expect(seqs).toHaveLength(50);
    expect(new Set(seqs).size).toBe(50);
    const [row] = await opened.store.db.select().from(deliveries).where(eq(deliveries.seq, results[7]!.seq!));
    expect(row?.guid).toBe('many-7');
  });

  test('a delivery whose handler fails waits longer each time, and is set aside at last with the reason', async () => {
    const recorder = openRecorder(opened.store.db, opened.now);
    const { seq } = await recorder.record(delivery({ guid: 'poison' }));
    const waits: number[] = [];
    for (let tries = 0; tries < 7; tries++) {
      await consumeDelivery(seq!, {
        db: opened.store.db,
        now: opened.now,
        handle: async () => {
          throw new AggregateError([new Error('first'), new Error('second')]);
        },
        again: async (_, delayMs) => void waits.push(delayMs / 1000),
        log: { error() {} },
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

  test('what is stored and due is found again without the queue', async () => {
    const recorder = openRecorder(opened.store.db, opened.now);
    const { seq } = await recorder.record(delivery({ guid: 'forgotten' }));
    expect(await openDeliveries(opened.store.db, opened.now())).toContain(seq);
    await consumeDelivery(seq!, {
      db: opened.store.db,
      now: opened.now,
      handle: async () => {},
      again: async () => {},
      log: { error() {} },
    });
    expect(await openDeliveries(opened.store.db, opened.now())).not.toContain(seq);
  });
});
