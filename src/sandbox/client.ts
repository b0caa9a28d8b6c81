/**
 * The sandbox as demo and tests use it: a person's view of GitHub in a few verbs, over HTTP, so that it works on a sandbox in this process
 * and in another. Repositories are named `owner/name`. Every call throws `SandboxError` on an answer that is not 2xx.
 */
import type { Dump } from './dump.js';
import type { FaultInput, Switch } from './faults.js';
import type { LoggedRequest } from './request-log.js';
import type { Role } from './types.js';

/** Path to content; null deletes, `{ base64 }` for what is not text. */
export type Files = Readonly<Record<string, string | { readonly base64: string } | null>>;

export class SandboxError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

/** An issue as far as stories look at it; the API's own names. */
export interface IssueView {
  readonly id: number;
  readonly node_id: string;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly html_url: string;
  readonly user: { readonly login: string };
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[];
}

export interface PullView extends IssueView {
  readonly draft: boolean;
  readonly merged: boolean;
  readonly mergeable: boolean | null;
  readonly mergeable_state: string;
  readonly changed_files: number;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

export interface CommentView {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly user: { readonly login: string };
}

export interface CheckView {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly details_url: string | null;
  readonly html_url: string;
  readonly output: {
    readonly title: string | null;
    readonly summary: string | null;
    readonly text: string | null;
    readonly annotations_count: number;
  };
}

export interface RepoView {
  readonly id: number;
  readonly node_id: string;
  readonly full_name: string;
  readonly private: boolean;
  readonly clone_url: string;
  readonly default_branch: string;
}

export interface DeliveryView {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly state: 'pending' | 'held' | 'dropped' | 'done';
  readonly status: string;
  readonly status_code: number;
  readonly redelivery: boolean;
  readonly repository: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface RequiredCheckView {
  readonly context: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly passes: boolean;
}

export interface InstallationView {
  readonly id: number;
  readonly account: { readonly login: string };
}

type Send = (method: string, path: string, body?: unknown) => Promise<unknown>;

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

export class SandboxClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Acts as a person, who must be there (`addUser`, or a member or collaborator named in a setup call). */
  as(login: string): Person {
    return new Person(login, (method, path, body) => this.request(method, path, body, `ghp_sandbox_${login}`));
  }

  /** Any request; `token` is a person's or an installation's. */
  async request(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    let answer: unknown;
    try {
      answer = text === '' ? undefined : JSON.parse(text);
    } catch {
      answer = text;
    }
    if (!response.ok) throw new SandboxError(`${method} ${path}`, response.status, answer);
    return answer;
  }

  addUser(login: string) {
    return this.#call<{ id: number; login: string; token: string }>('POST', '/_sandbox/users', { login });
  }

  addOrg(login: string, more: { members?: Record<string, 'admin' | 'member'>; teams?: Record<string, string[]> } = {}) {
    return this.#call<{ id: number; login: string }>('POST', '/_sandbox/orgs', { login, ...more });
  }

  addTeam(org: string, slug: string, more: { members?: string[]; repositories?: Record<string, Role> } = {}) {
    return this.#call<{ id: number; slug: string }>('POST', '/_sandbox/teams', { org, slug, ...more });
  }

  /** Makes a repository with one commit; an owner that isn't there becomes an organization, collaborators become users. */
  createRepo(
    repo: string,
    more: {
      files?: Files;
      private?: boolean;
      description?: string;
      defaultBranch?: string;
      collaborators?: Record<string, Role>;
    } = {},
  ) {
    const [owner, name] = repo.split('/');
    return this.#call<RepoView>('POST', '/_sandbox/repos', { owner, name, ...more });
  }

  /** Where deliveries go from now on. */
  setWebhook(url: string | null, secret?: string) {
    const body = { webhookUrl: url, ...(secret === undefined ? {} : { webhookSecret: secret }) };
    return this.#call<unknown>('PATCH', '/_sandbox/app', body);
  }

  info() {
    return this.#call<{
      url: string;
      appId: number;
      slug: string;
      privateKey: string;
      webhook: { url: string | null; secret: string };
    }>('GET', '/_sandbox/info');
  }

  faults(...faults: FaultInput[]) {
    return this.#call<unknown>('POST', '/_sandbox/faults', faults);
  }

  clearFaults() {
    return this.#call<void>('DELETE', '/_sandbox/faults');
  }

  /** Makes these parts answer 404; the others work. */
  switchOff(...off: Switch[]) {
    return this.#call<unknown>('PUT', '/_sandbox/switches', { off });
  }

  /** Sends what a `hold` fault kept back, the last first. */
  releaseHeld() {
    return this.#call<{ released: number }>('POST', '/_sandbox/webhooks/release');
  }

  /** Leaves an actor (`installation/1004`, `octocat`) so many requests for so many seconds. */
  setRateLimit(actor: string, remaining: number, seconds: number) {
    return this.#call<void>('PUT', '/_sandbox/rate-limit', { actor, remaining, seconds });
  }

  dump() {
    return this.#call<Dump>('GET', '/_sandbox/dump');
  }

  /** All deliveries answered (and for `quietMs` no request to the API). Throws when that isn't so in time. */
  async idle(options: { timeoutMs?: number; quietMs?: number } = {}): Promise<void> {
    const { timeoutMs = 30_000, quietMs = 0 } = options;
    const path = `/_sandbox/idle?timeoutMs=${timeoutMs}&quietMs=${quietMs}`;
    const { idle } = await this.#call<{ idle: boolean }>('GET', path);
    if (!idle) throw new Error(`the sandbox is not idle after ${timeoutMs} ms`);
  }

  /** Asks again after every change of the sandbox's state until the answer is neither null, undefined nor false. */
  async until<T>(
    what: string,
    ask: () => Promise<T | null | undefined | false>,
    options: { timeoutMs?: number } = {},
  ): Promise<T> {
    const { timeoutMs = 30_000 } = options;
    const end = performance.now() + timeoutMs;
    for (;;) {
      const { revision } = await this.#call<{ revision: number }>('GET', '/_sandbox/revision');
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      const left = Math.ceil(end - performance.now());
      if (left <= 0) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
      const path = `/_sandbox/revision?since=${revision}&timeoutMs=${Math.min(left, 5000)}`;
      await this.#call<{ revision: number }>('GET', path);
    }
  }

  requests() {
    return this.#call<{ requests: LoggedRequest[]; counts: Record<string, number> }>('GET', '/_sandbox/requests');
  }

  clearRequests() {
    return this.#call<void>('DELETE', '/_sandbox/requests');
  }

  deliveries() {
    return this.#call<DeliveryView[]>('GET', '/_sandbox/deliveries');
  }

  /** Takes everything away but the Apps. */
  reset() {
    return this.#call<void>('POST', '/_sandbox/reset');
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.request(method, path, body)) as T;
  }
}
