/** Where this machine's Spack keeps what a build has to see, and what it keeps that a build must not see. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpackInstallation } from '../installation.js';
import type { SpackProgram } from '../spack-program.js';
import type { Mount } from './view.js';

export interface SpackSite {
  /** Spack itself, its recipes, the operator's configuration, modules of Python that it is given. */
  readonly read: readonly string[];
  /** Mirrors that are directories of this machine: for fetching. */
  readonly mirrors: readonly string[];
  /** Keys that sign binaries, and the history of Spack's clone, whose configuration may hold a password. */
  readonly hide: readonly string[];
  /** `mirrors.yaml` of every scope, which may name passwords; they stand empty where there is no network anyway. */
  readonly mirrorFiles: readonly string[];
}

/** Asked once in a worker's life. */
const known = new WeakMap<SpackInstallation, SpackSite>();

export async function readSite(
  spack: SpackInstallation,
  program: SpackProgram,
  signal: AbortSignal,
): Promise<SpackSite> {
  const before = known.get(spack);
  if (before !== undefined) return before;
  const questions = [
    ['location', '-r'],
    ['repo', 'list'],
    ['mirror', 'list'],
  ];
  const answers = await Promise.all(questions.map((question) => program.ask(question, signal)));
  const [root = '', repos = '', mirrors = ''] = answers.map((answer) => answer.stdout.trim());
  const scopes = [join(root, 'etc', 'spack'), ...spack.scopes];
  const site: SpackSite = {
    read: await existing([
      root,
      dirname(await realpath(spack.executable)),
      ...repoPlaces(repos),
      ...spack.scopes,
      ...(spack.env.PYTHONPATH ?? '').split(delimiter),
      ...pythonPlaces(spack.env.SPACK_PYTHON),
    ]),
    mirrors: await existing(mirrorPlaces(mirrors)),
    hide: await directories([join(root, 'opt', 'spack', 'gpg'), join(root, '.git')]),
    mirrorFiles: (await Promise.all(scopes.map((scope) => mirrorFilesIn(scope)))).flat(),
  };
  known.set(spack, site);
  return site;
}

/** Paths in lines such as `[+] builtin    v2.2    /path/repos/spack_repo/builtin`. */
export function repoPlaces(printed: string): string[] {
  return printed.split('\n').flatMap((line) => /^\[\+\]\s+\S+\s+(?:v\S+\s+)?(\/.*)$/.exec(line.trim())?.[1] ?? []);
}

/** Directories in lines such as `local-sources [sb] file:///srv/mirror`. */
export function mirrorPlaces(printed: string): string[] {
  return printed.split('\n').flatMap((line) => {
    const url = /\s(file:\/\/\/\S+)\s*$/.exec(line)?.[1];
    try {
      return url === undefined ? [] : [fileURLToPath(url)];
    } catch {
      return [];
    }
  });
}

/** An interpreter that isn't the system's lies in a prefix of its own. */
function pythonPlaces(interpreter: string | undefined): string[] {
  return interpreter?.startsWith('/') && !interpreter.startsWith('/usr/') ? [dirname(dirname(interpreter))] : [];
}

async function mirrorFilesIn(scope: string, depth = 3): Promise<string[]> {
  const entries = await readdir(scope, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(scope, entry.name);
    if (entry.isDirectory() && depth > 1) found.push(...(await mirrorFilesIn(path, depth - 1)));
    else if (entry.isFile() && entry.name === 'mirrors.yaml') found.push(path);
  }
  return found;
}

/** The mounts of paths, and of where they lead when they are links. */
export async function readMounts(paths: readonly string[]): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const path of await existing(paths)) {
    mounts.push({ kind: 'read', path });
    const target = await realpath(path);
    if (target !== path) mounts.push({ kind: 'read', path: target });
  }
  return mounts;
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of new Set(paths)) if (path.startsWith('/') && (await stat(path).catch(() => null))) found.push(path);
  return found;
}

async function directories(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) if ((await stat(path).catch(() => null))?.isDirectory()) found.push(path);
  return found;
}
