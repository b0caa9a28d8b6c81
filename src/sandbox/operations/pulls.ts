/** Opening, changing and merging pull requests. */
import { ApiError, invalid } from '../errors.js';
import type { PullIssue } from '../shapes/pull.js';
import type { Repo } from '../types.js';
import { type Doer, findRepo, type World } from '../world.js';
import { blankIssue, changeIssue, history, issueEvent } from './issues.js';
import { requiredChecks } from './protection.js';
import { isPull, pullEvent } from './pull-events.js';
import { authorOf, moveBranch } from './pushes.js';

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  /** `branch`, or `owner:branch` for a fork. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

/** Finds the repository and branch that `owner:branch` means, seen from `repo`. */
export function headRepo(world: World, repo: Repo, head: string): { repo: Repo; branch: string } {
  const colon = head.indexOf(':');
  if (colon < 0) return { repo, branch: head };
  const owner = head.slice(0, colon);
  const branch = head.slice(colon + 1);
  if (owner.toLowerCase() === repo.owner.toLowerCase()) return { repo, branch };
  const family = world.store.repos.find(
    (other) =>
      other.owner.toLowerCase() === owner.toLowerCase() &&
      (other.parentId === repo.id || repo.parentId === other.id || findRepo(world, owner, repo.name)?.repo === other),
  );
  if (!family) throw invalid(`head is invalid: ${owner} has no fork of ${repo.owner}/${repo.name}`);
  return { repo: family, branch };
}

export async function openPull(world: World, repo: Repo, by: Doer, wanted: NewPull): Promise<PullIssue> {
  const head = headRepo(world, repo, wanted.head);
  const headSha = await world.git.resolve(head.repo.id, `refs/heads/${head.branch}`);
  const baseSha = await world.git.resolve(repo.id, `refs/heads/${wanted.base}`);
  if (!headSha) throw invalid(`head is invalid: no branch "${wanted.head}"`);
  if (!baseSha) throw invalid(`base is invalid: no branch "${wanted.base}"`);
  const twin = world.store.issues
    .filter(isPull)
    .find(
      (other) =>
        other.repoId === repo.id &&
        other.state === 'open' &&
        other.pull.headRepoId === head.repo.id &&
        other.pull.headRef === head.branch &&
        other.pull.baseRef === wanted.base,
    );
  if (twin) throw invalid(`A pull request already exists for ${head.repo.owner}:${head.branch}.`);
  // Looked at before it takes a number.
  await world.git.fetch(repo.id, head.repo.id, headSha, `refs/compared/${headSha}`);
  const { ahead } = await world.git.aheadBehind(repo.id, baseSha, headSha);
  if (ahead === 0) throw invalid(`No commits between ${wanted.base} and ${wanted.head}`);
  const blank = blankIssue(world, repo, by, wanted.title, wanted.body);
  await world.git.setRef(repo.id, `refs/pull/${blank.number}/head`, headSha);
  const issue: PullIssue = {
    ...blank,
    pull: {
      id: world.store.nextId(),
      headRepoId: head.repo.id,
      headRef: head.branch,
      headSha,
      baseRef: wanted.base,
      baseSha,
      draft: wanted.draft,
      merged: false,
      mergedAt: null,
      mergedBy: null,
      mergeCommitSha: null,
      requestedReviewers: [],
    },
  };
  world.store.issues.put(issue);
  await pullEvent(world, issue, by, 'opened');
  return issue;
}

export interface PullChange {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly base?: string | undefined;
}

export async function changePull(world: World, issue: PullIssue, by: Doer, change: PullChange): Promise<void> {
  const { base, ...rest } = change;
  if (base !== undefined && base !== issue.pull.baseRef) {
    const sha = await world.git.resolve(issue.repoId, `refs/heads/${base}`);
    if (!sha) throw invalid(`base is invalid: no branch "${base}"`);
    const changes = { base: { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } } };
    issue.pull.baseRef = base;
    issue.pull.baseSha = sha;
    await issueEvent(world, issue, by, 'edited', { changes });
  }
  if (rest.state === 'open' && issue.state === 'closed') await refreshHead(world, issue);
  await changeIssue(world, issue, by, rest);
}

/** A closed pull request doesn't follow its branch; when it opens again it catches up. */
async function refreshHead(world: World, issue: PullIssue): Promise<void> {
  const head = await world.git.resolve(issue.pull.headRepoId, `refs/heads/${issue.pull.headRef}`);
  if (!head) throw invalid('the head branch is gone');
  await world.git.fetch(issue.repoId, issue.pull.headRepoId, head, `refs/pull/${issue.number}/head`);
  issue.pull.headSha = head;
}

export async function setDraft(world: World, issue: PullIssue, by: Doer, draft: boolean): Promise<void> {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  const event = draft ? 'converted_to_draft' : 'ready_for_review';
  history(world, issue, by, draft ? 'convert_to_draft' : event);
  await issueEvent(world, issue, by, event);
}

/** Makes a merge commit on the base branch. Throws 405 where GitHub's button would be grey. */
export async function mergePull(world: World, issue: PullIssue, by: Doer, message: string | null): Promise<string> {
  const repo = world.store.repos.the(issue.repoId);
  const { pull } = issue;
  if (issue.state !== 'open' || pull.draft) throw new ApiError(405, 'Pull Request is not mergeable');
  const open = requiredChecks(world, repo, pull.baseRef, pull.headSha).find((check) => !check.passes);
  if (open) {
    const what = open.status === 'completed' ? 'failing' : 'expected';
    throw new ApiError(405, `Required status check "${open.context}" is ${what}.`);
  }
  const base = await world.git.resolve(repo.id, `refs/heads/${pull.baseRef}`);
  const tree = base && (await world.git.mergeTree(repo.id, base, pull.headSha));
  if (!base || !tree) throw new ApiError(405, 'Pull Request is not mergeable');
  const sha = await world.git.commitTree(repo.id, tree, [base, pull.headSha], {
    branch: pull.baseRef,
    parent: base,
    message: message ?? `Merge pull request #${issue.number}\n\n${issue.title}`,
    author: authorOf(by),
    files: {},
    time: Math.floor(Date.now() / 1000),
  });
  const now = world.now();
  Object.assign(pull, {
    merged: true,
    mergedAt: now,
    mergedBy: by.user.login,
    mergeCommitSha: sha,
    baseSha: base,
  });
  Object.assign(issue, { state: 'closed', closedAt: now, closedBy: by.user.login });
  history(world, issue, by, 'merged', { commitId: sha });
  history(world, issue, by, 'closed');
  await issueEvent(world, issue, by, 'closed');
  await moveBranch(world, repo, by, pull.baseRef, sha, false);
  return sha;
}
