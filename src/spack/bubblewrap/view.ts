/**
 * What a process under bubblewrap can see of this machine, as a value: a list of paths and how each is shown. Whatever isn't listed
 * does not exist for it.
 */

export type Mount =
  /** The machine's file or directory, which can be read only. `from` where it lies elsewhere. */
  | { readonly kind: 'read'; readonly path: string; readonly from?: string }
  /** The machine's directory, in which can be written. */
  | { readonly kind: 'write'; readonly path: string; readonly from?: string }
  /** An empty directory over what lies there. */
  | { readonly kind: 'hide'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface View {
  readonly mounts: readonly Mount[];
  /** Only where sources are fetched, before any code of a pull request runs. */
  readonly network: boolean;
  /** Working directory. */
  readonly directory: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Strength of a mount when a path is listed twice. */
const STRENGTH: Readonly<Record<Mount['kind'], number>> = { link: 0, read: 1, hide: 2, write: 3 };

/**
 * The mounts in the order in which they have to be made: what lies in a directory after the directory. Of several for one path the
 * strongest stays; what cannot be shown (`/`, the kernel's own file systems, a relative path) is left out.
 */
export function orderedMounts(mounts: readonly Mount[]): Mount[] {
  const byPath = new Map<string, Mount>();
  for (const mount of mounts) {
    if (!isMountable(mount.path)) continue;
    const known = byPath.get(mount.path);
    if (known === undefined || STRENGTH[mount.kind] >= STRENGTH[known.kind]) byPath.set(mount.path, mount);
  }
  const key = (mount: Mount) => mount.path.split('/').join('\0');
  return [...byPath.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** True when `path` is `directory` or lies in it. */
export function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

const KERNEL = ['/proc', '/sys', '/dev'];

function isMountable(path: string): boolean {
  if (!path.startsWith('/') || path === '/' || path.split('/').includes('..')) return false;
  return !KERNEL.some((directory) => isWithin(directory, path));
}
