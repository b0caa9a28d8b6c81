/** What keeps the bot polite: who is never called, who was called already, what was spent, what the hub was told. */
import { boolean, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { NoticeKind } from '../../triage/budgets/admit.js';
import { id, moment, spokebot } from './base.js';

/** People who want to be neither mentioned nor assigned, in lower case. */
export const muted = spokebot.table('muted', {
  login: text('login').primaryKey(),
  at: moment('at').notNull(),
  /** The last day of it, `YYYY-MM-DD` (UTC); null: for good. */
  until: text('until'),
});

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

/** Repositories in which triage paused, and the issue about it in the hub's repository. */
export const pauses = spokebot.table(
  'pauses',
  {
    repositoryId: id('repository_id').primaryKey(),
    since: moment('since').notNull(),
    until: moment('until').notNull(),
    over: boolean('over').notNull(),
    /** Pauses that the issue tells of. */
    times: integer('times').notNull(),
    /** Where the issue is; null until GitHub has it. */
    issueRepositoryId: id('issue_repository_id'),
    issueRepository: text('issue_repository'),
    issueNumber: integer('issue_number'),
    /** Issues about earlier pauses, as `repositoryId#number`. */
    former: jsonb('former').$type<string[]>().notNull().default([]),
    /** Counts the issues; part of the key by which one whose answer was lost is found. */
    round: integer('round').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (t) => [index('pauses_issue').on(t.issueRepositoryId, t.issueNumber)],
);
