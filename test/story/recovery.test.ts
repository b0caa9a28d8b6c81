/** What is lost of a hub's own memory comes back from GitHub: the queue, and what a database from an older backup does not know. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { backUp, loseQueue } from '../../bench/chaos/points/backup.js';
import { comparable } from '../../bench/chaos/points/enumerate.js';
import { restOf, tellSmall, withWorker } from '../../bench/chaos/points/story.js';
import { openWorld, type World } from '../../bench/chaos/points/world.js';
import { countedIn } from '../../bench/chaos/seen.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.begin(), 60_000);

const ends = async () => comparable(await world.github.dump());
const twice = async () => countedIn(await world.github.effects()).duplicated;

test('ci R7: killed right after the answer to a delivery, the event is worked off after the restart', async () => {
  const { github } = world;
  await github.createRepo('LLNL/zfp', { collaborators: { octocat: 'admin' } });
  await github.as('octocat').install('LLNL');
  await restOf(world);
  await world.end();
  // Stored, answered, and then taken to be handled: with that it dies.
  await world.start([2]);
  const { number } = await github.as('octocat').openIssue('LLNL/zfp', { title: 'zfp crashes', body: 'It crashes.' });
  await github.until('our comment', async () => (await github.as('octocat').comments('LLNL/zfp', number)).length > 0, {
    timeoutMs: 60_000,
  });
  expect(world.deaths()).toBe(1);
  const sent = (await github.effects()).deliveries.filter(
    ({ event, action }) => `${event} ${action}` === 'issues opened',
  );
  expect(sent.map(({ statusCode }) => statusCode)).toEqual([200]);
  await restOf(world);
  await world.end();
  expect(await github.as('octocat').comments('LLNL/zfp', number)).toHaveLength(1);
}, 120_000);

test('a database restored from an older backup comes to the state that GitHub shows, and nothing is done twice', async () => {
  let restore = async () => {};
  await tellSmall(world, async () => {
    await restOf(world);
    restore = await backUp(world);
  });
  const before = await ends();
  await world.end();
  await restore();
  await world.start();
  await withWorker(world, async () => {
    await world.ask((hub) => hub.reconcile());
    await restOf(world);
  });
  await world.end();
  expect(await twice()).toEqual([]);
  expect(await ends()).toEqual(before);
}, 200_000);

test('a queue that is lost whole in the middle of the story changes nothing of its end', async () => {
  const lost: number[] = [];
  await tellSmall(world, async () => {
    await loseQueue(world);
    lost.push(1);
  });
  await world.end();
  const dump = await world.github.dump();
  expect(lost).toEqual([1]);
  expect(await twice()).toEqual([]);
  expect(Object.values(dump).flatMap(({ checks }) => checks.map(({ status }) => status))).not.toContain('queued');
}, 200_000);
