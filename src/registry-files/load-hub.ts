/** Reads a hub's directory from disk. The only part of the catalogue that touches files. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildRegistry } from '../registry/build-registry.js';
import type { RegistryResult, SourceFile } from '../registry/model.js';

/** Thrown when a directory cannot be read as a hub; the message says what was looked for and how to mend it. */
export class HubNotFound extends Error {}

/** The YAML files of a hub's directory. Throws `HubNotFound` when there is no `hub.yml` and `needsHub` is not false. */
export async function readHubFiles(directory: string, { needsHub = true } = {}): Promise<SourceFile[]> {
  const files = (
    await Promise.all([namesIn(directory, ''), namesIn(directory, 'spokes'), namesIn(directory, 'products')])
  ).flat();
  if (needsHub && !files.includes('hub.yml'))
    throw new HubNotFound(
      `${directory} is no hub: it holds no hub.yml. Name the directory that does, e.g. --hub ./hub (a repository OWNER/NAME is read by serve only)`,
    );
  return Promise.all(
    files.map(async (file) => ({ path: file, text: await readFile(path.join(directory, file), 'utf8') })),
  );
}

/** Reads and checks a hub. Throws `HubNotFound` when the directory is none; problems inside the files are returned. */
export async function loadHub(directory: string): Promise<RegistryResult> {
  return buildRegistry(await readHubFiles(directory));
}

async function namesIn(directory: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(path.join(directory, folder), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => (folder === '' ? entry.name : `${folder}/${entry.name}`))
      .filter((file) => folder !== '' || /^(?:hub|dependencies)\.ya?ml$/.test(file))
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as { code?: unknown }).code))) return [];
    throw error;
  }
}
