/** `/_sandbox/...`: what GitHub has no API for, but a story or a test needs. Loopback only; acts as the person whose token is sent. */
import { Hono } from 'hono';
import { z } from 'zod';
import { lookRoutes } from './admin/look.js';
import { troubleRoutes } from './admin/trouble.js';
import { authenticate, demand } from './auth.js';
import { ApiError, notFound } from './errors.js';
import type { Faults } from './faults.js';
import { type Api, bodyOf, type Ctx, type SandboxEnv } from './http.js';
import { NEEDS } from './needs.js';
import { pressAction } from './operations/checks.js';
import { changeRepositories, install, setSuspended, uninstall } from './operations/installations.js';
import { requiredChecks } from './operations/protection.js';
import { isPull } from './operations/pull-events.js';
import { setDraft } from './operations/pulls.js';
import { pushFiles } from './operations/pushes.js';
import { addMember, addTeam, addUser, createRepo } from './operations/repos.js';
import type { RateLimits } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import { installationJson, teamJson, userJson } from './shapes/people.js';
import { repoJson } from './shapes/repo.js';
import type { Weather } from './storm.js';
import { type Installation, type Repo, ROLES } from './types.js';
import { type Doer, findIssue, findRepo, findUser, theUser, type World } from './world.js';

export interface AdminParts {
  readonly world: World;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly weather: Weather;
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
  callbacks: z.array(z.url()).optional(),
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
  admin.put('/users/:login/status', async (c) => {
    const user = findUser(world, c.req.param('login'));
    if (!user) throw new ApiError(404, 'the sandbox has nobody of that name; add the user first');
    user.busy = (await bodyOf(c, z.object({ busy: z.boolean() }))).busy;
    return c.json(userJson(world, user));
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
    if (change.callbacks !== undefined) world.oauth.setCallbacks(app, change.callbacks);
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
    // The operator may push anywhere, to set a story up; people push where they may.
    if (c.var.actor.kind !== 'nobody') demand(world, c.var.actor, repo, NEEDS.writeContents);
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
