/** Endpoints for the App itself and for its installations. */
import { z } from 'zod';
import { createToken, holds } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import type { Faults } from '../faults.js';
import { type Api, bodyOf, type Ctx, pageOf, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { repositoriesOf } from '../operations/installations.js';
import { appJson, installationJson } from '../shapes/people.js';
import { repoJson } from '../shapes/repo.js';
import type { App, Delivery, Installation } from '../types.js';
import { redeliver } from '../webhooks.js';
import { findRepo, type World } from '../world.js';

const TokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

const HookConfig = z.object({
  url: z.url().optional(),
  secret: z.string().min(1).optional(),
  content_type: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

export function appRoutes(api: Api, world: World, faults: Faults): void {
  const installationOf = (c: Ctx): Installation => {
    const found = world.store.installations.get(Number(c.req.param('id')));
    if (found?.appId !== appOf(c).id) throw notFound();
    return found;
  };

  api.get('/app', (c) => {
    const app = appOf(c);
    const count = world.store.installations.filter((found) => found.appId === app.id).length;
    return c.json({ ...appJson(world, app), installations_count: count });
  });
  api.get('/apps/:slug', (c) => {
    const app = world.store.apps.find((found) => found.slug === c.req.param('slug'));
    if (!app) throw notFound();
    return c.json(appJson(world, app));
  });
  api.get('/app/installations', (c) => {
    const app = appOf(c);
    const mine = world.store.installations.filter((found) => found.appId === app.id);
    return c.json(pageOf(c, world, mine).map((found) => installationJson(world, found)));
  });
  api.get('/app/installations/:id', (c) => c.json(installationJson(world, installationOf(c))));
  api.post('/app/installations/:id/access_tokens', async (c) => {
    const installation = installationOf(c);
    if (installation.suspendedAt) throw new ApiError(403, 'This installation has been suspended');
    const wanted = await bodyOf(c, TokenRequest);
    const named = wanted.repositories?.map((name) => findRepo(world, installation.account, name)?.repo.id ?? -1);
    const repositoryIds = wanted.repository_ids ?? named;
    const token = createToken(world, installation, { permissions: wanted.permissions, repositoryIds });
    const repositories = repositoryIds?.map((id) => repoJson(world, world.store.repos.the(id)));
    return c.json(
      {
        token: token.token,
        expires_at: token.expiresAt,
        permissions: token.permissions,
        repository_selection: repositoryIds ? 'selected' : installation.selection,
        ...(repositories ? { repositories } : {}),
      },
      201,
    );
  });
  api.get('/installation/repositories', (c) => {
    if (faults.off.has('installation-repositories')) throw notFound();
    const { actor } = c.var;
    if (actor.kind !== 'installation')
      throw new ApiError(403, 'You must authenticate with an installation access token');
    const repos = repositoriesOf(world, actor.installation).filter(
      (repo) => actor.token.repositoryIds?.includes(repo.id) ?? true,
    );
    const repositories = pageOf(c, world, repos).map((repo) => repoJson(world, repo));
    return c.json({ total_count: repos.length, repository_selection: actor.installation.selection, repositories });
  });
  api.delete('/installation/token', (c) => {
    const { actor } = c.var;
    if (actor.kind === 'installation') world.store.tokens.delete(actor.token.id);
    return c.body(null, 204);
  });
  const ofAccount = (c: Ctx) => {
    const app = appOf(c);
    const login = c.req.param('login')?.toLowerCase();
    const found = world.store.installations.find(
      (installation) => installation.appId === app.id && installation.account.toLowerCase() === login,
    );
    if (!found) throw notFound();
    return c.json(installationJson(world, found));
  };
  api.get('/orgs/:login/installation', ofAccount);
  api.get('/users/:login/installation', ofAccount);
  api.get('/repos/:owner/:repo/installation', (c) => {
    const app = appOf(c);
    const repo = findRepo(world, c.req.param('owner'), c.req.param('repo'))?.repo;
    const found =
      repo && world.store.installations.find((candidate) => candidate.appId === app.id && holds(candidate, repo));
    if (!found) throw notFound();
    return c.json(installationJson(world, found));
  });

  hookRoutes(api, world, faults);
}

function hookRoutes(api: Api, world: World, faults: Faults): void {
  api.use('/app/hook/deliveries/*', async (_c, next) => {
    if (faults.off.has('deliveries')) throw notFound();
    await next();
  });
  const mine = (app: App): Delivery[] =>
    world.store.deliveries.filter((found) => found.appId === app.id && ['done', 'dropped'].includes(found.state));
  const deliveryOf = (c: Ctx): Delivery => {
    const found = mine(appOf(c)).find((delivery) => delivery.id === Number(c.req.param('id')));
    if (!found) throw notFound();
    return found;
  };
  api.get('/app/hook/config', (c) => c.json(hookConfig(appOf(c))));
  api.patch('/app/hook/config', async (c) => {
    const app = appOf(c);
    const change = await bodyOf(c, HookConfig);
    if (change.url) app.webhookUrl = change.url;
    if (change.secret) app.webhookSecret = change.secret;
    world.store.apps.put(app);
    return c.json(hookConfig(app));
  });
  // GitHub pages this list by cursor: newest first, `cursor` is the id to go on below.
  api.get('/app/hook/deliveries', (c) => {
    const size = Math.min(100, Math.max(1, Number(c.req.query('per_page') ?? 30) || 30));
    const below = Number(c.req.query('cursor') ?? Number.POSITIVE_INFINITY);
    const newest = mine(appOf(c))
      .filter((delivery) => delivery.id < below)
      .reverse();
    const list = newest.slice(0, size);
    const last = list.at(-1);
    if (last && newest.length > size) {
      const next = `${world.url()}/app/hook/deliveries?per_page=${size}&cursor=${last.id}`;
      c.header('Link', `<${next}>; rel="next"`);
    }
    return c.json(list.map(deliveryJson));
  });
  api.get('/app/hook/deliveries/:id', (c) => {
    const delivery = deliveryOf(c);
    const payload: unknown = JSON.parse(world.store.payloads.the(delivery.payloadId).body);
    return c.json({
      ...deliveryJson(delivery),
      url: delivery.url,
      request: { headers: delivery.requestHeaders, payload },
      response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
    });
  });
  api.post('/app/hook/deliveries/:id/attempts', (c) => {
    redeliver(world, deliveryOf(c));
    return c.json({}, 202);
  });
  api.get('/repos/:owner/:repo/hooks', (c) => {
    repoOf(c, world, NEEDS.readAdministration);
    return c.json([]);
  });
}

function hookConfig(app: App) {
  return { content_type: 'json', insecure_ssl: '0', secret: '********', url: app.webhookUrl ?? '' };
}

export function deliveryJson(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.seconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function appOf(c: Ctx): App {
  if (c.var.actor.kind === 'app') return c.var.actor.app;
  throw new ApiError(401, 'A JSON web token could not be decoded');
}
