/** The name of a worker: made once, kept in its data directory, so that the hub knows it again after a restart. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** At most 60 characters of letters, digits and hyphens. */
export async function loadWorkerId(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'worker-id');
  const host =
    hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9-]+/g, '-')
      .slice(0, 40) || 'worker';
  try {
    await writeFile(file, `${host}-${randomBytes(4).toString('hex')}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const id = (await readFile(file, 'utf8')).trim();
  if (!/^[A-Za-z0-9-]{1,60}$/.test(id))
    throw new Error(`${file} does not hold a worker's name; remove it to get a new one`);
  return id;
}
