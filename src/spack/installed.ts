/** What Spack keeps beside an installed package: its build log (packed) and the log of its tests. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openInside } from './open-inside.js';
import type { Scrubber } from './scrubbed.js';
import { createPart, readPart, TEST_LOG } from './stage.js';

/** Where reading a packed log ends, in unpacked bytes: a small file can unpack to more than any disk holds. */
const MOST_UNPACKED = 256 * 1024 * 1024;

/** Logs of the package with this hash in an install tree; empty when there is none. */
export async function readInstalledLogs(
  store: string,
  dagHash: string,
  scrubber: Scrubber,
): Promise<{ buildLog: string; testLog: string }> {
  const prefix = await findPrefix(store, dagHash);
  if (prefix === null) return { buildLog: '', testLog: '' };
  const kept = join(prefix, '.spack');
  return {
    buildLog: await readPacked(store, join(kept, 'spack-build-out.txt.gz'), scrubber),
    testLog: await readPart(store, join(kept, TEST_LOG), scrubber),
  };
}

/** Spack's layout is `<platform and target>/<name>-<version>-<hash>`; older and site layouts differ in the depth only. */
async function findPrefix(directory: string, dagHash: string, depth = 3): Promise<string | null> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const inner = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const found = inner.find((entry) => entry.name.endsWith(`-${dagHash}`));
  if (found) return join(directory, found.name);
  if (depth === 1) return null;
  for (const entry of inner) {
    const below = await findPrefix(join(directory, entry.name), dagHash, depth - 1);
    if (below !== null) return below;
  }
  return null;
}

async function readPacked(store: string, path: string, scrubber: Scrubber): Promise<string> {
  const file = await openInside(store, path);
  if (file === null) return '';
  const part = createPart(scrubber);
  let unpacked = 0;
  try {
    await pipeline(file.createReadStream(), createGunzip(), async (bytes: AsyncIterable<Buffer>) => {
      for await (const piece of bytes) {
        part.take(piece);
        unpacked += piece.length;
        if (unpacked > MOST_UNPACKED) break;
      }
    });
  } catch {
    // One that was cut short: what could be read is all there is.
  }
  return part.text();
}
