/**
 * Results on their way to the hub: spooled before they are sent, and sent again until the hub says that it has them or that it
 * doesn't want them.
 */
import type { WorkerEvent } from '../../protocol.js';
import type { Sender } from './sender.js';
import { type AttemptRef, keyOf, type Spool } from './spool.js';
import type { WorkerLog } from './worker-log.js';

export const REPEAT_MS = 15_000;

export interface Results {
  /** Spools and sends. */
  add(event: WorkerEvent): Promise<void>;
  /** Takes up what a former process had spooled; `repeat` sends it. */
  resume(event: WorkerEvent): void;
  /** Spools the result of a build that a former process did not end; `repeat` sends it. */
  makeUp(event: WorkerEvent): Promise<void>;
  has(attempt: AttemptRef): boolean;
  sent(event: WorkerEvent): void;
  /** The hub has it. */
  acknowledged(attempt: AttemptRef): Promise<void>;
  /** The hub cancelled it: as good as acknowledged, but only if it can have seen it. */
  unwanted(attempt: AttemptRef): Promise<void>;
  /** Sends everything again that has been waiting for an answer since the last call. */
  repeat(): void;
}

export function createResults(spool: Spool, sender: Pick<Sender, 'push' | 'waiting'>, log: WorkerLog): Results {
  const open = new Map<string, { event: WorkerEvent; sent: boolean }>();

  function resume(event: WorkerEvent): void {
    open.set(keyOf(event), { event, sent: false });
  }

  async function makeUp(event: WorkerEvent): Promise<void> {
    await spool.finish(event).catch((error: unknown) => {
      log.error({ buildId: event.buildId, error: String(error) }, 'a result could not be spooled; it is sent anyway');
    });
    resume(event);
  }

  async function acknowledged(attempt: AttemptRef): Promise<void> {
    open.delete(keyOf(attempt));
    await spool.drop(attempt);
  }

  return {
    async add(event) {
      await makeUp(event);
      sender.push(event);
    },
    makeUp,
    resume,
    has: (attempt) => open.has(keyOf(attempt)),
    sent(event) {
      const entry = open.get(keyOf(event));
      if (entry?.event === event) entry.sent = true;
    },
    acknowledged,
    async unwanted(attempt) {
      if (open.get(keyOf(attempt))?.sent) await acknowledged(attempt);
    },
    repeat() {
      for (const { event } of open.values()) if (!sender.waiting(event, 'finished')) sender.push(event);
    },
  };
}
