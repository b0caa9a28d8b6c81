/**
 * Files that this process was started with, besides the usual three: a shell, a supervisor or a test runner may have left some open.
 * Node would hand them on to every program that it starts; builds get the empty device in their place.
 */
import { openSync, readdirSync, readFileSync } from 'node:fs';

/** The flag of a file that is closed when another program is started (`O_CLOEXEC`), as /proc shows it. */
const CLOSES_ON_EXEC = 0o2000000;

type Usual = ['pipe' | 'ignore', 'pipe' | 'ignore', 'pipe' | 'ignore'];

let handedOn: readonly number[] | null = null;
let empty: number | null = null;

/** `stdio` for `spawn`: the three given ones, and nothing of what this process itself has inherited (the list may be longer). */
export function ownFilesOnly<const T extends Usual>(...usual: T): T {
  handedOn ??= inheritedFiles();
  const stdio: ('pipe' | 'ignore' | number)[] = [...usual];
  for (const fd of handedOn) {
    empty ??= openSync('/dev/null', 'r+');
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = empty;
  }
  return stdio as T;
}

/** Numbers from 3 upwards, ascending; none where there is no /proc. */
function inheritedFiles(): number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => fd > 2 && outlivesExec(fd))
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function outlivesExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
