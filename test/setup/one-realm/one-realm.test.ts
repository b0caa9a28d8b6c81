/** What the tests of this folder's neighbours rely on: `expect` and the packages see the same `Error`, and time can be stopped. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { HTTPException } from 'hono/http-exception';

afterEach(() => void jest.useRealTimers());

test('an error of a package is an Error of the tests', () => {
  expect(new HTTPException(401)).toBeInstanceOf(Error);
  expect(Object.getPrototypeOf(Buffer.from(JSON.stringify({})).toJSON())).toBe(Object.prototype);
});

test('expect tells errors, dates, maps and classes apart', () => {
  expect({ error: new Error('one') }).not.toEqual({ error: new Error('two') });
  expect(new Map([[1, new Date(1)]])).not.toEqual(new Map([[1, new Date(2)]]));
  expect(
    new (class {
      at = 1;
    })(),
  ).not.toStrictEqual({ at: 1 });
  expect(() =>
    expect(() => {
      throw new TypeError('one');
    }).toThrow(RangeError),
  ).toThrow('Expected constructor');
});

test('a stopped clock is that of the code under test', async () => {
  jest.useFakeTimers();
  const before = Date.now();
  let late = 0;
  setTimeout(() => {
    late = Date.now();
  }, 1000);
  await jest.advanceTimersByTimeAsync(1000);
  expect(late).toBe(before + 1000);
  jest.useRealTimers();
  await wait(1);
});

test('a module is one, however it is imported', async () => {
  const [one, other] = await Promise.all([import('../backends.js'), import('../backends.js')]);
  expect(one.backends).toBe(other.backends);
  expect(one.backends.length).toBeGreaterThan(0);
});
