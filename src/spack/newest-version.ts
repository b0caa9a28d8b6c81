/**
 * Which `=version` a build of a bare commit gets. A recipe is written against numbers; a branch name there breaks recipes that
 * calculate with it, so the newest numbered version of the recipe is taken.
 */

/** Spack's names for versions that are newer than any number. */
const BRANCH_LIKE = /(^|[._-])(develop|main|master|head|trunk|stable)([._-]|$)/;

/** From the output of `spack versions -s PKG` (newest first, one per line): the first number, else the first name, else null. */
export function newestVersion(output: string): string | null {
  const versions = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z0-9_][\w.-]*$/.test(line));
  return versions.find((version) => /^v?\d/.test(version) && !BRANCH_LIKE.test(version)) ?? versions[0] ?? null;
}

/** True when the spec says itself which version the commit is to be treated as. */
export function saysVersion(spec: string): boolean {
  return /@git\.[0-9a-f]{40,64}=[\w.-]/.test(spec);
}

/** `zfp@git.<sha>+openmp` and `1.0.1` to `zfp@git.<sha>=1.0.1+openmp`. */
export function withVersion(spec: string, version: string): string {
  return spec.replace(/@git\.[0-9a-f]{40,64}(?!=)/, (found) => `${found}=${version}`);
}
