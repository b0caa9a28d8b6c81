/** `/_sandbox/...`: what GitHub has no API for, but a story or a test needs. Loopback only; acts as the person whose token is sent. */
import { rmSync } from 'node:fs';
import { Hono } from 'hono';
import { z } from 'zod';
import { authenticate } from './auth.js';
import { dump } from './dump.js';
import { ApiError, notFound } from './errors.js';
import { Fault, type Faults, SWITCHES } from './faults.js';
import { type Api, bodyOf, type Ctx, type SandboxEnv } from './http.js';
import { pressAction } from './operations/checks.js';
import { changeRepositories, install, setSuspended, uninstall } from './operations/installations.js';
import { requiredChecks } from './operations/protection.js';
import { isPull } from './operations/pull-events.js';
import { setDraft } from './operations/pulls.js';
import { pushFiles } from './operations/pushes.js';
import { addMember, addTeam, addUser, createRepo } from './operations/repos.js';
import type { RateLimits } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import { deliveryJson } from './routes/app.js';
import { installationJson, teamJson, userJson } from './shapes/people.js';
import { repoJson } from './shapes/repo.js';
import { type Installation, type Repo, ROLES } from './types.js';
import { type Doer, findIssue, findRepo, findUser, fullName, theUser, type World } from './world.js';

export interface AdminParts {
  readonly world: World;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly kick: () => void;
}

/** Who acts where nobody is named. */
export const OPERATOR = 'sandbox';

const Files = z
  .record(z.string(), z.union([z.string(), z.object({ base64: z.base64() })]).nullable())
  .transform((files) =>
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        content !== null && typeof content === 'object' ? Buffer.from(content.base64, 'base64') : content,
      ]),
    ),
  );
const NewPerson = z.object({ login: z.string(), name: z.string().optional() });
const NewOrg = NewPerson.extend({
  members: z.record(z.string(), z.enum(['admin', 'member'])).default({}),
  teams: z.record(z.string(), z.array(z.string())).default({}),
});
const NewTeam = z.object({
  org: z.string(),
  slug: z.string(),
  members: z.array(z.string()).default([]),
  repositories: z.record(z.string(), z.enum(ROLES)).default({}),
});
const NewRepository = z.object({
  owner: z.string(),
  name: z.string(),
  private: z.boolean().optional(),
  description: z.string().optional(),
  defaultBranch: z.string().optional(),
  files: Files.optional(),
  collaborators: z.record(z.string(), z.enum(ROLES)).default({}),
});
const Push = z.object({
  branch: z.string(),
  files: Files,
  message: z.string().default('Update files'),
  from: z.string().optional(),
  force: z.boolean().optional(),
});
const NewInstallation = z.object({
  account: z.string(),
  repositories: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  app: z.string().optional(),
});
const InstallationChange = z.object({
  suspended: z.boolean().optional(),
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
});
const AppChange = z.object({
  webhookUrl: z.string().nullable().optional(),
  webhookSecret: z.string().min(1).optional(),
  events: z.array(z.string()).optional(),
});

export function createAdmin(parts: AdminParts): Api {
  const admin = new Hono<SandboxEnv>().basePath('/_sandbox');
  admin.onError((error) => {
    const status = error instanceof ApiError ? error.status : 500;
    return Response.json({ message: error.message }, { status });
  });
  admin.notFound((c) => c.json({ message: 'the sandbox has no such admin address' }, 404));
  admin.use('*', async (c, next) => {
    c.set('actor', authenticate(parts.world, c.req.header('authorization')));
    if (c.req.method === 'GET') return next();
    await parts.world.store.transact(next);
    parts.kick();
  });
  setupRoutes(admin, parts);
  storyRoutes(admin, parts);
  troubleRoutes(admin, parts);
  lookRoutes(admin, parts);
  return admin;
}

/** The person whose token was sent, else the operator. */
function actingAs(c: Ctx, world: World): Doer {
  const { actor } = c.var;
  return { user: theUser(world, actor.kind === 'user' ? actor.login : OPERATOR), viaApp: null };
}

function repoNamed(world: World, name: string): Repo {
  const [owner = '', repo = ''] = name.split('/');
  const found = findRepo(world, owner, repo)?.repo;
  if (!found) throw new ApiError(404, `the sandbox has no repository "${name}"; create it first`);
  return found;
}

