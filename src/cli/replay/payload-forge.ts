/** GitHub as the payload of a delivery itself shows it: what is not in there is not known. */
import type { Forge, IssueNow, PullNow } from '../../github/forge.js';

type Fields = Record<string, unknown>;

/** What GitHub would have shown, as far as the payload itself tells it. */
export function payloadForge(payload: Fields): Forge {
  const issue = payload.issue as Fields | undefined;
  const pull = payload.pull_request as Fields | undefined;
  return {
    issue: async (repository, number) => {
      // One that was moved is shown in its new place.
      const moved = (payload.changes as { new_issue?: Fields } | undefined)?.new_issue;
      const shown = moved?.number === number ? moved : issue;
      if (shown === undefined) return null;
      return { ...issueOf(shown), url: text(shown.html_url), place: { repository, number } };
    },
    repository: async () => null,
    pull: async () => (pull === undefined ? null : pullOf(pull)),
    changedFiles: async () => null,
    permission: async () => null,
    involved: async () => null,
    labelHistory: async () => null,
    assignable: async () => null,
    limited: async () => null,
    file: async () => null,
    mergeBase: async () => null,
    tree: async () => null,
    defaultHead: async () => null,
    commitMessage: async () => null,
  };
}

function issueOf(issue: Fields): IssueNow {
  return {
    title: text(issue.title),
    body: text(issue.body),
    author: (issue.user as { login?: string } | null)?.login ?? null,
    authorAssociation: (issue.author_association as string | undefined) ?? null,
    labels: names(issue.labels, 'name'),
    assignees: names(issue.assignees, 'login'),
    open: issue.state !== 'closed',
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    createdAt: text(issue.created_at),
  };
}

function pullOf(pull: Fields): PullNow {
  const head = pull.head as { sha: string; repo?: { id: number } | null };
  const base = pull.base as {
    sha: string;
    ref: string;
    repo: { id: number; default_branch: string; clone_url: string; private: boolean };
  };
  return {
    title: text(pull.title),
    body: text(pull.body),
    author: (pull.user as { login?: string } | null)?.login ?? null,
    open: pull.state !== 'closed',
    draft: pull.draft === true,
    headSha: head.sha,
    headRepositoryId: head.repo?.id ?? null,
    baseSha: base.sha,
    baseRef: base.ref,
    defaultBranch: base.repo.default_branch,
    cloneUrl: base.repo.clone_url,
    private: base.repo.private,
    labels: names(pull.labels, 'name'),
    baseRepositoryId: base.repo.id,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function names(list: unknown, field: string): string[] {
  return Array.isArray(list) ? list.map((each: Fields) => text(each[field])) : [];
}
