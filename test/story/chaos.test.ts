/** A short scenario in fine and in bad weather, on real processes: the long one is `npm run chaos`. */
import { expect, test } from '@jest/globals';
import { judge, tellDifference } from '../../bench/chaos/compare.js';
import { runOnce } from '../../bench/chaos/run.js';

test('ci R7b, triage R21 and R22: deliveries dropped, repeated and late, requests that fail and kill -9 lead to the same end, with nothing lost or done twice', async () => {
  const scenario = {
    seed: 5,
    events: 7,
    repositories: ['LLNL/zfp', 'E4S-Project/e4s'],
    patienceMs: 240_000,
  };
  const place = { databaseUrl: null, redisUrl: null, servers: {} };
  const parts = { scenario, place, workers: 1, restMs: 240_000, say: () => {} };
  const storm = {
    seed: scenario.seed,
    deliveries: { dropped: 0.2, repeated: 0.3, late: 0.4, lateMs: 1000 },
    requests: {
      failed: 0.05,
      effects: [
        { kind: 'status' as const, status: 502 },
        { kind: 'status' as const, status: 403, message: 'You have exceeded a secondary rate limit.', retryAfter: 1 },
        { kind: 'lose-answer' as const },
        { kind: 'lose-request' as const },
      ],
    },
  };
  const [fine, rough] = await Promise.all([
    runOnce({ ...parts, trouble: null }),
    runOnce({ ...parts, trouble: { storm, kills: 3, betweenMs: [2000, 3500] } }),
  ]);
  const verdict = judge(fine, rough);
  expect(verdict.differences.map(tellDifference)).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, lost: [], duplicated: [], unended: [], trouble: [] });
  // It was bad weather.
  expect(verdict.kills).toBeGreaterThanOrEqual(3);
  expect(rough.weather).toMatchObject({ dropped: expect.any(Number), copies: expect.any(Number) });
  expect(rough.weather!.dropped).toBeGreaterThan(2);
  expect(rough.weather!.copies).toBeGreaterThan(5);
}, 540_000);
