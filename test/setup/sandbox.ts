/** Suites that need bubblewrap: where CI could run them, they are not skipped. */
import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** `describe`, or its skipping form where there is a problem. Throws in CI unless it is the kernel that has no sandbox. */
export function describeSandboxed(problem: string | null): typeof describe | typeof describe.skip {
  if (problem === null) return describe;
  if (process.env.CI && !kernelRefuses()) throw new Error(`CI needs the real bubblewrap: ${problem}`);
  return describe.skip;
}

/** True where bubblewrap is there and cannot make a sandbox with namespaces of its own. */
function kernelRefuses(): boolean {
  const files = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'];
  const { status } = spawnSync('bwrap', ['--unshare-all', '--die-with-parent', '--new-session', ...files, 'true']);
  return status !== null && status !== 0;
}
