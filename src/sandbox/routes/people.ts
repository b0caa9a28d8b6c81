/** Users, organizations, teams. */

import { roleOf } from '../auth.js';
import { notFound } from '../errors.js';
import { type Api, type Ctx, caller, pageOf } from '../http.js';
import { organizationJson, personJson, teamJson, userJson } from '../shapes/people.js';
import { permissionFlags, repoJson } from '../shapes/repo.js';
import type { Team } from '../types.js';
import { findUser, type World } from '../world.js';

export function peopleRoutes(api: Api, world: World): void {
  api.get('/user', (c) => {
    const { user } = caller(c, world);
    return c.json({ ...userJson(world, user), name: user.name });
  });
  api.get('/users/:login', (c) => {
    const user = findUser(world, c.req.param('login'));
    if (!user) throw notFound();
    return c.json({ ...userJson(world, user), name: user.name });
  });
  api.get('/users/:login/repos', (c) => c.json(publicRepos(c)));
  api.get('/orgs/:login', (c) => c.json(organizationJson(world, organizationOf(c))));
  api.get('/orgs/:login/repos', (c) => c.json(publicRepos(c)));
  api.get('/orgs/:login/members', (c) => {
    const logins = Object.keys(organizationOf(c).members);
    return c.json(pageOf(c, world, logins).map((login) => personJson(world, login)));
  });
  api.get('/orgs/:login/members/:member', (c) => {
    if (!organizationOf(c).members[c.req.param('member')]) throw notFound();
    return c.body(null, 204);
  });
  api.get('/orgs/:login/teams', (c) => {
    const org = organizationOf(c);
    const teams = world.store.teams.filter((team) => team.org === org.login);
    return c.json(pageOf(c, world, teams).map((team) => teamJson(world, team)));
  });
  api.get('/orgs/:login/teams/:slug', (c) => c.json(teamJson(world, teamOf(c))));
  api.get('/orgs/:login/teams/:slug/members', (c) =>
    c.json(pageOf(c, world, teamOf(c).members).map((login) => personJson(world, login))),
  );
  api.get('/orgs/:login/teams/:slug/memberships/:member', (c) => {
    if (!teamOf(c).members.includes(c.req.param('member'))) throw notFound();
    return c.json({ state: 'active', role: 'member', url: c.req.url });
  });
  api.get('/orgs/:login/teams/:slug/repos', (c) => {
    const { repositories } = teamOf(c);
    const repos = Object.entries(repositories).flatMap(([id, role]) => {
      const repo = world.store.repos.get(Number(id));
      return repo ? [{ ...repoJson(world, repo), role_name: role, permissions: permissionFlags(role) }] : [];
    });
    return c.json(pageOf(c, world, repos));
  });

  function organizationOf(c: Ctx) {
    const user = findUser(world, c.req.param('login') ?? '');
    if (user?.type !== 'Organization') throw notFound();
    return user;
  }

  function teamOf(c: Ctx): Team {
    const org = organizationOf(c);
    const team = world.store.teams.find((found) => found.org === org.login && found.slug === c.req.param('slug'));
    if (!team) throw notFound();
    return team;
  }

  function publicRepos(c: Ctx) {
    const owner = findUser(world, c.req.param('login') ?? '');
    if (!owner) throw notFound();
    const viewer = c.var.actor.kind === 'user' ? c.var.actor.login : '';
    const seen = world.store.repos.filter(
      (repo) => repo.owner === owner.login && (!repo.private || roleOf(world, repo, viewer) !== 'none'),
    );
    return pageOf(c, world, seen).map((repo) => repoJson(world, repo));
  }
}
