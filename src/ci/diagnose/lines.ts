/** Output of programs as lines that can be matched: no colour codes, no carriage returns, no endless lines, no endless logs. */
import { cutTo, safeCut } from '../cut.js';

/** Longest line looked at, in characters. */
export const LINE_LIMIT = 2000;
/** Above this the middle of a log is thinned out to lines that could matter. */
const WHOLE_LIMIT = 8_000_000;
const HEAD = 1_000_000;
const TAIL = 5_000_000;
const MIDDLE_LINES = 20_000;

const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
const CODES = new RegExp(
  `${ESC}\\[[0-?]{0,40}[ -/]{0,4}[@-~]|${ESC}\\][^${ESC}${BEL}]{0,400}(?:${BEL}|${ESC}\\\\)|${ESC}[@-Z\\\\^_(][0-9A-Za-z]?`,
  'g',
);
const TELLING = /error|fatal|undefined|failed|cannot|no space|killed|terminated|memory|no rule|\*\*\*|==> /i;

/** The lines of a text, in order, without line ends. Takes time and memory in proportion to the text, and a bounded number of lines of huge ones. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  if (text.length <= WHOLE_LIMIT) return split(text, () => true);
  const headEnd = text.indexOf('\n', HEAD) + 1 || safeCut(text, HEAD);
  const tailStart = text.indexOf('\n', text.length - TAIL) + 1 || safeCut(text, text.length - TAIL);
  let left = MIDDLE_LINES;
  let after = 0;
  const middle = split(text.slice(headEnd, tailStart), (line) => {
    if (left <= 0) return false;
    if (TELLING.test(line.length > LINE_LIMIT ? line.slice(0, LINE_LIMIT) : line)) after = 4;
    if (after <= 0) return false;
    after -= 1;
    left -= 1;
    return true;
  });
  return [...split(text.slice(0, headEnd), () => true), ...middle, ...split(text.slice(tailStart), () => true)];
}

function split(text: string, keep: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let start = 0;
  while (start <= text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end);
    const said = line.includes('\r') ? overwritten(line) : [line];
    for (const raw of said) {
      const short = raw.slice(0, safeCut(raw, Math.min(raw.length, 2 * LINE_LIMIT)));
      if (keep(short)) lines.push(cleanLine(short));
    }
    start = end + 1;
  }
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Of a line that was written over by carriage returns (a progress bar): what could matter, and what a terminal shows in the end. */
function overwritten(line: string): string[] {
  const parts = line.split('\r').filter((part) => part !== '');
  const last = parts.pop() ?? '';
  return [...parts.filter((part) => TELLING.test(part.slice(0, LINE_LIMIT))), last];
}

/** Without the codes for a terminal. */
function cleanLine(raw: string): string {
  return cutTo(raw.includes(ESC) ? raw.replace(CODES, '') : raw, LINE_LIMIT);
}
