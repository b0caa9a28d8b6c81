/**
 * Stores deliveries, each once. Those that arrive while a commit is under way share the next one, so that durability costs a
 * fraction of a commit per delivery; nobody gets an answer before the commit that holds theirs.
 */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { deliveries } from '../store/schema.js';

export interface NewDelivery {
  readonly guid: string;
  readonly event: string;
  readonly source: 'webhook' | 'recovered' | 'reconciler';
  readonly payload: string;
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
const BATCH = 200;
const BATCH_CHARACTERS = 32 * 1024 * 1024;

interface Waiting {
  readonly row: typeof deliveries.$inferInsert;
  readonly resolve: (value: Recorded) => void;
  readonly reject: (reason: unknown) => void;
}

function keyOf(row: { guid: string; event: string; digest: string }): string {
  return `${row.guid} ${row.event} ${row.digest}`;
}

export function openRecorder(db: Db, now: () => Date): Recorder {
  let waiting: Waiting[] = [];
  let running = false;

  async function flush(): Promise<void> {
    running = true;
    // A turn of the event loop: whatever has arrived by now shares the commit. The embedded database works in this very thread,
    // so nothing can arrive while it does.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      let size = 0;
      let count = 0;
      while (count < waiting.length && count < BATCH && (count === 0 || size < BATCH_CHARACTERS)) {
        size += waiting[count]!.row.payload.length;
        count++;
      }
      const batch = waiting.slice(0, count);
      waiting = waiting.slice(count);
      try {
        const once = new Map(batch.map((each) => [keyOf(each.row), each.row]));
        const rows = await db
          .insert(deliveries)
          .values([...once.values()])
          .onConflictDoUpdate({
            target: [deliveries.guid, deliveries.event, deliveries.digest],
            // One that was set aside and comes again is somebody's wish to have it tried again; any other is dropped.
            set: { state: 'stored', attempts: 0, dueAt: now() },
            setWhere: eq(deliveries.state, 'failed'),
          })
          .returning({
            seq: deliveries.seq,
            guid: deliveries.guid,
            event: deliveries.event,
            digest: deliveries.digest,
          });
        const seqs = new Map(rows.map((row) => [keyOf(row), row.seq]));
        for (const { row, resolve } of batch) {
          const key = keyOf(row);
          resolve({ seq: seqs.get(key) ?? null });
          // The second of two equal ones in a batch is a duplicate like any other.
          seqs.delete(key);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  }

  return {
    record(delivery) {
      const at = now();
      const { sentAt, ...rest } = delivery;
      const row = {
        ...rest,
        // PostgreSQL's text holds no NUL; JSON has it only escaped, so this touches no valid payload.
        payload: delivery.payload.replaceAll('\0', ''),
        digest: createHash('sha256').update(delivery.payload).digest('hex'),
        receivedAt: sentAt ?? at,
        dueAt: at,
      };
      return new Promise((resolve, reject) => {
        waiting.push({ row, resolve, reject });
        if (!running) void flush();
      });
    },
  };
}
