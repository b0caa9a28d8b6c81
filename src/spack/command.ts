/**
 * Runs one program of a build (Spack or git): argument vector, own session, an empty pipe as stdin, cancellable. When it is over,
 * by itself or not, nothing that it started is left.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ownFilesOnly } from './inherited-files.js';
import { endProcesses } from './processes.js';
import { Trouble } from './trouble.js';

/** How long output may still arrive once every process has ended. */
const LAST_OUTPUT_MS = 1_000;

export interface CommandPorts {
  readonly env: Readonly<Record<string, string>>;
  /** Directory of the attempt: working directory of the program and mark of its processes. */
  readonly workspace: string;
  readonly signal: AbortSignal;
  /** Other commands of the attempt run beside this one, so what it may leave behind is ended with the attempt, not with it. */
  readonly beside?: boolean;
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
}

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Resolves when the program and everything it started have ended. Throws `Trouble` when it could not be started. */
export async function runCommand(program: string, args: readonly string[], ports: CommandPorts): Promise<CommandEnd> {
  ports.signal.throwIfAborted();
  // `detached` makes a new session. stdin is a pipe because a Spack installer that polls it refuses /dev/null.
  const stdio = ownFilesOnly('pipe', 'pipe', 'pipe');
  const child = spawn(program, args, { cwd: ports.workspace, env: ports.env, detached: true, stdio });
  const streams = [forward(child.stdout, ports.onStdout), forward(child.stderr, ports.onStderr)];
  child.stdin.on('error', () => {});
  child.stdin.end();
  let ending: Promise<unknown> | null = null;
  const stop = () => {
    ending ??= endProcesses(ports.workspace, child.pid ?? null);
  };
  ports.signal.addEventListener('abort', stop, { once: true });
  try {
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await ending;
    if (!ports.beside) await endProcesses(ports.workspace, null);
    await Promise.race([Promise.all(streams.map((stream) => stream.ended)), timer(LAST_OUTPUT_MS)]);
    return { exitCode, signal };
  } catch (error) {
    throw new Trouble(startProblem(program, error));
  } finally {
    ports.signal.removeEventListener('abort', stop);
    for (const stream of streams) stream.close();
  }
}

function startProblem(program: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `${program} was not found; install it or correct the worker's configuration`;
  if (code === 'EACCES') return `${program} may not be executed by the worker's user`;
  return `${program} could not be started (${code ?? (error as Error).message})`;
}

function forward(stream: Readable, write: (text: string) => void): { ended: Promise<void>; close(): void } {
  const decoder = new StringDecoder('utf8');
  let open = true;
  const ended = new Promise<void>((resolve) => {
    stream.on('close', resolve);
    stream.on('error', () => resolve());
  });
  stream.on('data', (bytes: Buffer) => {
    if (open) write(decoder.write(bytes));
  });
  return {
    ended,
    close() {
      open = false;
      stream.destroy();
    },
  };
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
