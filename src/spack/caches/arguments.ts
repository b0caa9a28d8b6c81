/** Arguments of `spack install` that say what may come from a build cache. */
import type { LockfileGraph } from '../lockfile-graph.js';

/** Nothing may. */
export function noCache(fresh: boolean): string[] {
  return fresh ? ['--no-cache'] : [];
}

/** A check builds the head itself, whoever has a binary of it; what it depends on may come from a cache. */
export function rootItself(fresh: boolean): string[] {
  return fresh ? noCache(true) : ['--use-buildcache=package:never,dependencies:auto'];
}

/** Dependencies that a cache has, and no others; where a head lies between, only those that have nothing of it. */
export function binariesOf({ missing, withHeads }: LockfileGraph): string[] {
  // A root of which only the dependencies are wanted must not be called a binary: Spack would leave out what it is built with.
  if (withHeads.length === 0) return ['--only=dependencies', '--use-buildcache=package:never,dependencies:only'];
  return [...missing.map((hash) => `/${hash}`), '--cache-only'];
}
