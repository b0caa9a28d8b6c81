/**
 * The table of contents of a log: which line begins where, and which lines are errors. A log comes in numbered chunks that end
 * anywhere; it is read once, chunk by chunk, and any page of it can then be read without what comes before it.
 */
import { cleanLine, HELD_OF_LINE, keyAfter, stripTerminal } from './clean.js';
import { isErrorLine } from './error-line.js';

/** Where a line begins: its number (from 1), chunk, place in the chunk's text, and whether it is inside a private key. */
export interface Mark {
  readonly line: number;
  readonly seq: number;
  readonly offset: number;
  readonly inKey: number;
}

/** After a chunk: the line that is in progress then. */
export interface ChunkEnd {
  readonly seq: number;
  readonly next: Mark;
}

export interface ErrorLine {
  readonly line: number;
  readonly text: string;
}

export interface LogContents {
  readonly total: number;
  /** The last line, when it counts although it has not ended. */
  readonly rest: { readonly number: number; readonly text: string } | null;
  readonly errors: readonly ErrorLine[];
  readonly errorCount: number;
}

/** Errors that are kept with their text; later ones are only counted. */
export const MOST_ERRORS = 200;
/** Of a line this much is held: a little more than is looked at, so that a cut one is known as cut. */
const HELD = HELD_OF_LINE + 1;

export class LogScan {
  chunks = 0;
  characters = 0;
  lastSeq = 0;
  errorCount = 0;
  readonly ends: ChunkEnd[] = [];
  readonly errors: ErrorLine[] = [];
  #open: Mark = { line: 1, seq: 0, offset: 0, inKey: 0 };
  #text = '';

  /** Lines that have ended. */
  get lines(): number {
    return this.#open.line - 1;
  }

  /** The beginning of the last line that has not ended yet, as shown; null when there is nothing after the last break. */
  get unfinished(): string | null {
    return this.#text === '' ? null : cleanLine(this.#text, this.#open.inKey);
  }

  /** What a page tells of it. `over`: nothing more will come, so that the line in progress counts as one. */
  told(over: boolean): LogContents {
    const rest = over ? this.unfinished : null;
    const { lines, errors, errorCount } = this;
    if (rest === null) return { total: lines, rest: null, errors, errorCount };
    const last = isErrorLine(rest) ? [{ line: lines + 1, text: rest.trim() }] : [];
    return {
      total: lines + 1,
      rest: { number: lines + 1, text: rest },
      errors: [...errors, ...last].slice(0, MOST_ERRORS),
      errorCount: errorCount + last.length,
    };
  }

  /** Reads the next chunk. Chunks have to come in rising order of `seq`. */
  feed(seq: number, text: string): void {
    // An empty rest means that the line in progress begins with this chunk.
    if (this.#text === '') this.#open = { ...this.#open, seq, offset: 0 };
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#hold(text.slice(from, end));
      this.#endLine(seq, end + 1);
      from = end + 1;
    }
    this.#hold(text.slice(from));
    this.chunks++;
    this.characters += text.length;
    this.lastSeq = seq;
    this.ends.push({ seq, next: this.#open });
  }

  #hold(piece: string): void {
    if (this.#text.length < HELD) this.#text += piece.slice(0, HELD - this.#text.length);
  }

  #endLine(seq: number, offset: number): void {
    const { line, inKey } = this.#open;
    const raw = this.#text;
    if (inKey === 0 && raw !== '' && isErrorLine(stripTerminal(raw))) {
      this.errorCount++;
      if (this.errors.length < MOST_ERRORS) this.errors.push({ line, text: cleanLine(raw, 0).trim() });
    }
    this.#open = { line: line + 1, seq, offset, inKey: keyAfter(inKey, raw) };
    this.#text = '';
  }

  /** A place at or before the beginning of `line` to read from. */
  markBefore(line: number): Mark {
    return this.#last((end) => end.next.line <= line).next;
  }

  /** The newest chunk up to `seq`, and the line in progress after it. */
  endOf(seq: number): ChunkEnd {
    return this.#last((end) => end.seq <= seq);
  }

  /** Number of the newest chunk after which no line from `line` on has ended; who has all lines before `line` has all of it. */
  coveredBy(line: number): number {
    return this.#last((end) => end.next.line <= line).seq;
  }

  /** The last chunk for which `holds`, which is true of the first ones and false of the rest. */
  #last(holds: (end: ChunkEnd) => boolean): ChunkEnd {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.ends[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? { seq: 0, next: FIRST } : this.ends[low - 1]!;
  }
}

/** The beginning of every log. */
export const FIRST: Mark = { line: 1, seq: 0, offset: 0, inKey: 0 };
