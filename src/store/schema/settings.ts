/** Small facts that must survive a restart. */
import { jsonb, text } from 'drizzle-orm/pg-core';
import { moment, spokebot } from './base.js';

/** Small facts that must survive a restart: the reconciler's place, the key that attempt tokens are derived from, leases. */
export const settings = spokebot.table('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: moment('updated_at').notNull(),
});
