/** Pull requests that are over and whose binaries a pool may still hold: with its next build they are removed. */
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { PULL_PLACE_SECONDS, pullPrefix } from '../ci/build-caches.js';
import type { BuildPlan } from '../protocol.js';
import type { Db } from '../store/open.js';
import { builds, subjects } from '../store/schema.js';
import { plusSeconds } from './state.js';

/** What is beyond it ages out. */
const MOST = 200;

/** The plan, with the places of closed and merged pull requests where it names the directory that they lie in. */
export async function withClosedPlaces(db: Db, plan: BuildPlan, now: Date): Promise<BuildPlan> {
  const { caches, pool } = plan;
  if (!caches?.pulls) return plan;
  const newest = sql<Date>`max(${builds.createdAt})`;
  const rows = await db
    .select({ repository: builds.repository, number: subjects.number })
    .from(builds)
    .innerJoin(subjects, and(eq(subjects.repositoryId, builds.repositoryId), eq(subjects.number, builds.number)))
    .where(
      and(
        eq(builds.pool, pool),
        eq(subjects.open, false),
        gt(builds.createdAt, plusSeconds(now, -2 * PULL_PLACE_SECONDS)),
        sql`${builds.plan} -> 'caches' ->> 'pulls' = ${caches.pulls}`,
      ),
    )
    .groupBy(builds.repository, subjects.number)
    .orderBy(desc(newest))
    .limit(MOST);
  const over = rows.map(({ repository, number }) => pullPrefix(repository, number));
  return over.length === 0 ? plan : { ...plan, caches: { ...caches, over } };
}
