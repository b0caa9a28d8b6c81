import { describe, expect, test } from '@jest/globals';
import { cleanLine, stripTerminal } from '../../src/web/log/clean.js';
import { isErrorLine } from '../../src/web/log/error-line.js';
import { plainText } from '../../src/web/log/plain-text.js';
import { type Chunk, type LogLine, linesFrom, type ReadChunks } from '../../src/web/log/read-lines.js';
import { FIRST, LogScan } from '../../src/web/log/scan.js';

function chunksOf(text: string, size: number): Chunk[] {
  const list: Chunk[] = [];
  for (let at = 0; at < text.length; at += size)
    list.push({ seq: 2 * list.length + 3, text: text.slice(at, at + size) });
  return list;
}

function reader(chunks: readonly Chunk[]): ReadChunks {
  return async (from, to, limit) => chunks.filter(({ seq }) => seq >= from && seq <= to).slice(0, limit);
}

async function collect(lines: AsyncGenerator<LogLine>): Promise<LogLine[]> {
  const list: LogLine[] = [];
  for await (const line of lines) list.push(line);
  return list;
}

function scanOf(chunks: readonly Chunk[]): LogScan {
  const scan = new LogScan();
  for (const { seq, text } of chunks) scan.feed(seq, text);
  return scan;
}

const KEY = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEow', 'abc', '-----END RSA PRIVATE KEY-----'].join('\n');
const TEXT = `first\n\nthird with \u001b[31mcolour\u001b[0m\nx.cpp:3:1: error: broken\n${KEY}\nafter the key\nnot ended`;
const SHOWN = [
  'first',
  '',
  'third with colour',
  'x.cpp:3:1: error: broken',
  '-----BEGIN RSA PRIVATE KEY-----',
  '[redacted]',
  '[redacted]',
  '[redacted]',
  'after the key',
];

