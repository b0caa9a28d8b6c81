/** What every part of the sandbox is given: the state, the git repositories, the way to tell Apps about a change, the clock. */
import type { GitStore } from './git.js';
import type { Oauth } from './oauth.js';
import type { Store } from './store.js';
import type { Issue, Repo, User } from './types.js';
import type { Occurrence } from './webhooks.js';

export interface World {
  readonly store: Store;
  readonly git: GitStore;
  /** People who signed in elsewhere by an App. */
  readonly oauth: Oauth;
  /** Base URL of pages and API, without a slash at the end. */
  url(): string;
  /** What `clone_url` is made of. */
  readonly cloneUrls: 'http' | 'file';
  /** ISO 8601 without milliseconds, as GitHub writes times. */
  now(): string;
  /** Tells every App that is to hear of this. Call inside a transaction; sending starts when that is over. */
  emit(occurrence: Occurrence): void;
}

/** Who causes a change. `viaApp` is the App that acts, when it is not a person. */
export interface Doer {
  readonly user: User;
  readonly viaApp: number | null;
}

export function isoNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function fullName(repo: Repo): string {
  return `${repo.owner}/${repo.name}`;
}

/** Logins are compared without case, as on GitHub. */
export function findUser(world: World, login: string): User | undefined {
  const wanted = login.toLowerCase();
  return world.store.users.find((user) => user.login.toLowerCase() === wanted);
}

export function theUser(world: World, login: string): User {
  const user = findUser(world, login);
  if (!user) throw new Error(`the sandbox's state names ${login}, who is not there`);
  return user;
}

/** Finds by current name, else by a former one (then `moved` is true and GitHub redirects). */
export function findRepo(world: World, owner: string, name: string): { repo: Repo; moved: boolean } | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  const current = world.store.repos.find((repo) => fullName(repo).toLowerCase() === wanted);
  if (current) return { repo: current, moved: false };
  const former = world.store.repos.find((repo) => repo.formerNames.some((old) => old.toLowerCase() === wanted));
  return former && { repo: former, moved: true };
}

export function findIssue(world: World, repo: Repo, number: number): Issue | undefined {
  return world.store.issues.find((issue) => issue.repoId === repo.id && issue.number === number);
}
