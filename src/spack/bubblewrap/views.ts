/**
 * What each step of a build under bubblewrap sees. `fetch` has a network and runs no code of the pull request; `dependencies` builds
 * other people's released code into the worker's install tree; `root` builds the pull request's code and can write to the attempt's
 * own directory only.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlaces } from '../places.js';
import type { Bubblewrap } from './bubblewrap.js';
import { readMounts, type SpackSite } from './site.js';
import { isWithin, type Mount, type View } from './view.js';

export type Step = 'fetch' | 'dependencies' | 'root';

export interface ViewInput {
  readonly bubblewrap: Bubblewrap;
  readonly site: SpackSite;
  readonly places: BuildPlaces;
  /** The bare repositories with the heads. */
  readonly heads: readonly string[];
  /** What `SSL_CERT_FILE` and `SSL_CERT_DIR` name. */
  readonly certificates: readonly string[];
  /** Prefixes of compilers and other software of the site. */
  readonly externals: readonly string[];
  /** Build caches that are directories of this machine. */
  readonly mirrors?: readonly string[];
  /** The pull request's own place for binaries, which its build may read, and nobody else's may see. */
  readonly ownCache?: string | null;
  /** A step without code of the pull request fills that place. */
  readonly fillsCache?: boolean;
}

/** Files of a home directory that hold keys and passwords, for the case that the home itself has to be shown. */
const PRIVATE = [
  '.aws',
  '.cargo',
  '.config',
  '.docker',
  '.git-credentials',
  '.gnupg',
  '.kube',
  '.netrc',
  '.npmrc',
  '.spack',
  '.ssh',
];

/** Makes the worker's directories that are shown, if they aren't there yet. */
export async function viewOf(step: Step, input: ViewInput): Promise<View> {
  const { bubblewrap, site, places } = input;
  const kept = [places.store, places.sources, places.recipeIndex, places.userCache];
  // Spack writes here whenever it installs; what the sandbox writes goes with the attempt.
  const reports = join(places.userCache, 'reports');
  const ownReports = join(places.workspace, 'reports');
  for (const path of [...kept, reports, ownReports]) await mkdir(path, { recursive: true });
  const written = WRITTEN[step](places);
  const own: Mount[] = [
    ...kept.map((path): Mount => ({ kind: written.includes(path) ? 'write' : 'read', path })),
    { kind: 'write', path: reports, from: ownReports },
    ...input.heads.map((path): Mount => ({ kind: 'read', path })),
    { kind: 'write', path: places.workspace },
    { kind: 'read', path: places.scope },
    { kind: 'write', path: '/tmp', from: places.temporary },
    ...(input.fillsCache && input.ownCache ? [{ kind: 'write', path: input.ownCache } as const] : []),
  ];
  const shown = [
    ...bubblewrap.system.always,
    ...(step === 'fetch' ? bubblewrap.system.network : []),
    ...(await readMounts([
      ...site.read,
      ...bubblewrap.read,
      ...input.externals,
      ...(step === 'fetch' ? [...site.mirrors, ...(input.mirrors ?? []), ...input.certificates] : []),
      ...(step === 'root' && input.ownCache ? [input.ownCache] : []),
    ])),
  ];
  const { nothing } = bubblewrap.system;
  return {
    mounts: [
      ...shown,
      ...(await hidden(bubblewrap, shown)),
      ...site.hide.map((path): Mount => ({ kind: 'hide', path })),
      ...(step === 'fetch' ? [] : site.mirrorFiles.map((path): Mount => ({ kind: 'read', path, from: nothing }))),
      ...own,
    ],
    network: step === 'fetch',
    directory: places.workspace,
    env: { TMPDIR: '/tmp' },
  };
}

const WRITTEN: Readonly<Record<Step, (places: BuildPlaces) => readonly string[]>> = {
  fetch: (places) => [places.store, places.sources, places.recipeIndex, places.userCache],
  dependencies: (places) => [places.store],
  root: () => [],
};

/** What is secret and lies in something that is shown. A home that is shown itself loses its private files only. */
async function hidden({ secret, system }: Bubblewrap, shown: readonly Mount[]): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const directory of secret) {
    const itself = shown.some((mount) => mount.path === directory);
    for (const path of itself ? PRIVATE.map((name) => join(directory, name)) : [directory]) {
      if (!shown.some((mount) => mount.kind === 'read' && isWithin(mount.path, path))) continue;
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory()) mounts.push({ kind: 'hide', path });
      else if (found) mounts.push({ kind: 'read', path, from: system.nothing });
    }
  }
  return mounts;
}
