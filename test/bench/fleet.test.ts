/** A small fleet over Redis, as `npm run bench -- --only fleet` runs a large one. */
import { expect, test } from '@jest/globals';
import { judge, type Try } from '../../bench/fleet/judge.js';
import { simulateFleet } from '../../bench/fleet/simulate.js';

const redisUrl = process.env.SPOKEBOT_TEST_REDIS ?? null;

(redisUrl === null ? test.skip : test)(
  'no pool starves, no spoke takes more than its share, and builds of a silent worker are run elsewhere',
  async () => {
    const size = {
      pools: 2,
      workers: 4,
      load: { flood: 9, small: 3 },
      nightly: 1,
      silent: 1,
      seconds: [20, 40] as const,
    };
    const result = await simulateFleet({
      size,
      redisUrl: `${redisUrl}/15`,
      databaseUrl: null,
      speed: 40,
      seed: 1,
      mostSeconds: 40,
      say: () => {},
    });
    expect(result).toMatchObject({
      workers: 8,
      builds: 28,
      unfinished: 0,
      unfair: 0,
      nightFirst: 0,
      silenced: 1,
      elsewhere: 1,
    });
    expect(result.releases).toBeGreaterThan(5);
  },
  60_000,
);

test('the judge sees a spoke that gets more than its share, and a night that goes first', () => {
  const one = (buildId: string, spoke: string, releasedAt: number | null, origin: Try['origin'] = 'pull'): Try => ({
    buildId,
    attempt: 1,
    pool: 'p',
    spoke,
    origin,
    state: 'running',
    worker: 'w',
    queuedAt: 0,
    releasedAt,
    startedAt: releasedAt,
    finishedAt: null,
  });
  const greedy = [one('a1', 'a', 10), one('a2', 'a', 20), one('b1', 'b', null)];
  expect(judge(greedy, new Set()).unfair).toBe(1);
  expect(judge([one('a1', 'a', 10), one('b1', 'b', 20), one('a2', 'a', 30)], new Set()).unfair).toBe(0);
  expect(judge([one('n', 'a', 10, 'nightly'), one('b1', 'b', 20)], new Set()).nightFirst).toBe(1);
});
