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
