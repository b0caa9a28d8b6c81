/**
 * What is said to a command that was not understood: a suggestion only where it would work when it is written, by this person and
 * here; otherwise where to find what there is.
 */
import { ownValue } from '../../registry/own-value.js';
import { maySay } from './may-say.js';
import { MOST_SLIPS } from './meant-too.js';
import { NO_SUCH_COMMAND, readCommand } from './parse.js';
import { NO_SUCH_SPOKE } from './routing.js';
import type { Case, Step } from './step.js';
import { stepOf } from './step-of.js';
import { NO_SUCH_PRODUCT } from './transfer.js';

export type Unclear = Pick<Extract<Step, { kind: 'unclear' }>, 'why' | 'meant'>;

/** What to write or read next. */
const NEXT: Readonly<Record<string, (at: Case) => string>> = {
  [NO_SUCH_COMMAND]: () => '`/spokebot help` lists them',
  [NO_SUCH_SPOKE]: () => '`/spokebot help` lists them',
  [NO_SUCH_PRODUCT]: (at) => {
    const { pages } = at.facts;
    const list = pages === undefined ? [] : [`[All products](${pages}/products) are listed`];
    const spoke = maySay('route', at) ? ['Where you only know the spoke, write `/spokebot route SPOKE`'] : [];
    return [...list, ...spoke].join('. ');
  },
};

export function wayOn(why: string, meant: string | null, at: Case): Unclear {
  const works = meant === null ? null : working(meant, at, MOST_SLIPS);
  if (works !== null) return { why, meant: works };
  const step = meant === null ? null : said(meant, at);
  // The verb is clear by now: what follows it is what stands in the way.
  const last = why === NO_SUCH_COMMAND && step?.kind === 'unclear' ? step.why : why;
  const rest = ownValue(NEXT, last)?.(at) ?? '';
  return { why: rest === '' ? last : `${last}. ${rest}`, meant: null };
}

/** The line itself, or the one that it in turn suggests; null where it ends in a refusal or nowhere. */
function working(line: string, at: Case, slips: number): string | null {
  const step = slips === 0 ? null : said(line, at);
  if (step === null || step.kind === 'refused') return null;
  if (step.kind !== 'unclear') return line;
  return step.meant === null ? null : working(step.meant, at, slips - 1);
}

function said(line: string, at: Case): Step {
  const reading = readCommand(line);
  return reading.kind === 'command' ? stepOf(reading.command, at) : reading;
}
