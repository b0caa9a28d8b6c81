/** The HTTPS form of the hub-worker protocol, for workers that reach the hub by outward connections only. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import {
  type ControlMessage,
  type EventsAnswer,
  EventsRequest,
  type PollAnswer,
  type PollRequest,
  PollRequest as PollRequestSchema,
  type WorkerEvent,
} from '../protocol.js';

export interface WorkerApiPorts {
  readonly poolKey: string;
  readonly pools: () => readonly string[];
  /** Both reject with `TooMuch` for what is to come later. */
  readonly poll: (request: PollRequest, signal: AbortSignal) => Promise<PollAnswer>;
  readonly events: (events: readonly WorkerEvent[]) => Promise<ControlMessage[]>;
}

/** What comes too fast, or from too many; the message says so to the worker, `seconds` when it may come again. */
export interface TooMuch {
  readonly message: string;
  readonly seconds: number;
}

/** The token of a pool; `spokebot pool-token NAME` prints it. */
export function poolToken(poolKey: string, pool: string): string {
  return `sbp_${createHmac('sha256', poolKey).update(`pool ${pool}`).digest('hex')}`;
}

/** Largest body of events: 64 events with chunks of 64 K characters and one result. */
export const BODY_LIMIT = 16 * 1024 * 1024;

export function createWorkerApi(ports: WorkerApiPorts): Hono {
  const api = new Hono();

  function mayAct(context: Context, pool: string): boolean {
    const given = Buffer.from(context.req.header('authorization')?.replace(/^Bearer\s+/i, '') ?? '');
    const wanted = Buffer.from(poolToken(ports.poolKey, pool));
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  // Before anything of the body is read: a stranger must not make us hold it.
  api.use('*', async (context, next) => {
    if (ports.pools().some((pool) => mayAct(context, pool))) return next();
    return context.json({ error: 'The token is of no pool of this hub. See `spokebot pool-token`.' }, 401);
  });
  api.use(
    '*',
    bodyLimit({
      maxSize: BODY_LIMIT,
      onError: (context) => context.json({ error: `The body is larger than ${BODY_LIMIT / 1024 / 1024} MB.` }, 413),
    }),
  );

  api.onError((error, context) => {
    const { seconds } = error as Partial<TooMuch>;
    if (typeof seconds !== 'number') throw error;
    return context.json({ error: error.message }, 429, { 'retry-after': String(seconds) });
  });

  api.post('/poll', async (context) => {
    const body = await readJson(context);
    const request = PollRequestSchema.safeParse(body);
    if (!request.success) return context.json({ error: 'The body is no poll of this protocol version.' }, 400);
    // What it asks for is not said again: whoever mixes the two up asks with a token in the place of the pool.
    if (!mayAct(context, request.data.pool))
      return context.json(
        { error: 'The token is not the one of the pool that is asked for. See `spokebot pool-token NAME`.' },
        401,
      );
    return context.json(await ports.poll(request.data, context.req.raw.signal));
  });

  api.post('/events', async (context) => {
    const body = await readJson(context);
    const request = EventsRequest.safeParse(body);
    if (!request.success) return context.json({ error: 'The body holds no events of this protocol version.' }, 400);
    // The token of each event is what the ledger goes by; the pool token only keeps strangers out.
    const controls = await ports.events(request.data.events);
    return context.json({ controls } satisfies EventsAnswer);
  });

  return api;
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return (await context.req.json()) as unknown;
  } catch {
    return null;
  }
}
