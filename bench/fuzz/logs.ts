/**
 * Output of builds that is hard to keep: very much of it, binary, coloured, without a line's end, of wrong UTF-8. It goes the way that a
 * build's output goes: through the worker's scrubbing and chunking, and through `spokebot diagnose`, each within bounds.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { verdictOf } from '../../src/ci/diagnose.js';
import { scrubSecrets } from '../../src/ci/scrub.js';
import { type BuildPlan, type EventBody, LOG_CHUNK, RESULT_PART } from '../../src/protocol.js';
import { createRecord } from '../../src/spack/record.js';
import { root } from '../process.js';
import { cpuOf } from './comments.js';
import { diceOf } from './dice.js';

const MEGABYTE = 2 ** 20;
const LOG_LIMIT = 20 * MEGABYTE;
/** Of the processor, for each megabyte of output. */
const MOST_MS_PER_MB = 400;
/** What the heap of `diagnose` may come to for a file that is read whole: its text, and the lines of it. */
const HEAP_MB = 1536;

const repeated = (text: string) => {
  const bytes = Buffer.from(text);
  return Buffer.concat(Array(Math.ceil(MEGABYTE / bytes.length)).fill(bytes)).subarray(0, MEGABYTE);
};

/** A megabyte of each, to be repeated; cut anywhere, also within a character. */
export const LOGS: Readonly<Record<string, () => Buffer>> = {
  'lines of a compiler': () => repeated("g++ -O2 -c src/a.cpp:12:3: warning: unused variable 'x'\n    12 | int x;\n"),
  'one line without an end': () => repeated('x'),
  'one line of words without an end': () => repeated('word '),
  binary: () => {
    const dice = diceOf(7);
    return Buffer.from(Array.from({ length: MEGABYTE }, () => dice.roll(256)));
  },
  'wrong UTF-8': () => repeated('\xff').fill(0xc3),
  NULs: () => Buffer.alloc(MEGABYTE),
  colours: () => repeated('\u001b[1;31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\n'),
  'codes that do not end': () => repeated('\u001b]\u001b[['),
  'progress bars': () => repeated('\r[====>    ] 42 %'),
  errors: () =>
    repeated('==> Error: ProcessError: Command exited with status 1:\n  make -j2\nsrc/a.c:1:2: error: no\n'),
  phases: () =>
    repeated("==> zlib: Executing phase: 'build'\n==> [1/2] Installing zlib-1.3-abcdefghijklmnopqrstuvwxyz012345\n"),
  'keys that open': () => repeated('-----BEGIN RSA PRIVATE KEY-----\n'),
  'nearly secrets': () => repeated('token=ghp_abc password: https://user:pw@ -----BEGIN ghs_ AKIA eyJhbGciOi.\n'),
  'joined characters': () => repeated('👩‍👩‍👧‍👦'),
};

export interface LogFigures {
  readonly logs: number;
  readonly megabytesEach: number;
  readonly slowest: { readonly cpuMsPerMb: number; readonly what: string };
  readonly memoryMb: { readonly start: number; readonly peak: number; readonly end: number };
  readonly failures: readonly string[];
}

export async function fuzzLogs({
  megabytes,
  program,
  say = () => {},
}: {
  readonly megabytes: number;
  /** Whether the command is tried as well, as a process of its own. */
  readonly program: boolean;
  readonly say?: (line: string) => void;
}): Promise<LogFigures> {
  const failures: string[] = [];
  const rss = () => process.memoryUsage.rss() / MEGABYTE;
  const start = rss();
  let peak = start;
  let slowest = { cpuMsPerMb: 0, what: '' };
  for (const [name, make] of Object.entries(LOGS)) {
    const part = make();
    const wrong = (problem: string) => failures.push(`${name}: ${problem}`);
    let seen = { chunks: 0, characters: 0, cut: false };
    const cpuMsPerMb =
      cpuOf(() => {
        seen = throughWorker(part, megabytes, wrong);
      }) / megabytes;
    peak = Math.max(peak, rss());
    if (cpuMsPerMb > slowest.cpuMsPerMb) slowest = { cpuMsPerMb, what: name };
    if (cpuMsPerMb > MOST_MS_PER_MB) wrong(`${Math.round(cpuMsPerMb)} ms of the processor for each megabyte`);
    if (megabytes * MEGABYTE > 2 * LOG_LIMIT && !seen.cut) wrong('the log does not say that it is cut');
    const told = program ? await diagnosed(part, megabytes) : null;
    if (told !== null && told !== 'failed' && told !== 'unknown') wrong(`diagnose: ${told}`);
    say(`${name}: ${cpuMsPerMb.toFixed(1)} ms/MB, ${Math.round(rss())} MB here, ${told ?? ''}`);
  }
  const memoryMb = { start, peak, end: rss() };
  return { logs: Object.keys(LOGS).length, megabytesEach: megabytes, slowest, memoryMb, failures };
}

