/**
 * The records that the sandbox GitHub keeps. Records refer to each other by numeric id, to people by login (logins never change here),
 * so that each can be written to the journal on its own. Times are ISO 8601 strings in UTC.
 */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
/** What a person may do in a repository, weakest first. */
export type Role = (typeof ROLES)[number];

export type Access = 'read' | 'write' | 'admin';
/** Permissions of an App, installation or token, e.g. `{ issues: 'write' }`. */
export type Permissions = Readonly<Record<string, Access>>;

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  readonly name: string;
  /** Personal access token; null for organizations and bots. */
  readonly token: string | null;
  /** Only for organizations: login to role in the organization. */
  members: Record<string, 'admin' | 'member'>;
  /** The status says "busy". */
  busy?: boolean;
}

export interface Team {
  readonly id: number;
  readonly org: string;
  readonly slug: string;
  readonly name: string;
  members: string[];
  /** Repository id (as text) to the role that the team gives. */
  repositories: Record<string, Role>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly owner: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly hookId: number;
  readonly createdAt: string;
  permissions: Permissions;
  events: string[];
  webhookUrl: string | null;
  webhookSecret: string;
}

export interface Installation {
  readonly id: number;
  readonly appId: number;
  readonly account: string;
  readonly createdAt: string;
  selection: 'all' | 'selected';
  repositoryIds: number[];
  permissions: Permissions;
  events: string[];
  suspendedAt: string | null;
  suspendedBy: string | null;
  updatedAt: string;
}

export interface Token {
  readonly id: number;
  readonly token: string;
  readonly installationId: number;
  /** Null: every repository of the installation. */
  readonly repositoryIds: number[] | null;
  readonly permissions: Permissions;
  readonly expiresAt: string;
}

export interface Protection {
  strict: boolean;
  checks: { context: string; appId: number | null }[];
}

export interface Repo {
  readonly id: number;
  owner: string;
  name: string;
  private: boolean;
  /** Left out: it takes issues. */
  issuesOff?: boolean;
  description: string;
  defaultBranch: string;
  /** The repository this one was forked from. */
  readonly parentId: number | null;
  /** Login to role, for people who are more (or less) than the public. */
  collaborators: Record<string, Role>;
  /** Branch name to its protection. */
  protection: Record<string, Protection>;
  /** The last number given to an issue or pull request. */
  lastNumber: number;
  /** Full names it had before; they redirect. */
  formerNames: string[];
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

export interface Label {
  readonly id: number;
  readonly repoId: number;
  name: string;
  color: string;
  description: string | null;
}

/** The pull request half of an issue. */
export interface Pull {
  readonly id: number;
  readonly headRepoId: number;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  requestedReviewers: string[];
}

export interface Issue {
  readonly id: number;
  repoId: number;
  number: number;
  title: string;
  body: string | null;
  readonly author: string;
  /** The App on whose behalf it was written, if one. */
  readonly viaApp: number | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  labelIds: number[];
  assignees: string[];
  locked: boolean;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  /** Set on what is left behind after a transfer: the id of the issue's new record. */
  movedTo: number | null;
  pull: Pull | null;
}

export interface Comment {
  readonly id: number;
  issueId: number;
  readonly author: string;
  readonly viaApp: number | null;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;
export type ReactionContent = (typeof REACTIONS)[number];

export interface Reaction {
  readonly id: number;
  readonly subject: 'issue' | 'comment';
  readonly subjectId: number;
  readonly user: string;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

/** One line of an issue's history that is not a comment. */
export interface TimelineEvent {
  readonly id: number;
  issueId: number;
  readonly event: string;
  readonly actor: string;
  readonly viaApp: number | null;
  readonly createdAt: string;
  readonly label?: { name: string; color: string };
  readonly assignee?: string;
  readonly commitId?: string;
  readonly rename?: { from: string; to: string };
}

export const STATUSES = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;
export type CheckStatus = (typeof STATUSES)[number];
export const CONCLUSIONS = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;
/** `stale` and `startup_failure` are GitHub's own: no App can set them. */
export type Conclusion = (typeof CONCLUSIONS)[number];

export interface CheckSuite {
  readonly id: number;
  readonly repoId: number;
  readonly appId: number;
  readonly headSha: string;
  /** Null for the head of a fork. */
  readonly headBranch: string | null;
  readonly before: string | null;
  status: CheckStatus;
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface CheckRun {
  readonly id: number;
  readonly repoId: number;
  readonly suiteId: number;
  readonly appId: number;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  actions: CheckAction[];
}

/** One attempt to send one event to one App. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly appId: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  /** Id of the stored payload; attempts of one event share it. */
  readonly payloadId: number;
  readonly deliveredAt: string;
  /** `held` waits for a release (a fault), `dropped` was never sent (a fault), `pending` is under way. */
  state: 'pending' | 'held' | 'dropped' | 'done';
  /** Milliseconds to wait before sending (a fault). */
  delayMs: number;
  statusCode: number;
  status: string;
  seconds: number;
  url: string | null;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

/** The exact bytes that were signed and sent. */
export interface Payload {
  readonly id: number;
  readonly body: string;
}

/** Counters that must never go back, in one record with id 0. */
export interface Meta {
  readonly id: 0;
  nextId: number;
}

export interface Records {
  meta: Meta;
  users: User;
  teams: Team;
  apps: App;
  installations: Installation;
  tokens: Token;
  repos: Repo;
  labels: Label;
  issues: Issue;
  comments: Comment;
  reactions: Reaction;
  timeline: TimelineEvent;
  suites: CheckSuite;
  runs: CheckRun;
  payloads: Payload;
  deliveries: Delivery;
}
