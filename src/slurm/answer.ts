/** What `sbatch` answered: a job, a no that stays a no, or nothing that could be relied on. */

export type SubmissionAnswer =
  | { readonly kind: 'submitted'; readonly id: string }
  /** Trying again cannot help; `reason` is for people. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Slurm is busy or away. The job may be there all the same. */
  | { readonly kind: 'unsure'; readonly reason: string };

export interface ProgramEnd {
  /** Null when it was ended by a signal or could not be started. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set when it could not be started at all, or did not answer in time. */
  readonly problem: string | null;
}

/** Faults that pass: of the connection to the controller, or of a controller that has too much to do. */
const PASSING =
  /unable to contact slurm controller|socket timed out|communication|connection (?:refused|reset|timed out)|temporarily unable|resource temporarily unavailable|zero bytes|transport endpoint|timed out|slurmctld|in standby mode|backup controller|munge|protocol authentication|unexpected message|try again/i;

export function readSubmission(end: ProgramEnd): SubmissionAnswer {
  if (end.problem !== null && end.exitCode === null)
    return /was not found|may not be executed/.test(end.problem)
      ? { kind: 'refused', reason: end.problem }
      : { kind: 'unsure', reason: end.problem };
  // `--parsable` prints the number, on a site of several clusters with the cluster's name; a site's own words may come before it.
  const id = /^(\d+)(?:;\S+)?$/m.exec(end.stdout)?.[1];
  if (end.exitCode === 0)
    return id === undefined ? { kind: 'unsure', reason: 'sbatch named no job' } : { kind: 'submitted', id };
  const reason = lastLine(end.stderr) || `sbatch ended with exit code ${end.exitCode}`;
  return { kind: PASSING.test(end.stderr) ? 'unsure' : 'refused', reason };
}

/** One line for people, without the name of the program before it. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.filter(Boolean).at(-1) ?? '').replace(/^\w+: (?:error: )?/, '').slice(0, 300);
}
