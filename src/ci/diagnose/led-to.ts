/**
 * An error in a header of another package, or of the compiler, was asked for by a line of the product. gcc says so before the error
 * (`In file included from`, `required from here`), clang and nvcc after it (`requested here`, `detected during instantiation`).
 */
import { sourcePath } from './source-path.js';

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number | null;
}

const REACH = 60;
const INCLUDED = /^(?:In file included from|\s{1,24}from) ([^:\s][^:]{0,500}):(\d{1,7})(?::(\d{1,5}))?[,:]?$/;
const REQUIRED = /^([^:\s][^:]{0,500}):(\d{1,7}):(?:(\d{1,5}):)? {2,4}(?:required|recursively required) (?:from|by) /;
const CONTEXT =
  /: (?:In (?:instantiation|substitution|function|member|static|constructor|destructor|lambda|copy)|At (?:global|top)|in \S{0,40} ?expansion)\b/;
const SHOWN = /^\s*\d{0,7} \|/;
const REQUESTED = /^([^:\s][^:]{0,500}):(\d{1,7}):(\d{1,5}): note: .{0,1500}\brequested here$/;
const NVCC = /^\s{1,20}(?:instantiation of .{0,1500} |detected during.{0,1500} )?at line (\d{1,7}) of (\S{1,500})$/;

/** The nearest line of the product that led to the error at `at`; null when none is named. */
export function placeThatLedTo(lines: readonly string[], at: number, directory: string | null): Place | null {
  return before(lines, at, directory) ?? after(lines, at, directory);
}

function before(lines: readonly string[], at: number, directory: string | null): Place | null {
  let included: Place | null = null;
  let required: Place | null = null;
  for (let back = at - 1; back >= 0 && back >= at - REACH; back--) {
    const line = lines[back]!;
    const asked = REQUIRED.exec(line);
    const header = asked === null ? INCLUDED.exec(line) : null;
    if (asked) required ??= own(asked[1]!, asked[2]!, asked[3], directory);
    else if (header) included ??= own(header[1]!, header[2]!, header[3], directory);
    else if (!CONTEXT.test(line) && !SHOWN.test(line)) break;
    if (line.startsWith('In file included from')) break;
  }
  return required ?? included;
}

function after(lines: readonly string[], at: number, directory: string | null): Place | null {
  for (let next = at + 1; next < lines.length && next <= at + REACH; next++) {
    const line = lines[next]!;
    if (/: (?:fatal )?error:|\): error/.test(line)) return null;
    const asked = REQUESTED.exec(line);
    const place = asked ? own(asked[1]!, asked[2]!, asked[3], directory) : swapped(NVCC.exec(line), directory);
    if (place) return place;
  }
  return null;
}

function swapped(match: RegExpExecArray | null, directory: string | null): Place | null {
  return match && own(match[2]!, match[1]!, undefined, directory);
}

/** Only a path that is surely the product's counts; a bare one could be anybody's. */
function own(path: string, line: string, column: string | undefined, directory: string | null): Place | null {
  if (!path.includes('/') && directory === null) return null;
  if (sourcePath(path, directory) === null) return null;
  return { path, line: Number(line), column: column === undefined ? null : Number(column) };
}
