/** What was used to build: the pair (core commit, recipes commit) defines the result. */
import type { Versions } from '../protocol.js';
import type { SpackInstallation } from './installation.js';
import type { Git } from './mirror.js';
import type { SpackProgram } from './spack-program.js';

/** Directory of the recipes per installation; asked once, since it costs a second, while its commit may change under a running worker. */
const recipes = new WeakMap<SpackInstallation, string>();

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
  let place = recipes.get(spack);
  if (place === undefined) {
    const answer = await program.ask(['repo', 'list'], signal);
    place = builtinPlace(answer.stdout);
    if (place === undefined) return null;
    recipes.set(spack, place);
  }
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
