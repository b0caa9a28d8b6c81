/**
 * Where a worker keeps things below its data directory: what lives as long as the worker (mirrors, install tree, caches) and the
 * workspace of one attempt, which is removed with it.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { endProcesses } from './processes.js';
import { Trouble } from './trouble.js';

const run = promisify(execFile);

/** Less free space than this is trouble before a build begins, not a puzzling failure in the middle. */
const LEAST_FREE_BYTES = 512 * 1024 * 1024;

export interface BuildPlaces {
  readonly mirrors: string;
  readonly store: string;
  readonly sources: string;
  readonly recipeIndex: string;
  /** Published environments, by digest. */
  readonly environments: string;
  /** `SPACK_USER_CACHE_PATH`: bootstrap store, clones of package repositories. */
  readonly userCache: string;
  /** Directory of the attempt; everything below lies in it. */
  readonly workspace: string;
  readonly scope: string;
  /** What a build under bubblewrap has besides: its own install tree, and the scope that says so. */
  readonly ownStore: string;
  readonly ownScope: string;
  readonly environment: string;
  /** The scope that keeps the build within a published environment. */
  readonly constraints: string;
  /** Keyring of the build caches that the plan names. */
  readonly keys: string;
  readonly stage: string;
  readonly home: string;
  readonly temporary: string;
}

/**
 * Names of an attempt's places; nothing is created. `workDir` is the worker's own directory. A `fresh` attempt finds nothing
 * installed: its install tree is empty and goes with it. A `trusted` one finds what trusted ones before it left, and nothing of others.
 */
export function placesOf(
  workDir: string,
  {
    attempt = randomUUID().slice(0, 13),
    fresh = false,
    trusted = false,
  }: { attempt?: string; fresh?: boolean; trusted?: boolean } = {},
): BuildPlaces {
  const base = resolve(workDir);
  const workspace = join(base, 'attempts', attempt);
  return {
    mirrors: join(base, 'mirrors'),
    store: fresh ? join(workspace, 'fresh-store') : join(base, trusted ? 'trusted-store' : 'store'),
    sources: join(base, 'sources'),
    recipeIndex: join(base, 'recipe-index'),
    environments: join(base, 'environments'),
    userCache: join(base, 'spack-cache'),
    workspace,
    scope: join(workspace, 'scope'),
    ownStore: join(workspace, 'store'),
    ownScope: join(workspace, 'own-scope'),
    environment: join(workspace, 'environment'),
    constraints: join(workspace, 'constraints'),
    keys: join(workspace, 'keys'),
    stage: join(workspace, 'stage'),
    home: join(workspace, 'home'),
    temporary: join(workspace, 'tmp'),
  };
}

/** Makes the workspace. Throws `Trouble` when the disk is nearly full. */
export async function makeWorkspace(places: BuildPlaces): Promise<void> {
  for (const path of [places.mirrors, places.stage, places.home, places.temporary])
    await mkdir(path, { recursive: true });
  const problem = await diskProblem(places.workspace);
  if (problem !== null) throw new Trouble(problem);
}

/** One line for people when the disk that holds `path` is nearly full; null otherwise, or when it can't be found out. */
export async function diskProblem(path: string): Promise<string | null> {
  const disk = await statfs(path).catch(() => null);
  if (disk === null) return null;
  const free = disk.bavail * disk.bsize;
  return free < LEAST_FREE_BYTES ? `the worker's disk has only ${Math.floor(free / 2 ** 20)} MiB left (${path})` : null;
}

/**
 * Builds leave directories that nobody may write to, and may leave paths longer than Node bears: what it cannot remove, the system's
 * own programs do. Links are removed, never followed.
 */
export async function removeWorkspace(workspace: string): Promise<void> {
  try {
    // More than one try, while something still writes.
    await rm(workspace, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch {
    await run('chmod', ['-R', 'u+rwX', '--', workspace]).catch(() => {});
    await run('rm', ['-rf', '--', workspace]);
  }
}

/**
 * Ends what builds of a former process of this worker left running and removes their workspaces. Call it only with the lock on the
 * data directory. Returns how many there were.
 */
export async function sweepAttempts(workDir: string): Promise<number> {
  const attempts = join(resolve(workDir), 'attempts');
  const names = await readdir(attempts).catch(() => []);
  for (const name of names) {
    await endProcesses(join(attempts, name), null);
    await removeWorkspace(join(attempts, name));
  }
  return names.length;
}
