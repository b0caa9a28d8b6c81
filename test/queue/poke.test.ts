import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { pokeSparingly } from '../../src/queue/poke.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('the first poke leaves at once, and what comes while it is under way or soon after is one more', async () => {
  const ends: (() => void)[] = [];
  const poke = pokeSparingly(
    () => new Promise((resolve) => void ends.push(resolve)),
    () => {},
    10,
  );
  poke();
  expect(ends).toHaveLength(1);
  poke();
  await jest.advanceTimersByTimeAsync(100);
  expect(ends).toHaveLength(1);
  ends[0]!();
  await jest.advanceTimersByTimeAsync(9);
  poke();
  expect(ends).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(ends).toHaveLength(2);
  ends[1]!();
  await jest.advanceTimersByTimeAsync(1000);
  expect(ends).toHaveLength(2);
  poke();
  expect(ends).toHaveLength(3);
});

test('a poke that fails is told, and the next one goes on', async () => {
  const failures: unknown[] = [];
  let pokes = 0;
  const poke = pokeSparingly(
    async () => {
      pokes += 1;
      throw new Error('the queue is away');
    },
    (error) => void failures.push(error),
    10,
  );
  poke();
  poke();
  await jest.advanceTimersByTimeAsync(10);
  expect(failures).toEqual([new Error('the queue is away'), new Error('the queue is away')]);
  expect(pokes).toBe(2);
});
