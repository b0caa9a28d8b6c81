/** Repositories: reading, renaming, moving, forks, collaborators, branches and their protection. */
import { z } from 'zod';
import { atLeast, doer, roleOf } from '../auth.js';
import { notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, caller, pageOf, repoOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { createRepo, forkRepo, renameRepo, transferRepo } from '../operations/repos.js';
import { personJson, teamJson } from '../shapes/people.js';
import { commitJson, permissionFlags, repoJson, repoUrl } from '../shapes/repo.js';
import type { Protection, Repo, Role } from '../types.js';
import { findUser, type World } from '../world.js';

const NewRepository = z.object({
  name: z.string(),
  private: z.boolean().optional(),
  description: z.string().nullish(),
});
const RepoChange = z.object({
  has_issues: z.boolean().optional(),
  name: z.string().optional(),
  private: z.boolean().optional(),
});
const RequiredChecks = z.object({
  strict: z.boolean().default(false),
  contexts: z.array(z.string()).optional(),
  checks: z.array(z.object({ context: z.string(), app_id: z.number().nullish() })).optional(),
});
const ProtectionChange = z.object({ required_status_checks: RequiredChecks.nullable() });

/** GitHub's older words for roles, still accepted when a collaborator is added. */
const ROLE_WORDS: Readonly<Record<string, Role>> = { pull: 'read', push: 'write' };
const Collaborator = z.object({
  permission: z
    .enum(['pull', 'push', 'none', 'read', 'triage', 'write', 'maintain', 'admin'])
    .default('push')
    .transform((word) => ROLE_WORDS[word] ?? (word as Role)),
});

export function repoRoutes(api: Api, world: World): void {
  const show = (c: Ctx, repo: Repo) => {
    const { actor } = c.var;
    const parent = repo.parentId === null ? null : world.store.repos.get(repo.parentId);
    return {
      ...repoJson(world, repo, actor.kind === 'user' ? actor.login : undefined),
      ...(parent ? { parent: repoJson(world, parent), source: repoJson(world, parent) } : {}),
    };
  };

  api.post('/orgs/:org/repos', async (c) => c.json(show(c, await make(c, c.req.param('org'))), 201));
  api.post('/user/repos', async (c) => c.json(show(c, await make(c, caller(c, world).user.login)), 201));
  async function make(c: Ctx, owner: string) {
    const wanted = await bodyOf(c, NewRepository);
    const by = caller(c, world);
    const account = findUser(world, owner);
    if (!account || (account.login !== by.user.login && !account.members[by.user.login])) throw notFound();
    return createRepo(world, by, { ...wanted, owner: account.login, description: wanted.description ?? '' });
  }

  api.get('/repos/:owner/:repo', (c) => c.json(show(c, repoOf(c, world, NEEDS.see))));
  api.get('/repositories/:id', (c) => {
    const repo = world.store.repos.get(Number(c.req.param('id')));
    if (!repo) throw notFound();
    return c.redirect(repoUrl(world, repo), 301);
  });
  api.patch('/repos/:owner/:repo', async (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    const change = await bodyOf(c, RepoChange);
    const by = caller(c, world);
    if (change.name !== undefined && change.name !== repo.name) renameRepo(world, repo, by, change.name);
    if (change.private !== undefined && change.private !== repo.private) {
      repo.private = change.private;
      world.store.repos.put(repo);
      const action = repo.private ? 'privatized' : 'publicized';
      world.emit({ event: 'repository', action, repo, sender: by.user, payload: {} });
    }
    if (change.has_issues !== undefined) {
      repo.issuesOff = !change.has_issues;
      world.store.repos.put(repo);
    }
    return c.json(show(c, repo));
  });
  api.post('/repos/:owner/:repo/transfer', async (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    const { new_owner } = await bodyOf(c, z.object({ new_owner: z.string() }));
    transferRepo(world, repo, caller(c, world), new_owner);
    return c.json(show(c, repo), 202);
  });

  api.get('/repos/:owner/:repo/forks', (c) => {
    const repo = repoOf(c, world, NEEDS.see);
    const forks = world.store.repos.filter((other) => other.parentId === repo.id);
    return c.json(pageOf(c, world, forks).map((fork) => repoJson(world, fork)));
  });
  api.post('/repos/:owner/:repo/forks', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const { organization } = await bodyOf(c, z.object({ organization: z.string().optional() }));
    const by = caller(c, world);
    return c.json(show(c, await forkRepo(world, repo, by, organization ?? by.user.login)), 202);
  });

  collaboratorRoutes(api, world);
  branchRoutes(api, world);
}

