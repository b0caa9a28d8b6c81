/** The arithmetic of the figures: percentiles of one round, the spread over rounds, ratios of rounds that ran side by side. */

/** Over the rounds of one run; `rounds` are the values in the order in which they were measured. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: readonly number[];
}

/** The value that `share` (0 to 1) of the values do not exceed. Throws when there are none, since no figure may be made up. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('a percentile of no values');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

/** Throws when there are no rounds. */
export function spreadOf(rounds: readonly number[]): Spread {
  if (rounds.length === 0) throw new Error('a spread of no rounds');
  const sorted = [...rounds].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, rounds: [...rounds] };
}

/**
 * Ratio of two series, round by round: what disturbed a round disturbed both. Throws when a round is missing on one side or the
 * lower term is not a positive number; a ratio of rounds that did not run together means nothing.
 */
export function ratioOf(upper: readonly number[], lower: readonly number[]): Spread {
  if (upper.length !== lower.length) throw new Error(`a ratio of ${upper.length} rounds to ${lower.length}`);
  if (lower.some((value) => !(value > 0))) throw new Error('a ratio to a value that is not positive');
  return spreadOf(upper.map((value, round) => value / lower[round]!));
}
