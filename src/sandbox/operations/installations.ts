/** Apps and where they are installed. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { invalid } from '../errors.js';
import { installationJson } from '../shapes/people.js';
import { repoStub } from '../shapes/repo.js';
import type { App, Installation, Permissions, Repo } from '../types.js';
import { type Doer, theUser, type World } from '../world.js';
import { addUser } from './repos.js';

export interface NewApp {
  readonly id?: number | undefined;
  readonly slug: string;
  readonly owner: string;
  /** PEM; made here when left out. */
  readonly privateKey?: string | undefined;
  readonly webhookSecret: string;
  readonly webhookUrl: string | null;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export function addApp(world: World, wanted: NewApp): App {
  const privateKey =
    wanted.privateKey ??
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  addUser(world, wanted.owner, 'Organization');
  addUser(world, `${wanted.slug}[bot]`, 'Bot');
  return world.store.apps.put({
    id: wanted.id ?? world.store.nextId(),
    slug: wanted.slug,
    name: wanted.slug,
    owner: wanted.owner,
    privateKey,
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    hookId: world.store.nextId(),
    createdAt: world.now(),
    permissions: { metadata: 'read', ...wanted.permissions },
    events: [...wanted.events],
    webhookUrl: wanted.webhookUrl,
    webhookSecret: wanted.webhookSecret,
  });
}

/** Repositories that an installation has now. */
export function repositoriesOf(world: World, installation: Installation): Repo[] {
  return world.store.repos.filter(
    (repo) =>
      repo.owner === installation.account &&
      (installation.selection === 'all' || installation.repositoryIds.includes(repo.id)),
  );
}

/** Installs an App on an account, on all of its repositories or on some. */
export function install(
  world: World,
  app: App,
  by: Doer,
  account: string,
  repos: readonly Repo[] | 'all',
): Installation {
  const login = theUser(world, account).login;
  if (world.store.installations.find((found) => found.appId === app.id && found.account === login))
    throw invalid(`${app.slug} is installed on ${login} already`);
  const now = world.now();
  const installation = world.store.installations.put({
    id: world.store.nextId(),
    appId: app.id,
    account: login,
    createdAt: now,
    updatedAt: now,
    selection: repos === 'all' ? 'all' : 'selected',
    repositoryIds: repos === 'all' ? [] : repos.map((repo) => repo.id),
    permissions: { ...app.permissions },
    events: [...app.events],
    suspendedAt: null,
    suspendedBy: null,
  });
  const repositories = repositoriesOf(world, installation).map(repoStub);
  installationEvent(world, installation, by, 'created', { repositories, requester: null });
  return installation;
}

export function uninstall(world: World, installation: Installation, by: Doer): void {
  const repositories = repositoriesOf(world, installation).map(repoStub);
  installationEvent(world, installation, by, 'deleted', { repositories });
  for (const token of world.store.tokens.filter((found) => found.installationId === installation.id))
    world.store.tokens.delete(token.id);
  world.store.installations.delete(installation.id);
}

export function setSuspended(world: World, installation: Installation, by: Doer, suspended: boolean): void {
  if ((installation.suspendedAt !== null) === suspended) return;
  installation.suspendedAt = suspended ? world.now() : null;
  installation.suspendedBy = suspended ? by.user.login : null;
  installation.updatedAt = world.now();
  world.store.installations.put(installation);
  installationEvent(world, installation, by, suspended ? 'suspend' : 'unsuspend', {});
}

/** Adds repositories to, or takes them out of, an installation on selected repositories. */
export function changeRepositories(
  world: World,
  installation: Installation,
  by: Doer,
  action: 'added' | 'removed',
  repos: readonly Repo[],
): void {
  if (installation.selection === 'all') throw invalid('this installation is on all repositories');
  const named = new Set(repos.map((repo) => repo.id));
  const others = installation.repositoryIds.filter((id) => !named.has(id));
  installation.repositoryIds = action === 'added' ? [...others, ...named] : others;
  installation.updatedAt = world.now();
  world.store.installations.put(installation);
  repositoriesEvent(world, installation, by, action, repos);
}

export function repositoriesEvent(
  world: World,
  installation: Installation,
  by: Doer,
  action: 'added' | 'removed',
  repos: readonly Repo[],
): void {
  const stubs = repos.map(repoStub);
  const payload = {
    installation: installationJson(world, installation),
    repository_selection: installation.selection,
    repositories_added: action === 'added' ? stubs : [],
    repositories_removed: action === 'removed' ? stubs : [],
    requester: null,
  };
  if (installation.suspendedAt) return;
  world.emit({ event: 'installation_repositories', action, repo: null, sender: by.user, payload, installation });
}

function installationEvent(world: World, installation: Installation, by: Doer, action: string, more: object): void {
  const payload = { installation: installationJson(world, installation), ...more };
  world.emit({ event: 'installation', action, repo: null, sender: by.user, payload, installation });
}
