/** A server of the bench as a process of its own: plain node on the built program, never through a transpiler. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const STOP_MS = 15_000;
export const root = fileURLToPath(new URL('..', import.meta.url));

export interface BenchProcess {
  readonly pid: number;
  /** The JSON object of its first line. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Milliseconds of CPU since it started; null where the system does not tell. */
  cpuMs(): number | null;
  /** Megabytes of memory in use; null where the system does not tell. */
  memoryMb(): number | null;
  /** The last lines of its stderr. */
  tail(): string;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs and leaves its log. */
  readonly directory: string;
  /** Answers with 2xx when the process is ready; for programs that print nothing. */
  readonly readyUrl?: string;
}

/**
 * Runs `script` (relative to the project) until it prints one line of JSON, or answers at `readyUrl`. Throws with its last words
 * when it does not.
 */
export async function startProcess(
  name: string,
  script: string,
  { args = [], env, directory, readyUrl }: StartOptions,
): Promise<BenchProcess> {
  const log = path.join(directory, `${name}.log`);
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, [path.join(root, script), ...args], {
    stdio: ['ignore', 'pipe', file],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    cwd: directory,
  });
  closeSync(file);
  const tail = () => readFileSync(log, 'utf8').split('\n').slice(-8).join('\n');
  const line = readyUrl === undefined ? await firstLine(child) : (await answers(readyUrl, child)) ? '{}' : null;
  if (line === null) {
    await stop(child);
    throw new Error(`${name} did not come up:\n${tail()}`);
  }
  return {
    pid: child.pid!,
    said: JSON.parse(line) as Record<string, unknown>,
    cpuMs: () => cpuMs(child.pid!),
    memoryMb: () => memoryMb(child.pid!),
    tail,
    stop: () => stop(child),
  };
}

async function firstLine(child: ChildProcess): Promise<string | null> {
  for await (const line of createInterface({ input: child.stdout! })) {
    child.stdout!.resume();
    return line;
  }
  return null;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  child.stdout!.resume();
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return true;
    await delay(50);
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}

/** Clock ticks of `/proc` are hundredths of a second on every Linux that Node runs on. */
function cpuMs(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

/** Megabytes of memory that a process has; null where the system does not tell. */
export function memoryMb(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) / 1024 : null;
  } catch {
    return null;
  }
}
