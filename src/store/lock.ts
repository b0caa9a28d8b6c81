/** The exclusive lock on a data directory: two processes on one embedded database would lose each other's rows. */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

export class DirectoryInUse extends Error {
  constructor(
    readonly directory: string,
    readonly pid: number,
    /** Set when the lock is of another machine or container, whose processes cannot be seen from here. */
    readonly host: string | null = null,
  ) {
    super(
      host === null
        ? `The data directory ${directory} is in use by process ${pid}. Stop that process, or choose another directory with SPOKEBOT_DATA.`
        : `The data directory ${directory} is in use by process ${pid} on ${host}. Stop it there, or choose another directory with SPOKEBOT_DATA. If ${host} is gone for good (a container that was replaced), remove ${path.join(directory, 'lock')}.`,
    );
  }
}

/** What a lock file says. Files of earlier versions name no host: they are taken for this one's. */
interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

/** How often a lock that is being taken over by others is looked at again, and how long between; some two seconds in all. */
const TRIES = 200;
const PAUSE_MS = 10;

/** Takes the lock or throws `DirectoryInUse`. A lock whose process is gone (kill -9, power loss) is taken over. */
export function lockDirectory(directory: string): () => void {
  const taken = acquire(path.join(directory, 'lock'));
  if (typeof taken === 'function') return taken;
  throw new DirectoryInUse(directory, taken.pid, taken.host === hostname() ? null : taken.host);
}

/** The process that holds the directory, or null. One of another host counts as alive. */
export function lockOwner(directory: string): number | null {
  const owner = parse(read(path.join(directory, 'lock')));
  return owner !== null && isAlive(owner) ? owner.pid : null;
}

/**
 * Takes one lock file: the function that gives it back, or who has it. A file appears with its content in one step (a hard link),
 * and a stale one is replaced in one step by whoever holds the lock beside it, which is taken in the same way.
 */
function acquire(file: string): (() => void) | Owner {
  const content = `${process.pid} ${startTime(process.pid)} ${hostname()} ${randomUUID()}\n`;
  const release = () => {
    if (read(file) === content) remove(file);
  };
  const draft = `${file}.${process.pid}.${randomUUID().slice(0, 8)}`;
  writeFileSync(draft, content, { flag: 'wx' });
  try {
    let other: Owner = { pid: 0, started: '', host: hostname() };
    for (let tries = 0; tries < TRIES; tries++) {
      if (linked(draft, file)) return release;
      const found = read(file);
      if (found === null) continue;
      const owner = parse(found);
      if (owner !== null && isAlive(owner)) return owner;
      const guard = acquire(`${file}.guard`);
      if (typeof guard === 'function') {
        try {
          // Somebody may have replaced it before we had the guard.
          if (read(file) === found) {
            renameSync(draft, file);
            return release;
          }
        } finally {
          guard();
        }
      } else {
        other = guard;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
    return other;
  } finally {
    remove(draft);
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Null for what no version of us has written whole. */
function parse(content: string | null): Owner | null {
  const [pid, started = '', host = hostname()] = (content ?? '').trim().split(' ');
  return /^[1-9]\d*$/.test(pid ?? '') ? { pid: Number(pid), started, host } : null;
}

/** A process of another host cannot be seen, so its lock is never stale: in two containers on one volume both are process 1. */
function isAlive({ pid, started, host }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTime(pid);
  return started === '' || now === '' || started === now;
}

/** A pid alone can be taken by another program after a reboot; its start time tells the two apart (Linux; elsewhere empty). */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
