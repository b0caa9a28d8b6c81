/** `spokebot diagnose`: the output of a Spack run in, the verdict out. Takes one combined log or the parts that a run leaves. */
import { open, stat } from 'node:fs/promises';
import { isSignal, signalName } from '../ci/diagnose/ending.js';
import { diagnose as diagnoseRun } from '../ci/diagnose.js';
import type { Verdict } from '../ci/verdict.js';
import { type Command, EXIT, type Io, UsageError } from './command.js';
import { readFlags } from './flags.js';
import { whyUnreadable } from './read-failure.js';

/** Larger logs are read from both ends; what matters stands there. */
const WHOLE_FILE = 200 * 1024 * 1024;
const HEAD = 16 * 1024 * 1024;
const TAIL = 64 * 1024 * 1024;

const FLAGS = {
  stdout: { type: 'string' },
  stderr: { type: 'string' },
  'build-log': { type: 'string' },
  'test-log': { type: 'string' },
  'exit-code': { type: 'string' },
  signal: { type: 'string' },
  'timed-out': { type: 'boolean' },
  product: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const diagnose: Command = {
  name: 'diagnose',
  usage:
    '[LOG] [--stdout F] [--stderr F] [--build-log F] [--test-log F] [--exit-code N | --signal NAME] [--timed-out] [--product NAME] [--json]',
  summary: 'Says what a run of Spack came to, from its output.',
  run,
};

/** Exit code 0 when the run passed, 1 when it did not or nobody can tell. */
async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readFlags(diagnose, joinNegative(args), FLAGS);
  const log = positionals[0];
  if (positionals.length > 1) throw wrong('One combined log at most');
  const files = [log, values.stdout, values.stderr, values['build-log'], values['test-log']];
  if (files.filter((file) => file === '-').length > 1) throw wrong('Standard input can be one of the files only');
  const exitCode = readExitCode(values['exit-code']);
  const signal = readSignal(values.signal);
  if (exitCode !== null && signal !== null) throw wrong('A run ends with an exit code or by a signal, not both');
  const timedOut = values['timed-out'] === true;
  if (files.every((file) => file === undefined) && exitCode === null && signal === null && !timedOut) {
    throw wrong('Name a log (- is standard input), or the parts of a run');
  }
  const [combined, stdout, stderr, buildLog, testLog] = await Promise.all(files.map((file) => readLog(file, io)));
  const verdict = diagnoseRun({
    stdout: [stdout!, combined!].filter((text) => text !== '').join('\n'),
    stderr: stderr!,
    buildLog: buildLog!,
    testLog: testLog!,
    exitCode,
    signal,
    timedOut,
    cancelled: false,
    trouble: null,
    product: readProduct(values.product),
  });
  io.stdout.write(values.json === true ? `${JSON.stringify(inOrder(verdict))}\n` : readable(verdict));
  return verdict.outcome === 'passed' ? EXIT.ok : EXIT.negative;
}

function wrong(what: string): UsageError {
  return new UsageError(`${what}.`);
}

/** Python says -15 for SIGTERM; Node's parser would take that for an option. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const value = args[at + 1];
    if (args[at] === '--exit-code' && value !== undefined && /^-\d+$/.test(value)) {
      joined.push(`--exit-code=${value}`);
      at += 1;
    } else joined.push(args[at]!);
  }
  return joined;
}

function readExitCode(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^-?\d{1,4}$/.test(text)) throw wrong(`--exit-code needs a whole number, not "${text}"`);
  return Number(text);
}

function readSignal(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!isSignal(text)) throw wrong(`--signal needs the name of a signal such as SIGTERM or KILL, not "${text}"`);
  return signalName(text);
}

function readProduct(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[a-z0-9_][a-z0-9_-]*$/.test(text)) throw wrong(`--product needs the name of a Spack package, not "${text}"`);
  return text;
}

async function readLog(file: string | undefined, io: Io): Promise<string> {
  if (file === undefined) return '';
  if (file === '-') return readStream(io.stdin);
  try {
    const { size } = await stat(file);
    const handle = await open(file, 'r');
    try {
      if (size <= WHOLE_FILE) return await handle.readFile('utf8');
      const head = await handle.read({ buffer: Buffer.alloc(HEAD), position: 0 });
      const tail = await handle.read({ buffer: Buffer.alloc(TAIL), position: size - TAIL });
      return `${head.buffer.toString('utf8', 0, head.bytesRead)}\n${tail.buffer.toString('utf8', 0, tail.bytesRead)}`;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${whyUnreadable(error)}.`);
  }
}

/** Like a file: whole up to a size, and of what is longer the beginning and the end. */
async function readStream(stream: NodeJS.ReadableStream): Promise<string> {
  const head: Buffer[] = [];
  const tail: Buffer[] = [];
  let headSize = 0;
  let tailSize = 0;
  let cut = false;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (headSize < HEAD) {
      head.push(bytes);
      headSize += bytes.length;
      continue;
    }
    tail.push(bytes);
    tailSize += bytes.length;
    if (headSize + tailSize > WHOLE_FILE) cut = true;
    while (cut && tailSize - tail[0]!.length >= TAIL) tailSize -= tail.shift()!.length;
  }
  return cut
    ? `${Buffer.concat(head).toString('utf8')}\n${Buffer.concat(tail).toString('utf8')}`
    : Buffer.concat([...head, ...tail]).toString('utf8');
}

/** Keys in the order in which they are documented. */
function inOrder(verdict: Verdict): Verdict {
  const { outcome, category, fault, package: name, phase, summary, excerpt, annotations, retryable } = verdict;
  return { outcome, category, fault, package: name, phase, summary, excerpt, annotations, retryable };
}

/** Whether a second try is worth it; what is not known is not guessed. */
function again({ outcome, category, retryable }: Verdict): string {
  if (retryable) return 'a second try may end differently';
  return outcome === 'unknown' || category === 'unknown' ? 'not known' : 'a second try would end the same';
}

function readable(verdict: Verdict): string {
  const where = [verdict.package, verdict.phase === null ? null : `phase ${verdict.phase}`].filter(
    (part) => part !== null,
  );
  const lines = [`${verdict.outcome}: ${verdict.summary}`];
  if (verdict.outcome !== 'passed') {
    lines.push(
      `  what   ${verdict.category}`,
      `  whose  ${verdict.fault}`,
      ...(where.length > 0 ? [`  where  ${where.join(', ')}`] : []),
      `  again  ${again(verdict)}`,
    );
  }
  for (const { path, line, column, message } of verdict.annotations.slice(0, 10)) {
    lines.push(`  at     ${path}:${line}${column === undefined ? '' : `:${column}`}  ${message}`);
  }
  if (verdict.excerpt !== '') lines.push('', ...verdict.excerpt.split('\n').map((line) => `  | ${line}`));
  return `${lines.map((line) => line.replace(/(?!\t)\p{Cc}/gu, ' ')).join('\n')}\n`;
}
