/** Pull requests as the API shows them. What needs git (files, mergeability) is computed before and passed in. */
import type { Issue, Pull, Repo } from '../types.js';
import { theUser, type World } from '../world.js';
import { association, labelsOf } from './issue.js';
import { personJson, userJson } from './people.js';
import { labelJson, pageUrl, repoJson, repoUrl } from './repo.js';

/** An issue that is a pull request. */
export type PullIssue = Issue & { pull: Pull };

/** The part of a pull request that only git knows. */
export interface PullNumbers {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
}

/** The form in lists, without the numbers. */
export function pullJson(world: World, issue: PullIssue) {
  const { pull } = issue;
  const repo = world.store.repos.the(issue.repoId);
  const url = `${repoUrl(world, repo)}/pulls/${issue.number}`;
  const issueUrl = `${repoUrl(world, repo)}/issues/${issue.number}`;
  const page = `${pageUrl(world, repo)}/pull/${issue.number}`;
  const statuses = `${repoUrl(world, repo)}/statuses/${pull.headSha}`;
  const assignees = issue.assignees.map((login) => personJson(world, login));
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: personJson(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((login) => personJson(world, login)),
    requested_teams: [],
    labels: labelsOf(world, issue).map((label) => labelJson(world, repo, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoUrl(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: endJson(world, world.store.repos.get(pull.headRepoId) ?? null, pull.headRef, pull.headSha),
    base: endJson(world, repo, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repoUrl(world, repo)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(world, repo, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The form of one pull request and of events. */
export function fullPullJson(world: World, issue: PullIssue, numbers: PullNumbers) {
  return {
    ...pullJson(world, issue),
    merged: issue.pull.merged,
    mergeable: numbers.mergeable,
    rebaseable: numbers.mergeable,
    mergeable_state: numbers.mergeableState,
    merged_by: issue.pull.mergedBy === null ? null : personJson(world, issue.pull.mergedBy),
    comments: world.store.comments.filter((comment) => comment.issueId === issue.id).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: numbers.commits,
    additions: numbers.additions,
    deletions: numbers.deletions,
    changed_files: numbers.changedFiles,
  };
}

/** The short form inside check suites and runs. */
export function pullStub(world: World, issue: PullIssue) {
  const repo = world.store.repos.the(issue.repoId);
  const where = { id: repo.id, url: repoUrl(world, repo), name: repo.name };
  return {
    url: `${repoUrl(world, repo)}/pulls/${issue.number}`,
    id: issue.pull.id,
    number: issue.number,
    head: { ref: issue.pull.headRef, sha: issue.pull.headSha, repo: where },
    base: { ref: issue.pull.baseRef, sha: issue.pull.baseSha, repo: where },
  };
}

function endJson(world: World, repo: Repo | null, ref: string, sha: string) {
  return {
    label: repo ? `${repo.owner}:${ref}` : `unknown:${ref}`,
    ref,
    sha,
    user: repo ? userJson(world, theUser(world, repo.owner)) : null,
    repo: repo ? repoJson(world, repo) : null,
  };
}
