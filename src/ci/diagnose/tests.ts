/** Names of failed tests in the reports of test drivers. */

interface Driver {
  readonly name: string;
  readonly pattern: RegExp;
}

const DRIVERS: readonly Driver[] = [
  {
    name: 'ctest, list at the end',
    pattern:
      /^\s*\d{1,6} - (\S.{0,200}?) \((?:Failed|Timeout|Not Run|SEGFAULT|Subprocess aborted|[A-Z][A-Za-z ]{2,40})\)/,
  },
  {
    name: 'ctest, one line per test',
    pattern: /^\s*\d{1,6}\/\d{1,6} Test\s+#\d{1,6}: (\S.{0,200}?) \.{2,}\s*(?:\*\*\*)(?!Skipped|Disabled)/,
  },
  { name: 'unittest', pattern: /^(?:FAIL|ERROR): (\w{1,200}) \([\w.]{1,400}\)(?: .*)?$/ },
  { name: 'automake', pattern: /^(?:FAIL|ERROR|XPASS): (\S.{0,200}?)(?: \(exit status: \d+\))?$/ },
  { name: 'GoogleTest', pattern: /^\[ {2}FAILED {2}\] ([\w./-]{1,200}?)(?:, where .*| \(\d+ ms\))?$/ },
  {
    name: 'pytest',
    pattern: /^(?:FAILED|ERROR) ([\w./-]{1,200}(?:::\w{1,200}){0,4}(?:\[.{0,200}?\])?)(?: - .*)?$/,
  },
  { name: 'cargo', pattern: /^test (\S{1,300}) \.\.\. FAILED$/ },
  { name: 'Go', pattern: /^\s{0,20}--- FAIL: (\S{1,300}) \(/ },
  { name: 'prove', pattern: /^(\S{1,200}\.t) {1,20}\(Wstat: [1-9]/ },
  { name: 'Boost.Test', pattern: /^\S{1,300}\(\d{1,7}\): (?:fatal )?error: in "([^"]{1,300})": / },
  { name: 'Meson', pattern: /^\s*\d{1,6}\/\d{1,6} (\S.{0,200}?)\s{1,100}(?:FAIL|TIMEOUT|ERROR)\b/ },
  { name: 'TAP', pattern: /^not ok \d{1,6}(?: -)? (?!.*# (?:TODO|SKIP))(\S.{0,200})$/i },
  { name: 'Catch2, doctest', pattern: /^(\S{1,300}:\d{1,7}): (?:FAILED:$|(?:FATAL )?ERROR: .* is NOT correct!$)/ },
];

export interface TestFailures {
  /** Each once, in order of appearance, at most 200. */
  readonly names: readonly string[];
  /** Indices of the lines that named them. */
  readonly lines: readonly number[];
}

/** What a test says when it gives up, whoever runs it: most telling first. */
const LAST_WORDS: readonly RegExp[] = [
  /: Assertion [`'"‘].*failed|\bassertion .*failed\b/i,
  /^(?:E {2,7}|\s{0,8})\w{0,60}(?:Error|Exception)\b.*$/,
  /^\S{1,300}:\d{1,7}: (?:Failure|FAILED:|(?:FATAL )?ERROR: )/,
  /\bSegmentation fault\b|\bBus error\b|\bFloating point exception\b|\bIllegal instruction\b|\bcore dumped\b|\bterminate called\b|\bSIG(?:SEGV|ABRT|FPE|BUS|ILL)\b/,
  /\bMPI_ABORT was invoked\b|\bAborted\b|\bsymbol lookup error\b|\berror while loading shared libraries\b/,
];

/** Index of the line in which a test says why it failed, when one is recognised. */
export function lastWords(lines: readonly string[]): number | null {
  for (const pattern of LAST_WORDS) {
    const at = lines.findIndex((line) => !line.startsWith('==> ') && pattern.test(line));
    if (at >= 0) return at;
  }
  return null;
}

/** Reads the failed tests; empty when the text is no test report. */
export function testFailures(lines: readonly string[]): TestFailures {
  const names = new Map<string, number>();
  const places: number[] = [];
  lines.forEach((line, at) => {
    if (names.size >= 200 || !/fail|error|not ok|timeout|\*\*\*|not run|segfault|abort|xpass|\(/i.test(line)) return;
    for (const { pattern } of DRIVERS) {
      const name = pattern.exec(line)?.[1];
      if (name === undefined) continue;
      if (/^\d+ tests?[,.]?|^tests? /.test(name)) continue;
      if (!names.has(name)) names.set(name, at);
      if (places.length < 200) places.push(at);
      return;
    }
  });
  return { names: [...names.keys()], lines: places };
}
