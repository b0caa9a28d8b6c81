/** What the tables are written with: one schema `spokebot`, so that BullMQ's own schema can live in the same database. */
import { bigint, pgSchema, timestamp } from 'drizzle-orm/pg-core';

export const spokebot = pgSchema('spokebot');

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
export const id = (name: string) => bigint(name, { mode: 'number' });
