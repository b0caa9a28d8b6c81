/**
 * What is said to a command that was not understood: a suggestion only where it would work when it is written, by this person and
 * here; otherwise where the commands are listed.
 */
import { NO_SUCH_COMMAND, readCommand } from './parse.js';
import type { Case, Step } from './step.js';
import { stepOf } from './step-of.js';

export type Unclear = Pick<Extract<Step, { kind: 'unclear' }>, 'why' | 'meant'>;

/** A slip in the verb and one in what follows: each is mended once. */
const MOST_SLIPS = 3;

export function wayOn(why: string, meant: string | null, at: Case): Unclear {
  const works = meant === null ? null : working(meant, at, MOST_SLIPS);
  if (works !== null || why !== NO_SUCH_COMMAND) return { why, meant: works };
  // A better word was found for the verb; what follows it is what stands in the way.
  const reading = meant === null ? null : readCommand(meant);
  const step = reading?.kind === 'command' ? stepOf(reading.command, at) : reading;
  if (step?.kind === 'unclear') return { why: step.why, meant: null };
  return { why: `${why}. \`/spokebot help\` lists them`, meant: null };
}

/** The line itself, or the one that it in turn suggests; null where it ends in a refusal or nowhere. */
function working(line: string, at: Case, slips: number): string | null {
  if (slips === 0) return null;
  const reading = readCommand(line);
  const step = reading.kind === 'command' ? stepOf(reading.command, at) : reading;
  if (step.kind === 'refused') return null;
  if (step.kind !== 'unclear') return line;
  return step.meant === null ? null : working(step.meant, at, slips - 1);
}
