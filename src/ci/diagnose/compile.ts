/** Errors of compilers, each in its own dialect. Warnings and notes are no errors, and neither are messages of a configure probe. */
import { DIALECTS, PATH } from './dialects.js';
import { type Finding, MOST_FINDINGS } from './finding.js';
import { placeThatLedTo } from './led-to.js';
import { cargoDirectory, directoryLeft, isProbe, sourcePath, WorkingDirectory } from './source-path.js';

/** Compilers that give up before they name a line. */
const WITHOUT_LINE =
  /^\s{0,4}(?:\S{0,300}\/)?(?:x86_64-\S{1,40}-|aarch64-\S{1,40}-)?(?:cc1|cc1plus|f951|gcc|g\+\+|gfortran|clang|clang\+\+|nvcc|nvc\+\+|nvfortran|icx|icpx|ifx|hipcc|flang|cc|c\+\+)(?:-\d{1,2})?: (?:fatal )?error: (?!ld returned|linker command failed|linker )(.*)$/;
/** Tools of GPUs that name a function or an option instead of a line. */
const GPU_TOOL = /^(?:ptxas|nvcc|cudafe\+\+) (?:error|fatal) {1,4}: (?!Unresolved extern)(.*)$/;
/** Go says no more than the place and what is wrong, in a paragraph that names the package. */
const GO = /^\s{0,4}([^\s:()"'<>|][^:()"'<>|]{0,500}\.go):(\d{1,7}):(\d{1,5}): (.*)$/;
const CYTHON = /^\s{0,4}([^\s:()"'<>|][^:()"'<>|]{0,500}\.(?:pyx|pxd|pxi)):(\d{1,7}):(\d{1,5}): (?!warning)(.*)$/;
const RUST = /^error(?:\[E\d{4}\])?: (.*)$/;
const RUST_PLACE = /^\s*--> ([^:]{1,500}):(\d{1,7}):(\d{1,5})$/;
/** gfortran names the place first, shows the line, and says what is wrong some lines later. */
const FORTRAN_PLACE = new RegExp(`^${PATH}:(\\d{1,7})[:.](?:(\\d{1,5}):)?$`);
const FORTRAN_ERROR = /^(?:Fatal )?Error: (.*)$/;
const FORTRAN_REACH = 8;
const COULD_BE =
  /error|-[SF]-\d{4}-|\d{4}-\d{3} \(|^j[a-z]{2}\d{3,5}i-[su] |\.(?:go|pyx|pxd|pxi):\d|^(?:ptxas|nvcc) fatal/i;

/** All compiler errors of the lines, in order, at most 200. `base` is where the build command ran, for relative paths. */
export function compileFindings(lines: readonly string[], base: string | null = null): Finding[] {
  const found: Finding[] = [];
  const directory = new WorkingDirectory(base);
  let place: { match: RegExpExecArray; at: number } | null = null;
  for (let at = 0; at < lines.length && found.length < MOST_FINDINGS; at++) {
    const line = lines[at]!;
    directory.see(line);
    if (FORTRAN_PLACE.test(line)) {
      place = { match: FORTRAN_PLACE.exec(line)!, at };
      continue;
    }
    if (!COULD_BE.test(line)) continue;
    const fortran = FORTRAN_ERROR.exec(line);
    if (fortran && place && at - place.at <= FORTRAN_REACH) {
      const [, path, row, column] = place.match;
      add(found, lines, {
        at: place.at,
        message: fortran[1]!,
        path: path!,
        line: Number(row),
        column: numberOf(column),
        directory: directory.current,
      });
      continue;
    }
    const finding =
      fromDialects(line, at, directory.current) ??
      fromRust(lines, at) ??
      fromOthers(line, at, directory.current) ??
      withoutLine(line, at);
    if (finding) add(found, lines, finding);
  }
  return found;
}

function fromDialects(line: string, at: number, directory: string | null): Finding | null {
  for (const dialect of DIALECTS) {
    const match = dialect.pattern.exec(line);
    if (match === null) continue;
    const crash = line.includes('internal compiler error') ? 'internal compiler error: ' : '';
    const message = `${crash}${(match[dialect.message] ?? '').trim()}`;
    return {
      at,
      message: message === '' ? 'compiler error' : message,
      path: match[dialect.path]!,
      line: Number(match[dialect.line]),
      column: dialect.column === 0 ? null : numberOf(match[dialect.column]),
      directory,
    };
  }
  return null;
}

function fromRust(lines: readonly string[], at: number): Finding | null {
  const error = RUST.exec(lines[at]!);
  if (error === null) return null;
  const place = RUST_PLACE.exec(lines[at + 1] ?? '');
  if (place === null) return null;
  const [, path, row, column] = place;
  const directory = cargoDirectory(lines, at, path!);
  return { at, message: error[1]!, path: path!, line: Number(row), column: Number(column), directory };
}

/** Go and Cython have no word for an error. */
function fromOthers(line: string, at: number, directory: string | null): Finding | null {
  const match = GO.exec(line) ?? CYTHON.exec(line);
  if (match === null) return null;
  const [, path, row, column, message] = match;
  return { at, message: message!, path: path!, line: Number(row), column: Number(column), directory };
}

function withoutLine(line: string, at: number): Finding | null {
  const message = WITHOUT_LINE.exec(line)?.[1] ?? GPU_TOOL.exec(line)?.[1];
  return message ? { at, message, path: null, line: null, column: null, directory: null } : null;
}

/** One finding per place; probes are left out. */
function add(found: Finding[], lines: readonly string[], raw: Finding): void {
  if (raw.path !== null && isProbe(raw.path)) return;
  const lost = raw.path !== null && raw.directory === null && !raw.path.startsWith('/');
  const placed = lost ? { ...raw, directory: directoryLeft(lines, raw.at) } : raw;
  const finding = led(lines, placed);
  const again = found.some((one) => one.path === finding.path && one.line === finding.line && one.path !== null);
  if (!again) found.push(finding);
}

/** An error outside the product is shown at the product's line that led to it, where the compiler names one. */
function led(lines: readonly string[], finding: Finding): Finding {
  if (finding.path === null || sourcePath(finding.path, finding.directory) !== null) return finding;
  const place = placeThatLedTo(lines, finding.at, finding.directory);
  if (place === null) return finding;
  const where = `${finding.path.split('/').at(-1)}:${finding.line}`;
  return { ...finding, ...place, message: `${finding.message} (in ${where})` };
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}
