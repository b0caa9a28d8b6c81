/** Finds the `serve` that runs on this machine: it leaves its address and a token in the data directory. */
import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

export interface RunningServe {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

const FILE = 'serve.json';

/** Readable by its owner only: the token allows everything that commands can do. */
export function announceServe(directory: string, running: RunningServe): () => void {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, FILE);
  writeFileSync(file, `${JSON.stringify(running)}\n`, { mode: 0o600 });
  return () => {
    try {
      if ((JSON.parse(readFileSync(file, 'utf8')) as RunningServe).pid === running.pid) unlinkSync(file);
    } catch {
      // Already gone, or another serve's.
    }
  };
}

/** Null when none runs. */
export function findServe(directory: string): RunningServe | null {
  try {
    const running = JSON.parse(readFileSync(path.join(directory, FILE), 'utf8')) as RunningServe;
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
}

/** One question to the running `serve`; null for 404. Throws when it does not answer. */
export async function askServe<T>(running: RunningServe, route: string, body?: unknown): Promise<T | null> {
  const response = await fetch(`${running.url}/api/v1/admin${route}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`serve answered ${response.status}`);
  return (await response.json()) as T;
}

/** True for an error of `askServe` when no answer came at all: the `serve` that was found has died since, or is too busy. */
export function didNotAnswer(error: unknown): boolean {
  return error instanceof Error && ['TypeError', 'TimeoutError'].includes(error.name);
}

const PoolToken = z.object({ token: z.string().min(1) });

/** The token of a pool from the running `serve`; null when the hub has no such pool. */
export async function askPoolToken(running: RunningServe, pool: string): Promise<string | null> {
  const answer = await askServe<unknown>(running, `/pool-token/${encodeURIComponent(pool)}`);
  if (answer === null) return null;
  const parsed = PoolToken.safeParse(answer);
  if (!parsed.success) throw new Error('serve answered without a token; is it of another version? Restart it.');
  return parsed.data.token;
}
