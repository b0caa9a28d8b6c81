/** The part of the operating system that every build needs to see: programs, libraries, and the few files of /etc that say where. */
import { lstat, mkdir, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILDER_HOST, BUILDER_ID } from './arguments.js';
import type { Mount } from './view.js';

/** Directories that are links into /usr on most systems. `/nix` and `/gnu` are where two systems keep everything. */
const DIRECTORIES = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store'];

/** Which programs and libraries are the chosen ones, and which system this is. Nothing of /etc else, which may hold secrets. */
const SETTINGS = [
  'alternatives',
  'debian_version',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'lsb-release',
  'os-release',
  'redhat-release',
  'system-release',
];

/** What it takes to reach a server and to check its certificate. */
const NETWORK = ['ca-certificates', 'hosts', 'pki', 'resolv.conf', 'services', 'ssl/certs', 'ssl/openssl.cnf'];

export interface SystemFiles {
  readonly always: readonly Mount[];
  /** Besides, where there is a network. */
  readonly network: readonly Mount[];
  /** An empty file, to be shown in place of one that is to be kept secret. */
  readonly nothing: string;
}

/** Looks at this machine and writes the few files that a build gets in place of the machine's own into `directory`. */
export async function gatherSystemFiles(directory: string): Promise<SystemFiles> {
  await mkdir(directory, { recursive: true });
  const own = {
    passwd: `builder:x:${BUILDER_ID}:${BUILDER_ID}:builder:/:/bin/sh\n`,
    group: `builder:x:${BUILDER_ID}:\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    hosts: `127.0.0.1 localhost ${BUILDER_HOST}\n::1 localhost\n`,
  };
  const always: Mount[] = [];
  for (const [name, text] of Object.entries(own)) {
    await writeFile(join(directory, name), text);
    always.push({ kind: 'read', path: `/etc/${name}`, from: join(directory, name) });
  }
  for (const path of DIRECTORIES) always.push(...(await shown(path)));
  for (const name of SETTINGS) always.push(...(await followed(`/etc/${name}`)));
  const network: Mount[] = [];
  for (const name of NETWORK) network.push(...(await followed(`/etc/${name}`)));
  const nothing = join(directory, 'nothing');
  await writeFile(nothing, '');
  return { always, network, nothing };
}

/** A link stays a link, so that programs find the names that they know. */
async function shown(path: string): Promise<Mount[]> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return [{ kind: 'link', path, target: await readlink(path) }];
    return [{ kind: 'read', path }];
  } catch {
    return [];
  }
}

/** A link is followed, since where it leads (/run, for instance) isn't shown. */
async function followed(path: string): Promise<Mount[]> {
  try {
    return [{ kind: 'read', path, from: await realpath(path) }];
  } catch {
    return [];
  }
}
