/** Finding bubblewrap on this machine and what it can do. */
import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import type { BwrapProgram } from './arguments.js';

export const NOT_INSTALLED =
  'bubblewrap is not installed on this machine. Install the package `bubblewrap` (`apt install bubblewrap`) and start the worker again';

/** Null when there is none on the PATH. */
export async function findBwrap(path: string): Promise<BwrapProgram | null> {
  const executable = await programOnPath('bwrap', path);
  if (executable === null) return null;
  const help = await new Promise<string>((done) => {
    execFile(executable, ['--help'], { timeout: 10_000 }, (_error, stdout, stderr) => done(stdout + stderr));
  });
  return {
    executable,
    disablesUserns: help.includes('--disable-userns'),
    prlimit: await programOnPath('prlimit', '/usr/bin:/bin'),
  };
}

async function programOnPath(name: string, path: string): Promise<string | null> {
  for (const directory of path.split(delimiter).filter(Boolean)) {
    const program = resolve(directory, name);
    try {
      await access(program, constants.X_OK);
      if ((await stat(program)).isFile()) return program;
    } catch {
      // Not here.
    }
  }
  return null;
}
