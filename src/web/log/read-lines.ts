/** Reads a stretch of a log's lines, from a mark on, a few chunks at a time. */

import { turn } from '../../turn.js';
import { cleanLine, HELD_OF_LINE, keyAfter } from './clean.js';
import type { Mark } from './scan.js';

export interface LogLine {
  readonly number: number;
  readonly text: string;
}

export interface Chunk {
  readonly seq: number;
  readonly text: string;
}

/** Chunks with `from <= seq <= to`, rising, at most `limit`. */
export type ReadChunks = (from: number, to: number, limit: number) => Promise<readonly Chunk[]>;

/** So many chunks of at most 64 KB are in memory at once. */
export const CHUNKS_AT_ONCE = 16;

export interface HowToRead {
  /** Raw characters of a line that count; by default as many as the table of contents looks at, so that both see the same. */
  readonly limit?: number;
  /** Whether the last line is read although it has not ended. */
  readonly rest?: boolean;
}

/**
 * Ended lines from number `first` on, as people may see them; stops after chunk `to`. `mark` lies at or before `first`. The caller
 * stops reading when it has enough.
 */
export async function* linesFrom(
  read: ReadChunks,
  mark: Mark,
  first: number,
  to: number,
  { limit = HELD_OF_LINE, rest = false }: HowToRead = {},
): AsyncGenerator<LogLine> {
  // One more than counts, so that a line that was cut is known as cut.
  const most = limit + 1;
  let { line, inKey } = mark;
  let from = mark.seq;
  let skip = mark.offset;
  let held = '';
  for (;;) {
    const chunks = await read(from, to, CHUNKS_AT_ONCE);
    // The embedded database answers without ever going back to the event loop; a large log must not keep all else waiting.
    await turn();
    for (const { seq, text } of chunks) {
      let start = seq === mark.seq ? skip : 0;
      skip = 0;
      for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
        const raw = (held + text.slice(start, Math.min(end, start + most))).slice(0, most);
        if (line >= first) yield { number: line, text: cleanLine(raw, inKey, limit) };
        inKey = keyAfter(inKey, raw);
        line++;
        held = '';
        start = end + 1;
      }
      held = (held + text.slice(start, start + most)).slice(0, most);
    }
    const last = chunks.at(-1);
    if (last === undefined || chunks.length < CHUNKS_AT_ONCE || last.seq >= to) break;
    from = last.seq + 1;
  }
  if (rest && held !== '' && line >= first) yield { number: line, text: cleanLine(held, inKey, limit) };
}
