import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backends } from '../setup/backends.js';
import { eventually, type OpenBackend, openFresh } from './open.js';

describe.each(backends)('queues on $name', (backend) => {
  let opened: OpenBackend;
  beforeAll(async () => {
    opened = await openFresh(backend);
  });
  afterAll(() => opened.remove());

  test('a job reaches a consumer with its body', async () => {
    const got: unknown[] = [];
    const consumer = opened.queues.consume('plain', 1, async (body) => void got.push(body));
    await opened.queues.add('plain', [{ id: 'a', body: { text: 'ä "quoted" \\ \u2028', list: [1, null] } }]);
    await eventually(() => got.length === 1);
    expect(got).toEqual([{ text: 'ä "quoted" \\ \u2028', list: [1, null] }]);
    await consumer.close();
  });

  test('the same id twice while the first waits is one job, and may come again when it is done', async () => {
    await opened.queues.add('twice', [{ id: 'same', body: 1 }]);
    await opened.queues.add('twice', [{ id: 'same', body: 2 }]);
    const got: unknown[] = [];
    const consumer = opened.queues.consume('twice', 1, async (body) => void got.push(body));
    await eventually(() => got.length === 1);
    await eventually(async () => (await opened.queues.waiting('twice')) === 0);
    await opened.queues.add('twice', [{ id: 'same', body: 3 }]);
    await eventually(() => got.length === 2);
    expect(got).toEqual([1, 3]);
    await consumer.close();
  });

  test('a job that fails is not run again by the queue', async () => {
    let runs = 0;
    const consumer = opened.queues.consume('failing', 1, async () => {
      runs++;
      throw new Error('no');
    });
    await opened.queues.add('failing', [{ id: 'f', body: null }]);
    await eventually(async () => runs > 0 && (await opened.queues.waiting('failing')) === 0);
    expect(runs).toBe(1);
    await consumer.close();
  });

  test('a delayed job comes later than one added after it', async () => {
    const got: unknown[] = [];
    const consumer = opened.queues.consume('delayed', 1, async (body) => void got.push(body));
    await opened.queues.add('delayed', [{ id: 'late', body: 'late', delayMs: 400 }]);
    await opened.queues.add('delayed', [{ id: 'soon', body: 'soon' }]);
    await eventually(() => got.length === 2);
    expect(got).toEqual(['soon', 'late']);
    await consumer.close();
  });

  test('a taker gets each job once and null when there is none', async () => {
    const taker = opened.queues.taker('taken');
    expect(await taker.take()).toBeNull();
    await opened.queues.add('taken', [
      { id: 'one', body: 1 },
      { id: 'two', body: 2 },
    ]);
    expect(await eventually(() => taker.take())).toBe(1);
    expect(await eventually(() => taker.take())).toBe(2);
    expect(await taker.take()).toBeNull();
    expect(await opened.queues.waiting('taken')).toBe(0);
    await taker.close();
  });
});
