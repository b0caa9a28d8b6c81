/** Who is calling: the App itself (a JWT signed with its key), one of its installations, a person, or nobody. */
import { createVerify, randomBytes } from 'node:crypto';
import { ApiError, notAccessible, notFound } from './errors.js';
import {
  type Access,
  type App,
  type Installation,
  type Permissions,
  type Repo,
  ROLES,
  type Role,
  type Token,
} from './types.js';
import type { Doer, World } from './world.js';
import { findUser, theUser } from './world.js';

export type Actor =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'installation'; readonly app: App; readonly installation: Installation; readonly token: Token }
  /** `through` is the App by which the person signed in elsewhere: what it may not see, this token does not see. */
  | { readonly kind: 'user'; readonly login: string; readonly through: App | null }
  | { readonly kind: 'nobody' };

/** Reads the Authorization header. Throws 401 for a token or JWT that is not good. */
export function authenticate(world: World, header: string | undefined): Actor {
  if (!header) return { kind: 'nobody' };
  const [scheme = '', credential = ''] = header.trim().split(/\s+/);
  // An App's own credentials; the one address that takes them looks at them.
  if (/^basic$/i.test(scheme)) return { kind: 'nobody' };
  if (!/^(bearer|token)$/i.test(scheme)) throw new ApiError(401, 'Bad credentials');
  if (credential.split('.').length === 3) return { kind: 'app', app: verifyJwt(world, credential) };
  const user = world.store.users.find((candidate) => candidate.token !== null && candidate.token === credential);
  if (user) return { kind: 'user', login: user.login, through: null };
  const signedIn = world.oauth.holder(credential);
  if (signedIn) return { kind: 'user', login: signedIn.login, through: world.store.apps.the(signedIn.appId) };
  const token = world.store.tokens.find((candidate) => candidate.token === credential);
  if (!token || Date.parse(token.expiresAt) <= Date.now()) throw new ApiError(401, 'Bad credentials');
  const installation = world.store.installations.get(token.installationId);
  if (!installation) throw new ApiError(401, 'Bad credentials');
  if (installation.suspendedAt) throw new ApiError(403, 'This installation has been suspended');
  return { kind: 'installation', app: world.store.apps.the(installation.appId), installation, token };
}

/** What expires later is refused. */
const LONGEST_JWT_SECONDS = 600;

function verifyJwt(world: World, jwt: string): App {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  let claims: { iss?: unknown; exp?: unknown; iat?: unknown };
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as { alg?: unknown };
    if (header.alg !== 'RS256') throw new Error('only RS256');
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as typeof claims;
  } catch {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
  const app = world.store.apps.get(Number(claims.iss));
  if (!app) throw new ApiError(404, 'Integration not found');
  const good = createVerify('RSA-SHA256').update(`${head}.${payload}`).verify(app.publicKey, signature, 'base64url');
  if (!good) throw new ApiError(401, 'A JSON web token could not be decoded');
  const now = Date.now() / 1000;
  // GitHub's own words: clients know by them that their clock is wrong, and by the answer's Date how wrong.
  if (typeof claims.exp !== 'number' || claims.exp <= now)
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (claims.exp > now + LONGEST_JWT_SECONDS)
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof claims.iat !== 'number' || claims.iat > now)
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
}

/** Opens a token for an installation. Asking for more than the installation has is refused with 422. */
export function createToken(
  world: World,
  installation: Installation,
  wanted: { permissions?: Permissions | undefined; repositoryIds?: number[] | undefined },
): Token {
  for (const [name, access] of Object.entries(wanted.permissions ?? {}))
    if (!covers(installation.permissions[name], access))
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  for (const id of wanted.repositoryIds ?? []) {
    const repo = world.store.repos.get(id);
    if (!repo || !holds(installation, repo))
      throw new ApiError(422, 'There is at least one repository that does not exist or is not accessible.');
  }
  return world.store.tokens.put({
    id: world.store.nextId(),
    token: `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`,
    installationId: installation.id,
    repositoryIds: wanted.repositoryIds ?? null,
    permissions: { metadata: 'read', ...(wanted.permissions ?? installation.permissions) },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
  });
}

