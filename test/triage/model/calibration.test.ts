import { describe, expect, test } from '@jest/globals';
import { calibrationError, fitSlope, softmaxInto } from '../../../src/triage/model/calibration.js';

function softmax(scores: number[], slope: number): number[] {
  const out = new Float64Array(scores.length);
  softmaxInto(scores, slope, out);
  return [...out];
}

describe('probabilities of scores', () => {
  test('add up to one and keep the order', () => {
    expect(softmax([0, Math.log(3)], 1)).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });

  test('are even at slope 0 and safe for scores that would overflow', () => {
    expect(softmax([5, -5], 0)).toEqual([0.5, 0.5]);
    expect(softmax([4000, 0], 1)).toEqual([1, 0]);
  });
});

describe('the slope', () => {
  test('gives the share of right answers as probability', () => {
    // Always the same scores, right three times of four: the first label must get 3/4, hence slope * 1 = ln 3.
    const scores = Array.from({ length: 8 }, () => [1, 0]);
    expect(fitSlope(scores, [0, 0, 0, 1, 0, 0, 0, 1])).toBeCloseTo(Math.log(3), 6);
  });

  test('is 1 where there is nothing to learn it from', () => {
    expect(fitSlope([], [])).toBe(1);
  });
});

describe('the calibration error', () => {
  test('is the gap of every bin, weighed by its answers', () => {
    const answers = [
      { confidence: 0.9, right: true },
      { confidence: 0.9, right: false },
      { confidence: 0.5, right: true },
      { confidence: 0.5, right: false },
    ];
    // Two answers in the bin of 0.9 are right half the time: a gap of 0.4, over half of the answers.
    expect(calibrationError(answers)).toBeCloseTo(0.2, 12);
  });

  test('a gap in one bin is not made good by another', () => {
    const answers = [
      { confidence: 0.99, right: false },
      { confidence: 0.34, right: true },
    ];
    expect(calibrationError(answers)).toBeCloseTo((0.99 + 0.66) / 2, 12);
    expect(calibrationError(answers, 1)).toBeCloseTo(Math.abs(1.33 - 1) / 2, 12);
  });

  test('counts a confidence of one, and nothing is no error', () => {
    expect(calibrationError([{ confidence: 1, right: true }])).toBe(0);
    expect(calibrationError([])).toBe(0);
  });
});
