/** Every request to GitHub that is written in the program, and what it needs of the App's permissions: a table of our own. */

export type Level = 'read' | 'write';
export type Permissions = Readonly<Record<string, Level>>;
/** One of these is enough. */
type OneOf = readonly `${string}: ${Level}`[];

/** `app`: none, as the App itself, by a person's own token, or by the client secret. Two lists where it depends on what is written to. */
export type Need = 'app' | OneOf | { readonly issue: OneOf; readonly pull: OneOf };

/** GitHub refuses comments and reactions on pull requests to an App with `issues: write` alone. */
const TALK: Need = { issue: ['issues: write'], pull: ['pull_requests: write'] };
/** Labels and people of a pull request are taken with either. */
const SORT: Need = { issue: ['issues: write'], pull: ['issues: write', 'pull_requests: write'] };
const LABELS: Need = ['issues: write', 'pull_requests: write'];

export const NEEDS: Readonly<Record<string, Need>> = {
  'GET /': 'app',
  'GET /app': 'app',
  'GET /app/hook/deliveries': 'app',
  'GET /app/hook/deliveries/{delivery_id}': 'app',
  'GET /app/installations': 'app',
  'GET /installation/repositories': ['metadata: read'],
  'GET /repos/{owner}/{repo}': ['metadata: read'],
  'GET /repos/{owner}/{repo}/assignees': ['issues: read'],
  'GET /repos/{owner}/{repo}/branches/{branch}': ['contents: read'],
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations': ['checks: read'],
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': ['metadata: read'],
  'GET /repos/{owner}/{repo}/commits/{ref}': ['contents: read'],
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': ['checks: read'],
  'GET /repos/{owner}/{repo}/compare/{basehead}': ['contents: read'],
  'GET /repos/{owner}/{repo}/contents/{path}': ['contents: read'],
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': ['contents: read'],
  'GET /repos/{owner}/{repo}/installation': 'app',
  'GET /repos/{owner}/{repo}/issues': ['issues: read'],
  'GET /repos/{owner}/{repo}/issues/{issue_number}': ['issues: read'],
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': ['issues: read'],
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events': ['issues: read'],
  'GET /repos/{owner}/{repo}/issues/{issue_number}/timeline': ['issues: read'],
  'GET /repos/{owner}/{repo}/labels': ['issues: read'],
  'GET /repos/{owner}/{repo}/pulls': ['pull_requests: read'],
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': ['pull_requests: read'],
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': ['pull_requests: read'],
  // Where a repository of another name lies now.
  'GET /repositories/{repository_id}': ['metadata: read'],
  'GET /user': 'app',
  'GET /user/installations': 'app',
  'GET /user/installations/{installation_id}/repositories': 'app',
  'DELETE /applications/{client_id}/token': 'app',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees': SORT,
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': SORT,
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': ['checks: write'],
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': TALK,
  // The text of an issue of our own; never that of a pull request.
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': ['issues: write'],
  'PATCH /repos/{owner}/{repo}/labels/{name}': LABELS,
  // The token of an installation, by the library.
  'POST /app/installations/{installation_id}/access_tokens': 'app',
  // The transfer of an issue.
  'POST /graphql': ['issues: write'],
  'POST /repos/{owner}/{repo}/check-runs': ['checks: write'],
  'POST /repos/{owner}/{repo}/issues': ['issues: write'],
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': TALK,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': SORT,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': TALK,
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': SORT,
  'POST /repos/{owner}/{repo}/labels': LABELS,
};

/** What of the table is not written out where it is asked. */
export const NOT_WRITTEN_OUT = [
  'GET /repositories/{repository_id}',
  'GET /user/installations',
  'GET /user/installations/{installation_id}/repositories',
  'POST /app/installations/{installation_id}/access_tokens',
];

/** True when an App with these may make such a request, on an issue or on a pull request. */
export function isAllowed(need: Need, on: 'issue' | 'pull', has: Permissions): boolean {
  if (need === 'app') return true;
  const list = 'issue' in need ? need[on] : need;
  return list.some((each) => {
    const [name = '', level] = each.split(': ');
    return has[name] === 'write' || has[name] === level;
  });
}

/** The same permissions with one of them a step weaker, for each. */
export function weakened(permissions: Permissions): { readonly without: string; readonly has: Permissions }[] {
  return Object.entries(permissions).map(([name, level]) => {
    const { [name]: _, ...others } = permissions;
    return { without: `${name}: ${level}`, has: level === 'write' ? { ...others, [name]: 'read' } : others };
  });
}

/** May hold slashes. */
const LONG = /^(?:path|basehead|branch|ref|name)$/;
const PATTERNS = Object.keys(NEEDS)
  .map((template) => {
    const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) =>
      LONG.test(name) ? '.+' : /(?:number|_id)$/.test(name) && name !== 'client_id' ? '\\d+' : '[^/]+',
    );
    return { template, pattern: new RegExp(`^${pattern}$`) };
  })
  .sort((a, b) => b.template.length - a.template.length);

/** The line of the table that a request belongs to; null when there is none. */
export function lineOf(method: string, path: string): string | null {
  return PATTERNS.find(({ pattern }) => pattern.test(`${method} ${path}`))?.template ?? null;
}