/** Does the installation include this repository (now)? */
export function holds(installation: Installation, repo: Repo): boolean {
  if (installation.account !== repo.owner) return false;
  return installation.selection === 'all' || installation.repositoryIds.includes(repo.id);
}

function covers(has: Access | undefined, wanted: Access): boolean {
  const order = ['read', 'write', 'admin'];
  return has !== undefined && order.indexOf(has) >= order.indexOf(wanted);
}

/** A person's role in a repository, from ownership, organization, teams and the repository's own list; the strongest counts. */
export function roleOf(world: World, repo: Repo, login: string): Role {
  const found: Role[] = [repo.private ? 'none' : 'read'];
  const user = findUser(world, login);
  if (!user) return 'none';
  if (user.login === repo.owner) found.push('admin');
  const membership = findUser(world, repo.owner)?.members[user.login];
  if (membership) found.push(membership === 'admin' ? 'admin' : 'read');
  found.push(repo.collaborators[user.login] ?? 'none');
  for (const team of world.store.teams.all())
    if (team.org === repo.owner && team.members.includes(user.login))
      found.push(team.repositories[String(repo.id)] ?? 'none');
  return found.reduce((best, role) => (atLeast(role, best) ? role : best), 'none');
}

export function atLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** What a request needs: for Apps one of these permissions at this level, for people a role. */
export interface Need {
  readonly permission: string | readonly string[];
  readonly access: 'read' | 'write';
  readonly role: Role;
}

/**
 * Throws unless the actor may do this in the repository. As on GitHub: what is private and not theirs does not exist (404); what is
 * public can be read by everybody; an App without the permission, or writing outside its installation, gets 403.
 */
export function demand(world: World, actor: Actor, repo: Repo, need: Need): void {
  if (actor.kind === 'installation') {
    const inside = holds(actor.installation, repo) && (actor.token.repositoryIds?.includes(repo.id) ?? true);
    if (!inside) {
      if (repo.private) throw notFound();
      if (need.access === 'read') return;
      throw notAccessible();
    }
    const names = typeof need.permission === 'string' ? [need.permission] : need.permission;
    if (!names.some((name) => covers(actor.token.permissions[name], need.access))) throw notAccessible();
    return;
  }
  if (actor.kind === 'app') throw new ApiError(403, 'This endpoint is not accessible with a JSON web token');
  const role: Role = actor.kind === 'user' ? roleOf(world, repo, actor.login) : repo.private ? 'none' : 'read';
  if (role === 'none') throw notFound();
  if (actor.kind === 'user' && actor.through !== null) throughApp(world, actor.through, repo, need);
  if (actor.kind === 'nobody' && need.access === 'write') throw new ApiError(401, 'Requires authentication');
  if (!atLeast(role, need.role)) throw new ApiError(403, `Must have ${need.role} rights to Repository.`);
}

/** A user access token has what both the person and the App have. */
function throughApp(world: World, app: App, repo: Repo, need: Need): void {
  const installation = world.store.installations.find((found) => found.appId === app.id && holds(found, repo));
  if (installation === undefined && repo.private) throw notFound();
  if (need.access === 'read' && !repo.private) return;
  const names = typeof need.permission === 'string' ? [need.permission] : need.permission;
  if (!names.some((name) => covers(installation?.permissions[name], need.access))) throw notAccessible();
}

/** The actor as the sender of events. Throws 401 for nobody; an App without an installation token cannot act. */
export function doer(world: World, actor: Actor): Doer {
  if (actor.kind === 'user') return { user: theUser(world, actor.login), viaApp: null };
  if (actor.kind === 'installation') return { user: theUser(world, `${actor.app.slug}[bot]`), viaApp: actor.app.id };
  if (actor.kind === 'app') throw new ApiError(403, 'This endpoint is not accessible with a JSON web token');
  throw new ApiError(401, 'Requires authentication');
}

/** A short name for logs, faults and rate limits: `app/1`, `installation/2`, `octocat`, `-`. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'app') return `app/${actor.app.id}`;
  if (actor.kind === 'installation') return `installation/${actor.installation.id}`;
  return actor.kind === 'user' ? actor.login : '-';
}
