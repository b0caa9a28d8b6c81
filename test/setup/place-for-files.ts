/** Where the suites put their files: in memory where there is room, since hundreds of small databases keep a disk busy. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** For what has to be on a disk: under bubblewrap a build sees nothing of the memory's place. */
export const onDisk = () => process.env.SPOKEBOT_TEST_DISK ?? tmpdir();

const MEMORY = '/dev/shm';
const ROOM = 4 * 1024 ** 3;
const NAME = /^spokebot-test-(\d+)-/;

/** A directory in memory, to be removed after the run; null where there is no such place, or too little of it. */
export function placeForFiles(): string | null {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ROOM) return null;
    for (const name of readdirSync(MEMORY)) {
      const pid = NAME.exec(name)?.[1];
      if (pid !== undefined && !lives(Number(pid))) rmSync(path.join(MEMORY, name), { recursive: true, force: true });
    }
    const place = mkdtempSync(path.join(MEMORY, `spokebot-test-${process.pid}-`));
    // PostgreSQL refuses to run as root: its user has to get through.
    chmodSync(place, 0o755);
    return place;
  } catch {
    return null;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
