/** What git says about a pull request, and the events of one. */
import { changedFiles } from '../diff.js';
import { fullPullJson, type PullIssue, type PullNumbers } from '../shapes/pull.js';
import type { Issue } from '../types.js';
import type { Doer, World } from '../world.js';
import { requiredChecks } from './protection.js';

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}

/** Where the pull request's own changes begin: the merge base with its base branch (as it was, once merged). */
export async function startOf(world: World, issue: PullIssue): Promise<string | null> {
  const { pull, repoId } = issue;
  const base = pull.merged ? pull.baseSha : ((await world.git.resolve(repoId, pull.baseRef)) ?? pull.baseSha);
  return world.git.mergeBase(repoId, base, pull.headSha);
}

export async function pullFiles(world: World, issue: PullIssue) {
  return changedFiles(world.git, issue.repoId, await startOf(world, issue), issue.pull.headSha);
}

export async function pullNumbers(world: World, issue: PullIssue): Promise<PullNumbers> {
  const { pull, repoId } = issue;
  const files = await pullFiles(world, issue);
  const base = (await world.git.resolve(repoId, pull.baseRef)) ?? pull.baseSha;
  const { ahead, behind } = await world.git.aheadBehind(repoId, pull.merged ? pull.baseSha : base, pull.headSha);
  const mergeable = issue.state === 'open' ? (await world.git.mergeTree(repoId, base, pull.headSha)) !== null : null;
  return {
    commits: ahead,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
    mergeable,
    mergeableState: mergeableState(world, issue, mergeable, behind),
  };
}

function mergeableState(world: World, issue: PullIssue, mergeable: boolean | null, behind: number): string {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  if (issue.pull.draft) return 'draft';
  const repo = world.store.repos.the(issue.repoId);
  const required = requiredChecks(world, repo, issue.pull.baseRef, issue.pull.headSha);
  if (required.some((check) => !check.passes)) return 'blocked';
  if (repo.protection[issue.pull.baseRef]?.strict && behind > 0) return 'behind';
  const red = world.store.runs.find(
    (run) =>
      run.repoId === repo.id &&
      run.headSha === issue.pull.headSha &&
      (run.status !== 'completed' || !['success', 'neutral', 'skipped'].includes(run.conclusion ?? '')),
  );
  return red ? 'unstable' : 'clean';
}

/** Tells of a change to a pull request that is stored already. */
export async function pullEvent(
  world: World,
  issue: PullIssue,
  by: Doer,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const repo = world.store.repos.the(issue.repoId);
  const pull = fullPullJson(world, issue, await pullNumbers(world, issue));
  const payload = { number: issue.number, pull_request: pull, ...more };
  world.emit({ event: 'pull_request', action, repo, sender: by.user, payload });
}
