/** How often Slurm is asked: soon after something happened, ever more rarely while nothing does, and rarely while it does not answer. */

export interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly longestFailingMs: number;
}

/** One call serves all jobs of a worker; a controller with thousands of users is thankful for every one that is not made. */
export const PACE: Pace = { firstMs: 4_000, longestMs: 60_000, longestFailingMs: 300_000 };

export interface Round {
  /** Rounds in a row in which nothing was new. */
  readonly quiet: number;
  /** Rounds in a row in which Slurm did not answer. */
  readonly failures: number;
}

/** Milliseconds until the next question. */
export function nextAsk({ quiet, failures }: Round, { firstMs, longestMs, longestFailingMs }: Pace): number {
  if (failures > 0) return Math.min(longestFailingMs, firstMs * 2 ** Math.min(failures, 16));
  return Math.min(longestMs, Math.round(firstMs * 1.4 ** Math.min(quiet, 40)));
}