function setupRoutes(admin: Api, { world }: AdminParts): void {
  admin.post('/users', async (c) => {
    const { login, name } = await bodyOf(c, NewPerson);
    const user = addUser(world, login, 'User', name ?? login);
    return c.json({ ...userJson(world, user), token: user.token }, 201);
  });
  admin.post('/orgs', async (c) => {
    const { login, name, members, teams } = await bodyOf(c, NewOrg);
    const org = addUser(world, login, 'Organization', name ?? login);
    for (const [member, role] of Object.entries(members)) addMember(world, org.login, member, role);
    for (const [slug, people] of Object.entries(teams)) {
      for (const member of people) if (!org.members[member]) addMember(world, org.login, member, 'member');
      addTeam(world, org.login, slug, people);
    }
    return c.json(userJson(world, org), 201);
  });
  admin.post('/teams', async (c) => {
    const wanted = await bodyOf(c, NewTeam);
    const team = addTeam(world, wanted.org, wanted.slug, wanted.members);
    for (const [name, role] of Object.entries(wanted.repositories))
      team.repositories[String(repoNamed(world, name).id)] = role;
    return c.json(teamJson(world, world.store.teams.put(team)), 201);
  });
  admin.post('/repos', async (c) => {
    const { collaborators, ...wanted } = await bodyOf(c, NewRepository);
    if (!findUser(world, wanted.owner)) addUser(world, wanted.owner, 'Organization');
    const repo = await createRepo(world, actingAs(c, world), wanted);
    for (const [login, role] of Object.entries(collaborators))
      repo.collaborators[addUser(world, login, 'User').login] = role;
    world.store.repos.put(repo);
    return c.json(repoJson(world, repo), 201);
  });
  admin.patch('/app', async (c) => {
    const change = await bodyOf(c, AppChange);
    const app = world.store.apps.all()[0];
    if (!app) throw notFound();
    if (change.webhookUrl !== undefined) app.webhookUrl = change.webhookUrl;
    if (change.webhookSecret !== undefined) app.webhookSecret = change.webhookSecret;
    if (change.events !== undefined) app.events = change.events;
    world.store.apps.put(app);
    return c.json({ webhookUrl: app.webhookUrl, events: app.events });
  });
  installationRoutes(admin, world);
}

function installationRoutes(admin: Api, world: World): void {
  const installationOf = (c: Ctx): Installation => {
    const account = c.req.param('account')?.toLowerCase();
    const slug = c.req.query('app');
    const found = world.store.installations.find(
      (installation) =>
        installation.account.toLowerCase() === account &&
        (!slug || world.store.apps.the(installation.appId).slug === slug),
    );
    if (!found) throw new ApiError(404, `the App is not installed on ${account}`);
    return found;
  };
  admin.post('/installations', async (c) => {
    const wanted = await bodyOf(c, NewInstallation);
    const app = world.store.apps.find((found) => wanted.app === undefined || found.slug === wanted.app);
    if (!app) throw new ApiError(404, `the sandbox has no App "${wanted.app}"`);
    const repos =
      wanted.repositories === 'all'
        ? 'all'
        : wanted.repositories.map((name) => repoNamed(world, name.includes('/') ? name : `${wanted.account}/${name}`));
    const installation = install(world, app, actingAs(c, world), wanted.account, repos);
    return c.json(installationJson(world, installation), 201);
  });
  admin.patch('/installations/:account', async (c) => {
    const installation = installationOf(c);
    const by = actingAs(c, world);
    const change = await bodyOf(c, InstallationChange);
    const named = (names: readonly string[]) =>
      names.map((name) => repoNamed(world, name.includes('/') ? name : `${installation.account}/${name}`));
    if (change.add.length > 0) changeRepositories(world, installation, by, 'added', named(change.add));
    if (change.remove.length > 0) changeRepositories(world, installation, by, 'removed', named(change.remove));
    if (change.suspended !== undefined) setSuspended(world, installation, by, change.suspended);
    return c.json(installationJson(world, installation));
  });
  admin.delete('/installations/:account', (c) => {
    uninstall(world, installationOf(c), actingAs(c, world));
    return c.body(null, 204);
  });
}

function storyRoutes(admin: Api, { world }: AdminParts): void {
  admin.post('/repos/:owner/:repo/push', async (c) => {
    const repo = repoNamed(world, `${c.req.param('owner')}/${c.req.param('repo')}`);
    const sha = await pushFiles(world, repo, actingAs(c, world), await bodyOf(c, Push));
    return c.json({ sha }, 201);
  });
  admin.put('/repos/:owner/:repo/pulls/:number/draft', async (c) => {
    const repo = repoNamed(world, `${c.req.param('owner')}/${c.req.param('repo')}`);
    const issue = findIssue(world, repo, Number(c.req.param('number')));
    if (!issue || !isPull(issue)) throw notFound();
    const { draft } = await bodyOf(c, z.object({ draft: z.boolean() }));
    await setDraft(world, issue, actingAs(c, world), draft);
    return c.json({ draft });
  });
  admin.get('/repos/:owner/:repo/pulls/:number/required', (c) => {
    const repo = repoNamed(world, `${c.req.param('owner')}/${c.req.param('repo')}`);
    const issue = findIssue(world, repo, Number(c.req.param('number')));
    if (!issue || !isPull(issue)) throw notFound();
    return c.json(requiredChecks(world, repo, issue.pull.baseRef, issue.pull.headSha));
  });
  admin.post('/check-runs/:id/press', async (c) => {
    const run = world.store.runs.get(Number(c.req.param('id')));
    if (!run) throw notFound();
    const { identifier } = await bodyOf(c, z.object({ identifier: z.string() }));
    pressAction(world, run, actingAs(c, world), identifier);
    return c.json({}, 201);
  });
}