function collaboratorRoutes(api: Api, world: World): void {
  api.get('/repos/:owner/:repo/collaborators', (c) => {
    const repo = repoOf(c, world, { ...NEEDS.see, role: 'write' });
    const logins = world.store.users
      .filter((user) => user.type === 'User' && atLeast(roleOf(world, { ...repo, private: true }, user.login), 'read'))
      .map((user) => user.login);
    return c.json(
      pageOf(c, world, logins).map((login) => {
        const role = roleOf(world, repo, login);
        return { ...personJson(world, login), permissions: permissionFlags(role), role_name: role };
      }),
    );
  });
  api.get('/repos/:owner/:repo/collaborators/:login/permission', (c) => {
    const repo = repoOf(c, world, NEEDS.see);
    const user = findUser(world, c.req.param('login'));
    if (!user) throw notFound();
    const role = roleOf(world, repo, user.login);
    // The older field knows four words only; triage counts as read, maintain as write.
    const permission = role === 'triage' ? 'read' : role === 'maintain' ? 'write' : role;
    const flags = permissionFlags(role);
    return c.json({
      permission,
      role_name: role,
      user: { ...personJson(world, user.login), permissions: flags, role_name: role },
    });
  });
  api.get('/repos/:owner/:repo/collaborators/:login', (c) => {
    const repo = repoOf(c, world, NEEDS.see);
    const role = roleOf(world, { ...repo, private: true }, c.req.param('login'));
    if (role === 'none') throw notFound();
    return c.body(null, 204);
  });
  api.put('/repos/:owner/:repo/collaborators/:login', async (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    const user = findUser(world, c.req.param('login'));
    if (!user) throw notFound();
    repo.collaborators[user.login] = (await bodyOf(c, Collaborator)).permission;
    world.store.repos.put(repo);
    return c.body(null, 204);
  });
  api.delete('/repos/:owner/:repo/collaborators/:login', (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    delete repo.collaborators[c.req.param('login')];
    world.store.repos.put(repo);
    return c.body(null, 204);
  });
  api.get('/repos/:owner/:repo/assignees', (c) => {
    const repo = repoOf(c, world, NEEDS.readIssues);
    const logins = world.store.users
      .filter((user) => user.type === 'User' && atLeast(roleOf(world, { ...repo, private: true }, user.login), 'read'))
      .map((user) => user.login);
    return c.json(pageOf(c, world, logins).map((login) => personJson(world, login)));
  });
  api.get('/repos/:owner/:repo/teams', (c) => {
    const repo = repoOf(c, world, NEEDS.see);
    const teams = world.store.teams.filter((team) => !!team.repositories[String(repo.id)]);
    return c.json(
      pageOf(c, world, teams).map((team) => ({
        ...teamJson(world, team),
        permission: team.repositories[String(repo.id)],
      })),
    );
  });
}

function branchRoutes(api: Api, world: World): void {
  api.get('/repos/:owner/:repo/branches', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const branches = await world.git.branches(repo.id);
    return c.json(
      pageOf(c, world, branches).map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${repoUrl(world, repo)}/commits/${sha}` },
        protected: repo.protection[name] !== undefined,
      })),
    );
  });
  api.get('/repos/:owner/:repo/branches/:branch{.+}/protection', (c) => {
    const repo = repoOf(c, world, NEEDS.readAdministration);
    const protection = repo.protection[c.req.param('branch')];
    if (!protection) throw notFound();
    return c.json(protectionJson(protection));
  });
  api.put('/repos/:owner/:repo/branches/:branch{.+}/protection', async (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    doer(world, c.var.actor);
    const { required_status_checks: wanted } = await bodyOf(c, ProtectionChange);
    const named = (wanted?.checks ?? []).map((check) => ({ context: check.context, appId: check.app_id ?? null }));
    const plain = (wanted?.contexts ?? []).map((context) => ({ context, appId: null }));
    const protection = { strict: wanted?.strict ?? false, checks: named.length > 0 ? named : plain };
    repo.protection[c.req.param('branch')] = protection;
    world.store.repos.put(repo);
    return c.json(protectionJson(protection));
  });
  api.delete('/repos/:owner/:repo/branches/:branch{.+}/protection', (c) => {
    const repo = repoOf(c, world, NEEDS.administer);
    delete repo.protection[c.req.param('branch')];
    world.store.repos.put(repo);
    return c.body(null, 204);
  });
  api.get('/repos/:owner/:repo/branches/:branch{.+}', async (c) => {
    const repo = repoOf(c, world, NEEDS.readContents);
    const name = c.req.param('branch');
    const sha = await world.git.resolve(repo.id, `refs/heads/${name}`);
    const commit = sha && (await world.git.commitFacts(repo.id, sha));
    if (!commit) throw notFound();
    return c.json({ name, commit: commitJson(world, repo, commit), protected: repo.protection[name] !== undefined });
  });
}

function protectionJson(protection: Protection) {
  return {
    required_status_checks: {
      strict: protection.strict,
      contexts: protection.checks.map((check) => check.context),
      checks: protection.checks.map((check) => ({ context: check.context, app_id: check.appId })),
    },
  };
}
