/** `OWNER/NAME#N` as people write it. */
import { UsageError } from './command.js';

export function parseSubject(text: string | undefined): { fullName: string; number: number } {
  const match = /^([\w.-]+\/[\w.-]+)#(\d{1,9})$/.exec(text ?? '');
  if (match === null)
    throw new UsageError(
      text === undefined
        ? 'Which issue or pull request?'
        : `"${text}" is not of the form OWNER/NAME#N, e.g. hypre-space/hypre#12.`,
    );
  return { fullName: match[1]!, number: Number(match[2]) };
}
