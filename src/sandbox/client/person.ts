/** What one person does on the sandbox GitHub, in a few verbs. Repositories are named `owner/name`. */
import type { Role } from '../types.js';
import {
  type CheckView,
  type CommentView,
  type Files,
  type InstallationView,
  type IssueView,
  type PullView,
  type RepoView,
  type RequiredCheckView,
  SandboxError,
} from './views.js';

/** Sends a request in the person's name and answers the body; throws `SandboxError` where it is not 2xx. */
export type Send = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** One person's actions. */
export class Person {
  readonly login: string;
  readonly #send: Send;

  constructor(login: string, send: Send) {
    this.login = login;
    this.#send = send;
  }

  openIssue(repo: string, issue: { title: string; body?: string; labels?: string[]; assignees?: string[] }) {
    return this.#call<IssueView>('POST', `/repos/${repo}/issues`, issue);
  }

  editIssue(repo: string, number: number, change: { title?: string; body?: string }) {
    return this.#call<IssueView>('PATCH', `/repos/${repo}/issues/${number}`, change);
  }

  closeIssue(repo: string, number: number, reason: 'completed' | 'not_planned' | 'duplicate' = 'completed') {
    return this.#call<IssueView>('PATCH', `/repos/${repo}/issues/${number}`, { state: 'closed', state_reason: reason });
  }

  /** Reopens an issue or a pull request. */
  reopen(repo: string, number: number) {
    return this.#call<IssueView>('PATCH', `/repos/${repo}/issues/${number}`, { state: 'open' });
  }

  addLabels(repo: string, number: number, ...labels: string[]) {
    return this.#call<unknown>('POST', `/repos/${repo}/issues/${number}/labels`, { labels });
  }

  removeLabel(repo: string, number: number, label: string) {
    return this.#call<unknown>('DELETE', `/repos/${repo}/issues/${number}/labels/${encodeURIComponent(label)}`);
  }

  createLabel(repo: string, label: { name: string; color?: string; description?: string }) {
    return this.#call<unknown>('POST', `/repos/${repo}/labels`, label);
  }

  assign(repo: string, number: number, ...assignees: string[]) {
    return this.#call<IssueView>('POST', `/repos/${repo}/issues/${number}/assignees`, { assignees });
  }

  unassign(repo: string, number: number, ...assignees: string[]) {
    return this.#call<IssueView>('DELETE', `/repos/${repo}/issues/${number}/assignees`, { assignees });
  }

  comment(repo: string, number: number, body: string) {
    return this.#call<CommentView>('POST', `/repos/${repo}/issues/${number}/comments`, { body });
  }

  editComment(repo: string, id: number, body: string) {
    return this.#call<CommentView>('PATCH', `/repos/${repo}/issues/comments/${id}`, { body });
  }

  deleteComment(repo: string, id: number) {
    return this.#call<void>('DELETE', `/repos/${repo}/issues/comments/${id}`);
  }

