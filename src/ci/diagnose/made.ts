/** What stands before make's own word for a failed step: the tool that failed says it there, in no dialect that is known. */
import type { Finding } from './finding.js';

const MAKE_ERROR =
  /^\S{0,20}make(?:\[\d+\])?: \*\*\* |^FAILED: |^ninja: error: |^ninja: build stopped|^\S{0,200}:\d{1,7}: \*\*\* |^error: (?:command|subprocess|could not compile)|^\s{0,4}ERROR: Failed building|^\s{0,4}(?:error: |× )(?:subprocess-exited-with-error|metadata-generation-failed|legacy-install-failure)/;
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
}

/** The first step that make, ninja or pip report as failed; null when they report none. */
export function failedStep(lines: readonly string[]): Made | null {
  const at = lines.findIndex((line) => MAKE_ERROR.test(line));
  if (at < 0) return null;
  const said = complaintBefore(lines, at);
  const from = Math.max(startOfStep(lines, at), (said ?? at) - SHOWN_BEFORE);
  const made = findingAt(at, lines[at]!);
  const finding = said === null || made.path !== null ? made : { ...made, at: said, message: lines[said]!.trim() };
  return { findings: [finding], shown: lines.slice(from, at + 3) };
}

function complaintBefore(lines: readonly string[], at: number): number | null {
  const from = startOfStep(lines, at);
  for (const pattern of COMPLAINTS) {
    for (let back = at - 1; back >= from && back >= at - REACH; back--) {
      if (pattern.test(lines[back]!)) return back;
    }
  }
  return null;
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
