/**
 * The tables. PostgreSQL is the truth of everything spokebot knows; the queue only carries what these tables can tell again.
 * One schema `spokebot`, so that BullMQ's own schema can live in the same database.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Action } from '../actions.js';
import type { BuildEnd, Conclusion, Outlook, Waiver } from '../ci/report.js';
import type { IssuePlace } from '../outbox/outbox.js';
import type { BuildPlan, BuildResult, Versions } from '../protocol.js';
import type { NoticeKind } from '../triage/budgets/admit.js';
import type { Effects, Standing } from '../triage/commands/facts.js';
import type { Conversation } from '../triage/conversation.js';
import type { ErrorPrint } from '../triage/duplicates/fingerprint.js';
import type { Word } from '../triage/word.js';

export const spokebot = pgSchema('spokebot');

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const id = (name: string) => bigint(name, { mode: 'number' });

/** Every delivery once per (id, event, digest of the body): two events can share an id, and one event can come twice. */
export const deliveries = spokebot.table(
  'deliveries',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    guid: text('guid').notNull(),
    event: text('event').notNull(),
    digest: text('digest').notNull(),
    /** `webhook`, `recovered` (fetched from GitHub's list of failed ones) or `reconciler` (made from what GitHub shows now). */
    source: text('source').notNull(),
    activity: text('activity'),
    installationId: id('installation_id'),
    repository: text('repository'),
    payload: text('payload').notNull(),
    receivedAt: moment('received_at').notNull(),
    state: text('state').$type<'stored' | 'done' | 'failed'>().notNull().default('stored'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: moment('due_at').notNull(),
    error: text('error'),
    doneAt: moment('done_at'),
  },
  (t) => [
    uniqueIndex('deliveries_once').on(t.guid, t.event, t.digest),
    index('deliveries_open').on(t.dueAt).where(sql`${t.state} = 'stored'`),
  ],
);

export const installations = spokebot.table('installations', {
  id: id('id').primaryKey(),
  account: text('account').notNull(),
  state: text('state').$type<'active' | 'suspended' | 'removed'>().notNull(),
  firstSeenAt: moment('first_seen_at').notNull(),
});

export const repositories = spokebot.table(
  'repositories',
  {
    id: id('id').primaryKey(),
    installationId: id('installation_id').notNull(),
    fullName: text('full_name').notNull(),
    private: boolean('private').notNull(),
    state: text('state').$type<'active' | 'removed'>().notNull(),
    /** When what this row says was told; what is older does not change it. */
    toldAt: moment('told_at').notNull().default(sql`'epoch'`),
    /** Nothing created before this is looked at unasked. */
    firstSeenAt: moment('first_seen_at').notNull(),
    /** Labels known to exist there, so that one is created only when first needed. */
    knownLabels: jsonb('known_labels').$type<string[]>().notNull().default([]),
  },
  (t) => [index('repositories_installation').on(t.installationId)],
);

/** What we know of an issue or pull request beyond what GitHub shows: our labels, our comment, what people undid. */
export const subjects = spokebot.table(
  'subjects',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    isPull: boolean('is_pull').notNull(),
    title: text('title').notNull(),
    author: text('author'),
    open: boolean('open').notNull().default(true),
    headSha: text('head_sha'),
    /** Rises with every decision; a decision made from an older one is made again. */
    revision: integer('revision').notNull().default(0),
    /** Labels that we asked for and GitHub took. */
    ourLabels: jsonb('our_labels').$type<string[]>().notNull().default([]),
    /** Labels of ours that a person took off: never again. */
    removedLabels: jsonb('removed_labels').$type<string[]>().notNull().default([]),
    commentId: id('comment_id'),
    /** A person deleted our comment: it stays away. */
    commentGone: boolean('comment_gone').notNull().default(false),
    /** The last body that was decided, sent or not. */
    commentBody: text('comment_body'),
    /** What people said about it by command; null when nothing. */
    word: jsonb('word').$type<Word>(),
    /** Where it went when it was transferred; all that was known of it is kept there. */
    movedTo: jsonb('moved_to').$type<IssuePlace>(),
    updatedAt: moment('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.repositoryId, t.number] }),
    index('subjects_updated').on(t.updatedAt),
    index('subjects_moved').on(t.movedTo).where(sql`${t.movedTo} is not null`),
  ],
);

