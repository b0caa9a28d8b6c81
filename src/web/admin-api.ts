/**
 * What commands ask of a running `serve`: on loopback only, with the token that lies in the data directory. The embedded database
 * has one owner, so a command cannot simply open it beside us.
 */
import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import type { ReplayAnswer } from '../handlers/set-aside.js';
import type { Explanation, StateHealth } from '../store/explain.js';
import { type BackfillAnswer, BackfillRequest } from '../triage/backfill.js';

const Replay = z.object({ guid: z.string().min(1), event: z.string().min(1), payload: z.string().min(1) });
const ReplayBuilds = z.object({ ids: z.array(z.string().min(7)).nullable() });

export interface AdminPorts {
  readonly token: string;
  readonly explain: (fullName: string, number: number) => Promise<Explanation | null>;
  readonly health: () => Promise<StateHealth>;
  readonly poolToken: (pool: string) => string | null;
  /** Stores a delivery as if it had come in; false when it was stored before. */
  readonly replay: (delivery: { guid: string; event: string; payload: string }) => Promise<boolean>;
  /** Has builds tried again that were set aside: those of the ids, or all. */
  readonly replayBuilds: (ids: readonly string[] | null) => Promise<ReplayAnswer>;
  /** Numbers of the issues of a repository that triage has decided on. */
  readonly triaged: (fullName: string) => Promise<readonly number[]>;
  /** Takes on one issue from before spokebot's time. */
  readonly backfill: (request: BackfillRequest) => Promise<BackfillAnswer>;
}

/** What a reverse proxy adds. To us it comes from this machine as well, and it brings whoever reaches it. */
const HANDED_ON = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

export function createAdminApi(ports: AdminPorts): Hono {
  const api = new Hono<{ Bindings: { incoming?: { socket: { remoteAddress?: string } } } }>();

  api.use('*', async (context, next) => {
    const from = context.env.incoming?.socket.remoteAddress ?? '';
    const local =
      (from === '::1' || from.replace('::ffff:', '').startsWith('127.')) &&
      HANDED_ON.every((name) => context.req.header(name) === undefined);
    const given = Buffer.from(context.req.header('authorization')?.replace(/^Bearer\s+/i, '') ?? '');
    const wanted = Buffer.from(ports.token);
    // Strangers learn nothing, not even that there is something here.
    if (!local || given.length !== wanted.length || !timingSafeEqual(given, wanted))
      return context.json({ error: 'not found' }, 404);
    return next();
  });

  api.get('/explain/:owner/:name/:number', async (context) => {
    const { owner, name, number } = context.req.param();
    const found = await ports.explain(`${owner}/${name}`, Number(number));
    return found === null ? context.json({ error: 'unknown' }, 404) : context.json(found);
  });
  api.get('/health', async (context) => context.json(await ports.health()));
  api.get('/pool-token/:pool', (context) => {
    const token = ports.poolToken(context.req.param('pool'));
    return token === null ? context.json({ error: 'unknown pool' }, 404) : context.json({ token });
  });
  api.post('/replay', async (context) => {
    const request = Replay.safeParse(await context.req.json().catch(() => null));
    if (!request.success) return context.json({ error: 'not a request for a replay of a delivery' }, 400);
    return context.json({ stored: await ports.replay(request.data) });
  });
  api.post('/replay-builds', async (context) => {
    const request = ReplayBuilds.safeParse(await context.req.json().catch(() => null));
    if (!request.success) return context.json({ error: 'not a request for a replay of builds' }, 400);
    return context.json(await ports.replayBuilds(request.data.ids));
  });
  api.get('/triaged/:owner/:name', async (context) => {
    const { owner, name } = context.req.param();
    return context.json({ numbers: await ports.triaged(`${owner}/${name}`) });
  });
  api.post('/backfill', async (context) => {
    const request = BackfillRequest.safeParse(await context.req.json().catch(() => null));
    if (!request.success) return context.json({ error: 'not a request for a backfill' }, 400);
    return context.json({ answer: await ports.backfill(request.data) });
  });
  return api as unknown as Hono;
}
