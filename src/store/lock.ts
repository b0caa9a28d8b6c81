/** The exclusive lock on a data directory: two processes on one embedded database would lose each other's rows. */
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

export class DirectoryInUse extends Error {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(
      `The data directory ${directory} is in use by process ${pid}. Stop that process, or choose another directory with SPOKEBOT_DATA.`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A pid alone can be taken by another program after a reboot; its start time tells the two apart (Linux; elsewhere empty). */
function startTime(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Takes the lock or throws `DirectoryInUse`. A lock whose process is gone (kill -9, power loss) is taken over. */
export function lockDirectory(directory: string): () => void {
  const file = path.join(directory, 'lock');
  for (let tries = 0; ; tries++) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, `${process.pid} ${startTime(process.pid)}\n`);
      closeSync(handle);
      return () => unlinkSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = lockOwner(directory);
      if (owner !== null || tries > 3) throw new DirectoryInUse(directory, owner ?? 0);
      try {
        unlinkSync(file);
      } catch {
        // Somebody else cleared it first; the next round decides who has it.
      }
    }
  }
}

/** The live process that holds the directory, or null. */
export function lockOwner(directory: string): number | null {
  try {
    const [pid, started] = readFileSync(path.join(directory, 'lock'), 'utf8').trim().split(' ');
    const owner = Number(pid);
    if (!Number.isInteger(owner) || owner <= 0 || !isAlive(owner)) return null;
    const now = startTime(owner);
    return started && now && started !== now ? null : owner;
  } catch {
    return null;
  }
}
