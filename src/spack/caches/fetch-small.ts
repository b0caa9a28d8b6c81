/** A small public file of an operator's choice (a key, a `spack.yaml`), from the web or from this machine. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Trouble } from '../trouble.js';

const MOST_BYTES = 4 * 1024 * 1024;
const ANSWER_MS = 30_000;

/** Throws `Trouble` that begins with `what` when it cannot be had. */
export async function fetchSmall(what: string, url: string, signal: AbortSignal): Promise<string> {
  try {
    const bytes = url.startsWith('file:') ? await readFile(fileURLToPath(url)) : await download(url, signal);
    if (bytes.length > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 2 ** 20} MB`);
    return bytes.toString('utf8');
  } catch (error) {
    throw new Trouble(`${what} could not be read from ${url}: ${reasonOf(error)}`);
  }
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece as Uint8Array);
    size += (piece as Uint8Array).length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(pieces);
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error };
  return (cause?.message ?? message).split('\n')[0] ?? 'no reason given';
}
