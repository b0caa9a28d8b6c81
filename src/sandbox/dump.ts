/**
 * The visible end state in a form that two runs of one story can be compared by: no ids, no times, and in texts no commit, address or
 * moment of this run. Everything is sorted, so equal states are equal JSON.
 */
import { isPull } from './operations/pull-events.js';
import { labelsOf } from './shapes/issue.js';
import type { CheckRun, Comment, Issue, Repo } from './types.js';
import { fullName, type World } from './world.js';

export interface DumpedIssue {
  readonly number: number;
  readonly kind: 'issue' | 'pull';
  readonly title: string;
  readonly author: string;
  readonly body: string | null;
  readonly state: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly comments: readonly {
    readonly author: string;
    readonly body: string;
    readonly reactions: readonly string[];
  }[];
  readonly reactions: readonly string[];
}

export interface DumpedCheck {
  /** `#3` for a pull request's head, `main` for a branch's, else the commit's subject. */
  readonly head: string;
  readonly app: string;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly annotations: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly actions: readonly string[];
}

export interface DumpedRepo {
  readonly private: boolean;
  readonly labels: readonly string[];
  readonly issues: readonly DumpedIssue[];
  readonly checks: readonly DumpedCheck[];
}

/** Repository name to what is in it. */
export type Dump = Readonly<Record<string, DumpedRepo>>;

export async function dump(world: World): Promise<Dump> {
  const commits = await knownCommits(world);
  const repos = world.store.repos.all().sort((a, b) => fullName(a).localeCompare(fullName(b)));
  return Object.fromEntries(
    await Promise.all(repos.map(async (repo) => [fullName(repo), await dumpRepo(world, repo, commits)] as const)),
  );
}

async function dumpRepo(world: World, repo: Repo, commits: readonly string[]): Promise<DumpedRepo> {
  const plain = (text: string) => neutral(text, world.url(), commits);
  const issues = world.store.issues
    .filter((issue) => issue.repoId === repo.id && issue.movedTo === null)
    .sort((a, b) => a.number - b.number);
  const runs = world.store.runs.filter((run) => run.repoId === repo.id);
  const heads = await headNames(world, repo, runs);
  const checks = runs.map((run) => dumpRun(world, run, heads.get(run.headSha) ?? '?', plain));
  return {
    private: repo.private,
    labels: world.store.labels
      .filter((label) => label.repoId === repo.id)
      .map((label) => `${label.name} #${label.color} ${label.description ?? ''}`.trim())
      .sort(),
    issues: issues.map((issue) => dumpIssue(world, issue, plain)),
    checks: checks.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}

function dumpIssue(world: World, issue: Issue, plain: (text: string) => string): DumpedIssue {
  const reactions = (subject: 'issue' | 'comment', id: number) =>
    world.store.reactions
      .filter((found) => found.subject === subject && found.subjectId === id)
      .map((found) => `${found.user} ${found.content}`)
      .sort();
  const comments = world.store.comments.filter((comment: Comment) => comment.issueId === issue.id);
  return {
    number: issue.number,
    kind: issue.pull ? 'pull' : 'issue',
    title: issue.title,
    author: issue.author,
    body: issue.body === null ? null : plain(issue.body),
    state: issue.pull?.merged ? 'merged' : issue.state,
    labels: labelsOf(world, issue)
      .map((label) => label.name)
      .sort(),
    assignees: [...issue.assignees].sort(),
    comments: comments.map((comment) => ({
      author: comment.author,
      body: plain(comment.body),
      reactions: reactions('comment', comment.id),
    })),
    reactions: reactions('issue', issue.id),
  };
}

function dumpRun(world: World, run: CheckRun, head: string, plain: (text: string) => string): DumpedCheck {
  const text = (value: string | null) => (value === null ? null : plain(value));
  return {
    head,
    app: world.store.apps.the(run.appId).slug,
    name: run.name,
    status: run.status,
    conclusion: run.conclusion,
    title: text(run.output.title),
    summary: text(run.output.summary),
    annotations: run.annotations.map(({ path, start_line: line, message }) => ({
      path,
      line,
      message: plain(message),
    })),
    actions: run.actions.map((action) => action.identifier).sort(),
  };
}

async function headNames(world: World, repo: Repo, runs: readonly CheckRun[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const run of runs) {
    if (names.has(run.headSha)) continue;
    const commit = await world.git.commitFacts(repo.id, run.headSha);
    names.set(run.headSha, commit?.message.split('\n')[0] ?? '?');
  }
  for (const branch of await world.git.branches(repo.id)) names.set(branch.sha, branch.name);
  for (const issue of world.store.issues.filter(isPull))
    if (issue.repoId === repo.id) names.set(issue.pull.headSha, `#${issue.number}`);
  return names;
}

/** Of every commit that something is known of. */
async function knownCommits(world: World): Promise<readonly string[]> {
  const branches = await Promise.all(world.store.repos.all().map((repo) => world.git.branches(repo.id)));
  return [
    ...branches.flat().map(({ sha }) => sha),
    ...world.store.runs.all().map((run) => run.headSha),
    ...world.store.issues.filter(isPull).map((issue) => issue.pull.headSha),
  ];
}

/** A text without what differs from run to run: the address of this one, its commits (whole SHAs are given) and moments. */
export function neutral(text: string, url: string, commits: readonly string[]): string {
  // One commit in a thousand is told by seven letters without a digit, and then looks like a word.
  const isCommit = (word: string) => /\d/.test(word) || commits.some((sha) => sha.startsWith(word));
  return text
    .replaceAll(url, '<url>')
    .replace(/\b[0-9a-f]{7,64}\b/g, (word) => (isCommit(word) ? '<sha>' : word))
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g, '<time>');
}
