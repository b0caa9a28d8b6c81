/**
 * A hundred simulated workers in five pools over a real Redis: does every spoke get its share, does no pool starve, and are the builds of
 * workers that fall silent run elsewhere?
 */
import { startPostgres, startRedis } from '../../test/setup/servers.js';
import { createTally, type Section } from '../section.js';
import { simulateFleet } from './simulate.js';

const SEED = 1;
const SIZE = {
  pools: 5,
  workers: 20,
  load: { flood: 120, steady: 40, small: 12, tiny: 3 },
  nightly: 4,
  silent: 10,
  seconds: [40, 120] as const,
};
const QUICK = { ...SIZE, load: { flood: 40, steady: 15, small: 6, tiny: 2 }, nightly: 1 };

export const fleetSection: Section = {
  id: 'fleet',
  async run({ quick, say }) {
    const tally = createTally();
    const size = quick ? QUICK : SIZE;
    const redis = await startRedis();
    if (redis.url === null) throw new Error(redis.why);
    const postgres = await startPostgres();
    try {
      say('fleet: workers on a clock that runs faster');
      const result = await simulateFleet({
        size,
        redisUrl: redis.url,
        databaseUrl: postgres.url,
        speed: 20,
        seed: SEED,
        mostSeconds: 600,
        say: (line) => say(`fleet: ${line}`),
      });
      for (const { pool, spokes } of result.pools)
        for (const { spoke, builds, workerSeconds, medianWait, longestWait } of spokes) {
          tally.add(pool, spoke, 'builds', '', builds);
          tally.add(pool, spoke, 'worker time', 'min', workerSeconds / 60);
          tally.add(pool, spoke, 'wait, median', 'min', medianWait / 60);
          tally.add(pool, spoke, 'longest wait', 'min', longestWait / 60);
        }
      if (result.unfinished > 0) tally.fail('starving', `${result.unfinished} builds did not come to an end`);
      if (result.unfair > 0) tally.fail('fair share', `${result.unfair} releases gave a spoke more than its share`);
      if (result.nightFirst > 0)
        tally.fail('order', `${result.nightFirst} builds of the night went before a pull request`);
      if (result.elsewhere < result.silenced)
        tally.fail('silence', `${result.silenced - result.elsewhere} builds of silent workers were not run elsewhere`);
      return {
        id: 'fleet',
        title: `A fleet: ${result.workers} workers in ${size.pools} pools`,
        notes: [
          `${result.builds} builds in ${Math.round(result.took / 60)} minutes of the simulated clock, over Redis, state in ${postgres.url === null ? 'PGlite' : 'PostgreSQL'}; each takes 40 to 120 seconds.`,
          `No pool starves: ${result.builds - result.unfinished} of ${result.builds} builds came to an end.`,
          `No spoke takes more than its share while another waits: of ${result.releases} releases ${result.unfair} did.`,
          `Pull requests before the night: ${result.nightFirst} builds of the night were released while a pull request waited.`,
          `${size.silent} workers fell silent in the middle of builds: of ${result.silenced} builds that they held, ${result.elsewhere} were run elsewhere.`,
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
