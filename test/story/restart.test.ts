/** The hub is stopped or killed in the middle of its work, again and again; what is on GitHub in the end is the same as without. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { HubProcess } from '../../src/demo/processes.js';
import { backends } from '../setup/backends.js';
import { type Balancer, startBalancer } from './balancer.js';
import { tellSmallStory } from './small-story.js';

describe('the whole hub', () => {
  let calm: unknown;
  beforeAll(async () => {
    calm = await tellSmallStory();
  }, 240_000);

  test('kill -9 of serve at three places ends in the same state on GitHub as no kill at all', async () => {
    const places: string[] = [];
    const stormy = await tellSmallStory({
      at: async (hub, where) => {
        places.push(where);
        await hub.kill('serve');
        await hub.start('serve');
      },
    });
    expect(places).toHaveLength(3);
    expect(stormy).toEqual(calm);
  }, 240_000);

  const shared = backends.filter(({ name }) => name === 'Redis + PostgreSQL');
  test.each(shared)(
    'two serve and three workers on $name end in the same state after a rolling restart',
    async (backend) => {
      const { databaseUrl, redisUrl, remove } = await backend.fresh();
      let balancer: Balancer | null = null;
      let restarts = 0;
      try {
        const rolled = await tellSmallStory({
          env: { DATABASE_URL: databaseUrl!, REDIS_URL: redisUrl! },
          processes: { serves: 2, workers: 3, workerOverQueue: true },
          async atTheStart({ github, serves }) {
            balancer = await startBalancer([...serves.values()]);
            await github.setWebhook(`${balancer.url}/api/github/webhooks`);
          },
          async at({ serves, end, start }, where) {
            const workers: readonly HubProcess[] = ['worker', 'worker-2', 'worker-3'];
            // In the middle of a build everything there is.
            const turn = where === 'a build runs' ? [...serves.keys(), ...workers] : workers;
            for (const name of turn) {
              await end(name);
              await start(name);
              restarts += 1;
            }
          },
          async atTheEnd() {
            expect([...balancer!.taken.values()].every((taken) => taken > 0)).toBe(true);
          },
        });
        expect(restarts).toBe(11);
        expect(rolled).toEqual(calm);
      } finally {
        (balancer as Balancer | null)?.close();
        await remove();
      }
    },
    240_000,
  );
});