/** As the worker does it; checks what would leave for the hub. */
function throughWorker(part: Buffer, megabytes: number, wrong: (problem: string) => void) {
  let chunks = 0;
  let characters = 0;
  let cut = false;
  const emit = (body: EventBody) => {
    if (body.kind !== 'log') return;
    chunks += 1;
    characters += body.text.length;
    cut ||= body.text.includes('[log cut here');
    if (body.text.length > LOG_CHUNK) wrong(`a chunk of ${body.text.length} characters`);
    if (/\0|\p{Surrogate}/u.test(body.text)) wrong('a chunk that no database takes');
  };
  let now = 0;
  const record = createRecord(PLAN, emit, () => now++, scrubSecrets);
  const decoder = new StringDecoder('utf8');
  for (let n = 0; n < megabytes; n++)
    for (let at = 0; at < part.length; at += 65_536) {
      const text = decoder.write(part.subarray(at, at + 65_536));
      record.stdout(text);
      if (n === 0) record.stderr(text);
    }
  const result = record.result({ timedOut: false, cancelled: false, seconds: 1, recorded: false });
  for (const name of ['stdout', 'stderr'] as const)
    if (result[name].length > RESULT_PART) wrong(`${name} of ${result[name].length} characters in the result`);
  if (characters > LOG_LIMIT + 200) wrong(`${characters} characters of log`);
  const verdict = verdictOf({ ...result, exitCode: 1 }, 'zlib');
  if (verdict.outcome === 'passed') wrong('it is taken for a success');
  if (JSON.stringify(verdict).length > 100_000) wrong('a verdict without end');
  return { chunks, characters, cut };
}

const PLAN = {
  package: 'zlib',
  limits: { seconds: 60, logBytes: LOG_LIMIT },
} as BuildPlan;

/** The command on a file of that size and on the same by its standard input; its outcome, or what went wrong. */
async function diagnosed(part: Buffer, megabytes: number): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-logs-'));
  const file = path.join(directory, 'build.log');
  try {
    const handle = openSync(file, 'w');
    for (let n = 0; n < megabytes; n++) writeSync(handle, part);
    closeSync(handle);
    const outcomes: string[] = [];
    for (const from of [file, '-']) {
      const child = spawn(
        process.execPath,
        [
          `--max-old-space-size=${HEAP_MB}`,
          path.join(root, 'dist/cli.js'),
          'diagnose',
          from,
          '--exit-code',
          '1',
          '--json',
        ],
        { stdio: [from === '-' ? openSync(file, 'r') : 'ignore', 'pipe', 'pipe'] },
      );
      const late = setTimeout(() => child.kill('SIGKILL'), 300_000);
      let out = '';
      let err = '';
      child.stdout!.on('data', (text: Buffer) => {
        out += text.toString();
      });
      child.stderr!.on('data', (text: Buffer) => {
        err = (err + text.toString()).slice(-500);
      });
      const code = await new Promise((resolve) => child.on('close', (exit, signal) => resolve(exit ?? signal)));
      clearTimeout(late);
      if (code !== 1) return `ended with ${String(code)}: ${err}`;
      outcomes.push((JSON.parse(out) as { outcome: string }).outcome);
    }
    return outcomes[0] === outcomes[1] ? outcomes[0]! : `a file is ${outcomes[0]}, standard input ${outcomes[1]}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
