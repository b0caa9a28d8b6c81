/** Bubblewrap on this machine, tested once at the start of a worker; or why builds that need it are refused. */
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type BwrapProgram, bwrapCommand } from './arguments.js';
import { findBwrap, NOT_INSTALLED } from './find-bwrap.js';
import { testBwrap } from './self-test.js';
import { gatherSystemFiles, type SystemFiles } from './system-files.js';
import type { View } from './view.js';

export interface Bubblewrap {
  readonly system: SystemFiles;
  /** Directories of the site that builds may read: `SPOKEBOT_SANDBOX_READ`. */
  readonly read: readonly string[];
  /** Directories that hold what builds must not see, be they inside of something that is shown or not. */
  readonly secret: readonly string[];
  /** `command` in a view, as an argument vector. */
  enclose(view: View, command: readonly string[]): readonly string[];
}

export interface NoBubblewrap {
  /** One line for people: why not, and what to do. */
  readonly problem: string;
}

/**
 * Tries the sandbox out; takes a fraction of a second. `workDir` is the worker's own directory, `secret` are more directories to keep
 * from builds. Never throws.
 */
export async function prepareBubblewrap(
  env: Readonly<Record<string, string | undefined>>,
  workDir: string,
  secret: readonly string[] = [],
): Promise<Bubblewrap | NoBubblewrap> {
  if (process.platform !== 'linux') return { problem: 'bubblewrap works on Linux only' };
  const read = (env.SPOKEBOT_SANDBOX_READ ?? '').split(delimiter).filter(Boolean);
  const relative = read.find((path) => !path.startsWith('/'));
  if (relative !== undefined)
    return { problem: `SPOKEBOT_SANDBOX_READ names ${relative}; it takes absolute paths with colons between them` };
  try {
    const found = await findBwrap(env.PATH ?? '');
    if (found === null) return { problem: NOT_INSTALLED };
    const system = await gatherSystemFiles(join(resolve(workDir), 'sandbox-etc'));
    const { bwrap, problem } = await firstThatHolds(found, system, resolve(workDir));
    if (problem !== null) return { problem };
    return {
      system,
      read: read.map((path) => resolve(path)),
      secret: [resolve(workDir), ...secret.map((path) => resolve(path)), homedir()],
      enclose: (view, command) => bwrapCommand(bwrap, view, command),
    };
  } catch (error) {
    return { problem: `the sandbox could not be tested (${(error as Error).message.split('\n')[0]})` };
  }
}

/** Where builds cannot be kept from namespaces of their own (an older kernel, a bwrap with the setuid bit), they may have them. */
async function firstThatHolds(
  found: BwrapProgram,
  system: SystemFiles,
  workDir: string,
): Promise<{ bwrap: BwrapProgram; problem: string | null }> {
  const problem = await testBwrap(found, system, workDir);
  if (problem === null || !found.disablesUserns) return { bwrap: found, problem };
  const plainer = { ...found, disablesUserns: false };
  return (await testBwrap(plainer, system, workDir)) === null
    ? { bwrap: plainer, problem: null }
    : { bwrap: found, problem };
}
