/** Scheduled work, in one process of several. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openRegularWork } from '../src/regular-work.js';

const silent = { error() {} } as never;

describe('regular work', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Two processes that ask one table of turns. */
  function two() {
    const last = new Map<string, number>();
    const takeTurn = async (name: string, ms: number) => {
      if (Date.now() - (last.get(name) ?? -Infinity) < ms * 0.9) return false;
      last.set(name, Date.now());
      return true;
    };
    return [openRegularWork({ takeTurn, log: silent }), openRegularWork({ takeTurn, log: silent })] as const;
  }

  test('is done once an interval, whoever does it', async () => {
    const done: string[] = [];
    const [a, b] = two();
    a.regularly('night', 60_000, async () => done.push('a'), false);
    b.regularly('night', 60_000, async () => done.push('b'), false);
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    expect(done.length).toBeGreaterThanOrEqual(10);
    expect(done.length).toBeLessThanOrEqual(12);
    a.stop();
    // The other one takes over what this one did.
    const before = done.length;
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(done.length - before).toBeGreaterThanOrEqual(5);
    expect(done.slice(before + 1).every((each) => each === 'b')).toBe(true);
    b.stop();
  });

  test('is done at the start of each where that is wanted, and goes on after a failure', async () => {
    let [starts, tries] = [0, 0];
    const [a, b] = two();
    for (const one of [a, b]) one.regularly('look', 60_000, async () => (starts += 1));
    await jest.advanceTimersByTimeAsync(0);
    expect(starts).toBe(2);
    a.regularly('fails', 60_000, () => {
      tries += 1;
      return Promise.reject(new Error('no'));
    });
    await jest.advanceTimersByTimeAsync(3 * 60_000);
    expect(tries).toBeGreaterThanOrEqual(3);
    a.stop();
    b.stop();
  });
});
