/**
 * The live log: what is there from a chunk on, then what comes, until the attempt is over. Every event carries the number of the
 * last chunk that it covers, so that a browser that lost the connection goes on exactly where it was.
 */

import type { LogStore } from './log-store.js';
import { linesFrom } from './read-lines.js';

export interface LogState {
  readonly word: string;
  readonly tone: string;
  readonly title: string;
  readonly phase: string | null;
  /** Each with its time. */
  readonly phases: readonly string[];
  /** No more output will come of this attempt. */
  readonly over: boolean;
}

export type LogEvent =
  | { readonly kind: 'state'; readonly data: LogState }
  /** `lines` begin with number `from`. */
  | { readonly kind: 'lines'; readonly id: number; readonly data: { from: number; lines: string[]; errors: number[] } }
  /** Lines before `to` were left out; the log's pages have them. */
  | { readonly kind: 'skipped'; readonly id: number; readonly data: { to: number } }
  | { readonly kind: 'end'; readonly data: { lines: number; title: string; word: string; tone: string } };

export interface FollowPorts {
  readonly store: LogStore;
  /** Null when the build is not there (any more) or may not be shown. */
  readonly state: () => Promise<LogState | null>;
  /** Resolves before the next look, early when the reader left. */
  readonly pause: () => Promise<void>;
  readonly gone: () => boolean;
  readonly isError: (line: string) => boolean;
}

/** Lines in one event. */
const BATCH = 400;
/** Who is further behind than that gets the end of the log, not all of it. */
export const MOST_BEHIND = 5000;

/** Yields events until the attempt is over or the reader left. `after` is the last chunk that the reader has; 0 for none. */
export async function* followLog(
  buildId: string,
  attempt: number,
  after: number,
  ports: FollowPorts,
): AsyncGenerator<LogEvent> {
  let sent = after;
  let settled = 0;
  let told = '';
  let wasOver = false;
  while (!ports.gone()) {
    const state = await ports.state();
    if (state === null) return;
    const key = JSON.stringify(state);
    if (key !== told) yield { kind: 'state', data: state };
    told = key;

    const scan = await ports.store.scan(buildId, attempt);
    // Chunks can change places on their way: each is held back for one look, so that one before it can still come.
    const done = state.over && wasOver;
    const until = done ? scan.lastSeq : Math.min(settled, scan.lastSeq);
    settled = scan.lastSeq;
    wasOver = state.over;

    const from = scan.endOf(sent).next;
    const end = scan.endOf(until);
    let first = from.line;
    if (until > sent && end.next.line - first > MOST_BEHIND) {
      first = end.next.line - MOST_BEHIND;
      yield { kind: 'skipped', id: sent, data: { to: first } };
    }
    if (until > sent) {
      const mark = first === from.line ? from : scan.markBefore(first);
      let batch: string[] = [];
      for await (const line of linesFrom(ports.store.chunks(buildId, attempt), mark, first, until)) {
        batch.push(line.text);
        // A batch may end within a chunk: the number then is that of the chunk before, and a reader who comes back gets the
        // same lines under the same numbers again.
        if (batch.length >= BATCH) {
          yield linesEvent(scan.coveredBy(line.number + 1), line.number - batch.length + 1, batch, ports.isError);
          batch = [];
        }
        if (ports.gone()) return;
      }
      if (batch.length > 0) yield linesEvent(end.seq, end.next.line - batch.length, batch, ports.isError);
      sent = until;
    }
    if (done) {
      const { total, rest } = scan.told(true);
      if (rest !== null) yield linesEvent(scan.lastSeq, rest.number, [rest.text], ports.isError);
      const { title, word, tone } = state;
      yield { kind: 'end', data: { lines: total, title, word, tone } };
      return;
    }
    await ports.pause();
  }
}

function linesEvent(id: number, from: number, lines: string[], isError: (line: string) => boolean): LogEvent {
  const errors = lines.flatMap((line, index) => (isError(line) ? [from + index] : []));
  return { kind: 'lines', id, data: { from, lines, errors } };
}
