/** Builds, their attempts and logs, and the checks that stand for them. */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Capabilities } from '../../ci/capabilities.js';
import type { RecipeRun } from '../../ci/recipe/own-recipes.js';
import type { BuildEnd, Conclusion, Outlook, Waiver } from '../../ci/report.js';
import type { BuildPlan, BuildResult, Versions } from '../../protocol.js';
import { id, moment, spokebot } from './base.js';

export const builds = spokebot.table(
  'builds',
  {
    /** Key of (repository, pull request, head SHA, check name, spec, pool); also the check run's `external_id`. */
    id: text('id').primaryKey(),
    installationId: id('installation_id').notNull(),
    repositoryId: id('repository_id').notNull(),
    repository: text('repository').notNull(),
    /** The pull request; null for what is built by night. */
    number: integer('number'),
    origin: text('origin').$type<'pull' | 'nightly'>().notNull().default('pull'),
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
    /** It was asked for without cache while it has to be approved: so the attempt that opens then will be. */
    freshNext: boolean('fresh_next').notNull().default(false),
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
    role: text('role').$type<'skipped' | 'config' | 'advice' | 'roll-up'>().notNull(),
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
    /** Why the ledger tries it again by itself; null when it is the first try, or a person's or a lost worker's. */
    retry: text('retry').$type<'infrastructure' | 'out-of-memory'>(),
    /** What was found, by a verdict; null without one. */
    outcome: text('outcome').$type<'passed' | 'failed' | 'unknown'>(),
    /** What makes its failure the same as another one; null where nothing can be compared. */
    signature: text('signature'),
    /** `package: phase` with the time of its beginning (ISO 8601), as they were told; only the first of very many. */
    phases: jsonb('phases').$type<{ name: string; at: string }[]>().notNull().default([]),
    queuedAt: moment('queued_at').notNull(),
    /** When it was handed to its pool's queue; null while it waits for its turn in the ledger. */
    releasedAt: moment('released_at'),
    /** How it looked when it was queued; null in rows of older versions. */
    outlook: jsonb('outlook').$type<Outlook>(),
    startedAt: moment('started_at'),
    heartbeatAt: moment('heartbeat_at'),
    finishedAt: moment('finished_at'),
    logBytes: integer('log_bytes').notNull().default(0),
    result: jsonb('result').$type<BuildResult>(),
    /** What was said of recipes in the repository, where the plan asked for it. */
    recipes: jsonb('recipes').$type<RecipeRun[]>(),
  },
  (t) => [primaryKey({ columns: [t.buildId, t.attempt] }), index('attempts_state').on(t.state)],
);

/** Concrete specs that were built and passed on a pool: the newest proof of each. */
export const proofs = spokebot.table(
  'proofs',
  {
    pool: text('pool').notNull(),
    dagHash: text('dag_hash').notNull(),
    tests: boolean('tests').notNull(),
    /** What was built: the head of a branch, or of a pull request. */
    trust: text('trust').$type<'branch' | 'pull'>().notNull(),
    /** Sandbox and Spack. */
    setting: text('setting').notNull(),
    buildId: text('build_id').notNull(),
    attempt: integer('attempt').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.pool, t.dagHash, t.tests, t.trust, t.setting] })],
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
    /** Another pull request that is to be built together with this one, at the head it had; 0 and '' where there is none. */
    withRepositoryId: id('with_repository_id').notNull().default(0),
    withRepository: text('with_repository').notNull().default(''),
    withNumber: integer('with_number').notNull().default(0),
    withHeadSha: text('with_head_sha').notNull().default(''),
    by: text('by').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'wishes_pk',
      columns: [t.repositoryId, t.number, t.headSha, t.spec, t.pool, t.withRepositoryId, t.withNumber, t.withHeadSha],
    }),
    index('wishes_with').on(t.withRepositoryId, t.withNumber),
  ],
);

export const workers = spokebot.table('workers', {
  id: text('id').primaryKey(),
  pool: text('pool').notNull(),
  version: text('version').notNull(),
  /** How it reaches the hub: controls go through the queue only to those that listen there. */
  via: text('via').$type<'queue' | 'http'>().notNull(),
  concurrency: integer('concurrency').notNull(),
  /** Builds that it said it runs; null where it does not say. */
  running: integer('running'),
  /** What it said of its machine; null for a worker of an older version. */
  capabilities: jsonb('capabilities').$type<Capabilities>(),
  /** Why it gets no builds of its pool, for people; null when it does. */
  unfit: text('unfit'),
  /** Processes that went by this name, the newest first: one that comes again after another has come is a second worker. */
  lives: jsonb('lives').$type<readonly string[]>(),
  /** When a second worker of this name was last heard of. */
  copiedAt: moment('copied_at'),
  seenAt: moment('seen_at').notNull(),
});
