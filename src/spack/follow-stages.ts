/** Follows the growing log files of a stage root, so that the live log shows what the compilers say while they say it. */
import { StringDecoder } from 'node:string_decoder';
import { openInside } from './open-inside.js';
import { findStages, growingLogs, TEST_LOG } from './stage.js';

const LOOK_MS = 250;
const PIECE = 64 * 1024;

/**
 * Calls `write` with what is new, a few times a second, up to `limitBytes` in all. `stop` reads once more and resolves when nothing is
 * read any longer. `onTests` is called while a package's tests begin: Spack itself does not say so.
 */
export function followStages(
  root: string,
  limitBytes: number,
  write: (text: string) => void,
  onTests: () => void = () => {},
): { stop(): Promise<void> } {
  const files = new Map<string, { offset: number; decoder: StringDecoder }>();
  let left = limitBytes;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    if (left <= 0) return;
    for (const stage of await findStages(root))
      for (const path of await growingLogs(stage)) {
        const place = files.get(path) ?? { offset: 0, decoder: new StringDecoder('utf8') };
        if (!files.has(path) && !stopped && path.endsWith(TEST_LOG)) onTests();
        files.set(path, place);
        const read = await readFrom(root, path, place.offset, left, (bytes) => write(place.decoder.write(bytes)));
        place.offset += read;
        left -= read;
      }
  }

  function schedule(): void {
    timer = setTimeout(() => {
      looking = look().finally(() => {
        if (!stopped) schedule();
      });
    }, LOOK_MS);
  }
  schedule();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await look();
    },
  };
}

/** Bytes read, at most `most`; none when the file has gone meanwhile (Spack removes the stage of a package that is done). */
async function readFrom(
  root: string,
  path: string,
  offset: number,
  most: number,
  write: (bytes: Buffer) => void,
): Promise<number> {
  const file = await openInside(root, path);
  if (file === null) return 0;
  let done = 0;
  try {
    const buffer = Buffer.alloc(PIECE);
    while (done < most) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, most - done), offset + done);
      if (bytesRead === 0) break;
      write(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  } catch {
    // What could be read so far counts.
  } finally {
    await file.close();
  }
  return done;
}
