/** Bad weather: shares that are kept, and the same weather for the same seed. */
import { expect, test } from '@jest/globals';
import { Storm, type StormInput, Weather } from '../../src/sandbox/storm.js';

const weather = (storm: StormInput) => {
  const made = new Weather();
  made.set(Storm.parse(storm));
  return made;
};
const ROUGH: StormInput = {
  seed: 7,
  deliveries: { dropped: 0.2, repeated: 0.3, late: 0.5, lateMs: 100 },
  requests: { failed: 0.1, effects: [{ kind: 'status', status: 502 }, { kind: 'lose-answer' }] },
};

test('shares of deliveries are dropped, repeated up to ten times and late, and shares of requests fail', () => {
  const rough = weather(ROUGH);
  const sent = Array.from({ length: 2000 }, (_, n) => rough.forDelivery('issues', 'opened', `octo/hypre ${n}`)!);
  const share = (test: (one: (typeof sent)[number]) => boolean) => sent.filter(test).length / sent.length;
  expect(share(({ state }) => state === 'dropped')).toBeCloseTo(0.2, 1);
  expect(share(({ delaysMs }) => delaysMs.length > 1)).toBeCloseTo(0.8 * 0.3, 1);
  expect(Math.max(...sent.map(({ delaysMs }) => delaysMs.length))).toBe(10);
  expect(Math.max(...sent.flatMap(({ delaysMs }) => delaysMs))).toBeLessThanOrEqual(100);
  const failed = Array.from({ length: 2000 }, (_, n) => rough.forRequest('GET', `/repos/octo/hypre/issues/${n}`));
  expect(failed.filter((one) => one !== null).length / failed.length).toBeCloseTo(0.1, 1);
  expect(new Set(failed.flatMap((one) => one?.kind ?? []))).toEqual(new Set(['status', 'lose-answer']));
});

test('what happens to one thing is the same whatever happened before it', () => {
  const [one, other] = [weather(ROUGH), weather(ROUGH)];
  for (let n = 0; n < 50; n++) other.forDelivery('push', null, `octo/zfp ${n}`);
  const asked = (which: Weather) =>
    Array.from({ length: 50 }, () => which.forDelivery('issues', 'edited', 'octo/hypre 1'));
  const seen = asked(one);
  expect(asked(other)).toEqual(seen);
  expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBeGreaterThan(3);
});

test('fine weather does nothing', () => {
  const fine = weather(ROUGH);
  fine.set(null);
  expect([fine.forRequest('GET', '/'), fine.forDelivery('issues', 'opened', '')]).toEqual([null, null]);
});
