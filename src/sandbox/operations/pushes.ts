/** A push: moves a branch, then everything that follows from it (push event, pull requests, check suites). */
import { changedFiles } from '../diff.js';
import { ApiError, invalid } from '../errors.js';
import type { CommitFacts, FileChanges } from '../git.js';
import { pageUrl, repoJson } from '../shapes/repo.js';
import type { Repo } from '../types.js';
import { type Doer, findUser, type World } from '../world.js';
import { requestSuites } from './checks.js';
import { isPull, pullEvent } from './pull-events.js';

const NOTHING = '0'.repeat(40);

export interface PushedFiles {
  readonly branch: string;
  readonly files: FileChanges;
  readonly message: string;
  /** Branch or SHA to start from where the branch doesn't exist yet, or with `force`; the default branch when left out. */
  readonly from?: string | undefined;
  readonly force?: boolean | undefined;
}

/** Commits files to a branch (made if it is not there) and pushes that. Answers the new head. */
export async function pushFiles(world: World, repo: Repo, by: Doer, push: PushedFiles): Promise<string> {
  const before = await world.git.resolve(repo.id, `refs/heads/${push.branch}`);
  const start = push.from ?? repo.defaultBranch;
  const parent = before && !push.force ? before : await world.git.resolve(repo.id, start);
  if (!parent && push.from) throw invalid(`"${push.from}" is no branch or commit of ${repo.owner}/${repo.name}`);
  const sha = await world.git.commit(repo.id, {
    branch: push.branch,
    parent,
    message: push.message,
    author: authorOf(by),
    files: push.files,
    time: Math.floor(Date.now() / 1000),
  });
  await afterPush(world, repo, by, push.branch, before, sha);
  return sha;
}

export function authorOf(by: Doer): { name: string; email: string } {
  return { name: by.user.login, email: `${by.user.id}+${by.user.login}@users.noreply.github.com` };
}

/** Moves (or with `sha` null deletes) a branch to a commit that is there. */
export async function moveBranch(
  world: World,
  repo: Repo,
  by: Doer,
  branch: string,
  sha: string | null,
  force: boolean,
): Promise<void> {
  const before = await world.git.resolve(repo.id, `refs/heads/${branch}`);
  if (before && sha && !force && (await world.git.mergeBase(repo.id, before, sha)) !== before)
    throw new ApiError(422, 'Update is not a fast forward');
  await world.git.setRef(repo.id, `refs/heads/${branch}`, sha);
  await afterPush(world, repo, by, branch, before, sha);
}

async function afterPush(
  world: World,
  repo: Repo,
  by: Doer,
  branch: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  if (before === after) return;
  repo.pushedAt = world.now();
  world.store.repos.put(repo);
  await pushEvent(world, repo, by, branch, before, after);
  if (!after) return;
  await synchronize(world, repo, by, branch, before, after);
  await requestSuites(world, repo, by, branch, before, after);
}

/** Moves the heads of open pull requests from this branch, also those in the repository that this one was forked from. */
async function synchronize(world: World, repo: Repo, by: Doer, branch: string, before: string | null, after: string) {
  const pulls = world.store.issues
    .filter(isPull)
    .filter((issue) => issue.state === 'open' && issue.pull.headRepoId === repo.id && issue.pull.headRef === branch);
  for (const issue of pulls) {
    await world.git.fetch(issue.repoId, repo.id, after, `refs/pull/${issue.number}/head`);
    issue.pull.headSha = after;
    issue.pull.baseSha = (await world.git.resolve(issue.repoId, issue.pull.baseRef)) ?? issue.pull.baseSha;
    issue.updatedAt = world.now();
    world.store.issues.put(issue);
    await pullEvent(world, issue, by, 'synchronize', { before: before ?? NOTHING, after });
  }
}

async function pushEvent(
  world: World,
  repo: Repo,
  by: Doer,
  branch: string,
  before: string | null,
  after: string | null,
) {
  const fresh = after ? await world.git.log(repo.id, before ? `${before}..${after}` : after, { max: 20 }) : [];
  const commits = await Promise.all(fresh.reverse().map((commit) => pushedCommit(world, repo, commit)));
  const forced = !!before && !!after && (await world.git.mergeBase(repo.id, before, after)) !== before;
  const range = before && after ? `${before.slice(0, 12)}...${after.slice(0, 12)}` : branch;
  const payload = {
    ref: `refs/heads/${branch}`,
    before: before ?? NOTHING,
    after: after ?? NOTHING,
    created: !before,
    deleted: !after,
    forced,
    base_ref: null,
    compare: `${pageUrl(world, repo)}/compare/${range}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name: by.user.login, email: authorOf(by).email },
    repository: oldRepoJson(world, repo),
  };
  world.emit({ event: 'push', action: null, repo, sender: by.user, payload });
}

/** Push events are older than the rest of the API: their repository has seconds for times and two names of former days. */
function oldRepoJson(world: World, repo: Repo) {
  return {
    ...repoJson(world, repo),
    created_at: Math.floor(Date.parse(repo.createdAt) / 1000),
    pushed_at: Math.floor(Date.parse(repo.pushedAt) / 1000),
    stargazers: 0,
    master_branch: repo.defaultBranch,
  };
}

async function pushedCommit(world: World, repo: Repo, commit: CommitFacts) {
  const files = await changedFiles(world.git, repo.id, commit.parents[0] ?? null, commit.sha);
  const names = (status: string) => files.filter((file) => file.status === status).map((file) => file.filename);
  const person = (who: CommitFacts['author']) => ({
    name: who.name,
    email: who.email,
    ...(findUser(world, who.name) ? { username: who.name } : {}),
  });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${pageUrl(world, repo)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: [...names('added'), ...names('renamed')],
    removed: [...names('removed'), ...files.flatMap((file) => file.previous_filename ?? [])],
    modified: [...names('modified'), ...names('changed')],
  };
}
