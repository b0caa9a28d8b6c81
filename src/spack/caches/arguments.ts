/** Arguments of `spack install` that say what may come from a build cache. */

/** Nothing may. */
export function noCache(fresh: boolean): string[] {
  return fresh ? ['--no-cache'] : [];
}

/** A check builds the head itself, whoever has a binary of it; what it depends on may come from a cache. */
export function rootItself(fresh: boolean): string[] {
  return fresh ? noCache(true) : ['--use-buildcache=package:never,dependencies:auto'];
}

/** Dependencies that a cache has, and no others. */
export const BINARIES_ONLY: readonly string[] = ['--use-buildcache=package:never,dependencies:only'];
