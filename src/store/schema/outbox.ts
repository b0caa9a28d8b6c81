/** The outbox: what is to be written to GitHub, committed before it is sent. */
import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, spokebot } from './base.js';

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
