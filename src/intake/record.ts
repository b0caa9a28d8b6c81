/**
 * Stores deliveries, each once. Those that arrive while a commit is under way share the next one, so that durability costs a
 * fraction of a commit per delivery; nobody gets an answer before the commit that holds theirs.
 */
import { createHash } from 'node:crypto';
import type { Store } from '../store/open.js';
import { insertDeliveries, type StoredRow } from './insert.js';

export interface NewDelivery {
  readonly guid: string;
  readonly event: string;
  readonly source: 'webhook' | 'recovered' | 'reconciler';
  readonly payload: string;
  /** What tells this body from others, in hex; made of the payload where it is not given. */
  readonly digest?: string;
  readonly activity: string | null;
  readonly installationId: number | null;
  readonly repository: string | null;
  /** When GitHub sent it, if that was earlier than now. */
  readonly sentAt?: Date;
}

/** `seq` of a delivery to be handled; null when this very one had been stored before (and was not set aside since). */
export type Recorded = { readonly seq: number | null };

export interface Recorder {
  record(delivery: NewDelivery): Promise<Recorded>;
}

/** At most this many deliveries, and this many characters of payload, in one statement. */
const BATCH = 32;
const BATCH_CHARACTERS = 32 * 1024 * 1024;
/** Commits under way at a time: while one waits for the disk, the next is on its way. The embedded database has one thread. */
const AT_ONCE = { server: 2, embedded: 1 };

interface Waiting {
  readonly key: string;
  readonly row: StoredRow;
  readonly resolve: (value: Recorded) => void;
  readonly reject: (reason: unknown) => void;
}

export function openRecorder(store: Pick<Store, 'run' | 'embedded'>, now: () => Date): Recorder {
  const most = store.embedded === null ? AT_ONCE.server : AT_ONCE.embedded;
  let waiting: Waiting[] = [];
  let running = 0;
  let woken = false;

  /** Two turns of the event loop: whatever has arrived by then shares the commit. With one the batches are smaller, and cost more. */
  function wake(): void {
    woken = true;
    setImmediate(() => setImmediate(next));
  }

  function next(): void {
    woken = false;
    while (running < most && waiting.length > 0) void flush(take());
  }

  function take(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < waiting.length && count < BATCH && (count === 0 || size < BATCH_CHARACTERS)) {
      size += waiting[count]!.row.payload.length;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    running += 1;
    try {
      const once = new Map(batch.map((each) => [each.key, each.row]));
      const seqs = await insertDeliveries(store, once);
      for (const { key, resolve } of batch) {
        resolve({ seq: seqs.get(key) ?? null });
        // The second of two equal ones in a batch is a duplicate like any other.
        seqs.delete(key);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      running -= 1;
      if (!woken && waiting.length > 0) wake();
    }
  }

  return {
    record({ guid, event, source, payload, digest, activity, installationId, repository, sentAt }) {
      const at = now();
      const row: StoredRow = {
        guid,
        event,
        digest: digest ?? createHash('sha256').update(payload).digest('hex'),
        source,
        activity,
        installationId,
        repository,
        // PostgreSQL's text holds no NUL; JSON has it only escaped, so this touches no valid payload.
        payload: payload.includes('\0') ? payload.replaceAll('\0', '') : payload,
        receivedAt: sentAt ?? at,
        dueAt: at,
      };
      return new Promise((resolve, reject) => {
        waiting.push({ key: `${guid} ${event} ${row.digest}`, row, resolve, reject });
        if (!woken && running < most) wake();
      });
    },
  };
}
