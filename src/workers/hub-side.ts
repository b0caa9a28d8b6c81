/**
 * The hub's side of the wire, whatever carries it: hands out builds, takes events, tells workers to stop. Everything it sends can
 * be derived from the ledger again, so every message may be lost.
 */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Capabilities } from '../ci/capabilities.js';
import { describe } from '../describe-error.js';
import { acceptEvent, type EventPorts } from '../ledger/events.js';
import { NO_RULES } from '../ledger/fleet.js';
import { setAsideUnreadable } from '../ledger/set-aside.js';
import { addOutgoing, nothingOutgoing, type Outgoing } from '../ledger/state.js';
import {
  BuildMessage,
  type ControlMessage,
  type FitMessage,
  type PollAnswer,
  type PollRequest,
  PROTOCOL_VERSION,
  WorkerEvent,
} from '../protocol.js';
import type { Queues, Taker } from '../queue/queues.js';
import type { Db } from '../store/open.js';
import { workers } from '../store/schema.js';
import { turn } from '../turn.js';
import { buildMessage } from './build-message.js';
import { createOutsidePace } from './outside-pace.js';
import { createPolls } from './polls.js';
import { controlQueue, EVENTS_QUEUE, poolQueue } from './queue-link.js';
import { createReleaser } from './releaser.js';
import { isForGood, storable, TEXTS_LOST, withoutTexts } from './storable-event.js';
import { type Announced, noteWorker } from './worker-rows.js';

