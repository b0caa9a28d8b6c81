/** Errors of compilers, each in its own dialect. Warnings and notes are no errors, and neither are messages of a configure probe. */
import { type Finding, MOST_FINDINGS } from './finding.js';
import { directoryLeft, isProbe, WorkingDirectory } from './source-path.js';

/** What a dialect finds: numbers of the groups, 0 where it has none. */
interface Dialect {
  readonly name: string;
  readonly pattern: RegExp;
  readonly path: number;
  readonly line: number;
  readonly column: number;
  readonly message: number;
}

const PATH = '([^\\s:()"\'<>|][^:()"\'<>|]{0,500})';

/** Each pattern is anchored, so that a line is looked at once. */
const DIALECTS: readonly Dialect[] = [
  {
    name: 'gcc, clang, flang, nvc: path:line:column: error: message',
    pattern: new RegExp(
      `^\\s{0,4}${PATH}:(\\d{1,7}):(?:(\\d{1,5}):)? (?:fatal |internal compiler |Fatal |semantic )?[Ee]rror: (.*)$`,
    ),
    path: 1,
    line: 2,
    column: 3,
    message: 4,
  },
  {
    name: 'nvcc, Intel, MSVC: path(line[,column]): error #n: message',
    pattern:
      /^\s{0,4}([^\s:()"'<>|][^:()"'<>|]{0,500})\((\d{1,7})(?:,(\d{1,5}))?\) ?: (?:catastrophic |internal |fatal )?error ?(?:#?[A-Z]{0,4}[\d-]{0,8}(?:-D)?)?: (.*)$/,
    path: 1,
    line: 2,
    column: 3,
    message: 4,
  },
  {
    name: 'IBM XL, old NVIDIA and Sun: "path", line n: error: message',
    pattern:
      /^"([^"]{1,500})", line (\d{1,7})(?:\.(\d{1,5}))?: (?:(?:catastrophic |internal )?error(?: [^:]{0,20})?: |\d{4}-\d{3} \([SUE]\) )(.*)$/,
    path: 1,
    line: 2,
    column: 3,
    message: 4,
  },
  {
    name: 'NVIDIA Fortran: NVFORTRAN-S-0034-message (path: line)',
    pattern: /^(?:NVFORTRAN|PGF90|PGFTN|NVC\+\+|F90)-[SF]-(\d{4})-(.{0,1500}?) \(([^():]{1,500}): ?(\d{1,7})\)/,
    path: 3,
    line: 4,
    column: 0,
    message: 2,
  },
  {
    name: 'NAG: Error: path, line n: message',
    pattern: /^(?:Fatal )?Error: ([^,:]{1,500}), line (\d{1,7}): (.*)$/,
    path: 1,
    line: 2,
    column: 0,
    message: 3,
  },
  {
    name: 'Cray: CC-20 crayc++: ERROR File = path, Line = n',
    pattern:
      /^(?:CC|ftn)-\d{1,5} \S{1,40}: ERROR (?:\S{1,80}, )?File = ([^,]{1,500}), Line = (\d{1,7})(?:, Column = (\d{1,5}))?(.*)$/,
    path: 1,
    line: 2,
    column: 3,
    message: 4,
  },
  {
    name: 'assembler: path:line: Error: message',
    pattern: new RegExp(`^${PATH}:(\\d{1,7}): Error: (.*)$`),
    path: 1,
    line: 2,
    column: 0,
    message: 3,
  },
];

/** Compilers that give up before they name a line. */
const WITHOUT_LINE =
  /^\s{0,4}(?:\S{0,300}\/)?(?:x86_64-\S{1,40}-|aarch64-\S{1,40}-)?(?:cc1|cc1plus|f951|gcc|g\+\+|gfortran|clang|clang\+\+|nvcc|nvc\+\+|nvfortran|icx|icpx|ifx|hipcc|flang|cc|c\+\+)(?:-\d{1,2})?: (?:fatal )?error: (?!ld returned|linker command failed|linker )(.*)$/;
const RUST = /^error(?:\[E\d{4}\])?: (.*)$/;
const RUST_PLACE = /^\s*--> ([^:]{1,500}):(\d{1,7}):(\d{1,5})$/;
/** gfortran names the place first, shows the line, and says what is wrong some lines later. */
const FORTRAN_PLACE = new RegExp(`^${PATH}:(\\d{1,7}):(?:(\\d{1,5}):)?$`);
const FORTRAN_ERROR = /^(?:Fatal )?Error: (.*)$/;
const FORTRAN_REACH = 8;

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
    if (!/error/i.test(line) && !/-[SF]-\d{4}-|\d{4}-\d{3} \(/.test(line)) continue;
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
    const finding = fromDialects(line, at, directory.current) ?? fromRust(lines, at) ?? withoutLine(line, at);
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
  return { at, message: error[1]!, path: place[1]!, line: Number(place[2]), column: Number(place[3]), directory: null };
}

function withoutLine(line: string, at: number): Finding | null {
  const message = WITHOUT_LINE.exec(line)?.[1];
  return message ? { at, message, path: null, line: null, column: null, directory: null } : null;
}

/** One finding per place; probes are left out. */
function add(found: Finding[], lines: readonly string[], raw: Finding): void {
  if (raw.path !== null && isProbe(raw.path)) return;
  const lost = raw.path !== null && raw.directory === null && !raw.path.startsWith('/');
  const finding = lost ? { ...raw, directory: directoryLeft(lines, raw.at) } : raw;
  const again = found.some((one) => one.path === finding.path && one.line === finding.line && one.path !== null);
  if (!again) found.push(finding);
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}
