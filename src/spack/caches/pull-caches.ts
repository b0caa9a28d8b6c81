/** The directory in which each pull request has a place for its own binaries: found by one name, gone when nobody used it for long. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pullPrefix, readPullPrefix } from '../../ci/build-caches.js';
import type { BuildPlan } from '../../protocol.js';
import { directoryOf } from './mirrors-scope.js';

/** A pull request without a build for so long has lost its binaries; a later build makes them again. */
const KEPT_MS = 14 * 24 * 3600 * 1000;

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

/** Removes the places that were not used for two weeks, and nothing that is none. Returns how many there were. */
export async function ageOut(pulls: string, now: number): Promise<number> {
  const base = directoryOf(pulls);
  if (base === null) return 0;
  let removed = 0;
  for (const name of await readdir(base).catch(() => [])) {
    if (readPullPrefix(name) === null) continue;
    const found = await stat(join(base, name)).catch(() => null);
    if (!found?.isDirectory() || now - found.mtimeMs < KEPT_MS) continue;
    await rm(join(base, name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
