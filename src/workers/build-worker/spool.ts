/**
 * What a worker must not forget when it dies: the builds that it runs and the results that the hub has not acknowledged. One small
 * file each, written whole or not at all, readable by the worker's user only (they hold the attempt's token).
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { BuildMessage, WorkerEvent } from '../../protocol.js';

export interface Spool {
  begin(message: BuildMessage): Promise<void>;
  /** Takes the place of the running entry. */
  finish(event: WorkerEvent): Promise<void>;
  drop(attempt: AttemptRef): Promise<void>;
  /** Builds that were begun and not finished, results that were not acknowledged, and files that could not be read. */
  read(): Promise<{ running: BuildMessage[]; finished: WorkerEvent[]; unreadable: string[] }>;
}

export type AttemptRef = Pick<BuildMessage, 'buildId' | 'attempt'>;

/** The same word for one attempt everywhere in a worker. */
export function keyOf({ buildId, attempt }: AttemptRef): string {
  return `${buildId}#${attempt}`;
}

export async function openSpool(directory: string): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const place = (ref: AttemptRef, kind: 'running' | 'finished') =>
    join(directory, `${createHash('sha256').update(keyOf(ref)).digest('hex').slice(0, 32)}.${kind}.json`);
  return {
    begin: (message) => write(place(message, 'running'), message),
    async finish(event) {
      await write(place(event, 'finished'), event);
      await rm(place(event, 'running'), { force: true });
    },
    async drop(ref) {
      await rm(place(ref, 'finished'), { force: true });
      await rm(place(ref, 'running'), { force: true });
    },
    async read() {
      const names = (await readdir(directory)).sort();
      const unreadable: string[] = [];
      async function all<T extends z.ZodType>(ending: string, schema: T): Promise<z.output<T>[]> {
        const found: z.output<T>[] = [];
        for (const name of names.filter((each) => each.endsWith(ending))) {
          const parsed = schema.safeParse(await readJson(join(directory, name)));
          if (parsed.success) found.push(parsed.data);
          else unreadable.push(join(directory, name));
        }
        return found;
      }
      const finished = await all('.finished.json', WorkerEvent);
      const done = new Set(finished.map(keyOf));
      const running = (await all('.running.json', BuildMessage)).filter((message) => !done.has(keyOf(message)));
      return { running, finished, unreadable };
    },
  };
}

async function write(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(value));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
