/** A hub dies between two of its effects, wherever that is; the next one brings the story to the same end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tellOnce } from '../../bench/chaos/points/enumerate.js';
import { openWorld, type World } from '../../bench/chaos/points/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

test('ci R4: killed again and again between two side effects, the final state on GitHub is identical', async () => {
  const calm = await tellOnce(world, []);
  expect(calm.effects.length).toBeGreaterThan(80);
  expect(calm.effects.join()).toMatch(/POST .*check-runs.*/);
  // Each life a little longer than the last, so that no two end at the same place of the story.
  const stormy = await tellOnce(world, [3, 7, 11, 14, 16, 17, 18, 19, 21, 23]);
  expect(stormy.deaths).toBeGreaterThan(7);
  expect([stormy.duplicated, stormy.unended]).toEqual([[], []]);
  expect(stormy.end).toEqual(calm.end);
}, 300_000);
