/** The REST and GraphQL API: one Hono app made of one file per resource, with GitHub's manners around it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { actorName, authenticate } from './auth.js';
import { ApiError, notFound } from './errors.js';
import type { Faults } from './faults.js';
import type { Api, Ctx, SandboxEnv } from './http.js';
import { headersOf, type RateLimits } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import { appRoutes } from './routes/app.js';
import { checkRoutes } from './routes/checks.js';
import { commentRoutes } from './routes/comments.js';
import { commitRoutes } from './routes/commits.js';
import { contentRoutes } from './routes/contents.js';
import { graphqlRoutes } from './routes/graphql.js';
import { issueRoutes } from './routes/issues.js';
import { labelRoutes } from './routes/labels.js';
import { peopleRoutes } from './routes/people.js';
import { pullRoutes } from './routes/pulls.js';
import { repoRoutes } from './routes/repos.js';
import { searchRoutes } from './routes/search.js';
import { signInRoutes } from './routes/sign-in.js';
import type { Weather } from './storm.js';
import type { World } from './world.js';

export interface ApiParts {
  readonly world: World;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly weather: Weather;
  /** Called after each change, when it is safe on disk. */
  readonly kick: () => void;
}

/** First path segments that belong to the API; everything else is a page. */
export const API_ROOTS: ReadonlySet<string> = new Set([
  'api',
  'app',
  'applications',
  'apps',
  'graphql',
  'installation',
  'meta',
  'orgs',
  'rate_limit',
  'repos',
  'repositories',
  'search',
  'user',
  'users',
]);

export function createApi(parts: ApiParts): Api {
  const { world } = parts;
  const api = new Hono<SandboxEnv>();
  api.use('*', async (c, next) => {
    const answer = await guarded(parts, c, next);
    if (answer) return answer;
  });
  api.onError((error) => errorAnswer(error));
  api.get('/rate_limit', (c) => {
    const { limit, used, reset } = parts.limits.window(c.var.actor);
    const core = { limit, used, reset, remaining: limit - used };
    return c.json({ resources: { core, search: core, graphql: core }, rate: core });
  });
  api.get('/meta', (c) => c.json({ verifiable_password_authentication: false, hooks: ['127.0.0.1/32'] }));
  appRoutes(api, world, parts.faults);
  peopleRoutes(api, world);
  repoRoutes(api, world);
  contentRoutes(api, world);
  commitRoutes(api, world);
  issueRoutes(api, world, parts.faults);
  commentRoutes(api, world, parts.faults);
  labelRoutes(api, world);
  pullRoutes(api, world);
  checkRoutes(api, world);
  searchRoutes(api, world);
  signInRoutes(api, world);
  graphqlRoutes(api, world, parts.faults);
  // Nothing may fall through to the next prefix below, and to its guard.
  api.all('*', () => {
    throw notFound();
  });

  // Also where GitHub Enterprise has them: `/api/v3/...` and `/api/graphql`.
  const everywhere = new Hono<SandboxEnv>();
  everywhere.onError((error) => errorAnswer(error));
  everywhere.notFound(() => errorAnswer(notFound()));
  for (const prefix of ['/api/v3', '/api', '/']) everywhere.route(prefix, api);
  return everywhere;
}

/** Around every request: log, faults, authentication, rate limit; changes one at a time and on disk before the answer. */
async function guarded(parts: ApiParts, c: Ctx, next: () => Promise<void>): Promise<Response | undefined> {
  const { world, faults, limits, log, weather } = parts;
  const { method } = c.req;
  const path = new URL(c.req.url).pathname.replace(/^\/api\/v3(?=\/)/, '');
  let actor = '-';
  let lost = false;
  log.open += 1;
  try {
    const fault =
      faults.forRequest(method, path) ??
      (isPerson(c.req.header('authorization')) ? null : weather.forRequest(method, path));
    if (fault?.kind === 'lose-request') {
      lost = true;
      return destroyed(c);
    }
    c.set('actor', authenticate(world, c.req.header('authorization')));
    actor = actorName(c.var.actor);
    if (fault?.kind === 'status') {
      const wait = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
      throw new ApiError(fault.status, fault.message, undefined, {
        ...wait,
        ...headersOf(limits.window(c.var.actor)),
      });
    }
    const { allowed, headers } = limits.take(c.var.actor);
    if (!allowed) throw new ApiError(403, `API rate limit exceeded for ${actor}.`, undefined, headers);
    if (method === 'GET' || method === 'HEAD') await next();
    else {
      await world.store.transact(next);
      parts.kick();
    }
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    c.res.headers.set('X-GitHub-Request-Id', randomUUID());
    c.res.headers.set('X-GitHub-Media-Type', 'github.v3; format=json');
    if (fault?.kind === 'delay') await wait(fault.ms, undefined, { signal: c.req.raw.signal }).catch(() => undefined);
    if (fault?.kind === 'lose-answer') {
      lost = true;
      return destroyed(c);
    }
    return undefined;
  } catch (error) {
    c.res = errorAnswer(error);
    return c.res;
  } finally {
    log.open -= 1;
    log.lastEnd = performance.now();
    log.add({ method, path, status: lost ? 0 : c.res.status, actor, lost, at: new Date().toISOString() });
  }
}

/** Bad weather is between GitHub and Apps. */
function isPerson(authorization: string | undefined): boolean {
  return authorization === undefined || /\bghp_/.test(authorization);
}

/** Closes the connection under the answer: the client sees a reset. */
function destroyed(c: Ctx): Response {
  c.env.incoming.socket.destroy();
  return new Response(null, { status: 500 });
}

function errorAnswer(error: unknown): Response {
  const known = error instanceof ApiError ? error : new ApiError(500, describe(error));
  const body = {
    message: known.message,
    ...(known.errors ? { errors: known.errors } : {}),
    documentation_url: 'https://docs.github.com/rest',
    status: String(known.status),
  };
  return Response.json(body, { status: known.status as ContentfulStatusCode, headers: known.headers });
}

function describe(error: unknown): string {
  return `the sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
