/** Of every product the newest build that ended with a verdict or should have: superseded and cancelled ones say nothing. */
import { and, eq, max, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { builds } from '../../store/schema.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import type { Visible } from './visible.js';

/** Two plain passes over the ledger: told apart like this, neither needs an index or a sort. */
export async function listLastChecks(db: Db, visible: Visible): Promise<BuildSummary[]> {
  const told = and(eq(builds.state, 'completed'), sql`${builds.end} ->> 'kind' <> 'ended'`);
  const newest = await db
    .select({ product: builds.product, at: max(builds.completedAt) })
    .from(builds)
    .where(and(visible.has(builds.repositoryId), told))
    .groupBy(builds.product);
  const at = newest.flatMap((row) => (row.at === null ? [] : [row.at.toISOString()]));
  if (at.length === 0) return [];
  const times = `{${[...new Set(at)].map((one) => `"${one}"`).join(',')}}`;
  const rows = await listBuilds(
    db,
    visible,
    sql`${builds.completedAt} = any(${times}::timestamptz[])`,
    sql`${builds.completedAt}`,
    MOST,
  );
  const wanted = new Map(newest.map((row) => [row.product, row.at?.getTime()]));
  // Two checks of a product can end in the same millisecond; the later created one is told.
  return [
    ...new Map(
      rows
        .filter((row) => row.conclusion !== 'cancelled' && row.completedAt?.getTime() === wanted.get(row.product))
        .map((row) => [row.product, row]),
    ).values(),
  ];
}

const MOST = 2000;
