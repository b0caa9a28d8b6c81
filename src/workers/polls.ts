/** What workers outside ask again and again: is there a build for me, and is what I run still wanted? An answer waits until there is news. */
import { inArray } from 'drizzle-orm';
import {
  type BuildMessage,
  type ControlMessage,
  type PollAnswer,
  type PollRequest,
  PROTOCOL_VERSION,
} from '../protocol.js';
import type { Db } from '../store/open.js';
import { attempts } from '../store/schema.js';
import { noteWorker, type WorkerRowPorts } from './worker-rows.js';

export interface PollPorts extends WorkerRowPorts {
  /** Sends what the pool has room for. */
  readonly release: (pool: string) => Promise<void>;
  /** What lies in the queue of a pool; null when it is empty. */
  readonly take: (pool: string) => Promise<unknown>;
  /** The message of an attempt; null when it is not wanted any more. */
  readonly read: (buildId: string, attempt: number) => Promise<BuildMessage | null>;
}

export interface Polls {
  /** Rejects with `NotNow` for a worker that cannot be taken. */
  poll(request: PollRequest, signal: AbortSignal): Promise<PollAnswer>;
  /** There may be news: all that wait look at once. */
  wake(): void;
  /** All that wait are answered, and none waits any more. */
  close(): void;
}

/** Of what a worker is told not to run this much is remembered; none runs more. */
const MOST_TOLD = 100;
/** Workers of which that is remembered. */
const MOST_HEARD = 2000;

/** How long a poll may wait, and how often it looks. */
const POLL_MS = 20_000;
const LOOK_MS = 400;

export function createPolls(ports: PollPorts): Polls {
  const waiting = new Set<() => void>();
  const told = new Map<string, Set<string>>();
  const under = new Map<string, AbortController>();
  let closed = false;

  function wake(): void {
    for (const each of waiting) each();
  }

  /** A worker has one poll at a time: a second one ends the first, so that nobody can make us look for many times at once. */
  async function poll(request: PollRequest, signal: AbortSignal): Promise<PollAnswer> {
    const key = `${request.pool} ${request.worker}`;
    const over = new AbortController();
    under.get(key)?.abort();
    under.set(key, over);
    try {
      return await pollAlone(request, AbortSignal.any([signal, over.signal]));
    } finally {
      if (under.get(key) === over) under.delete(key);
    }
  }

  async function pollAlone(request: PollRequest, signal: AbortSignal): Promise<PollAnswer> {
    const until = Date.now() + POLL_MS;
    const { worker: id, pool, version, running, capabilities, life } = request;
    const { unfit } = await noteWorker(
      { id, pool, version, concurrency: request.free + running.length, running: running.length, capabilities, life },
      'http',
      ports,
    );
    const free = unfit === null ? request.free : 0;
    if (free > 0) await ports.release(pool);
    for (;;) {
      const controls = await pointless(ports.db, request.running);
      const words = controls.map((each) => `${each.buildId} ${each.attempt}`);
      // A worker needs a moment to end a build; saying it again at once would only make it poll in a circle.
      const news = words.some((word) => !told.get(request.worker)?.has(word));
      told.delete(request.worker);
      if (words.length > 0) told.set(request.worker, new Set(words.slice(0, MOST_TOLD)));
      if (told.size > MOST_HEARD) told.delete(told.keys().next().value!);
      const list: BuildMessage[] = [];
      while (list.length < free && !signal.aborted) {
        const body = (await ports.take(request.pool)) as { buildId: string; attempt: number } | null;
        if (body === null) break;
        // What lay in the queue may be out of date; the ledger knows what is still wanted.
        const message = await ports.read(body.buildId, body.attempt);
        // One that it has failed already is for the others; the sweeper sends it again.
        if (message !== null && !message.avoid?.includes(request.worker)) list.push(message);
      }
      if (list.length > 0 || news || signal.aborted || closed || Date.now() >= until)
        return { builds: list, controls, ...(unfit === null ? {} : { unfit }) };
      await pause(LOOK_MS, signal);
    }
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  return {
    poll,
    wake,
    close() {
      closed = true;
      wake();
    },
  };
}

/** `cancel` for everything that a worker says it runs and that the ledger no longer wants. */
async function pointless(db: Db, running: readonly { buildId: string; attempt: number }[]): Promise<ControlMessage[]> {
  if (running.length === 0) return [];
  const rows = await db
    .select({ buildId: attempts.buildId, attempt: attempts.attempt, state: attempts.state })
    .from(attempts)
    .where(
      inArray(
        attempts.buildId,
        running.map((each) => each.buildId),
      ),
    );
  const open = new Set(
    rows
      .filter((row) => row.state === 'queued' || row.state === 'running')
      .map((row) => `${row.buildId} ${row.attempt}`),
  );
  return running
    .filter((each) => !open.has(`${each.buildId} ${each.attempt}`))
    .map((each) => ({
      v: PROTOCOL_VERSION,
      kind: 'cancel' as const,
      buildId: each.buildId,
      attempt: each.attempt,
      reason: 'no longer wanted',
    }));
}
