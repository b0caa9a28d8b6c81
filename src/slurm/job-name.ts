/**
 * The name under which Slurm knows an attempt. Names are what is always kept (a comment reaches the accounting only where the site wants
 * it), so everything that finds a job again is in the name: who owns it and which attempt it is, in letters that no shell or file system
 * minds.
 */
import { createHash } from 'node:crypto';

export interface AttemptOf {
  readonly buildId: string;
  readonly attempt: number;
}

/** 41 characters, the same for the same attempt; also the name of its directory. */
export function jobName(worker: string, { buildId, attempt }: AttemptOf): string {
  return `${namePrefix(worker)}${digest(`${buildId}#${attempt}`, 16)}`;
}

/** What the names of all jobs of a worker begin with, and of no other's. */
export function namePrefix(worker: string): string {
  return `spokebot-${digest(worker, 12)}-`;
}

/** Begins with the name, so that a job is found by it where names are cut short; the rest is for people. */
export function jobComment(worker: string, { buildId, attempt }: AttemptOf): string {
  return `${jobName(worker, { buildId, attempt })} build ${buildId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64)} attempt ${attempt}`;
}

/** What a listing says of a job. */
interface Named {
  readonly name: string;
  readonly comment: string;
}

/** The full name of a job of this worker; null for anybody else's, and for one that is cut short too much to tell. */
export function ownName(worker: string, { name, comment }: Named): string | null {
  const own = new RegExp(`^${namePrefix(worker)}[0-9a-f]{16}(?![0-9a-f])`);
  return own.exec(name)?.[0] ?? own.exec(comment)?.[0] ?? null;
}

/** Whether a job that was found by its number can be the one of this name: numbers begin anew when a site sets up its Slurm anew. */
export function canBe(full: string, { name, comment }: Named): boolean {
  const shown = name.replace(/\+$/, '');
  return comment.startsWith(full) || (shown.length >= 8 && full.startsWith(shown));
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
