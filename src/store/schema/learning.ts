/** What was learnt from people's corrections. */
import { jsonb, text } from 'drizzle-orm/pg-core';
import type { RetrainReport } from '../../triage/learning/retrain.js';
import { moment, spokebot } from './base.js';

/** Weights of the kind model that were taken into use. Kept as long as a decision names them, so that it can be made again. */
export const kindModels = spokebot.table('kind_models', {
  version: text('version').primaryKey(),
  /** As `triage/model/serialise.ts` writes it: hashes and numbers, no text of any issue. */
  weights: text('weights').notNull(),
  /** Version of the shipped weights that were bent. */
  base: text('base').notNull(),
  report: jsonb('report').$type<RetrainReport>().notNull(),
  at: moment('at').notNull(),
});
