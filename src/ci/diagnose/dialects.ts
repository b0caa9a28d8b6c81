/** The dialects in which compilers report an error with its place. */

/** What a dialect finds: numbers of the groups, 0 where it has none. */
export interface Dialect {
  readonly name: string;
  readonly pattern: RegExp;
  readonly path: number;
  readonly line: number;
  readonly column: number;
  readonly message: number;
}

export const PATH = '([^\\s:()"\'<>|][^:()"\'<>|]{0,500})';

/** Each pattern is anchored, so that a line is looked at once. */
export const DIALECTS: readonly Dialect[] = [
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
  {
    name: 'Fujitsu: jwd1751i-s "path", line n, column m: message',
    pattern: /^j[a-z]{2}\d{3,5}i-[su] {1,4}"([^"]{1,500})", line (\d{1,7})(?:, column (\d{1,5}))?: (.*)$/,
    path: 1,
    line: 2,
    column: 3,
    message: 4,
  },
];
