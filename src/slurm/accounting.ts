/** What `sacct` is asked and what its answer says: the end of jobs that `squeue` no longer shows. */
import type { JobRow } from './job-row.js';
import { standingOf } from './states.js';

/** With the steps, since some sites have the lack of memory there only. */
export function accountingArguments(ids: readonly string[]): string[] {
  return ['--noheader', '--parsable2', `--jobs=${ids.join(',')}`, '--format=JobIDRaw,State,ExitCode,JobName,Comment'];
}

/** One row for a job; empty and strange lines are left out. A job that failed while a step of it lacked memory lacked memory. */
export function parseAccounting(text: string): JobRow[] {
  const jobs = new Map<string, JobRow>();
  const short = new Set<string>();
  for (const line of text.split('\n')) {
    const [id = '', word = '', exit = '', name = '', ...comment] = line.split('|');
    const standing = standingOf(word);
    const [, job, step] = /^(\d+)(\..+)?$/.exec(id.trim()) ?? [];
    if (job === undefined || standing === null) continue;
    if (step === undefined)
      jobs.set(job, {
        id: job,
        name: name.trim(),
        comment: comment.join('|').trim(),
        standing,
        why: null,
        exit: /^\d+:\d+$/.test(exit.trim()) ? exit.trim() : null,
      });
    else if (standing.kind === 'ended' && standing.end === 'out-of-memory') short.add(job);
  }
  return [...jobs.values()].map((job) =>
    short.has(job.id) && job.standing.kind === 'ended' && job.standing.end === 'failed'
      ? { ...job, standing: { kind: 'ended', end: 'out-of-memory' } }
      : job,
  );
}
