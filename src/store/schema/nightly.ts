/** Issues about default branches that don't build. */
import { boolean, index, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, moment, spokebot } from './base.js';

/** A check of a default branch that was broken by night, and the issue about it. One row for each (repository, check, pool). */
export const nightlyIssues = spokebot.table(
  'nightly_issues',
  {
    /** The product's repository, not the one that the issue lies in. */
    repositoryId: id('repository_id').notNull(),
    name: text('name').notNull(),
    pool: text('pool').notNull(),
    product: text('product').notNull(),
    /** The build that was reported last. */
    buildId: text('build_id').notNull(),
    broken: boolean('broken').notNull(),
    /** The first commit that was broken, and when that was found; of the present trouble, or of the last one. */
    brokenSha: text('broken_sha').notNull(),
    brokenAt: moment('broken_at').notNull(),
    /** Where the issue is; null until GitHub has it. */
    issueRepositoryId: id('issue_repository_id'),
    issueRepository: text('issue_repository'),
    issueNumber: integer('issue_number'),
    /** Counts the issues; part of the key by which one whose answer was lost is found. */
    round: integer('round').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.repositoryId, t.name, t.pool] }),
    index('nightly_issues_issue').on(t.issueRepositoryId, t.issueNumber),
  ],
);
