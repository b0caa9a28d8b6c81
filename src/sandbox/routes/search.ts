/** A small part of issue search: `repo:`, `org:`, `is:`, `label:`, `author:`, `assignee:`, and words of title and body. */
import { demand } from '../auth.js';
import { ApiError } from '../errors.js';
import { type Api, type Ctx, pageOf } from '../http.js';
import { NEEDS } from '../needs.js';
import { issueJson, labelsOf } from '../shapes/issue.js';
import type { Issue } from '../types.js';
import { fullName, type World } from '../world.js';

export function searchRoutes(api: Api, world: World): void {
  api.get('/search/issues', (c) => {
    const query = c.req.query('q') ?? '';
    if (query.trim() === '')
      throw new ApiError(422, 'Validation Failed', [{ resource: 'Search', field: 'q', code: 'missing' }]);
    const terms = [...query.matchAll(/(-?)(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)].map((match) => ({
      negated: match[1] === '-',
      key: match[2] ?? null,
      value: (match[3] ?? match[4] ?? '').toLowerCase(),
    }));
    const found = world.store.issues
      .filter((issue) => issue.movedTo === null && visible(c, world, issue))
      .filter((issue) => terms.every((term) => fits(world, issue, term.key, term.value) !== term.negated))
      .reverse();
    const items = pageOf(c, world, found).map((issue) => ({ ...issueJson(world, issue), score: 1 }));
    return c.json({ total_count: found.length, incomplete_results: false, items });
  });
}

function visible(c: Ctx, world: World, issue: Issue): boolean {
  try {
    demand(world, c.var.actor, world.store.repos.the(issue.repoId), NEEDS.readIssues);
    return true;
  } catch {
    return false;
  }
}

function fits(world: World, issue: Issue, key: string | null, value: string): boolean {
  const repo = world.store.repos.the(issue.repoId);
  switch (key) {
    case 'repo':
      return fullName(repo).toLowerCase() === value;
    case 'org':
    case 'user':
      return repo.owner.toLowerCase() === value;
    case 'is':
    case 'type':
    case 'state':
      if (value === 'issue') return issue.pull === null;
      if (value === 'pr') return issue.pull !== null;
      if (value === 'merged') return issue.pull?.merged ?? false;
      return issue.state === value;
    case 'label':
      return labelsOf(world, issue).some((label) => label.name.toLowerCase() === value);
    case 'author':
      return issue.author.toLowerCase() === value;
    case 'assignee':
      return issue.assignees.some((login) => login.toLowerCase() === value);
    case 'in':
    case 'sort':
      return true;
    default: {
      const words = key === null ? value : `${key}:${value}`;
      return `${issue.title}\n${issue.body ?? ''}`.toLowerCase().includes(words);
    }
  }
}
