import { describe, expect, test } from '@jest/globals';
import {
  type Calibration,
  calibrationError,
  fitCalibration,
  fitLogistic,
  fitSlope,
  probabilitiesInto,
  softmaxInto,
} from '../../../src/triage/model/calibration.js';

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

describe('the most probable label', () => {
  const even: Calibration = { slope: 1, lead: { slope: 0, intercept: 0 } };
  const probabilities = (scores: number[], calibration: Calibration) => {
    const out = new Float64Array(scores.length);
    return { best: probabilitiesInto(scores, calibration, out), shares: [...out] };
  };

  test('gets the logistic function of its lead; the others share the rest by softmax', () => {
    const { best, shares } = probabilities([0, Math.log(3), 2], {
      slope: 1,
      lead: { slope: 0, intercept: Math.log(9) },
    });
    expect(best).toBe(2);
    expect(shares).toEqual([0.025, 0.075, 0.9].map((share) => expect.closeTo(share, 12)));
    const lead = { slope: 1, intercept: 0 };
    expect(probabilities([0, Math.log(4)], { slope: 1, lead }).shares[1]).toBeCloseTo(0.8, 12);
  });

  test('never gets less than the second', () => {
    expect(probabilities([1, 0], { slope: 1, lead: { slope: 0, intercept: -9 } }).shares).toEqual([0.5, 0.5]);
    const { shares } = probabilities([3, 2, -900], { slope: 1, lead: { slope: 0, intercept: -9 } });
    expect(shares[0]).toBeCloseTo(0.5, 12);
  });

  test('is found wherever it stands, and certainty is no division by zero', () => {
    expect(
      [
        [3, 1, 2],
        [1, 3, 2],
        [1, 2, 3],
      ].map((scores) => probabilities(scores, even).best),
    ).toEqual([0, 1, 2]);
    expect(probabilities([9000, 0, 0], even)).toEqual({ best: 0, shares: [1, 0, 0] });
  });

  test('is as sure as it was right', () => {
    const scores = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? [0.1, 0] : [1, 0]));
    // With a small lead right in 30 of 50, with a large one in 45 of 50.
    const targets = scores.map((_, at) => (Math.floor(at / 2) < (at % 2 === 0 ? 30 : 45) ? 0 : 1));
    const calibration = fitCalibration(scores, targets);
    expect(probabilities([0.1, 0], calibration).shares[0]).toBeCloseTo(0.6, 1);
    expect(probabilities([1, 0], calibration).shares[0]).toBeCloseTo(0.9, 1);
  });

  test('of sets on which all is right, or all the same, is finite', () => {
    const { slope, intercept } = fitLogistic([1, 2, 3], [true, true, true]);
    expect(1 / (1 + Math.exp(-intercept - slope * 2))).toBeCloseTo(4 / 5, 2);
    const same = fitLogistic([1, 1, 1, 1], [true, false, true, false]);
    expect(1 / (1 + Math.exp(-same.intercept - same.slope))).toBeCloseTo(0.5, 6);
    expect(fitLogistic([], [])).toEqual({ slope: 0, intercept: 0 });
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
