/** Of every product the newest build that ended with a verdict or should have: superseded and cancelled ones say nothing. */
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { builds, repositories } from '../../store/schema.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import { isPublic } from './visible.js';

export async function listLastChecks(db: Db): Promise<BuildSummary[]> {
  const told = sql`${builds.end} ->> 'kind' <> 'ended'`;
  const newest = db
    .select({ product: builds.product, at: sql`max(${builds.completedAt})`.as('at') })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(and(isPublic, eq(builds.state, 'completed'), told))
    .groupBy(builds.product);
  const pairs = sql`(${builds.product}, ${builds.completedAt}) in ${newest}`;
  const rows = await listBuilds(db, and(eq(builds.state, 'completed'), told, pairs), sql`${builds.product}`, 1000);
  // Two checks of a product can end in the same millisecond.
  return [...new Map(rows.map((row) => [row.product, row])).values()];
}
