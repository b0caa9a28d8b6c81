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
    pattern: /^\s*\d{1,6}\/\d{1,6} Test\s+#\d{1,6}: (\S{1,200}) \.{2,}\s*(?:\*\*\*)(?!Skipped|Disabled)/,
  },
  { name: 'automake', pattern: /^(?:FAIL|ERROR|XPASS): (\S.{0,200}?)(?: \(exit status: \d+\))?$/ },
  { name: 'GoogleTest', pattern: /^\[ {2}FAILED {2}\] ([\w./-]{1,200}?)(?:, where .*| \(\d+ ms\))?$/ },
  { name: 'pytest', pattern: /^(?:FAILED|ERROR) ([\w./-]{1,200}(?:::[\w[\].-]{1,200}){0,4})(?: - .*)?$/ },
  { name: 'Meson', pattern: /^\s*\d{1,6}\/\d{1,6} (\S.{0,200}?)\s{1,100}(?:FAIL|TIMEOUT|ERROR)\b/ },
  { name: 'TAP', pattern: /^not ok \d{1,6}(?: -)? (\S.{0,200})$/ },
  { name: 'Catch2', pattern: /^\S{1,300}:\d{1,7}: (FAILED):$/ },
];

export interface TestFailures {
  /** Each once, in order of appearance, at most 200. */
  readonly names: readonly string[];
  /** Indices of the lines that named them. */
  readonly lines: readonly number[];
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
