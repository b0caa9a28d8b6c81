import { expect, test } from '@jest/globals';
import { limitSentence, limitsOf, partOf } from '../../src/ci/phase-limits.js';

test.each([
  [
    'a pool that says nothing of parts',
    { minutes: 240 },
    {},
    { seconds: 14_400, parts: { fetch: 1800, concretize: 3600 } },
  ],
  [
    'a part of the pool',
    { minutes: 240, test: 20 },
    {},
    { seconds: 14_400, parts: { fetch: 1800, concretize: 3600, test: 1200 } },
  ],
  [
    'a check that lowers',
    { minutes: 240, test: 20 },
    { minutes: 90, test: 5 },
    { seconds: 5400, parts: { fetch: 1800, concretize: 3600, test: 300 } },
  ],
  [
    'a check that would raise',
    { minutes: 60, test: 20 },
    { minutes: 600, test: 90 },
    { seconds: 3600, parts: { fetch: 1800, test: 1200 } },
  ],
  ['parts as long as the whole need no limit', { minutes: 10, build: 10 }, {}, { seconds: 600, parts: {} }],
  ['less than a second', { minutes: 0.001 }, {}, { seconds: 1, parts: {} }],
])('limits of %s', (_what, pool, check, expected) => {
  expect(limitsOf(pool, check)).toEqual(expected);
});

test.each([
  ['fetch', 'fetch'],
  ['concretize', 'concretize'],
  ['test', 'test'],
  ['cmake', 'build'],
  ['autoreconf', 'build'],
  ['install', 'build'],
])('the phase %s belongs to the part %s', (phase, part) => {
  expect(partOf(phase)).toBe(part);
});

test('a limit says what took too long', () => {
  expect(limitSentence({ part: 'concretize', seconds: 3600 })).toBe(
    'concretizing took longer than the 1 h that it may take here',
  );
  expect(limitSentence({ part: null, seconds: 90 })).toBe(
    'the build took longer than the 1 min 30 s that a build may take here',
  );
});
