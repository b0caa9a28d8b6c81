/** The checks of a product: of each the newest verdict, and how many of the last month's passed. */
import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Ending } from '../../ci/report/conclusion.js';
import type { Db } from '../../store/open.js';
import { attempts, builds } from '../../store/schema.js';
import { type BuildSummary, readBuilds } from './build-summary.js';
import type { Visible } from './visible.js';

export interface CheckView {
  readonly name: string;
  readonly pool: string;
  /** The newest that ended with a verdict. */
  readonly newest: BuildSummary;
  /** Verdicts of the last 30 days that say something of a commit, and how many of them passed. */
  readonly verdicts: number;
  readonly passed: number;
  /** Builds of the last 30 days of which the same inputs both failed and passed. */
  readonly flaky: number;
}

const DAYS = 30;
/** Rows that are looked at; what is older says little. */
const MOST = 5000;
/** The machines' failures say nothing of the product. */
const SAYING: readonly Ending[] = ['passed', 'change', 'recipe', 'dependency', 'timeout'];

/** By name; those of pull requests, or those of the default branch by night. */
export async function readChecks(
  db: Db,
  visible: Visible,
  product: string,
  now: Date,
  origin: 'pull' | 'nightly' = 'pull',
): Promise<CheckView[]> {
  const since = new Date(now.getTime() - DAYS * 86_400_000);
  const told = sql`${builds.end} ->> 'kind' <> 'ended'`;
  const rows = await db
    .select({
      id: builds.id,
      name: builds.name,
      pool: builds.pool,
      completedAt: builds.completedAt,
      // The row of `endingOf`, without reading the excerpts.
      outcome: sql<string | null>`${builds.end} #>> '{verdict,outcome}'`,
      category: sql<string | null>`${builds.end} #>> '{verdict,category}'`,
      fault: sql<string | null>`${builds.end} #>> '{verdict,fault}'`,
    })
    .from(builds)
    .where(
      and(
        visible.has(builds.repositoryId),
        eq(builds.product, product),
        eq(builds.origin, origin),
        eq(builds.state, 'completed'),
        told,
      ),
    )
    .orderBy(desc(builds.completedAt), builds.id)
    .limit(MOST);
  // A commit that is built every night meets other dependencies every night: that is no chance.
  const unsteady = origin === 'pull' ? await flakyBuilds(db, product, since) : new Set<string>();
  const found = new Map<string, { id: string; verdicts: number; passed: number; flaky: number }>();
  for (const { id, name, pool, completedAt, outcome, category, fault } of rows) {
    const key = JSON.stringify([name, pool]);
    const check = found.get(key) ?? { id, verdicts: 0, passed: 0, flaky: 0 };
    found.set(key, check);
    if (completedAt === null || completedAt <= since) continue;
    const passed = outcome === 'passed';
    const says = passed || (outcome === 'failed' && (category === 'timeout' || SAYING.some((one) => one === fault)));
    if (says) check.verdicts += 1;
    if (passed) check.passed += 1;
    if (unsteady.has(id)) check.flaky += 1;
  }
  const newest = await readBuilds(
    db,
    visible,
    [...found.values()].map(({ id }) => id),
  );
  const byId = new Map(newest.map((build) => [build.id, build]));
  return [...found.values()]
    .flatMap(({ id, ...counts }) => {
      const build = byId.get(id);
      return build === undefined ? [] : [{ name: build.name, pool: build.pool, newest: build, ...counts }];
    })
    .sort((a, b) => (a.name === b.name ? (a.pool < b.pool ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** Builds whose attempts came to different verdicts on the commit; what the machines failed is none. */
async function flakyBuilds(db: Db, product: string, since: Date): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: attempts.buildId })
    .from(attempts)
    .innerJoin(builds, eq(builds.id, attempts.buildId))
    .where(
      and(eq(builds.product, product), gt(builds.completedAt, since), inArray(attempts.outcome, ['passed', 'failed'])),
    )
    .groupBy(attempts.buildId)
    .having(sql`count(distinct ${attempts.outcome}) > 1`);
  return new Set(rows.map(({ id }) => id));
}
