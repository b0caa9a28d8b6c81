/** Which lines of a build's output a person looks for first. A guide for the eye only; verdicts are made elsewhere. */

const ERRORS = [
  /^==> Error\b/,
  /(?:^|[\s:])(?:fatal |internal compiler |catastrophic |syntax )?error(?: ?[A-Z]{1,4}\d{2,5})?(?: #\d+)?:/i,
  /\bCMake Error\b/,
  /\bundefined reference to\b|\bUndefined symbols for\b|\bmultiple definition of\b/,
  /\bld: (?:cannot find|symbol|library)\b|\bcollect2: /,
  /\*\*\* \[?.+\bError \d+/,
  /^(?:g?make|ninja)(?:\[\d+\])?: (?:\*\*\*|build stopped)/,
  /^FAILED: |\bThe following tests FAILED\b|\*\*\*(?:Failed|Exception|Timeout|Not Run)/,
  /^Traceback \(most recent call last\)/,
  /\b(?:Segmentation fault|Bus error|Illegal instruction|Out of memory|oom-kill)\b/,
  /\bNo space left on device\b|\bCannot allocate memory\b/,
  /: Permission denied$|: command not found$/,
];

/** Said of every build that goes well, too. */
const HARMLESS = /\b(?:0|no) errors?\b|-Werror|\bwarning:|\bPerforming Test\b|^-- /i;

export function isErrorLine(line: string): boolean {
  const text = line.length > 1000 ? line.slice(0, 1000) : line;
  return ERRORS.some((pattern) => pattern.test(text)) && !HARMLESS.test(text);
}
