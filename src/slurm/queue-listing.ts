/** What `squeue` is asked and what its answer says: every job of this user, so that one call serves all of a worker's. */
import type { JobRow } from './job-row.js';
import { standingOf } from './states.js';

/** `--states=all` shows jobs also for a while after their end, with how they ended: so a site without accounting tells it, too. */
export function listingArguments(user: number): string[] {
  // The comment comes last: people may write anything into theirs.
  return ['--noheader', '--states=all', `--user=${user}`, '--format=%i|%T|%r|%S|%j|%k'];
}

/** Lines that are none of ours, or no lines of `squeue` at all, are left out: what is not said is not known. */
export function parseListing(text: string): JobRow[] {
  return text.split('\n').flatMap((line) => {
    const [id, word, reason, start, name, ...comment] = line.split('|');
    if (id === undefined || word === undefined || name === undefined || !/^\d+$/.test(id.trim())) return [];
    const standing = standingOf(word);
    if (standing === null) return [];
    const row = { id: id.trim(), standing, name: name.trim(), comment: comment.join('|').trim(), exit: null };
    return [{ ...row, why: standing.kind === 'waiting' ? whyOf(reason, start) : null }];
  });
}

/** Slurm's reason, and when it means to begin. */
function whyOf(reason = '', start = ''): string | null {
  const said = reason.trim().replace(/[^A-Za-z0-9 _.,:()/-]/g, '');
  const parts = said === '' || said === 'None' ? [] : [said.slice(0, 120)];
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(start)) parts.push(`may begin ${start.slice(0, 16).replace('T', ' ')}`);
  return parts.length === 0 ? null : parts.join(', ');
}
