/** What a user access token tells of itself, and its end. */
import { z } from 'zod';
import { holds, roleOf } from '../auth.js';
import { ApiError, notFound } from '../errors.js';
import { type Api, bodyOf, type Ctx, pageOf } from '../http.js';
import { Oauth } from '../oauth.js';
import { repositoriesOf } from '../operations/installations.js';
import { installationJson } from '../shapes/people.js';
import { repoJson } from '../shapes/repo.js';
import type { Installation } from '../types.js';
import type { World } from '../world.js';

export function signInRoutes(api: Api, world: World): void {
  const asUser = (c: Ctx) => {
    const { actor } = c.var;
    if (actor.kind !== 'user' || actor.through === null)
      throw new ApiError(
        403,
        'You must authenticate with an access token authorized to a GitHub App in order to list installations',
      );
    return { login: actor.login, app: actor.through };
  };
  /** What both the person and the App may see there; people without a right of their own get nothing listed. */
  const seen = (installation: Installation, login: string) =>
    repositoriesOf(world, installation).filter(
      (repo) =>
        holds(installation, repo) && (repo.private ? roleOf(world, repo, login) !== 'none' : hasRole(repo, login)),
    );
  const hasRole = (repo: ReturnType<typeof repositoriesOf>[number], login: string) =>
    roleOf(world, { ...repo, private: true }, login) !== 'none';

  api.get('/user/installations', (c) => {
    const { login, app } = asUser(c);
    const mine = world.store.installations.filter(
      (found) => found.appId === app.id && found.suspendedAt === null && seen(found, login).length > 0,
    );
    const installations = pageOf(c, world, mine).map((found) => installationJson(world, found));
    return c.json({ total_count: mine.length, installations });
  });
  api.get('/user/installations/:id/repositories', (c) => {
    const { login, app } = asUser(c);
    const installation = world.store.installations.get(Number(c.req.param('id')));
    const repos = installation?.appId === app.id ? seen(installation, login) : [];
    if (repos.length === 0) throw notFound();
    const repositories = pageOf(c, world, repos).map((repo) => repoJson(world, repo, login));
    return c.json({ total_count: repos.length, repositories });
  });
  api.delete('/applications/:client/token', async (c) => {
    const [scheme, given = ''] = (c.req.header('authorization') ?? '').split(' ');
    const [id = '', secret] = Buffer.from(given, 'base64').toString('utf8').split(':');
    const app = world.store.apps.find((found) => Oauth.credentials(found).clientId === c.req.param('client'));
    const good = app && Oauth.credentials(app);
    if (!good || scheme?.toLowerCase() !== 'basic' || id !== good.clientId || secret !== good.clientSecret)
      throw new ApiError(404, 'Not Found');
    const { access_token: token } = await bodyOf(c, z.object({ access_token: z.string() }));
    if (!world.oauth.revoke(app, token)) throw new ApiError(422, 'Validation Failed');
    return c.body(null, 204);
  });
}