export const decisions = spokebot.table(
  'decisions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    repositoryId: id('repository_id').notNull(),
    repository: text('repository').notNull(),
    number: integer('number'),
    kind: text('kind').$type<'triage' | 'plan' | 'button' | 'membership' | 'command'>().notNull(),
    facts: jsonb('facts').notNull(),
    factsDigest: text('facts_digest').notNull(),
    outcome: jsonb('outcome').notNull(),
    reasons: jsonb('reasons').$type<string[]>().notNull(),
    actions: jsonb('actions').$type<Action[]>().notNull(),
    /** Version of spokebot that decided. */
    version: text('version').notNull(),
    delivery: text('delivery'),
    at: moment('at').notNull(),
  },
  (t) => [index('decisions_subject').on(t.repositoryId, t.number, t.id), index('decisions_at').on(t.at)],
);

/** Every command that changed something: what had been said, what it became. Undone ones stay, for what can be learnt from them. */
export const corrections = spokebot.table(
  'corrections',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    repositoryId: id('repository_id').notNull(),
    repository: text('repository').notNull(),
    number: integer('number').notNull(),
    /** The decision that carried it out. */
    decisionId: id('decision_id').notNull(),
    verb: text('verb').notNull(),
    by: text('by').notNull(),
    role: text('role').notNull(),
    said: jsonb('said').$type<Standing>().notNull(),
    became: jsonb('became').$type<Standing>().notNull(),
    before: jsonb('before').$type<Word>().notNull(),
    effects: jsonb('effects').$type<Effects>().notNull(),
    at: moment('at').notNull(),
    undoneAt: moment('undone_at'),
  },
  (t) => [index('corrections_subject').on(t.repositoryId, t.number, t.id), index('corrections_at').on(t.at)],
);

/** Comments that held commands: which, and which contents of it were dealt with. */
export const comments = spokebot.table('comments', {
  id: id('id').primaryKey(),
  repositoryId: id('repository_id').notNull(),
  number: integer('number').notNull(),
  /** Keys of the commands that it held when it was last looked at. */
  commands: jsonb('commands').$type<string[]>().notNull(),
  /** Contents that were dealt with, the newest last. */
  dealtWith: jsonb('dealt_with').$type<string[]>().notNull(),
});

/** People who never want to be mentioned or assigned, in lower case. */
export const muted = spokebot.table('muted', { login: text('login').primaryKey(), at: moment('at').notNull() });

/** Whom an issue's comments have called, and why: nobody is called twice for the same reason. Logins in lower case. */
export const mentions = spokebot.table(
  'mentions',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    login: text('login').notNull(),
    reason: text('reason').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.number, t.login, t.reason] })],
);

