import { describe, expect, test } from '@jest/globals';
import { createTally } from '../../bench/section.js';
import { percentile, ratioOf, spreadOf } from '../../bench/stats.js';

describe('the figures of the bench', () => {
  test('the 99th percentile of a hundred values is the second largest, of few the largest', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
    expect(() => percentile([], 0.5)).toThrow();
  });

  test('a spread keeps the rounds in their order', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4, rounds: [4, 1, 3, 2] });
  });

  test('a ratio is taken round by round, and not at all of rounds that do not belong together', () => {
    expect(ratioOf([10, 40], [20, 40])).toEqual({ median: 0.75, min: 0.5, max: 1, rounds: [0.5, 1] });
    expect(() => ratioOf([1, 2], [1])).toThrow('2 rounds to 1');
    expect(() => ratioOf([1], [0])).toThrow('not positive');
  });

  test('a subject that failed in a round is not compared, and nothing is compared to a baseline that did', () => {
    const tally = createTally();
    for (const [subject, values] of [
      ['base', [1, 2]],
      ['fine', [2, 2]],
      ['broken', [9]],
    ] as const)
      for (const value of values) tally.add('group', subject, 'rate', '/s', value);
    tally.fail('broken', 'one answer was 503');
    expect(tally.ratios('group', 'rate', 'base').map(({ subject, value }) => [subject, value.rounds])).toEqual([
      ['fine', [2, 1]],
    ]);
    tally.fail('base', 'it died');
    expect(tally.ratios('group', 'rate', 'base')).toEqual([]);
    expect(tally.failures).toEqual(['broken: one answer was 503', 'base: it died']);
  });
});
