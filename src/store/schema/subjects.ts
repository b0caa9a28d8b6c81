/** Issues and pull requests, what was decided about them, and what people said to it. */
import { sql } from 'drizzle-orm';
import { bigserial, boolean, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Action } from '../../actions.js';
import type { IssuePlace } from '../../outbox/sent.js';
import type { Effects, Standing } from '../../triage/commands/facts.js';
import type { Conversation } from '../../triage/conversation.js';
import type { ErrorPrint } from '../../triage/duplicates/fingerprint.js';
import type { Word } from '../../triage/word.js';
import { id, moment, spokebot } from './base.js';

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
    kind: text('kind')
      .$type<'triage' | 'plan' | 'button' | 'membership' | 'command' | 'downstream' | 'nightly' | 'pause'>()
      .notNull(),
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
  (t) => [
    index('decisions_subject').on(t.repositoryId, t.number, t.id),
    index('decisions_at').on(t.at),
    // Which weights of the kind model decisions still name.
    index('decisions_weights').on(sql`(${t.facts} ->> 'weights')`).where(sql`(${t.facts} ->> 'weights') is not null`),
  ],
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
