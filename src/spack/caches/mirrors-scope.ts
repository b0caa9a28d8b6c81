/** `mirrors.yaml` of an attempt: the build caches of its plan beside those of the site. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CacheMirror } from '../../ci/build-caches.js';

/** Spack merges mirrors of the same name, and a site may have one of any name. */
export function mirrorName(name: string): string {
  return `spokebot-${name}`;
}

/** Binaries only: sources come from where recipe and site say. */
export function mirrorsOf(mirrors: readonly CacheMirror[]): unknown {
  const entries = mirrors.map(({ name, url, key }) => [
    mirrorName(name),
    { url, binary: true, source: false, signed: key !== null },
  ]);
  return { mirrors: Object.fromEntries(entries) };
}

/** The pull request's own place, and no other: for the steps that have no network. */
export function ownMirrorOf(place: string): unknown {
  const url = pathToFileURL(place).href;
  return { 'mirrors:': { [mirrorName('own')]: { url, binary: true, source: false, signed: false } } };
}

/** The one mirror that a build cache is filled through. Who it logs in as stands in variables of that one command. */
export function publishScopeOf({ name, url, key }: CacheMirror, login: boolean): unknown {
  const access = { id_variable: 'SPOKEBOT_CACHE_USER', secret_variable: 'SPOKEBOT_CACHE_PASSWORD' };
  const push = { url, ...(login ? { access_pair: access } : {}) };
  return { 'mirrors:': { [mirrorName(name)]: { fetch: push, push, signed: key !== null } } };
}

export async function writeMirrors(scope: string, value: unknown): Promise<void> {
  await mkdir(scope, { recursive: true });
  await writeFile(join(scope, 'mirrors.yaml'), `${JSON.stringify(value, null, 2)}\n`);
}

/** Directories of mirrors that lie on this machine. */
export function directoriesOf(mirrors: readonly Pick<CacheMirror, 'url'>[]): string[] {
  return mirrors.flatMap(({ url }) => directoryOf(url) ?? []);
}

/** Null for an address that is no directory of this machine. */
export function directoryOf(url: string): string | null {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : null;
  } catch {
    return null;
  }
}
