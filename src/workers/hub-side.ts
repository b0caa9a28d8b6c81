/**
 * The hub's side of the wire, whatever carries it: hands out builds, takes events, tells workers to stop. Everything it sends can
 * be derived from the ledger again, so every message may be lost.
 */
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { Capabilities } from '../ci/capabilities.js';
import { describe } from '../describe-error.js';
import { withClosedPlaces } from '../ledger/closed-places.js';
import { workersToAvoid } from '../ledger/elsewhere.js';
import { acceptEvent, type EventPorts } from '../ledger/events.js';
import { NO_RULES } from '../ledger/fleet.js';
import { setAsideUnreadable } from '../ledger/set-aside.js';
import { addOutgoing, attemptToken, isAttemptToken, nothingOutgoing, type Outgoing } from '../ledger/state.js';
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
import { attempts, builds, workers } from '../store/schema.js';
import { turn } from '../turn.js';
import { NotNow } from './not-now.js';
import { createPace } from './pace.js';
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

/**
 * What one attempt may tell over HTTP. A worker of ours sends its log four times a second at most, and after an outage what has waited:
 * then it waits a little longer.
 */
const SAYS = { burst: 2000, perSecond: 100, most: 10_000 };
/** Of what a worker is told not to run this much is remembered; none runs more. */
const MOST_TOLD = 100;
/** Workers of which that is remembered. */
const MOST_HEARD = 2000;

/** How long a poll may wait, and how often it looks. */
const POLL_MS = 20_000;
const LOOK_MS = 400;

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
    }),
  }),
]);

export function createHubSide(ports: HubSidePorts): HubSide {
  const { db, queues } = ports;
  const takers = new Map<string, Taker>();
  const waiting = new Set<() => void>();
  const told = new Map<string, Set<string>>();
  const polls = new Map<string, AbortController>();
  const pace = createPace(SAYS);
  let stop = async () => {};
  let closed = false;

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
    if (list.length > 0) wake();
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
    wake();
    for (const { worker, ...message } of list) {
      const [row] = await db.select({ via: workers.via }).from(workers).where(eq(workers.id, worker));
      if (row?.via === 'queue')
        await queues.add(controlQueue(worker), [
          { id: `${message.buildId}.${message.attempt}.${message.kind}`, body: { v: PROTOCOL_VERSION, ...message } },
        ]);
    }
  }

  function wake(): void {
    for (const each of waiting) each();
  }

  /** A worker has one poll at a time: a second one ends the first, so that nobody can make us look for many times at once. */
  async function poll(request: PollRequest, signal: AbortSignal): Promise<PollAnswer> {
    const key = `${request.pool} ${request.worker}`;
    const over = new AbortController();
    polls.get(key)?.abort();
    polls.set(key, over);
    try {
      return await pollAlone(request, AbortSignal.any([signal, over.signal]));
    } finally {
      if (polls.get(key) === over) polls.delete(key);
    }
  }

  async function pollAlone(request: PollRequest, signal: AbortSignal): Promise<PollAnswer> {
    const until = Date.now() + POLL_MS;
    const { worker: id, pool, version, running, capabilities } = request;
    const { unfit } = await noteWorker(
      db,
      { id, pool, version, concurrency: request.free + running.length, running: running.length, capabilities },
      'http',
      rules(),
      ports.now(),
    );
    const free = unfit === null ? request.free : 0;
    if (free > 0) await release(pool);
    for (;;) {
      const controls = await pointless(db, request.running);
      const words = controls.map((each) => `${each.buildId} ${each.attempt}`);
      // A worker needs a moment to end a build; saying it again at once would only make it poll in a circle.
      const news = words.some((word) => !told.get(request.worker)?.has(word));
      told.delete(request.worker);
      if (words.length > 0) told.set(request.worker, new Set(words.slice(0, MOST_TOLD)));
      if (told.size > MOST_HEARD) told.delete(told.keys().next().value!);
      const list: BuildMessage[] = [];
      while (list.length < free && !signal.aborted) {
        const body = (await taker(request.pool).take()) as { buildId: string; attempt: number } | null;
        if (body === null) break;
        // What lay in the queue may be out of date; the ledger knows what is still wanted.
        const message = await readMessage(body.buildId, body.attempt);
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

  async function eventsFromOutside(list: readonly WorkerEvent[]): Promise<ControlMessage[]> {
    const counts = new Map<string, number>();
    // With another token than its own nobody uses up what an attempt may say; and such an event costs next to nothing.
    for (const { buildId, attempt, token } of list)
      if (isAttemptToken(ports.tokenKey, buildId, attempt, token))
        counts.set(`${buildId} ${attempt}`, (counts.get(`${buildId} ${attempt}`) ?? 0) + 1);
    const waits = [...counts].map(([key, n]) => pace.take(key, n, ports.now().getTime()) ?? 0);
    const seconds = Math.max(0, ...waits);
    if (seconds > 0)
      throw new NotNow(
        `Too many events of one build: ${SAYS.burst} at once and ${SAYS.perSecond} a second are taken. None of these was; send them again.`,
        seconds,
      );
    return events(list);
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
    const { unfit, news } = await noteWorker(db, worker, 'queue', rules(), ports.now());
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
    poll,
    events,
    eventsFromOutside,
    listen,
    async close() {
      closed = true;
      wake();
      await stop();
      await Promise.all([...takers.values()].map((each) => each.close()));
    },
  };
}

/** The message of an attempt that still waits for a worker; null when it is not wanted any more. */
async function buildMessage(
  db: Db,
  key: string,
  { buildId, attempt }: { buildId: string; attempt: number },
  now: Date,
): Promise<BuildMessage | null> {
  const [row] = await db
    .select({ plan: builds.plan, fresh: attempts.fresh, retry: attempts.retry })
    .from(builds)
    .innerJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(and(eq(builds.id, buildId), eq(builds.attempt, attempt), eq(attempts.state, 'queued')));
  if (row === undefined) return null;
  const plan = await withClosedPlaces(db, row.plan, now);
  const avoid = row.retry === null ? [] : await workersToAvoid(db, { buildId, attempt }, now);
  return {
    v: PROTOCOL_VERSION,
    buildId,
    attempt,
    token: attemptToken(key, buildId, attempt),
    // One command at a time needs the least memory that the build can do with.
    plan: row.retry === 'out-of-memory' ? { ...plan, jobs: 1, moreMemory: true } : plan,
    ...(row.fresh ? { fresh: true } : {}),
    ...(avoid.length === 0 ? {} : { avoid }),
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
