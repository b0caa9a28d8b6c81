/**
 * The live log of one attempt: what Spack prints and what the compilers write, sent in batches a few times a second. After the
 * pool's limit it says so once and stays silent; the build goes on.
 */
import { safeCut } from '../ci/cut.js';
import { LOG_CHUNK } from '../protocol.js';
import { storable } from './text.js';

const BATCH_MS = 250;

export interface LiveLog {
  write(text: string): void;
  /** Sends what is waiting, so that an event that follows comes after it. */
  flush(): void;
  close(): void;
}

/** `limitBytes` counts UTF-8 bytes over the whole attempt; `send` gets chunks of at most `LOG_CHUNK` characters. */
export function createLiveLog(send: (text: string) => void, limitBytes: number): LiveLog {
  let waiting = '';
  let left = limitBytes;
  let cut = false;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    while (waiting !== '') {
      const at = safeCut(waiting, LOG_CHUNK);
      send(waiting.slice(0, at));
      waiting = waiting.slice(at);
    }
  }

  function write(raw: string): void {
    if (cut || raw === '') return;
    let text = storable(raw);
    const bytes = Buffer.byteLength(text);
    if (bytes > left) {
      text = new TextDecoder().decode(Buffer.from(text).subarray(0, left)).replace(/\uFFFD+$/, '');
      text += `\n[log cut here: this pool keeps ${limitBytes} bytes of a live log; the build goes on]\n`;
      cut = true;
    }
    left -= bytes;
    waiting += text;
    if (waiting.length >= LOG_CHUNK) flush();
    else timer ??= setTimeout(flush, BATCH_MS);
  }

  return { write, flush, close: flush };
}
