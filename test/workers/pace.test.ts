import { expect, test } from '@jest/globals';
import { createPace } from '../../src/workers/pace.js';

const limits = { burst: 10, perSecond: 2, most: 3 };

test('a full measure comes at once, then as much as flows back, and what is refused takes nothing', () => {
  const pace = createPace(limits);
  expect(pace.take('a', 8, 0)).toBeNull();
  expect(pace.take('a', 4, 0)).toBe(1);
  expect(pace.take('a', 10, 0)).toBe(4);
  // Nothing was taken by those two: what was left is still there, and 2 more a second.
  expect(pace.take('a', 4, 1000)).toBeNull();
  expect(pace.take('a', 1, 1000)).toBe(1);
  expect(pace.take('a', 10, 6000)).toBeNull();
});

test('no more than a measure is saved up, one that is larger than it still finds room, and a clock that goes back gives nothing', () => {
  const pace = createPace(limits);
  expect(pace.take('a', 10, 0)).toBeNull();
  expect(pace.take('a', 10, 3_600_000)).toBeNull();
  expect(pace.take('a', 1, 3_600_000)).toBe(1);
  expect(pace.take('a', 1, 0)).toBe(1);
  expect(pace.take('b', 500, 0)).toBeNull();
});

test('each has a measure of its own, and a bounded number of them is remembered', () => {
  const pace = createPace(limits);
  for (const key of ['a', 'b', 'c']) expect(pace.take(key, 10, 0)).toBeNull();
  expect(pace.take('a', 1, 0)).toBe(1);
  expect(pace.take('d', 1, 0)).toBeNull();
  // Silent for longest, so forgotten; the one that spoke again is not.
  expect(pace.take('b', 10, 0)).toBeNull();
  expect(pace.take('a', 1, 0)).toBe(1);
});
