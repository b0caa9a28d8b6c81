/** Checks what a path names: a hub's directory, one file of any kind, or a repository with its own `.github/spokebot.yml`. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { buildRegistry } from '../registry/build-registry.js';
import { DEPENDENCIES_FILE } from '../registry/dependencies-file.js';
import { REPOSITORY_FILE, readRepositoryFile } from '../registry/effective-config.js';
import { kindOfFile } from '../registry/kind-of-file.js';
import type { Problem, SourceFile } from '../registry/model.js';
import { readHubFiles } from './load-hub.js';

/** Thrown when a path names nothing that can be checked. */
export class NothingToCheck extends Error {}

export interface Checked {
  /** How many files were looked at. */
  readonly files: number;
  /** `file` as reached from the working directory by the path given. */
  readonly problems: readonly Problem[];
}

export interface CheckOptions {
  /** The hub against which a file outside any hub is held. */
  readonly hub: string;
  /** `OWNER/NAME` of the checkout; read from its git remote when null. */
  readonly repository: string | null;
}

/** Throws `NothingToCheck` when the path does not exist or holds no configuration. */
export async function checkPath(target: string, options: CheckOptions): Promise<Checked> {
  const found = await kindOnDisk(target);
  if (found === null) throw new NothingToCheck(`${target} does not exist`);
  return found === 'file' ? checkFile(target, options) : checkDirectory(target, options);
}

async function checkDirectory(directory: string, options: CheckOptions): Promise<Checked> {
  const files = await readHubFiles(directory, { needsHub: false });
  if (files.length > 0) return checkHub(directory, files);
  const own = path.join(directory, REPOSITORY_FILE);
  if ((await kindOnDisk(own)) === 'file') return checkFile(own, options);
  const inside = path.join(directory, 'hub');
  if ((await kindOnDisk(path.join(inside, 'hub.yml'))) === 'file') return checkDirectory(inside, options);
  throw new NothingToCheck(`${directory} holds neither hub.yml nor ${REPOSITORY_FILE}`);
}

function checkHub(directory: string, files: readonly SourceFile[]): Checked {
  const { problems } = buildRegistry(files);
  return { files: files.length, problems: problems.map((one) => ({ ...one, file: path.join(directory, one.file) })) };
}

async function checkFile(file: string, options: CheckOptions): Promise<Checked> {
  const text = await readFile(file, 'utf8');
  const absolute = path.resolve(file).split(path.sep).join('/');
  const kind = kindOfFile(absolute, text);
  if (kind === 'repository') return checkRepositoryFile(file, text, options);
  const relative =
    kind === 'hub'
      ? 'hub.yml'
      : kind === 'dependencies'
        ? DEPENDENCIES_FILE
        : `${kind}s/${path.basename(file).replace(/\.yaml$/, '.yml')}`;
  const around = await readHubFiles(await hubAround(file, kind, options.hub), { needsHub: false });
  const { problems } = buildRegistry([...around.filter((one) => one.path !== relative), { path: relative, text }]);
  return {
    files: 1,
    problems: problems.filter((one) => one.file === relative).map((one) => ({ ...one, file })),
  };
}

/** The hub a file lies in; one that lies in none is held against the hub of the command. */
async function hubAround(
  file: string,
  kind: 'hub' | 'spoke' | 'product' | 'dependencies',
  fallback: string,
): Promise<string> {
  const folder = path.dirname(path.resolve(file));
  if (kind === 'hub') return path.basename(file) === 'hub.yml' ? folder : fallback;
  if (kind === 'dependencies') return (await kindOnDisk(path.join(folder, 'hub.yml'))) === 'file' ? folder : fallback;
  const above = path.dirname(folder);
  const home = path.basename(folder) === `${kind}s` && (await kindOnDisk(path.join(above, 'hub.yml'))) === 'file';
  return home ? above : fallback;
}

async function checkRepositoryFile(file: string, text: string, options: CheckOptions): Promise<Checked> {
  const { registry } = buildRegistry(await readHubFiles(options.hub));
  const fullName = options.repository ?? (await remoteOf(path.dirname(path.dirname(path.resolve(file)))));
  return { files: 1, problems: readRepositoryFile(registry, fullName, { path: file, text }).problems };
}

/** `OWNER/NAME` of the remote `origin` of a checkout; null when there is none on GitHub. */
async function remoteOf(checkout: string): Promise<string | null> {
  try {
    const config = await readFile(path.join(checkout, '.git', 'config'), 'utf8');
    const origin = config.slice(config.indexOf('[remote "origin"]'));
    return /^\s*url\s*=\s*\S*?github\.com[:/]([^/\s]+\/[^/\s]+?)(?:\.git)?\s*$/m.exec(origin)?.[1] ?? null;
  } catch {
    return null; // no checkout, or a work tree whose .git is a file: the check is then made without a product
  }
}

async function kindOnDisk(target: string): Promise<'file' | 'directory' | null> {
  try {
    return (await stat(target)).isDirectory() ? 'directory' : 'file';
  } catch {
    return null;
  }
}
