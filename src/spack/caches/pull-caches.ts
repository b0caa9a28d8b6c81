/** The directory in which each pull request has a place for its own binaries: found by one name, gone when nobody used it for long. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { PULL_PLACE_SECONDS, pullPrefix, readPullPrefix } from '../../ci/build-caches.js';
import type { BuildPlan } from '../../protocol.js';
import { directoryOf } from './mirrors-scope.js';

const KEPT_MS = PULL_PLACE_SECONDS * 1000;

/** The plan's own place, made if it isn't there; null where the pool keeps none, or for what is no pull request. */
export async function ownPlace({ caches, pull, repository }: BuildPlan): Promise<string | null> {
  const base = caches?.pulls ? directoryOf(caches.pulls) : null;
  if (base === null || pull === null) return null;
  const place = join(base, pullPrefix(repository.fullName, pull.number));
  await mkdir(place, { recursive: true });
  // What a build does below does not change the directory's own time.
  const now = new Date();
  await utimes(place, now, now);
  return place;
}

/**
 * Removes the places that were not used for two weeks, those of pull requests that are `over`, and nothing that is none. Returns how
 * many there were.
 */
export async function ageOut(pulls: string, now: number, over: readonly string[] = []): Promise<number> {
  const base = directoryOf(pulls);
  if (base === null) return 0;
  let removed = 0;
  for (const name of await readdir(base).catch(() => [])) {
    if (readPullPrefix(name) === null) continue;
    const found = await stat(join(base, name)).catch(() => null);
    if (!found?.isDirectory() || (now - found.mtimeMs < KEPT_MS && !over.includes(name))) continue;
    await rm(join(base, name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
