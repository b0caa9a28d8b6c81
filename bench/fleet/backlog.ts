/**
 * Ten thousand builds that all wait at once, and two hundred simulated workers: how many the hub hands out and ends in a second of ours,
 * and whether any is lost. Real ledger, releases, sweeper and messages over Redis; the workers build nothing.
 */
import { startPostgres, startRedis } from '../../test/setup/servers.js';
import { createTally, type Section } from '../section.js';
import { simulateFleet } from './simulate.js';

const SEED = 1;
/** Of each of the five pools: 2,000 builds and 40 workers. */
const SIZE = {
  pools: 5,
  workers: 40,
  load: { flood: 1200, steady: 500, small: 250, tiny: 30 },
  nightly: 5,
  silent: 0,
  seconds: [10, 20] as const,
};
const QUICK = { ...SIZE, workers: 10, load: { flood: 120, steady: 50, small: 25, tiny: 3 }, nightly: 1 };

export const backlogSection: Section = {
  id: 'backlog',
  async run({ quick, say }) {
    const tally = createTally();
    const size = quick ? QUICK : SIZE;
    const [redis, postgres] = [await startRedis(), await startPostgres({ durable: true })];
    try {
      if (redis.url === null) throw new Error(redis.why);
      say('backlog: builds are asked for');
      const began = performance.now();
      const memory = process.memoryUsage().rss;
      const result = await simulateFleet({
        size,
        redisUrl: redis.url,
        databaseUrl: postgres.url,
        // Fast enough that the hub, and not the builds, is what is waited for.
        speed: 5,
        seed: SEED,
        mostSeconds: 1800,
        say: (line) => say(`backlog: ${line}`),
      });
      const seconds = (performance.now() - began) / 1000;
      const group = `${result.builds} builds, ${result.workers} workers`;
      tally.add(group, 'the hub and all workers in one process', 'whole run', 's', seconds);
      tally.add(group, 'the hub and all workers in one process', 'builds ended', '/s', result.builds / seconds);
      tally.add(
        group,
        'the hub and all workers in one process',
        'memory taken',
        'MB',
        (process.memoryUsage().rss - memory) / 1e6,
      );
      if (result.unfinished > 0) tally.fail('backlog', `${result.unfinished} builds did not come to an end`);
      return {
        id: 'backlog',
        title: 'Ten thousand builds that wait at once',
        notes: [
          `State in ${postgres.url === null ? 'PGlite' : 'PostgreSQL'}, queue on Redis. ${result.releases} releases, of which ${result.unfair} gave a spoke more than its share.`,
          'Asking for the builds is part of the run: each is a transaction of its own, as a handler makes it.',
        ],
        measures: tally.measures(),
        ratios: [],
        failures: tally.failures,
      };
    } finally {
      await redis.stop();
      await postgres.stop();
    }
  },
};
