/**
 * Hands events to the hub in the order in which they happened, again and again until it has them. While the hub is away they wait
 * in memory; a build's log is capped and heartbeats don't pile up, so what waits is bounded.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { HubLink, WorkerEvent } from '../../protocol.js';
import { LaterByHub, RefusedByHub } from '../refused.js';
import { type AttemptRef, keyOf } from './spool.js';
import type { WorkerLog } from './worker-log.js';

const MOST_EVENTS = 64;
/** About a megabyte at a time, so that a busy log doesn't become one huge request. */
const MOST_CHARACTERS = 512 * 1024;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

export interface Sender {
  push(event: WorkerEvent): void;
  /** True while an event of this kind of this attempt waits. */
  waiting(attempt: AttemptRef, kind: WorkerEvent['body']['kind']): boolean;
  /** The hub doesn't want this attempt: its log and heartbeats need not be sent. */
  forget(attempt: AttemptRef): void;
  /** Resolves when all is sent, or after `ms`. */
  flushed(ms: number): Promise<void>;
  close(): void;
}

export interface SenderPorts {
  readonly link: Pick<HubLink, 'send'>;
  readonly log: WorkerLog;
  readonly onSent: (event: WorkerEvent) => void;
}

export function createSender({ link, log, onSent }: SenderPorts): Sender {
  let queue: WorkerEvent[] = [];
  let pumping: Promise<void> | null = null;
  /** Attempts whose events could not be sent: each waits by itself and is tried alone, so that none holds up another for ever. */
  const held = new Map<string, { failures: number; until: number }>();
  let wake = () => {};
  const closed = new AbortController();

  function push(event: WorkerEvent): void {
    queue.push(event);
    wake();
    pumping ??= pump().finally(() => {
      pumping = null;
    });
  }

  async function pump(): Promise<void> {
    // Events that are pushed in one turn travel together.
    await Promise.resolve();
    while (queue.length > 0 && !closed.signal.aborted) {
      const now = performance.now();
      const ready = queue.filter((event) => (held.get(keyOf(event))?.until ?? now) <= now);
      const [first] = ready;
      if (first === undefined) {
        await rest(Math.min(...queue.map((event) => held.get(keyOf(event))?.until ?? now)) - now);
        continue;
      }
      const alone = held.has(keyOf(first));
      const batch = firstBatch(
        ready.filter((event) => (alone ? keyOf(event) === keyOf(first) : !held.has(keyOf(event)))),
      );
      try {
        await link.send(batch);
        sent(batch);
      } catch (error) {
        if (error instanceof RefusedByHub) await sendSingly(batch);
        else hold(batch, error);
      }
    }
  }

  function sent(batch: readonly WorkerEvent[]): void {
    const gone = new Set(batch);
    queue = queue.filter((event) => !gone.has(event));
    const troubled = held.size > 0;
    for (const event of batch) held.delete(keyOf(event));
    if (troubled && held.size === 0) log.info({}, 'the hub takes events again');
    for (const event of batch) onSent(event);
  }

  /** One event that the hub will not take must not hold up the others. */
  async function sendSingly(batch: readonly WorkerEvent[]): Promise<void> {
    for (const event of batch) {
      try {
        await link.send([event]);
        sent([event]);
      } catch (error) {
        if (!(error instanceof RefusedByHub)) return hold([event], error);
        log.error({ buildId: event.buildId, kind: event.body.kind, error: error.message }, 'the hub refused an event');
        queue = queue.filter((each) => each !== event);
      }
    }
  }

  function hold(batch: readonly WorkerEvent[], error: unknown): void {
    let failures = 0;
    const asked = error instanceof LaterByHub ? error.seconds * 1000 : 0;
    for (const key of new Set(batch.map(keyOf))) {
      failures = (held.get(key)?.failures ?? 0) + 1;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
      held.set(key, { failures, until: performance.now() + Math.max(asked, longest * (0.5 + Math.random() / 2)) });
    }
    const fields = { error: error instanceof Error ? error.message : String(error), waiting: queue.length };
    // Once when it begins, then rarely: an outage is one piece of news.
    if (failures === 1 || failures % 30 === 0) log.warn(fields, 'events could not be sent; trying again');
  }

  /** Ends early when there is something new to send. */
  async function rest(ms: number): Promise<void> {
    const woken = new AbortController();
    wake = () => woken.abort();
    await delay(Math.max(1, ms), undefined, { signal: AbortSignal.any([closed.signal, woken.signal]) }).catch(() => {});
  }

  return {
    push,
    waiting: (attempt, kind) => queue.some((each) => each.body.kind === kind && keyOf(each) === keyOf(attempt)),
    forget(attempt) {
      queue = queue.filter((each) => each.body.kind === 'finished' || keyOf(each) !== keyOf(attempt));
      held.delete(keyOf(attempt));
    },
    async flushed(ms) {
      const patience = new AbortController();
      await Promise.race([pumping, delay(ms, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
    },
    close: () => closed.abort(),
  };
}

function firstBatch(queue: readonly WorkerEvent[]): WorkerEvent[] {
  const batch: WorkerEvent[] = [];
  let characters = 0;
  for (const event of queue) {
    characters += sizeOf(event);
    if (batch.length > 0 && (batch.length === MOST_EVENTS || characters > MOST_CHARACTERS)) break;
    batch.push(event);
  }
  return batch;
}

function sizeOf({ body }: WorkerEvent): number {
  if (body.kind === 'log') return body.text.length;
  if (body.kind !== 'finished') return 100;
  const { stdout, stderr, buildLog, testLog } = body.result;
  return stdout.length + stderr.length + buildLog.length + testLog.length;
}
