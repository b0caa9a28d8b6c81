/**
 * The worker's own fault or the site's, never the contributor's: no Spack, no disk, no answer from git. Its message is one line for
 * people and becomes `trouble` of the result, which the hub reports as "not checked".
 */
export class Trouble extends Error {}

/** One line for people from anything thrown; file system errors are told in words. */
export function troubleLine(error: unknown): string {
  if (error instanceof Trouble) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const path = (error as NodeJS.ErrnoException | undefined)?.path;
  const where = path ? ` at ${path}` : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return `the worker has no disk space left${where}`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `the worker may not write${where} (${code})`;
  const text = error instanceof Error ? error.message : String(error);
  return `the worker failed: ${text.split('\n')[0]}`;
}
