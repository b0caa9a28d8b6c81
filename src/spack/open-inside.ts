/**
 * Opening what a build has written. Its code may have put a link to the worker's own files there, a pipe that nobody writes to, or a
 * file without end: only a real file inside of the directory is read, and never more than a bounded part of it.
 */
import { constants, type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isWithin } from './bubblewrap/view.js';

/** Null when there is no such file, or when it isn't one of `directory` itself. The caller closes it. */
export async function openInside(directory: string, path: string): Promise<FileHandle | null> {
  let file: FileHandle;
  try {
    // Without waiting: a pipe would hold up its reader until somebody writes.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    // Where the open file really lies; looking at the path again could be answered with another file.
    const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
    if ((await file.stat()).isFile() && isWithin(await realpath(directory), place)) return file;
  } catch {
    // Gone meanwhile.
  }
  await file.close();
  return null;
}

/** Passes a file's bytes on, of a long one only `head` bytes of its beginning and `tail` bytes of its end. */
export async function readEnds(
  file: FileHandle,
  most: { readonly head: number; readonly tail: number },
  take: (bytes: Buffer) => void,
): Promise<void> {
  const { size } = await file.stat();
  if (size <= most.head + most.tail) return readRange(file, 0, size, take);
  await readRange(file, 0, most.head, take);
  take(Buffer.from(`\n[... ${size - most.head - most.tail} bytes not read ...]\n`));
  await readRange(file, size - most.tail, size, take);
}

async function readRange(file: FileHandle, from: number, to: number, take: (bytes: Buffer) => void): Promise<void> {
  const buffer = Buffer.alloc(64 * 1024);
  for (let at = from; at < to; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) return;
    take(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
