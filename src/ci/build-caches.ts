/**
 * Which build caches a build may use and fill. The hub decides it by trust when it plans, the worker holds to it: a pull request reads
 * what its pool names and writes below a prefix of its own; only the build of a branch fills the pool's trusted cache, and it takes no
 * binary that nobody signed.
 */
import { z } from 'zod';
import type { Pool } from '../registry/model.js';

/** A pull request without a build for so long has lost its binaries; a later build makes them again. */
export const PULL_PLACE_SECONDS = 14 * 24 * 3600;

/** Where a public key lies, and which one it has to be. */
export const CacheKey = z.object({ fingerprint: z.string(), url: z.string() });

export const CacheMirror = z.object({
  name: z.string(),
  url: z.string(),
  /** Null where binaries are taken unsigned. */
  key: CacheKey.nullable(),
});
export type CacheMirror = z.infer<typeof CacheMirror>;

export const BuildCaches = z.object({
  read: z.array(CacheMirror),
  /** Directory (`file://`) below which a pull request has its prefix; null where its binaries are not kept. */
  pulls: z.string().nullable(),
  /** Names below `pulls` of pull requests that are closed or merged: their binaries are removed. */
  over: z.array(z.string()).max(1000).optional(),
  /** What is filled with the build and what it depends on once it has passed; null for every build of a pull request. */
  publish: CacheMirror.nullable(),
});
export type BuildCaches = z.infer<typeof BuildCaches>;

/** A published set of constraints (an E4S release's `spack.yaml`) within which everything of a pool is built. */
export const BuildEnvironment = z.object({ name: z.string(), url: z.string(), sha256: z.string() });
export type BuildEnvironment = z.infer<typeof BuildEnvironment>;

/** What a plan says of caches and environment; nothing where the pool declares none. `trusted`: the head of a branch is built. */
export function cacheKeysOf(
  { mirrors, publish, pullCache, environment }: Pick<Pool, 'mirrors' | 'publish' | 'pullCache' | 'environment'>,
  trusted: boolean,
): { caches?: BuildCaches; environment?: BuildEnvironment } {
  const read = trusted ? mirrors.filter(({ key }) => key !== null) : mirrors;
  const target = trusted ? (mirrors.find(({ name }) => name === publish) ?? null) : null;
  const pulls = trusted ? null : pullCache;
  const none = read.length === 0 && target === null && pulls === null;
  return {
    ...(none ? {} : { caches: { read: [...read], pulls, publish: target } }),
    ...(environment === null ? {} : { environment }),
  };
}

/**
 * The one name of the place that a pull request's binaries are written to and read from, below the pool's directory for them. No two
 * pull requests share one, and none lies within another's. Throws for what is no repository.
 */
export function pullPrefix(fullName: string, number: number): string {
  const [owner, name, ...more] = fullName.toLowerCase().split('/');
  const plain = (word: string | undefined) => word !== undefined && /^[a-z0-9._-]+$/.test(word) && !/^\.+$/.test(word);
  if (!plain(owner) || !plain(name) || more.length > 0 || !Number.isSafeInteger(number) || number < 1)
    throw new Error(`${fullName}#${number} is no pull request`);
  // `+` stands in no name of GitHub's, so that it parts them for certain.
  return `${owner}+${name}+${number}`;
}

/** The pull request of a prefix; null for a name that `pullPrefix` does not make. */
export function readPullPrefix(prefix: string): { fullName: string; number: number } | null {
  const found = /^([a-z0-9._-]+)\+([a-z0-9._-]+)\+([1-9]\d*)$/.exec(prefix);
  return found ? { fullName: `${found[1]}/${found[2]}`, number: Number(found[3]) } : null;
}