export interface HubSidePorts extends EventPorts {
  readonly queues: Queues;
  /** Sends what a transaction of the ledger left to be sent. */
  readonly dispatch: (out: Outgoing) => Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

export interface HubSide {
  /** Attempts were opened: what their pools have room for is sent. */
  sendBuilds(list: Outgoing['builds']): Promise<void>;
  /** The same for pools where a slot may have become free. */
  releasePools(pools: Iterable<string>): Promise<void>;
  /** Messages that may have been lost are sent once more. */
  sendAgain(list: Outgoing['builds']): Promise<void>;
  sendControls(list: Outgoing['controls']): Promise<void>;
  poll(request: PollRequest, signal: AbortSignal): Promise<PollAnswer>;
  events(events: readonly WorkerEvent[]): Promise<ControlMessage[]>;
  /** The same for workers outside: rejects with `NotNow`, and takes nothing, when an attempt says too much at once. */
  eventsFromOutside(events: readonly WorkerEvent[]): Promise<ControlMessage[]>;
  /** Begins to take events from the queue. */
  listen(): void;
  close(): Promise<void>;
}

const QueuedWord = z.union([
  z.object({ events: z.array(WorkerEvent) }),
  z.object({
    announce: z.object({
      id: z.string(),
      pool: z.string(),
      version: z.string(),
      concurrency: z.number(),
      running: z.number().optional(),
      capabilities: Capabilities.optional(),
      life: z.string().optional(),
    }),
  }),
]);

export function createHubSide(ports: HubSidePorts): HubSide {
  const { db, queues } = ports;
  const takers = new Map<string, Taker>();
  const pace = createOutsidePace(ports);
  let stop = async () => {};

  function taker(pool: string): Taker {
    let found = takers.get(pool);
    if (found === undefined) {
      found = queues.taker(poolQueue(pool));
      takers.set(pool, found);
    }
    return found;
  }

  const rules = () => ports.fleet?.() ?? NO_RULES;
  const release = createReleaser({ db, now: ports.now, rules, send });
  const rows = { db, now: ports.now, rules, log: ports.log };
  const polls = createPolls({
    ...rows,
    release,
    take: (pool) => taker(pool).take(),
    read: readMessage,
  });

  async function sendBuilds(list: Outgoing['builds']): Promise<void> {
    await releasePools(new Set(list.map(({ pool }) => pool)));
  }

  async function releasePools(pools: Iterable<string>): Promise<void> {
    await Promise.all([...pools].map(release));
  }

  async function send(list: Outgoing['builds']): Promise<void> {
    for (const { pool, buildId, attempt } of list) {
      const message = await readMessage(buildId, attempt);
      if (message !== null) await queues.add(poolQueue(pool), [{ id: `${buildId}.${attempt}`, body: message }]);
    }
    if (list.length > 0) polls.wake();
  }

  /** Null when it is not wanted any more, and when no worker could read it. */
  async function readMessage(buildId: string, attempt: number): Promise<BuildMessage | null> {
    const message = await buildMessage(db, ports.tokenKey, { buildId, attempt }, ports.now());
    const parsed = BuildMessage.safeParse(message);
    if (message === null || parsed.success) return message;
    const [issue] = parsed.error.issues;
    const problem = `In the ledger, ${issue?.path.join('.')}: ${issue?.message}`;
    ports.log.warn({ buildId, attempt, problem }, 'a build was set aside: it cannot be read');
    const out = nothingOutgoing();
    await db.transaction((tx) => setAsideUnreadable(tx as Db, { buildId, attempt, problem }, ports, out));
    await ports.dispatch(out);
    return null;
  }

  async function sendControls(list: Outgoing['controls']): Promise<void> {
    polls.wake();
    for (const { worker, ...message } of list) {
      const [row] = await db.select({ via: workers.via }).from(workers).where(eq(workers.id, worker));
      if (row?.via === 'queue')
        await queues.add(controlQueue(worker), [
          { id: `${message.buildId}.${message.attempt}.${message.kind}`, body: { v: PROTOCOL_VERSION, ...message } },
        ]);
    }
  }

  async function events(list: readonly WorkerEvent[]): Promise<ControlMessage[]> {
    const controls: ControlMessage[] = [];
    const out = nothingOutgoing();
    try {
      for (const event of list) {
        await turn('workers');
        const control = await accept(storable(event), out);
        if (control !== null) controls.push(control);
      }
    } finally {
      // What was stored before a fault stays stored, and its consequences with it.
      await ports.dispatch(out);
    }
    return controls;
  }

  /** An event that can never be stored is left out, so that it holds up no other; the end of an attempt counts without its texts. */
  async function accept(event: WorkerEvent, out: Outgoing): Promise<ControlMessage | null> {
    const own = nothingOutgoing();
    let control: ControlMessage | null;
    try {
      control = await acceptEvent(event, ports, own);
    } catch (error) {
      if (!isForGood(error)) throw error;
      const { buildId, attempt, body } = event;
      ports.log.warn({ buildId, attempt, kind: body.kind, error: describe(error) }, 'an event could not be stored');
      const bare = withoutTexts(event);
      if (bare === null) return null;
      // Its trouble is the mark that this is the second try.
      if (body.kind === 'finished' && body.result.trouble === TEXTS_LOST)
        return { v: PROTOCOL_VERSION, kind: 'ack', buildId, attempt, reason: 'it could not be stored' };
      return accept(bare, out);
    }
    addOutgoing(out, own);
    return control;
  }

  async function hearOf(worker: Announced): Promise<void> {
    const { unfit, news } = await noteWorker(worker, 'queue', rows);
    // An older worker would not understand it, and it has not said anything that could be held against it.
    if (worker.capabilities !== undefined)
      await queues.add(controlQueue(worker.id), [
        { id: `fit.${worker.id}`, body: { v: PROTOCOL_VERSION, kind: 'fit', unfit } satisfies FitMessage },
      ]);
    if (news && unfit === null) await release(worker.pool);
  }

  function listen(): void {
    const consumer = queues.consume(EVENTS_QUEUE, 8, async (body) => {
      const word = QueuedWord.safeParse(body);
      if (!word.success) {
        ports.log.warn({}, 'a word from a worker was not understood; is the worker of another version?');
        return;
      }
      if ('announce' in word.data) return hearOf(word.data.announce);
      const worker = word.data.events[0]?.worker;
      const controls = await events(word.data.events);
      if (worker !== undefined) await sendControls(controls.map((each) => ({ ...each, worker })));
    });
    stop = () => consumer.close();
  }

  return {
    sendBuilds,
    releasePools,
    sendAgain: send,
    sendControls,
    poll: polls.poll,
    events,
    async eventsFromOutside(list) {
      pace.take(list);
      return events(list);
    },
    listen,
    async close() {
      polls.close();
      await stop();
      await Promise.all([...takers.values()].map((each) => each.close()));
    },
  };
}
