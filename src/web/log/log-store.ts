/** The logs in the database, each with its table of contents, which is kept while somebody reads the log. */
import { and, asc, between, eq, lte, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { logChunks } from '../../store/schema.js';
import { turn } from '../../turn.js';
import { CHUNKS_AT_ONCE, type LogLine, linesFrom, type ReadChunks } from './read-lines.js';
import { FIRST, LogScan } from './scan.js';

/** Tables of contents that are kept; the least recently used goes first. */
const KEPT = 24;

export interface LogStore {
  /** The table of contents up to the newest chunk that is stored now. */
  scan(buildId: string, attempt: number): Promise<LogScan>;
  /** Ended lines from `first` on, at most `count`. */
  lines(buildId: string, attempt: number, first: number, count: number): Promise<LogLine[]>;
  /** Lines that hold the words, in any case; the first `most` of them. Who asked and left is not searched for any longer. */
  search(buildId: string, attempt: number, words: string, most: number, asked?: AbortSignal): Promise<Found>;
  chunks(buildId: string, attempt: number): ReadChunks;
}

export interface Found {
  readonly lines: readonly LogLine[];
  /** True when there are more. */
  readonly cut: boolean;
}

export function createLogStore(db: Db): LogStore {
  const kept = new Map<string, { scan: LogScan; busy: Promise<LogScan> | null }>();

  function chunks(buildId: string, attempt: number): ReadChunks {
    return (from, to, limit) =>
      db
        .select({ seq: logChunks.seq, text: logChunks.text })
        .from(logChunks)
        .where(and(...ofAttempt(buildId, attempt), between(logChunks.seq, from, to)))
        .orderBy(asc(logChunks.seq))
        .limit(limit);
  }

  async function catchUp(buildId: string, attempt: number, scan: LogScan): Promise<LogScan> {
    const [known] = await db
      .select({ n: sql<number>`count(*)::int` })
      .from(logChunks)
      .where(and(...ofAttempt(buildId, attempt), lte(logChunks.seq, scan.lastSeq)));
    // A chunk that came late belongs before others that were read already: read anew.
    const current = (known?.n ?? 0) === scan.chunks ? scan : new LogScan();
    const read = chunks(buildId, attempt);
    for (;;) {
      const next = await read(current.lastSeq + 1, MOST_SEQ, CHUNKS_AT_ONCE);
      for (const { seq, text } of next) current.feed(seq, text);
      if (next.length < CHUNKS_AT_ONCE) return current;
      // A large log must not keep the process from everything else.
      await turn();
    }
  }

  function scan(buildId: string, attempt: number): Promise<LogScan> {
    const key = `${buildId} ${attempt}`;
    const entry = kept.get(key) ?? { scan: new LogScan(), busy: null };
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    // Those who ask while it is read share the answer.
    entry.busy ??= catchUp(buildId, attempt, entry.scan)
      .then((done) => {
        entry.scan = done;
        return done;
      })
      .catch((error: unknown) => {
        // Half read: the next one begins anew.
        entry.scan = new LogScan();
        throw error;
      })
      .finally(() => {
        entry.busy = null;
      });
    return entry.busy;
  }

  async function lines(buildId: string, attempt: number, first: number, count: number): Promise<LogLine[]> {
    const table = await scan(buildId, attempt);
    const found: LogLine[] = [];
    if (count <= 0) return found;
    for await (const line of linesFrom(chunks(buildId, attempt), table.markBefore(first), first, table.lastSeq)) {
      found.push(line);
      if (found.length >= count) break;
    }
    return found;
  }

  async function search(
    buildId: string,
    attempt: number,
    words: string,
    most: number,
    asked?: AbortSignal,
  ): Promise<Found> {
    const wanted = words.toLowerCase();
    const found: LogLine[] = [];
    if (wanted === '') return { lines: found, cut: false };
    for await (const line of linesFrom(chunks(buildId, attempt), FIRST, 1, MOST_SEQ, { rest: true })) {
      if (asked?.aborted) return { lines: found, cut: true };
      if (!line.text.toLowerCase().includes(wanted)) continue;
      if (found.length === most) return { lines: found, cut: true };
      found.push(line);
    }
    return { lines: found, cut: false };
  }

  return { scan, lines, search, chunks };
}

const MOST_SEQ = 2 ** 31 - 1;

function ofAttempt(buildId: string, attempt: number) {
  return [eq(logChunks.buildId, buildId), eq(logChunks.attempt, attempt)];
}