/** What was spent of the budgets, a row for each time; rows that are older than every window are dropped. */
export const spending = spokebot.table(
  'spending',
  {
    /** What it is spent of, see `triage/budgets/spent.ts`. */
    key: text('key').notNull(),
    amount: integer('amount').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [index('spending_key').on(t.key, t.at), index('spending_at').on(t.at)],
);

/** What the hub has to be told once; the key says what is the same thing. */
export const notices = spokebot.table(
  'notices',
  {
    key: text('key').primaryKey(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    repositoryId: id('repository_id').notNull(),
    number: integer('number'),
    /** Plain words without any text of the repository's. */
    text: text('text').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [index('notices_at').on(t.at)],
);

/** What the index of duplicates keeps of each triaged issue: hashes, no text. `triage/duplicates/` reads and compares them. */
export const fingerprints = spokebot.table(
  'fingerprints',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    /** Rises with every change, so that each process reads what others changed. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    /** When the row was written. */
    at: moment('at').notNull(),
    /** When the issue was opened. */
    createdAt: moment('created_at').notNull(),
    open: boolean('open').notNull(),
    terms: text('terms').notNull(),
    errors: jsonb('errors').$type<ErrorPrint[]>().notNull(),
    family: jsonb('family').$type<string[]>().notNull(),
    /** The issue that is suggested for it, as `owner/name#number` in lower case. */
    suggested: text('suggested'),
  },
  (t) => [
    primaryKey({ columns: [t.repositoryId, t.number] }),
    index('fingerprints_seq').on(t.seq),
    index('fingerprints_suggested').on(t.suggested).where(sql`${t.suggested} is not null`),
  ],
);

/** Whose turn it is on an issue: who spoke last, what its reporter was asked, and how long it has waited for the answer. */
export const conversations = spokebot.table(
  'conversations',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    state: jsonb('state').$type<Conversation>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.number] })],
);

/** The outbox: what is to be written to GitHub, committed before it is sent. */
export const intents = spokebot.table(
  'intents',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    key: text('key').notNull(),
    /** Intents of one lane are sent in order, one at a time. */
    lane: text('lane').notNull(),
    kind: text('kind').notNull(),
    installationId: id('installation_id').notNull(),
    payload: jsonb('payload').notNull(),
    state: text('state').$type<'pending' | 'sent' | 'superseded' | 'failed'>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: moment('due_at').notNull(),
    /** Until then one sender has it; a sender that died frees it by time. */
    claimedUntil: moment('claimed_until'),
    error: text('error'),
    createdAt: moment('created_at').notNull(),
    doneAt: moment('done_at'),
  },
  (t) => [
    uniqueIndex('intents_key').on(t.key),
    index('intents_open').on(t.dueAt).where(sql`${t.state} = 'pending'`),
    index('intents_lane').on(t.lane, t.id),
  ],
);

export const builds = spokebot.table(
  'builds',
  {
    /** Key of (repository, pull request, head SHA, check name, spec, pool); also the check run's `external_id`. */
    id: text('id').primaryKey(),
    installationId: id('installation_id').notNull(),
    repositoryId: id('repository_id').notNull(),
    repository: text('repository').notNull(),
    number: integer('number').notNull(),
    headSha: text('head_sha').notNull(),
    name: text('name').notNull(),
    product: text('product').notNull(),
    pool: text('pool').notNull(),
    required: boolean('required').notNull(),
    reasons: jsonb('reasons').$type<string[]>().notNull(),
    needsApproval: text('needs_approval'),
    plan: jsonb('plan').$type<BuildPlan>().notNull(),
    state: text('state').$type<'waiting-approval' | 'queued' | 'running' | 'completed'>().notNull(),
    /** Newest attempt; 0 while approval is awaited. Only its result counts. */
    attempt: integer('attempt').notNull(),
    /** How it ended; null until completed. */
    end: jsonb('ending').$type<BuildEnd>(),
    /** A person lets it stand although it did not pass; null when nobody does. */
    waiver: jsonb('waiver').$type<Waiver>(),
    checkRunId: id('check_run_id'),
    reportRevision: integer('report_revision').notNull().default(0),
    reportDigest: text('report_digest'),
    createdAt: moment('created_at').notNull(),
    /** Every build that is not completed ends by then, at the latest by the sweeper. */
    deadlineAt: moment('deadline_at').notNull(),
    startedAt: moment('started_at'),
    completedAt: moment('completed_at'),
  },
  (t) => [
    index('builds_pull').on(t.repositoryId, t.number),
    index('builds_head').on(t.repositoryId, t.headSha),
    index('builds_open').on(t.deadlineAt).where(sql`${t.state} <> 'completed'`),
    index('builds_created').on(t.createdAt),
  ],
);

