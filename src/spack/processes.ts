/**
 * Ending every process of a build, also one that left its process group, its session and its parent. Each process of a build
 * inherits the mark (the path of its workspace) in its environment; on Linux /proc shows who has it. One that cleared its environment
 * is still found by its working directory or by its parent. Elsewhere only the process group can be ended.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Environment variable that every process of a build carries; its value is the workspace. */
export const BUILD_MARK = 'SPOKEBOT_BUILD_MARK';

const GRACE_MS = 3_000;
const GIVE_UP_MS = 10_000;

const HAS_PROC = existsSync('/proc/self/environ');

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly terminal: number;
}

/** Pids of the living processes that belong to the build in `workspace`; empty where there is no /proc. */
export function findProcesses(workspace: string): number[] {
  const rows = processTable();
  const found = new Set<number>();
  for (const row of rows) if (belongs(row, workspace)) found.add(row.pid);
  for (let grew = found.size > 0; grew; ) {
    grew = false;
    for (const row of rows) {
      if (found.has(row.parent) && !found.has(row.pid)) {
        found.add(row.pid);
        grew = true;
      }
    }
  }
  found.delete(process.pid);
  return [...found];
}

/**
 * SIGTERM to all of them, SIGKILL to those that are left after the grace, until none is left. `leader` is the pid of the build's main
 * process while it is known to live. Returns the pids that would not end (uninterruptible ones).
 */
export async function endProcesses(workspace: string, leader: number | null, graceMs = GRACE_MS): Promise<number[]> {
  signalAll(workspace, leader, 'SIGTERM');
  const grace = Date.now() + graceMs;
  while (anyLeft(workspace, leader) && Date.now() < grace) await delay(25);
  const end = Date.now() + GIVE_UP_MS;
  while (anyLeft(workspace, leader) && Date.now() < end) {
    signalAll(workspace, leader, 'SIGKILL');
    await delay(25);
  }
  return findProcesses(workspace);
}

function anyLeft(workspace: string, leader: number | null): boolean {
  // Where there is a /proc it knows better: a group also counts the dead whom nobody has waited for yet.
  return HAS_PROC ? findProcesses(workspace).length > 0 : leader !== null && send(-leader, 0);
}

function signalAll(workspace: string, leader: number | null, signal: NodeJS.Signals): void {
  if (leader !== null) send(-leader, signal);
  for (const pid of findProcesses(workspace)) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function processTable(): ProcessRow[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const rows: ProcessRow[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOr('', () => readFileSync(`/proc/${name}/stat`, 'latin1'));
    // The command name in parentheses may hold anything, also parentheses: fields are counted after the last one.
    const [state, parent, , , terminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!state || state === 'Z' || state === 'X') continue;
    rows.push({ pid: Number(name), parent: Number(parent), terminal: Number(terminal) });
  }
  return rows;
}

function belongs({ pid, terminal }: ProcessRow, workspace: string): boolean {
  const environ = readOr('', () => readFileSync(`/proc/${pid}/environ`, 'utf8'));
  if (environ.split('\0').includes(`${BUILD_MARK}=${workspace}`)) return true;
  // A build has no terminal; a person's shell that looks at the stage has one, and is left alone.
  if (terminal !== 0) return false;
  const cwd = readOr('', () => readlinkSync(`/proc/${pid}/cwd`));
  return cwd === workspace || cwd.startsWith(`${workspace}/`);
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