test('however many read large logs at once, everything else gets a turn between any two stretches', async () => {
  const seen: string[] = [];
  let over = false;
  const tick = () => {
    seen.push('else');
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  // As the embedded database answers: without going back to the event loop.
  const read: ReadChunks = async (from, _, limit) => {
    seen.push('stretch');
    return from > 40 ? [] : Array.from({ length: limit }, (_, n) => ({ seq: from + n, text: 'a line\n' }));
  };
  const text = async () => {
    const parts = plainText(read, false).getReader();
    while (!(await parts.read()).done);
  };
  await Promise.all([...Array.from({ length: 5 }, () => collect(linesFrom(read, FIRST, 1, 99))), text(), text()]);
  over = true;
  expect(seen.filter((each) => each === 'stretch').length).toBeGreaterThan(20);
  // All of them begin at once, one stretch each; from then on no two stretches are read in a row.
  expect(seen.slice(0, 8)).toContain('else');
  const later = seen.slice(seen.indexOf('else'));
  expect(later.some((each, at) => each === 'stretch' && later[at + 1] === 'stretch')).toBe(false);
});

describe('the table of contents of a log', () => {
  test.each([1, 2, 3, 7, 20, 1000])('is the same whether chunks have %i characters', async (size) => {
    const chunks = chunksOf(TEXT, size);
    const scan = scanOf(chunks);
    expect(scan.lines).toBe(SHOWN.length);
    expect(scan.unfinished).toBe('not ended');
    expect(scan.errors).toEqual([{ line: 4, text: 'x.cpp:3:1: error: broken' }]);
    expect(scan.characters).toBe(TEXT.length);
    for (let first = 1; first <= SHOWN.length; first++) {
      const lines = await collect(linesFrom(reader(chunks), scan.markBefore(first), first, scan.lastSeq));
      expect(lines.map((line) => line.number)).toEqual(SHOWN.slice(first - 1).map((_, index) => first + index));
      // The line that opens a key is itself taken out by the scrubber.
      expect(lines.map((line) => line.text.replace('[redacted]', SHOWN[4]!)).join('\n')).toBe(
        SHOWN.slice(first - 1)
          .map((line) => line.replace('[redacted]', SHOWN[4]!))
          .join('\n'),
      );
    }
  });

  test.each([1, 2, 3, 7, 20])('lets a reader go on after any chunk of %i characters without a gap', async (size) => {
    const chunks = chunksOf(TEXT, size);
    const scan = scanOf(chunks);
    for (const { seq } of chunks) {
      const { next } = scan.endOf(seq);
      const before = await collect(linesFrom(reader(chunks), FIRST, 1, seq));
      const rest = await collect(linesFrom(reader(chunks), next, next.line, scan.lastSeq));
      expect([...before, ...rest].map((line) => line.number)).toEqual(SHOWN.map((_, index) => index + 1));
    }
  });

  test('knows which chunks a reader of the lines before one has whole', () => {
    const scan = scanOf([
      { seq: 5, text: 'a\nb\n' },
      { seq: 8, text: 'c' },
      { seq: 9, text: 'c\nd\n' },
    ]);
    expect([1, 2, 3, 4, 5].map((line) => scan.coveredBy(line))).toEqual([0, 0, 8, 8, 9]);
  });

  test('reads the rest that has not ended only when asked', async () => {
    const chunks = chunksOf('a\nb', 1);
    expect(await collect(linesFrom(reader(chunks), FIRST, 1, 99, { rest: true }))).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(await collect(linesFrom(reader(chunks), FIRST, 1, 99))).toEqual([{ number: 1, text: 'a' }]);
  });

  test('a line of five million characters is cut and costs no more than its cut', async () => {
    const chunks = chunksOf(`${'x'.repeat(5_000_000)}\nnext\n`, 60_000);
    const scan = scanOf(chunks);
    const lines = await collect(linesFrom(reader(chunks), FIRST, 1, scan.lastSeq));
    expect(lines[0]!.text).toBe(`${'x'.repeat(2000)} … (cut here)`);
    expect(lines[1]).toEqual({ number: 2, text: 'next' });
  });

  test('keeps the first errors and counts the rest', () => {
    const scan = scanOf([{ seq: 1, text: 'error: again\n'.repeat(1000) }]);
    expect([scan.errors.length, scan.errorCount]).toEqual([200, 1000]);
  });
});

describe('a line as people see it', () => {
  test.each([
    ['\u001b[1;31mred\u001b[0m and \u001b[38;5;12mblue\u001b[m', 'red and blue'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['10%\r 50%\r100%', '100%'],
    ['windows line\r', 'windows line'],
    ['\u001b[2K\u001b[1Gdone', 'done'],
    ['tab\tstays, bell\u0007 goes, \u202eleft-to-right\u202c too', 'tab\tstays, bell goes, left-to-right too'],
    ['\u001b', ''],
  ])('%j is shown as %j', (raw, shown) => {
    expect(stripTerminal(raw)).toBe(shown);
  });

  test('secrets of known forms are taken out', () => {
    expect(cleanLine('export GITHUB_TOKEN=abcdefgh and https://me:pw12@host/x', 0)).toBe(
      'export GITHUB_TOKEN=[redacted] and https://[redacted]@host/x',
    );
    expect(cleanLine('anything', 3)).toBe('[redacted]');
  });
});

describe('lines that look like errors', () => {
  test.each([
    "core/a.hpp:120:9: error: no member named 'x'",
    'Error: something',
    '==> Error: ProcessError: Command exited with status 2:',
    'CMake Error at CMakeLists.txt:3 (find_package):',
    "a.o: undefined reference to `f'",
    'collect2: error: ld returned 1 exit status',
    'make[2]: *** [CMakeFiles/x.dir/build.make:90: a.o] Error 1',
    'ninja: build stopped: subcommand failed.',
    'FAILED: CMakeFiles/a.o',
    'Traceback (most recent call last):',
    'a.f90:10:3: fatal error: mpi.h: No such file or directory',
    'configure: error: C compiler cannot create executables',
    'cp: cannot write: No space left on device',
    '12/40 Test #12: unit ....***Failed    0.02 sec',
  ])('%s', (line) => {
    expect(isErrorLine(line)).toBe(true);
  });

  test.each([
    '[ 20%] Building CXX object src/error.cpp.o',
    'gcc -Wall -Werror -c error_handler.c',
    '0 errors, 3 warnings',
    '-- Performing Test HAVE_ERROR - Failed',
    "a.c:3: warning: unused variable 'error'",
    'checking for error codes... yes',
    '',
  ])('not: %s', (line) => {
    expect(isErrorLine(line)).toBe(false);
  });
});
