/** What was used to build: the pair (core commit, recipes commit) defines the result. */
import type { Versions } from '../protocol.js';
import type { SpackInstallation } from './installation.js';
import type { Git } from './mirror.js';
import type { SpackProgram } from './spack-program.js';

/** Where the recipes lie. */
export interface Recipes {
  /** Directory of the builtin repository, or `recorded:<commit>`. */
  readonly place: string;
  /** Whether the site has no other repository of recipes. */
  readonly alone: boolean;
}

/** Asked once per installation, since it costs a second, while the commit may change under a running worker. */
const recipes = new WeakMap<SpackInstallation, Recipes>();

/** Null before `readVersions` has found them. */
export function recipesOf(spack: SpackInstallation): Recipes | null {
  return recipes.get(spack) ?? null;
}

export async function readVersions(
  spack: SpackInstallation,
  program: SpackProgram,
  git: Git,
  signal: AbortSignal,
): Promise<Versions> {
  return {
    spack: spack.version,
    spackCommit: spack.commit,
    packagesCommit: await packagesCommit(spack, program, git, signal),
  };
}

async function packagesCommit(
  spack: SpackInstallation,
  program: SpackProgram,
  git: Git,
  signal: AbortSignal,
): Promise<string | null> {
  let found = recipes.get(spack);
  if (found === undefined) {
    const answer = await program.ask(['repo', 'list'], signal);
    const builtin = builtinPlace(answer.stdout);
    if (builtin === undefined) return null;
    found = { place: builtin, alone: answer.stdout.trim().split('\n').length === 1 };
    recipes.set(spack, found);
  }
  const { place } = found;
  // A recording has no recipes on this machine; it says which commit it was made with.
  if (spack.recorded) return /^recorded:([0-9a-f]{40})$/.exec(place)?.[1] ?? null;
  // The operator's clone may belong to another user; reading its commit runs nothing of it.
  const head = await git(['-c', 'safe.directory=*', '-C', place, 'rev-parse', '--verify', 'HEAD']);
  const commit = head.stdout.trim();
  return head.exitCode === 0 && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
}

/** From lines such as `[+] builtin    v2.2    /path/repos/spack_repo/builtin`. */
export function builtinPlace(printed: string): string | undefined {
  for (const line of printed.split('\n')) {
    const found = /^\[\+\]\s+builtin\s+(?:v\S+\s+)?(\/.*|recorded:\w+)$/.exec(line.trim());
    if (found?.[1]) return found[1];
  }
  return undefined;
}
