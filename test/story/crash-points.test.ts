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
  // What was made on GitHub without anybody having heard of it, and any other places.
  const made = /POST .*(?:check-runs|comments|labels)$/;
  const stormy = await tellOnce(world, [3, 9, made, made, made, 4, made, 14, 19, made]);
  expect(stormy.deaths).toBeGreaterThan(7);
  expect([stormy.duplicated, stormy.unended]).toEqual([[], []]);
  expect(stormy.end).toEqual(calm.end);
}, 180_000);
