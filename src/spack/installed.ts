/** What Spack keeps beside an installed package: its build log (packed) and the log of its tests. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { RESULT_PART } from '../protocol.js';
import { readPart, TEST_LOG } from './stage.js';
import { createHeadTail } from './text.js';

/** Logs of the package with this hash in an install tree; empty when there is none. */
export async function readInstalledLogs(
  store: string,
  dagHash: string,
): Promise<{ buildLog: string; testLog: string }> {
  const prefix = await findPrefix(store, dagHash);
  if (prefix === null) return { buildLog: '', testLog: '' };
  const kept = join(prefix, '.spack');
  return {
    buildLog: await readPacked(join(kept, 'spack-build-out.txt.gz')),
    testLog: await readPart(join(kept, TEST_LOG)),
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

async function readPacked(path: string): Promise<string> {
  const keeper = createHeadTail(RESULT_PART);
  try {
    await pipeline(createReadStream(path), createGunzip(), async (bytes: AsyncIterable<Buffer>) => {
      const decoder = new TextDecoder();
      for await (const piece of bytes) keeper.push(decoder.decode(piece, { stream: true }));
    });
  } catch {
    // No log, or one that was cut short: what could be read is all there is.
  }
  return keeper.text();
}
