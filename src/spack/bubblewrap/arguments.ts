/** The argument vector of `bwrap` for a view. Pure, so that a test can hold every word of it. */
import { type Mount, orderedMounts, type View } from './view.js';

export interface BwrapProgram {
  /** Absolute path of `bwrap`. */
  readonly executable: string;
  /** Whether it can keep the build from making namespaces of its own (bubblewrap 0.8 and newer). */
  readonly disablesUserns: boolean;
  /** Absolute path of `prlimit`, if there is one. */
  readonly prlimit: string | null;
}

/** Nobody's number on this machine: a build is no root, not even in its own eyes. */
export const BUILDER_ID = 1000;
export const BUILDER_HOST = 'spokebot-build';

/** More processes than a parallel build has, fewer than a machine bears. The kernel doesn't apply it to a worker that runs as root. */
export const MOST_PROCESSES = 8192;
/** Bytes of one file, also of one that is mostly holes: reading such a file takes as long as if it were full. */
export const LARGEST_FILE = 16 * 1024 ** 3;

/** `[program, ...args]` with everything around it that keeps it apart. */
export function bwrapCommand(bwrap: BwrapProgram, view: View, command: readonly string[]): string[] {
  return [
    bwrap.executable,
    // Every namespace there is; the user namespace has to be there, not only if possible.
    '--unshare-all',
    '--unshare-user',
    ...(bwrap.disablesUserns ? ['--disable-userns'] : []),
    ...(view.network ? ['--share-net'] : []),
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    ...['--uid', String(BUILDER_ID), '--gid', String(BUILDER_ID), '--hostname', BUILDER_HOST],
    '--clearenv',
    ...Object.entries(view.env).flatMap(([name, value]) => ['--setenv', name, value]),
    // To the kernel a worker that runs as root is root there too, and could set what holds for the whole machine.
    ...['--proc', '/proc', '--remount-ro', '/proc', '--dev', '/dev'],
    ...orderedMounts(view.mounts).flatMap(mountOptions),
    ...['--chdir', view.directory, '--'],
    ...(bwrap.prlimit === null
      ? []
      : [bwrap.prlimit, `--nproc=${MOST_PROCESSES}`, `--fsize=${LARGEST_FILE}`, '--core=0', '--']),
    ...command,
  ];
}

function mountOptions(mount: Mount): string[] {
  switch (mount.kind) {
    case 'read':
      return ['--ro-bind', mount.from ?? mount.path, mount.path];
    case 'write':
      return ['--bind', mount.from ?? mount.path, mount.path];
    case 'hide':
      return ['--tmpfs', mount.path];
    case 'link':
      return ['--symlink', mount.target, mount.path];
  }
}
