import { expect, test } from '@jest/globals';
import { gatherInto } from '../../src/queue/gather.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An addition that ends when the test says so. */
function slowQueue() {
  const batches: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const add = (items: readonly number[]) =>
    new Promise<void>((resolve, reject) => {
      batches.push([...items]);
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  return { batches, ends, add };
}

test('what comes while an addition is under way goes together in the next one, in order', async () => {
  const { batches, ends, add } = slowQueue();
  const gather = gatherInto(add, () => {});
  gather(1);
  gather(2);
  await turn();
  expect(batches).toEqual([[1, 2]]);
  for (const n of [3, 4, 5]) gather(n);
  await turn();
  expect(batches).toHaveLength(1);
  ends[0]!();
  await turn();
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  ends[1]!();
  await turn();
  gather(6);
  await turn();
  expect(batches[2]).toEqual([6]);
});

test('an addition that fails is told, and the next one goes on', async () => {
  const { batches, ends, add } = slowQueue();
  const failures: unknown[] = [];
  const gather = gatherInto(add, (error) => void failures.push(error));
  gather(1);
  await turn();
  gather(2);
  ends[0]!(new Error('the queue is away'));
  await turn();
  expect(failures).toEqual([new Error('the queue is away')]);
  expect(batches).toEqual([[1], [2]]);
});
