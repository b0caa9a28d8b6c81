/**
 * The keyring of an attempt: exactly the keys that its plan names. A key is known by its fingerprint, so it does not matter who can
 * write to where it lies.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheMirror } from '../../ci/build-caches.js';
import { Trouble } from '../trouble.js';
import { fetchSmall } from './fetch-small.js';

/** Runs gpg with an argument vector. */
export type Gpg = (args: readonly string[]) => Promise<{ exitCode: number | null; stdout: string; stderr: string }>;

const QUIET = ['--batch', '--no-tty', '--no-autostart', '--no-options'];

/**
 * Puts the keys of signed mirrors into `home`. Returns the mirrors that can be used, and one line for each that cannot.
 */
export async function gatherKeys(
  mirrors: readonly CacheMirror[],
  home: string,
  gpg: Gpg,
  signal: AbortSignal,
): Promise<{ usable: CacheMirror[]; problems: string[] }> {
  const usable: CacheMirror[] = [];
  const problems: string[] = [];
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (const mirror of mirrors) {
    try {
      if (mirror.key !== null) await importKey(mirror.key, home, gpg, signal);
      usable.push(mirror);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      problems.push(`build cache ${mirror.name} is not used: ${error.message}`);
    }
  }
  return { usable, problems };
}

async function importKey(
  { fingerprint, url }: NonNullable<CacheMirror['key']>,
  home: string,
  gpg: Gpg,
  signal: AbortSignal,
): Promise<void> {
  const file = join(home, 'offered.asc');
  await writeFile(file, await fetchSmall('its key', url, signal));
  const shown = await gpg([
    '--homedir',
    home,
    ...QUIET,
    '--with-colons',
    '--import-options',
    'show-only',
    '--import',
    file,
  ]);
  if (shown.exitCode !== 0) throw new Trouble(`gpg cannot read its key: ${lastLine(shown.stderr)}`);
  const found = primaryFingerprints(shown.stdout);
  const wanted = fingerprint.toUpperCase();
  // Every signature by a key of the ring counts, so nothing else may come with it.
  if (found.length !== 1 || found[0] !== wanted)
    throw new Trouble(
      `its key should be ${wanted}, but there ${found.length === 1 ? `is ${found[0]}` : `are ${found.length}`}`,
    );
  const done = await gpg(['--homedir', home, ...QUIET, '--import', file]);
  await rm(file, { force: true });
  if (done.exitCode !== 0) throw new Trouble(`gpg cannot import its key: ${lastLine(done.stderr)}`);
}

/** Fingerprints of the primary keys in what `gpg --with-colons` prints; those of subkeys follow a line of theirs. */
export function primaryFingerprints(printed: string): string[] {
  const found: string[] = [];
  let primary = false;
  for (const line of printed.split('\n')) {
    const fields = line.split(':');
    if (['pub', 'sec', 'sub', 'ssb'].includes(fields[0] ?? '')) primary = fields[0] === 'pub' || fields[0] === 'sec';
    else if (fields[0] === 'fpr' && primary && fields[9]) {
      found.push(fields[9]);
      primary = false;
    }
  }
  return found;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'no reason given';
}
