/** What GitHub told: deliveries, and which installations and repositories there are. */
import { sql } from 'drizzle-orm';
import { bigserial, boolean, index, integer, jsonb, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, spokebot } from './base.js';

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
    /** Until then one process has it; one that died frees it by time. */
    claimedUntil: moment('claimed_until'),
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

/**
 * What an installation may still ask of GitHub's API, as the answers told any of our processes. A row that is out of date says too much at
 * worst, and the next answer puts it right.
 */
export const apiRates = spokebot.table('api_rates', {
  installationId: id('installation_id').primaryKey(),
  /** Requests of a window, and those left of it. */
  most: integer('most').notNull(),
  left: integer('left').notNull(),
  resetAt: moment('reset_at').notNull(),
  /** GitHub asked for a pause until then (`Retry-After`, a secondary limit). */
  pausedUntil: moment('paused_until'),
  at: moment('at').notNull(),
});
