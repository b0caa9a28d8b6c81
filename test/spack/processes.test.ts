import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sweepAttempts } from '../../src/spack/places.js';
import { BUILD_MARK, endProcesses, findProcesses } from '../../src/spack/processes.js';
import { eventually } from '../backend/open.js';
import { temporaryDirectory } from './product.js';

/** Only Linux shows whose process one is. */
const onLinux = existsSync('/proc/self/environ') ? describe : describe.skip;
const started: number[] = [];

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Ended, as it should.
    }
  }
});

/** A process in a session of its own, as a build's daemon is one; up when it has done what comes `first`. */
async function daemon(
  env: Record<string, string>,
  cwd = '/',
  script = 'sleep 1000',
  first = '',
): Promise<{ pid: number; ended: Promise<unknown> }> {
  const child = spawn('/bin/sh', ['-c', `${first}\necho up; ${script}`], {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  started.push(child.pid!);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  return { pid: child.pid!, ended };
}

onLinux('processes of a build', () => {
  test('are found by their mark, by their working directory and by their parent; others are not', async () => {
    const workspace = temporaryDirectory();
    const marked = await daemon({ [BUILD_MARK]: workspace }, '/', 'env -i /bin/sleep 1000 & wait');
    const inside = await daemon({}, workspace);
    const other = await daemon({ [BUILD_MARK]: `${workspace}-2` });
    // The child without an environment is there only when the shell has started it.
    const found = await eventually(() => {
      const pids = findProcesses(workspace);
      return pids.some((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8') === '') && pids;
    });
    expect(found).toEqual(expect.arrayContaining([marked.pid, inside.pid]));
    expect(found).not.toContain(other.pid);
    expect(found).not.toContain(process.pid);
    expect(await endProcesses(workspace, null)).toEqual([]);
    await Promise.all([marked.ended, inside.ended]);
    expect(findProcesses(`${workspace}-2`)).toContain(other.pid);
  });

  test('that ignore SIGTERM are killed after the grace', async () => {
    const workspace = temporaryDirectory();
    const deaf = await daemon({ [BUILD_MARK]: workspace }, '/', 'while :; do sleep 1000; done', "trap '' TERM");
    expect(await endProcesses(workspace, null, 50)).toEqual([]);
    expect((await deaf.ended) as unknown[]).toEqual([null, 'SIGKILL']);
  });

  test('that a killed worker left behind end when it starts again, and their workspace goes', async () => {
    const workDir = temporaryDirectory();
    const workspace = join(workDir, 'attempts', 'one');
    mkdirSync(join(workspace, 'stage'), { recursive: true });
    const orphan = await daemon({ [BUILD_MARK]: workspace });
    expect(await sweepAttempts(workDir)).toBe(1);
    await orphan.ended;
    expect(existsSync(workspace)).toBe(false);
    expect(await sweepAttempts(workDir)).toBe(0);
  });
});
