/** A whole log as text, read and sent a few chunks at a time: its size does not matter to this process. */

import { turn } from '../../turn.js';
import { linesFrom, type ReadChunks } from './read-lines.js';
import { FIRST } from './scan.js';

const RECORDED = '[recorded run: an earlier run of Spack is played here; nothing was built for this commit]\n\n';
const PIECE = 128 * 1024;
/** Characters of one line; pages show fewer. */
const LONGEST = 64 * 1024;

/** Lines are numbered nowhere in it; line n of the pages is line n here, two further down when the run is a recorded one. */
export function plainText(read: ReadChunks, recorded: boolean): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = linesFrom(read, FIRST, 1, 2 ** 31 - 1, { limit: LONGEST, rest: true });
  let head = recorded ? RECORDED : '';
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await turn();
        let text = head;
        head = '';
        while (text.length < PIECE) {
          const { done, value } = await lines.next();
          if (done) {
            if (text !== '') controller.enqueue(encoder.encode(text));
            controller.close();
            return;
          }
          text += `${value.text}\n`;
        }
        controller.enqueue(encoder.encode(text));
      },
      async cancel() {
        await lines.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
