/** Deliveries and writes that were set aside. Details are told of public repositories only. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { deliveries, intents, repositories } from '../../store/schema.js';
import { shown } from '../text.js';
import { isPublic } from './visible.js';

export interface Failure {
  readonly kind: 'delivery' | 'intent';
  /** The event, or the kind of write. */
  readonly what: string;
  readonly repository: string;
  readonly error: string | null;
  readonly at: Date;
}

/** The newest of both, at most `limit` of each. */
export async function listFailures(db: Db, limit: number): Promise<Failure[]> {
  const delivered = await db
    .select({
      what: deliveries.event,
      repository: repositories.fullName,
      error: deliveries.error,
      at: deliveries.receivedAt,
    })
    .from(deliveries)
    .innerJoin(repositories, sql`lower(${repositories.fullName}) = lower(${deliveries.repository})`)
    .where(and(isPublic, eq(deliveries.state, 'failed')))
    .orderBy(desc(deliveries.seq))
    .limit(limit);
  const written = await db
    .select({
      what: intents.kind,
      repository: repositories.fullName,
      error: intents.error,
      at: sql<Date>`coalesce(${intents.doneAt}, ${intents.createdAt})`.mapWith(intents.createdAt),
    })
    .from(intents)
    .innerJoin(repositories, sql`${repositories.id} = (${intents.payload} ->> 'repositoryId')::bigint`)
    .where(and(isPublic, eq(intents.state, 'failed')))
    .orderBy(desc(intents.id))
    .limit(limit);
  return [
    ...delivered.map((row): Failure => ({ kind: 'delivery', ...row, error: row.error && shown(row.error) })),
    ...written.map((row): Failure => ({ kind: 'intent', ...row, error: row.error && shown(row.error) })),
  ];
}
