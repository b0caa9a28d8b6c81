/** From scores to probabilities, and how far probabilities can be believed. */

/** `softmax(slope * score + shift[label])`, numerically safe. Writes into `out`. */
export function softmaxInto(scores: ArrayLike<number>, slope: number, out: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at += 1) top = Math.max(top, scores[at]!);
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    out[at] = Math.exp(slope * (scores[at]! - top));
    sum += out[at]!;
  }
  for (let at = 0; at < scores.length; at += 1) out[at]! /= sum;
}

/** The slope that makes the true labels most likely, found by halving an interval. `scores` must come from issues not trained on. */
export function fitSlope(scores: readonly ArrayLike<number>[], targets: readonly number[]): number {
  if (scores.length === 0) return 1;
  const out = new Float64Array(scores[0]!.length);
  let low = -4;
  let high = 6;
  // The likelihood is concave in the slope, hence its derivative changes sign once; searched over the logarithm.
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (gain(Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);

  function gain(slope: number): number {
    let total = 0;
    for (const [at, one] of scores.entries()) {
      softmaxInto(one, slope, out);
      total += one[targets[at]!]!;
      for (let label = 0; label < out.length; label += 1) total -= out[label]! * one[label]!;
    }
    return total;
  }
}

/**
 * How scores become probabilities. The label with the highest score gets the logistic function of its lead over the second; the
 * rest is shared out by softmax. Scores of least squares are bounded, so that a softmax of all of them is too shy in the
 * middle and too bold near the top.
 */
export interface Calibration {
  readonly slope: number;
  readonly lead: { readonly slope: number; readonly intercept: number };
}

/** `scores` must come from issues not trained on. */
export function fitCalibration(scores: readonly ArrayLike<number>[], targets: readonly number[]): Calibration {
  const leads = scores.map((one) => {
    const { best, second } = firstTwo(one);
    return one[best]! - one[second]!;
  });
  const right = scores.map((one, at) => firstTwo(one).best === targets[at]);
  return { slope: fitSlope(scores, targets), lead: fitLogistic(leads, right) };
}

/** Writes probabilities that add up to one into `out` and returns the number of the most probable label. */
export function probabilitiesInto(scores: ArrayLike<number>, { slope, lead }: Calibration, out: Float64Array): number {
  const { best, second } = firstTwo(scores);
  softmaxInto(scores, slope, out);
  const others = 1 - out[best]!;
  // So sure that nothing is left of the others: then they get nothing.
  if (others <= 0) return best;
  const top = 1 / (1 + Math.exp(-lead.intercept - lead.slope * (scores[best]! - scores[second]!)));
  const share = out[second]! / others;
  // Never less than the second gets, whatever the logistic function says.
  const kept = Math.max(top, share / (1 + share));
  for (let label = 0; label < out.length; label += 1)
    out[label] = label === best ? kept : (out[label]! / others) * (1 - kept);
  return best;
}

function firstTwo(scores: ArrayLike<number>): { best: number; second: number } {
  let best = 0;
  let second = 1;
  if (scores[second]! > scores[best]!) [best, second] = [second, best];
  for (let at = 2; at < scores.length; at += 1) {
    if (scores[at]! > scores[best]!) [best, second] = [at, best];
    else if (scores[at]! > scores[second]!) second = at;
  }
  return { best, second };
}

/**
 * Logistic regression on one number, by Newton's method. The targets stop short of 0 and 1 by Platt's rule, so that a set on which all
 * are right still gives finite numbers.
 */
export function fitLogistic(values: readonly number[], right: readonly boolean[]): Calibration['lead'] {
  const yes = right.filter(Boolean).length;
  const target = { yes: (yes + 1) / (yes + 2), no: 1 / (right.length - yes + 2) };
  let slope = 0;
  let intercept = 0;
  for (let round = 0; round < 50; round += 1) {
    // A little pull towards zero keeps the system solvable when all values are the same.
    let [bySlope, byIntercept, ss, si, ii] = [-1e-3 * slope, 0, 1e-3, 0, 1e-9];
    for (const [at, value] of values.entries()) {
      const share = 1 / (1 + Math.exp(-intercept - slope * value));
      const gap = (right[at] ? target.yes : target.no) - share;
      const weight = share * (1 - share);
      bySlope += gap * value;
      byIntercept += gap;
      ss += weight * value * value;
      si += weight * value;
      ii += weight;
    }
    const determinant = ss * ii - si * si;
    const change = {
      slope: (ii * bySlope - si * byIntercept) / determinant,
      intercept: (ss * byIntercept - si * bySlope) / determinant,
    };
    const size = Math.max(Math.abs(change.slope), Math.abs(change.intercept));
    // Steps are bounded: Newton's method may jump too far from a bad start.
    const step = Math.min(1, 4 / size);
    if (!Number.isFinite(size)) break;
    slope += change.slope * step;
    intercept += change.intercept * step;
    if (size < 1e-9) break;
  }
  return { slope, intercept };
}

/** One answer as it is judged: how sure, and whether right. */
export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

/** Expected calibration error over equally wide bins of the confidence; 0 of no answers. */
export function calibrationError(answers: readonly Judged[], bins = 15): number {
  const sure = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (const answer of answers) {
    const bin = Math.min(bins - 1, Math.floor(answer.confidence * bins));
    sure[bin]! += answer.confidence;
    if (answer.right) right[bin]! += 1;
  }
  let gap = 0;
  for (let bin = 0; bin < bins; bin += 1) gap += Math.abs(sure[bin]! - right[bin]!);
  return answers.length === 0 ? 0 : gap / answers.length;
}
