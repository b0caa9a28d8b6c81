/** The published environment that a pool builds within: had once, kept by its digest, and written as a scope of the attempt. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildEnvironment } from '../../ci/build-caches.js';
import { Trouble } from '../trouble.js';
import { constraintsOf } from './constraints.js';
import { fetchSmall } from './fetch-small.js';

/** Text of the file, of which `directory` keeps a copy. Throws `Trouble` when it is not to be had, or is another one. */
export async function loadEnvironment(
  { name, url, sha256 }: BuildEnvironment,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  const kept = join(directory, `${sha256}.yaml`);
  const known = await readFile(kept, 'utf8').catch(() => null);
  if (known !== null && digestOf(known) === sha256) return known;
  const text = await fetchSmall(`the environment ${name}`, url, signal);
  const found = digestOf(text);
  if (found !== sha256)
    throw new Trouble(
      `the environment ${name} at ${url} is not the one that the hub names: its SHA-256 is ${found}, not ${sha256}`,
    );
  await mkdir(directory, { recursive: true });
  const draft = join(directory, `${sha256}.${process.pid}.${performance.now()}.tmp`);
  await writeFile(draft, text);
  await rename(draft, kept);
  return text;
}

/** Writes the scope that holds a build within the environment. Returns in words what of the file is not in it. */
export async function writeConstraints(scope: string, text: string, root: string): Promise<readonly string[]> {
  const { packages, leftOut } = constraintsOf(text, root);
  await mkdir(scope, { recursive: true });
  await writeFile(join(scope, 'packages.yaml'), `${JSON.stringify({ packages }, null, 2)}\n`);
  return leftOut;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