  /** Moves an issue to another repository. */
  async transferIssue(repo: string, number: number, target: string): Promise<{ number: number; url: string }> {
    const issue = await this.issue(repo, number);
    const to = await this.#call<RepoView>('GET', `/repos/${target}`);
    const query = 'mutation ($input: TransferIssueInput!) { transferIssue(input: $input) { issue { number url } } }';
    const variables = { input: { issueId: issue.node_id, repositoryId: to.node_id } };
    const answer = await this.#call<{
      data: { transferIssue: { issue: { number: number; url: string } } } | null;
      errors?: { message: string }[];
    }>('POST', '/graphql', { query, variables });
    if (!answer.data) throw new SandboxError('transferIssue', 200, answer.errors);
    return answer.data.transferIssue.issue;
  }

  /** Commits files to a branch (made from the default branch, or from `from`, if it isn't there) and pushes. Answers the head SHA. */
  async push(
    repo: string,
    branch: string,
    files: Files,
    options: { message?: string; from?: string; force?: boolean } = {},
  ): Promise<string> {
    const answer = await this.#call<{ sha: string }>('POST', `/_sandbox/repos/${repo}/push`, {
      branch,
      files,
      ...options,
    });
    return answer.sha;
  }

  deleteBranch(repo: string, branch: string) {
    return this.#call<void>('DELETE', `/repos/${repo}/git/refs/heads/${branch}`);
  }

  /** Forks to this person's account (or finds the fork). */
  fork(repo: string) {
    return this.#call<RepoView>('POST', `/repos/${repo}/forks`, {});
  }

  /** `head` is a branch, or `owner:branch` of a fork; `base` the default branch when left out. */
  async openPull(
    repo: string,
    pull: { title: string; head: string; base?: string; body?: string; draft?: boolean },
  ): Promise<PullView> {
    const base = pull.base ?? (await this.#call<RepoView>('GET', `/repos/${repo}`)).default_branch;
    return this.#call<PullView>('POST', `/repos/${repo}/pulls`, { ...pull, base });
  }

  editPull(repo: string, number: number, change: { title?: string; body?: string; base?: string }) {
    return this.#call<PullView>('PATCH', `/repos/${repo}/pulls/${number}`, change);
  }

  closePull(repo: string, number: number) {
    return this.#call<PullView>('PATCH', `/repos/${repo}/pulls/${number}`, { state: 'closed' });
  }

  setDraft(repo: string, number: number, draft: boolean) {
    return this.#call<unknown>('PUT', `/_sandbox/repos/${repo}/pulls/${number}/draft`, { draft });
  }

  merge(repo: string, number: number) {
    return this.#call<{ sha: string; merged: boolean }>('PUT', `/repos/${repo}/pulls/${number}/merge`, {});
  }

  /** "Re-run" on one check. */
  rerunCheck(repo: string, checkRunId: number) {
    return this.#call<unknown>('POST', `/repos/${repo}/check-runs/${checkRunId}/rerequest`, {});
  }

  /** "Re-run all checks" of an App's suite. */
  rerunSuite(repo: string, checkSuiteId: number) {
    return this.#call<unknown>('POST', `/repos/${repo}/check-suites/${checkSuiteId}/rerequest`, {});
  }

  /** A button that the App put on its check run. */
  pressButton(checkRunId: number, identifier: string) {
    return this.#call<unknown>('POST', `/_sandbox/check-runs/${checkRunId}/press`, { identifier });
  }

  renameRepo(repo: string, name: string) {
    return this.#call<RepoView>('PATCH', `/repos/${repo}`, { name });
  }

  transferRepo(repo: string, newOwner: string) {
    return this.#call<RepoView>('POST', `/repos/${repo}/transfer`, { new_owner: newOwner });
  }

  addCollaborator(repo: string, login: string, permission: Role) {
    return this.#call<void>('PUT', `/repos/${repo}/collaborators/${login}`, { permission });
  }

  /** Requires these checks on a branch. */
  protect(repo: string, branch: string, contexts: string[]) {
    const body = { required_status_checks: { strict: false, contexts } };
    return this.#call<unknown>('PUT', `/repos/${repo}/branches/${branch}/protection`, body);
  }

  /** Installs the App on an account: on all repositories, or on those named. */
  install(account: string, repositories: 'all' | string[] = 'all') {
    return this.#call<InstallationView>('POST', '/_sandbox/installations', { account, repositories });
  }

  uninstall(account: string) {
    return this.#call<void>('DELETE', `/_sandbox/installations/${account}`);
  }

  suspend(account: string, suspended = true) {
    return this.#call<InstallationView>('PATCH', `/_sandbox/installations/${account}`, { suspended });
  }

  changeInstallation(account: string, change: { add?: string[]; remove?: string[] }) {
    return this.#call<InstallationView>('PATCH', `/_sandbox/installations/${account}`, change);
  }

  issue(repo: string, number: number) {
    return this.#call<IssueView>('GET', `/repos/${repo}/issues/${number}`);
  }

  pull(repo: string, number: number) {
    return this.#call<PullView>('GET', `/repos/${repo}/pulls/${number}`);
  }

  comments(repo: string, number: number) {
    return this.#call<CommentView[]>('GET', `/repos/${repo}/issues/${number}/comments?per_page=100`);
  }

  /** Who reacted to a comment, and how. */
  reactions(repo: string, commentId: number) {
    const path = `/repos/${repo}/issues/comments/${commentId}/reactions`;
    return this.#call<{ content: string; user: { login: string } }[]>('GET', path);
  }

  async labels(repo: string, number: number): Promise<string[]> {
    return (await this.issue(repo, number)).labels.map((label) => label.name).sort();
  }

  /** Check runs of a branch or SHA, newest first; with `all`, also those that a newer one of the same name replaced. */
  async checks(repo: string, ref: string, all = false): Promise<CheckView[]> {
    const filter = all ? 'all' : 'latest';
    const path = `/repos/${repo}/commits/${ref}/check-runs?per_page=100&filter=${filter}`;
    return (await this.#call<{ check_runs: CheckView[] }>('GET', path)).check_runs;
  }

  /** The required checks of a pull request's base branch, and whether its head passes them. */
  requiredChecks(repo: string, number: number) {
    return this.#call<RequiredCheckView[]>('GET', `/_sandbox/repos/${repo}/pulls/${number}/required`);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.#send(method, path, body)) as T;
  }
}
