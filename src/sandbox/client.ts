/**
 * The sandbox as demo and tests use it: a person's view of GitHub in a few verbs, over HTTP, so that it works on a sandbox in this process
 * and in another. Repositories are named `owner/name`. Every call throws `SandboxError` on an answer that is not 2xx.
 */
import { Person } from './client/person.js';
import { type DeliveryView, type Files, type RepoView, SandboxError } from './client/views.js';
import type { Dump } from './dump.js';
import type { Effects } from './effects.js';
import type { FaultInput, Switch } from './faults.js';
import type { LoggedRequest } from './request-log.js';
import type { StormCounts, StormInput } from './storm.js';
import type { Role } from './types.js';

export { Person } from './client/person.js';
export * from './client/views.js';

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

  /** Sets the status on that person's profile: "busy" or not. */
  setBusy(login: string, busy: boolean) {
    return this.#call<{ login: string }>('PUT', `/_sandbox/users/${login}/status`, { busy });
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

  /** Where browsers may be sent back to when somebody signed in. */
  setCallbacks(...callbacks: string[]) {
    return this.#call<unknown>('PATCH', '/_sandbox/app', { callbacks });
  }

  info() {
    return this.#call<{
      url: string;
      appId: number;
      slug: string;
      privateKey: string;
      webhook: { url: string | null; secret: string };
      clientId: string;
      clientSecret: string;
    }>('GET', '/_sandbox/info');
  }

  faults(...faults: FaultInput[]) {
    return this.#call<unknown>('POST', '/_sandbox/faults', faults);
  }

  clearFaults() {
    return this.#call<void>('DELETE', '/_sandbox/faults');
  }

  /** Bad weather from now on, or fine weather (null). Answers what the weather has done so far. */
  storm(storm: StormInput | null) {
    return storm === null
      ? this.#call<StormCounts>('DELETE', '/_sandbox/storm')
      : this.#call<StormCounts>('PUT', '/_sandbox/storm', storm);
  }

  /** Everything that Apps did, and what they were sent. */
  effects() {
    return this.#call<Effects>('GET', '/_sandbox/effects');
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

  /**
   * Asks again after every change of the sandbox's state until the answer is neither null, undefined nor false; twice a second
   * without one, too, since the answer may be about the hub, or about a request that changed nothing.
   */
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
      const path = `/_sandbox/revision?since=${revision}&timeoutMs=${Math.min(left, 500)}`;
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
