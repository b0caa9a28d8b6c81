/** Asks Spack which versions a recipe names, once as long as the recipe stays the same. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpackInstallation } from './installation.js';
import { newestVersion } from './newest-version.js';
import type { Answer, SpackProgram } from './spack-program.js';
import { recipesOf } from './versions.js';

/** Answers of `spack versions` that hold as long as recipes and recipe are the same: each costs the start of a Spack process. */
const known = new WeakMap<SpackInstallation, Map<string, string>>();

export type NewestVersion =
  | { readonly version: string | null }
  /** Spack does not know the package, or did not answer. */
  | { readonly failed: Answer };

/** Asks Spack for the newest version that the recipe of a package names. `packagesCommit` is the recipes' commit, if known. */
export async function askNewestVersion(
  packageName: string,
  spack: SpackInstallation,
  packagesCommit: string | null,
  program: SpackProgram,
  signal: AbortSignal,
): Promise<NewestVersion> {
  const key = await recipeKey(packageName, spack, packagesCommit);
  const before = key === null ? undefined : known.get(spack)?.get(key);
  if (before !== undefined) return { version: newestVersion(before) };
  const answer = await program.ask(['versions', '-s', packageName], signal);
  if (answer.exitCode !== 0) return { failed: answer };
  if (key !== null) {
    const answers = known.get(spack) ?? new Map<string, string>();
    known.set(spack, answers.set(key, answer.stdout));
  }
  return { version: newestVersion(answer.stdout) };
}

/** What the answer hangs on; null where something else than the builtin recipe at a known commit may decide. */
async function recipeKey(
  packageName: string,
  spack: SpackInstallation,
  packagesCommit: string | null,
): Promise<string | null> {
  const recipes = recipesOf(spack);
  if (packagesCommit === null || recipes === null || !recipes.alone) return null;
  const recipe = join(recipes.place, 'packages', packageName.replaceAll('-', '_'), 'package.py');
  const found = await stat(recipe).catch(() => null);
  return found === null ? null : `${packagesCommit} ${found.mtimeMs} ${packageName}`;
}
