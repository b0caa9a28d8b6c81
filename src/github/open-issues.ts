/** The open issues of a repository with all that triage reads of them, in one listing instead of a request each. */
import type { Octokit } from '@octokit/rest';
import type { IssueNow } from './forge.js';
import { split } from './request.js';

export interface OpenIssue extends IssueNow {
  readonly number: number;
}

/** Oldest first; pull requests are left out. */
export async function listOpenIssues(client: Pick<Octokit, 'paginate'>, fullName: string): Promise<OpenIssue[]> {
  const all = await client.paginate('GET /repos/{owner}/{repo}/issues', {
    ...split(fullName),
    state: 'open',
    sort: 'created',
    direction: 'asc',
    per_page: 100,
  });
  return all
    .filter((each) => !each.pull_request)
    .map((each) => ({
      number: each.number,
      title: each.title,
      body: each.body ?? '',
      author: each.user?.login ?? null,
      authorAssociation: each.author_association ?? null,
      labels: each.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
      assignees: (each.assignees ?? []).map((person) => person.login),
      open: true,
      isPull: false,
      createdAt: each.created_at,
    }));
}