/**
 * Check runs that no build stands behind: checks that a plan leaves out, the check of a changed configuration, and the roll-up of a
 * head. `id` is the check run's `external_id`.
 */
export const shownChecks = spokebot.table(
  'shown_checks',
  {
    id: text('id').primaryKey(),
    installationId: id('installation_id').notNull(),
    repositoryId: id('repository_id').notNull(),
    repository: text('repository').notNull(),
    /** The pull request it belongs to; null for what belongs to a commit. */
    number: integer('number'),
    headSha: text('head_sha').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<'skipped' | 'config' | 'roll-up'>().notNull(),
    required: boolean('required').notNull(),
    /** As last decided; null while it has none. */
    conclusion: text('conclusion').$type<Conclusion>(),
    title: text('title').notNull().default(''),
    /** The plan no longer has it: it counts for nothing. */
    withdrawn: boolean('withdrawn').notNull().default(false),
    checkRunId: id('check_run_id'),
    reportRevision: integer('report_revision').notNull().default(0),
    reportDigest: text('report_digest'),
    updatedAt: moment('updated_at').notNull(),
  },
  (t) => [index('shown_checks_head').on(t.repositoryId, t.headSha)],
);

export const attempts = spokebot.table(
  'attempts',
  {
    buildId: text('build_id').notNull(),
    attempt: integer('attempt').notNull(),
    state: text('state').$type<'queued' | 'running' | 'finished' | 'cancelled' | 'lost'>().notNull(),
    worker: text('worker'),
    phase: text('phase'),
    versions: jsonb('versions').$type<Versions>(),
    recorded: boolean('recorded').notNull().default(false),
    /** Nothing that was built before is used for it: no build cache, no install tree of earlier builds. */
    fresh: boolean('fresh').notNull().default(false),
    /** `package: phase` with the time of its beginning (ISO 8601), as they were told; only the first of very many. */
    phases: jsonb('phases').$type<{ name: string; at: string }[]>().notNull().default([]),
    queuedAt: moment('queued_at').notNull(),
    /** How it looked when it was queued; null in rows of older versions. */
    outlook: jsonb('outlook').$type<Outlook>(),
    startedAt: moment('started_at'),
    heartbeatAt: moment('heartbeat_at'),
    finishedAt: moment('finished_at'),
    logBytes: integer('log_bytes').notNull().default(0),
    result: jsonb('result').$type<BuildResult>(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.attempt] }), index('attempts_state').on(t.state)],
);

export const logChunks = spokebot.table(
  'log_chunks',
  {
    buildId: text('build_id').notNull(),
    attempt: integer('attempt').notNull(),
    seq: integer('seq').notNull(),
    text: text('text').notNull(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.attempt, t.seq] })],
);

export const approvals = spokebot.table(
  'approvals',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    headSha: text('head_sha').notNull(),
    pool: text('pool').notNull(),
    by: text('by').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.number, t.headSha, t.pool] })],
);

/** What people want built beyond the configuration; about one head, so a push ends it. */
export const wishes = spokebot.table(
  'wishes',
  {
    repositoryId: id('repository_id').notNull(),
    number: integer('number').notNull(),
    headSha: text('head_sha').notNull(),
    /** As it was said; '' for all that is configured. */
    spec: text('spec').notNull(),
    /** '' leaves the choice to the configuration. */
    pool: text('pool').notNull(),
    by: text('by').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.number, t.headSha, t.spec, t.pool] })],
);

export const workers = spokebot.table('workers', {
  id: text('id').primaryKey(),
  pool: text('pool').notNull(),
  version: text('version').notNull(),
  /** How it reaches the hub: controls go through the queue only to those that listen there. */
  via: text('via').$type<'queue' | 'http'>().notNull(),
  concurrency: integer('concurrency').notNull(),
  seenAt: moment('seen_at').notNull(),
});

/** Small facts that must survive a restart: the reconciler's place, the key that attempt tokens are derived from, leases. */
export const settings = spokebot.table('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: moment('updated_at').notNull(),
});