function troubleRoutes(admin: Api, { world, faults, limits, log }: AdminParts): void {
  admin.get('/faults', (c) => c.json({ faults: faults.list(), off: [...faults.off] }));
  admin.post('/faults', async (c) => {
    faults.add(await bodyOf(c, z.array(Fault)));
    return c.json({ faults: faults.list() }, 201);
  });
  admin.delete('/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  admin.put('/switches', async (c) => {
    const { off } = await bodyOf(c, z.object({ off: z.array(z.enum(SWITCHES)) }));
    faults.off.clear();
    for (const name of off) faults.off.add(name);
    return c.json({ off });
  });
  admin.put('/rate-limit', async (c) => {
    const Limit = z.object({ actor: z.string(), remaining: z.number().int().nonnegative(), seconds: z.number().int() });
    const { actor, remaining, seconds } = await bodyOf(c, Limit);
    limits.set(actor, remaining, seconds);
    return c.body(null, 204);
  });
  // Changes made past this API (by a page) are sent with the next one; this is the next one.
  admin.post('/kick', (c) => c.body(null, 204));
  admin.post('/webhooks/release', (c) => {
    const held = world.store.deliveries.filter((delivery) => delivery.state === 'held').reverse();
    // Sent in the table's order, so the held ones go in again at its end, the last first.
    for (const delivery of held) {
      world.store.deliveries.delete(delivery.id);
      world.store.deliveries.put({ ...delivery, id: world.store.nextId(), state: 'pending', status: 'pending' });
    }
    return c.json({ released: held.length });
  });
  admin.post('/reset', (c) => {
    const kept = new Set(world.store.apps.all().flatMap((app) => [app.owner, `${app.slug}[bot]`]));
    for (const repo of world.store.repos.all()) rmSync(world.git.directory(repo.id), { recursive: true, force: true });
    for (const user of world.store.users.all())
      if (user.login !== OPERATOR && !kept.has(user.login)) world.store.users.delete(user.id);
    const { teams, installations, tokens, repos, labels, issues, comments } = world.store;
    const { reactions, timeline, suites, runs, payloads, deliveries } = world.store;
    for (const table of [teams, installations, tokens, repos, labels, issues, comments])
      for (const { id } of table.all()) table.delete(id);
    for (const table of [reactions, timeline, suites, runs, payloads, deliveries])
      for (const { id } of table.all()) table.delete(id);
    faults.clear();
    limits.clear();
    log.clear();
    return c.body(null, 204);
  });
}

function lookRoutes(admin: Api, { world, log }: AdminParts): void {
  const idle = () => log.open === 0 && !world.store.deliveries.find((delivery) => delivery.state === 'pending');
  admin.get('/info', (c) => {
    const app = world.store.apps.all()[0];
    const webhook = app && { url: app.webhookUrl, secret: app.webhookSecret };
    return c.json({ url: world.url(), appId: app?.id, slug: app?.slug, privateKey: app?.privateKey, webhook });
  });
  admin.get('/avatar/:id', (c) => {
    const user = world.store.users.get(Number(c.req.param('id')));
    if (!user) throw notFound();
    const letter = user.login.charAt(0).toUpperCase();
    const text = `<text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" fill="#fff">${letter}</text>`;
    const circle = `<circle cx="20" cy="20" r="20" fill="hsl(${(user.id * 67) % 360} 35% 45%)"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">${circle}${text}</svg>`;
    return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' });
  });
  admin.get('/dump', async (c) => c.json(await dump(world)));
  admin.get('/revision', async (c) => {
    const since = Number(c.req.query('since') ?? -1);
    const timeout = Math.min(60_000, Number(c.req.query('timeoutMs') ?? 0));
    return c.json({ revision: await world.store.changed(since, timeout), idle: idle() });
  });
  admin.get('/idle', async (c) => {
    const until = performance.now() + Math.min(600_000, Number(c.req.query('timeoutMs') ?? 30_000));
    const quiet = Number(c.req.query('quietMs') ?? 0);
    for (;;) {
      const silence = performance.now() - log.lastEnd;
      if (idle() && silence >= quiet) return c.json({ idle: true, revision: world.store.revision() });
      if (performance.now() >= until) return c.json({ idle: false, revision: world.store.revision() });
      const wait = idle() ? quiet - silence : 250;
      await world.store.changed(world.store.revision(), Math.max(1, Math.min(wait, until - performance.now())));
    }
  });
  admin.get('/requests', (c) => {
    const entries = log.list();
    const counts: Record<string, number> = {};
    for (const { method, path } of entries) {
      const key = `${method} ${path.replace(/\/\d+(?=\/|$)/g, '/:n').replace(/[0-9a-f]{40}/g, ':sha')}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return c.json({ requests: entries, counts });
  });
  admin.delete('/requests', (c) => {
    log.clear();
    return c.body(null, 204);
  });
  admin.get('/deliveries', (c) =>
    c.json(
      world.store.deliveries.all().map((delivery) => {
        const repo = delivery.repositoryId === null ? undefined : world.store.repos.get(delivery.repositoryId);
        const payload: unknown = JSON.parse(world.store.payloads.the(delivery.payloadId).body);
        return { ...deliveryJson(delivery), state: delivery.state, repository: repo ? fullName(repo) : null, payload };
      }),
    ),
  );
}
