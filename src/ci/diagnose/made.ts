/** What stands before make's own word for a failed step: the tool that failed says it there, in no dialect that is known. */
import type { Finding } from './finding.js';

const MAKE_ERROR =
  /^\S{0,20}make(?:\[\d+\])?: \*\*\* |^FAILED: |^ninja: error: |^ninja: build stopped|^\S{0,200}:\d{1,7}: \*\*\* |^error: (?:command|subprocess|could not compile)|^\s{0,4}ERROR: Failed building|^\s{0,4}(?:error: |× )(?:subprocess-exited-with-error|metadata-generation-failed|legacy-install-failure)/;
/** `Error 127` explains itself: there is no such program. */
const UNEXPLAINED =
  /^\S{0,20}make(?:\[\d+\])?: \*\*\* (?:\[(?!.{0,1500}\] Error 127\b)|Waiting for unfinished jobs)|^FAILED: |^ninja: build stopped/;
const SPACK_LINE = /^==> /;
/** What a tool says of itself when it gives up, in the order of how much it tells. */
const COMPLAINTS: readonly RegExp[] = [
  /^\s{0,8}[A-Za-z_][\w.]{0,100}(?:Error|Exception|NotFound|Interrupt)\b: ?.+$/,
  /: (?:not found|command not found|No such file or directory|Permission denied|Is a directory|File exists|Not a directory)$/,
  /\bcannot (?:stat|open|create|find|remove|access|execute)\b/i,
  /^.{0,200}\b(?:[Ee]rror|ERROR|[Ff]atal|FATAL)\b[:!].*$/,
  /: Assertion .* failed\b|\bSegmentation fault\b|\bsymbol lookup error\b/,
];
const REACH = 40;
const SHOWN_BEFORE = 8;

export interface Made {
  /** Of make's line, with the message of the tool before it when that is understood. */
  readonly findings: readonly Finding[];
  /** The lines to show. */
  readonly shown: readonly string[];
  /** False when make only says that a step failed, and nobody says why: it may have been the machine. */
  readonly explained: boolean;
}

/** The first step that make, ninja or pip report as failed; null when they report none. */
export function failedStep(lines: readonly string[]): Made | null {
  const at = lines.findIndex((line) => MAKE_ERROR.test(line));
  if (at < 0) return null;
  // make repeats the failure after what the tool wrote, ninja announces it before.
  const ninja = lines[at]!.startsWith('FAILED: ');
  const said = ninja
    ? complaintIn(lines, at + 1, endOfStep(lines, at))
    : complaintIn(lines, startOfStep(lines, at), at);
  const from = ninja ? at : Math.max(startOfStep(lines, at), (said ?? at) - SHOWN_BEFORE);
  const to = ninja ? endOfStep(lines, at) + 1 : at + 3;
  const made = findingAt(at, lines[at]!);
  const finding = said === null || made.path !== null ? made : { ...made, at: said, message: lines[said]!.trim() };
  const explained = said !== null || !UNEXPLAINED.test(lines[at]!);
  return { findings: [finding], shown: lines.slice(from, to), explained };
}

/** The last line between `from` and `to` that tells most. */
function complaintIn(lines: readonly string[], from: number, to: number): number | null {
  for (const pattern of COMPLAINTS) {
    for (let at = to - 1; at >= from; at--) if (pattern.test(lines[at]!)) return at;
  }
  return null;
}

/** Where ninja goes on with another step, or stops. */
function endOfStep(lines: readonly string[], failed: number): number {
  const end = lines
    .slice(failed + 1, failed + REACH)
    .findIndex((line) => /^(?:\[\d+\/\d+\]|ninja: |FAILED: )/.test(line));
  return end < 0 ? Math.min(lines.length, failed + REACH) : failed + 1 + end;
}

/** Behind Spack's last line before the failure. */
function startOfStep(lines: readonly string[], at: number): number {
  for (let back = at - 1; back >= 0 && back > at - REACH; back--) if (SPACK_LINE.test(lines[back]!)) return back + 1;
  return Math.max(0, at - REACH);
}

/** `Makefile:3: *** missing separator` has a place, `make: *** [x] Error 1` has none. */
function findingAt(at: number, line: string): Finding {
  const place = /^([^\s:][^:]{0,300}):(\d{1,7}): \*\*\* (.*)$/.exec(line);
  return {
    at,
    message: (place?.[3] ?? line).trim(),
    path: place?.[1] ?? null,
    line: place ? Number(place[2]) : null,
    column: null,
    directory: null,
  };
}
