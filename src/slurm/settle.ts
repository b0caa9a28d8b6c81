/** When a job counts as over. What Slurm does not say is no end: a job that is nowhere to be seen goes on until somebody knows better. */
import type { JobOutcome } from './job-files.js';
import type { JobRow } from './job-row.js';
import type { End } from './states.js';

export interface Seen {
  /** The newest row of this job, from the queue or the accounting; null when neither has ever shown it. */
  readonly row: JobRow | null;
  readonly outcome: JobOutcome | null;
  /** Milliseconds since the outcome was there; 0 when it isn't. */
  readonly outcomeFor: number;
  /** Milliseconds since the row has said that the job is over; 0 when it doesn't. */
  readonly endedFor: number;
}

export interface Patience {
  /** How long the file system may take to show on the worker's machine what was written on a node. */
  readonly lateFileMs: number;
  /** How long Slurm may take to tell of the end of a job whose build has a result that is no pass. */
  readonly lateWordMs: number;
  /** The same for a build that was stopped by a signal: only Slurm knows why. */
  readonly lateReasonMs: number;
  /** How long a submission whose answer was lost may stay unseen before it is made again. */
  readonly unsureMs: number;
}

export const PATIENCE: Patience = {
  lateFileMs: 45_000,
  lateWordMs: 30_000,
  lateReasonMs: 10 * 60_000,
  unsureMs: 30_000,
};

/** Null while it goes on; else Slurm's word on the end, where there is one. */
export function settle(seen: Seen, patience: Patience): { end: End | null; exit: string | null } | null {
  const { row, outcome } = seen;
  const told = row?.standing.kind === 'ended' ? { end: row.standing.end, exit: row.exit } : null;
  if (outcome === null) return told !== null && seen.endedFor >= patience.lateFileMs ? told : null;
  if (told !== null) return told;
  const silent = { end: null, exit: null };
  if (outcome.stoppedBy !== null) return seen.outcomeFor >= patience.lateReasonMs ? silent : null;
  // A pass needs nobody's word; of anything else Slurm may know that memory was short.
  return outcome.result.exitCode === 0 || seen.outcomeFor >= patience.lateWordMs ? silent : null;
}
