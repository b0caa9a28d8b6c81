/** Follows the growing log files of a stage root, so that the live log shows what the compilers say while they say it. */
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { findStages, growingLogs } from './stage.js';

const LOOK_MS = 250;
const PIECE = 64 * 1024;

/** Calls `write` with what is new, a few times a second. `stop` reads once more and resolves when nothing is read any longer. */
export function followStages(root: string, write: (text: string) => void): { stop(): Promise<void> } {
  const files = new Map<string, { offset: number; decoder: StringDecoder }>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const stage of await findStages(root))
      for (const path of await growingLogs(stage)) {
        const place = files.get(path) ?? { offset: 0, decoder: new StringDecoder('utf8') };
        files.set(path, place);
        place.offset += await readFrom(path, place.offset, (bytes) => write(place.decoder.write(bytes)));
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

/** Bytes read; none when the file has gone meanwhile (Spack removes the stage of a package that is done). */
async function readFrom(path: string, offset: number, write: (bytes: Buffer) => void): Promise<number> {
  let done = 0;
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.alloc(PIECE);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, PIECE, offset + done);
        if (bytesRead === 0) return done;
        write(buffer.subarray(0, bytesRead));
        done += bytesRead;
      }
    } finally {
      await file.close();
    }
  } catch {
    return done;
  }
}
