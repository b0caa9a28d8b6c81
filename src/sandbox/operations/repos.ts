/** People, organizations, teams and repositories: made, forked, renamed, moved. */
import { invalid } from '../errors.js';
import type { FileChanges } from '../git.js';
import { personJson } from '../shapes/people.js';
import { repoJson } from '../shapes/repo.js';
import type { Repo, Team, User } from '../types.js';
import { type Doer, findRepo, findUser, fullName, theUser, type World } from '../world.js';
import { repositoriesEvent } from './installations.js';
import { authorOf } from './pushes.js';

/** Adds somebody, or answers who is there. People get the token `ghp_sandbox_<login>`, so that tests and demos can act as them. */
export function addUser(world: World, login: string, type: User['type'], name = login): User {
  const known = findUser(world, login);
  if (known) return known;
  if (!/^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,38}(\[bot\])?$/i.test(login))
    throw invalid(`"${login}" is not a good login: letters, digits and single hyphens, at most 39`);
  const token = type === 'User' ? `ghp_sandbox_${login}` : null;
  return world.store.users.put({ id: world.store.nextId(), login, type, name, token, members: {} });
}

export function addMember(world: World, org: string, login: string, role: 'admin' | 'member'): void {
  const organization = theUser(world, org);
  organization.members[addUser(world, login, 'User').login] = role;
  world.store.users.put(organization);
}

export function addTeam(world: World, org: string, slug: string, members: readonly string[]): Team {
  const known = world.store.teams.find((team) => team.org === org && team.slug === slug);
  const team = known ?? { id: world.store.nextId(), org, slug, name: slug, members: [], repositories: {} };
  team.members = [...new Set([...team.members, ...members])];
  return world.store.teams.put(team);
}

export interface NewRepo {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean | undefined;
  readonly description?: string | undefined;
  readonly defaultBranch?: string | undefined;
  /** Content of the first commit; a README when left out. */
  readonly files?: FileChanges | undefined;
}

/** Makes a repository with one commit on its default branch. Its owner must be there. */
export async function createRepo(world: World, by: Doer, wanted: NewRepo): Promise<Repo> {
  if (!/^[\w.-]{1,100}$/.test(wanted.name)) throw invalid(`"${wanted.name}" is not a good name for a repository`);
  const repo = blankRepo(world, theUser(world, wanted.owner).login, wanted.name, null);
  repo.private = wanted.private ?? false;
  repo.description = wanted.description ?? '';
  repo.defaultBranch = wanted.defaultBranch ?? 'main';
  await world.git.create(repo.id, repo.defaultBranch);
  await world.git.commit(repo.id, {
    branch: repo.defaultBranch,
    parent: null,
    message: 'Initial commit',
    author: authorOf(by),
    files: wanted.files ?? { 'README.md': `# ${wanted.name}\n` },
    time: Math.floor(Date.now() / 1000),
  });
  world.store.repos.put(repo);
  world.emit({ event: 'repository', action: 'created', repo, sender: by.user, payload: {} });
  joinInstallations(world, repo, by);
  return repo;
}

export async function forkRepo(world: World, parent: Repo, by: Doer, owner: string): Promise<Repo> {
  const known = world.store.repos.find((repo) => repo.parentId === parent.id && repo.owner === owner);
  if (known) return known;
  const fork = blankRepo(world, theUser(world, owner).login, parent.name, parent.id);
  fork.private = parent.private;
  fork.description = parent.description;
  fork.defaultBranch = parent.defaultBranch;
  await world.git.fork(parent.id, fork.id, fork.defaultBranch);
  world.store.repos.put(fork);
  const payload = { forkee: repoJson(world, fork) };
  world.emit({ event: 'fork', action: null, repo: parent, sender: by.user, payload });
  return fork;
}

function blankRepo(world: World, owner: string, name: string, parentId: number | null): Repo {
  if (findRepo(world, owner, name)?.moved === false) throw invalid(`${owner}/${name} already exists`);
  const now = world.now();
  return {
    id: world.store.nextId(),
    owner,
    name,
    private: false,
    description: '',
    defaultBranch: 'main',
    parentId,
    collaborators: {},
    protection: {},
    lastNumber: 0,
    formerNames: [],
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  };
}

/** Installations on "all repositories" of the owner get a new one at once. */
function joinInstallations(world: World, repo: Repo, by: Doer): void {
  for (const installation of world.store.installations.filter((found) => found.account === repo.owner))
    if (installation.selection === 'all') repositoriesEvent(world, installation, by, 'added', [repo]);
}

export function renameRepo(world: World, repo: Repo, by: Doer, name: string): void {
  if (findRepo(world, repo.owner, name)?.moved === false) throw invalid(`${repo.owner}/${name} already exists`);
  const from = repo.name;
  repo.formerNames.push(fullName(repo));
  repo.name = name;
  repo.updatedAt = world.now();
  world.store.repos.put(repo);
  const payload = { changes: { repository: { name: { from } } } };
  world.emit({ event: 'repository', action: 'renamed', repo, sender: by.user, payload });
}

/** Moves a repository to another owner: it leaves the old owner's installations and joins the new one's "all" ones. */
export function transferRepo(world: World, repo: Repo, by: Doer, newOwner: string): void {
  const target = theUser(world, newOwner);
  const old = theUser(world, repo.owner);
  if (findRepo(world, target.login, repo.name)?.moved === false)
    throw invalid(`${target.login}/${repo.name} already exists`);
  const left = world.store.installations.filter(
    (found) => found.account === repo.owner && (found.selection === 'all' || found.repositoryIds.includes(repo.id)),
  );
  for (const installation of left) {
    installation.repositoryIds = installation.repositoryIds.filter((id) => id !== repo.id);
    world.store.installations.put(installation);
    repositoriesEvent(world, installation, by, 'removed', [repo]);
  }
  repo.formerNames.push(fullName(repo));
  repo.owner = target.login;
  repo.updatedAt = world.now();
  world.store.repos.put(repo);
  joinInstallations(world, repo, by);
  const kind = old.type === 'Organization' ? 'organization' : 'user';
  const payload = { changes: { owner: { from: { [kind]: personJson(world, old.login) } } } };
  world.emit({ event: 'repository', action: 'transferred', repo, sender: by.user, payload });
}
