/** The newest builds of one check of a product on one pool, whosever pull request: is it this change, or has it been like that? */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { attempts, builds } from '../../store/schema.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import type { Visible } from './visible.js';

const SHOWN = 20;

export interface PastBuild
  extends Pick<
    BuildSummary,
    | 'id'
    | 'repository'
    | 'number'
    | 'branch'
    | 'product'
    | 'headSha'
    | 'status'
    | 'conclusion'
    | 'ending'
    | 'attempt'
    | 'recorded'
    | 'createdAt'
    | 'completedAt'
    | 'seconds'
  > {
  /** The same commit both passed and failed: what failed may be chance. */
  readonly flaky: boolean;
}

/** Newest first. */
export async function readHistory(
  db: Db,
  visible: Visible,
  check: { readonly product: string; readonly name: string; readonly pool: string },
): Promise<PastBuild[]> {
  const list = await listBuilds(
    db,
    visible,
    and(eq(builds.product, check.product), eq(builds.name, check.name), eq(builds.pool, check.pool)),
    sql`${builds.createdAt} desc, ${builds.id}`,
    SHOWN,
  );
  const flaky = await flakyCommits(db, list);
  return list.map((build) => ({
    id: build.id,
    repository: build.repository,
    number: build.number,
    branch: build.branch,
    product: build.product,
    headSha: build.headSha,
    status: build.status,
    conclusion: build.conclusion,
    ending: build.ending,
    attempt: build.attempt,
    recorded: build.recorded,
    createdAt: build.createdAt,
    completedAt: build.completedAt,
    seconds: build.seconds,
    flaky: flaky.has(commitOf(build)),
  }));
}

/** Ends that say something of the commit; the machines' failures are nobody's flake. */
const FAILED = ['change', 'base', 'recipe', 'dependency', 'timeout', 'unknown'];

/** Commits of the list of which one attempt passed and another did not. */
async function flakyCommits(db: Db, list: readonly BuildSummary[]): Promise<ReadonlySet<string>> {
  const found = new Map<string, Set<boolean>>();
  const note = (build: BuildSummary, passed: boolean) => {
    const key = commitOf(build);
    found.set(key, (found.get(key) ?? new Set()).add(passed));
  };
  for (const build of list) {
    if (build.ending === 'passed') note(build, true);
    else if (build.ending !== null && FAILED.includes(build.ending)) note(build, false);
  }
  const repeated = list.filter((build) => build.attempt > 1);
  if (repeated.length > 0) {
    const { result } = attempts;
    const rows = await db
      .select({ buildId: attempts.buildId, exitCode: sql<number | null>`(${result} ->> 'exitCode')::int` })
      .from(attempts)
      .where(
        and(
          inArray(
            attempts.buildId,
            repeated.map(({ id }) => id),
          ),
          eq(attempts.state, 'finished'),
          // Of a machine's failure the ledger notes that nothing was found out; rows of older versions have no note.
          sql`${attempts.outcome} is distinct from 'unknown'`,
          sql`${result} ->> 'trouble' is null and ${result} ->> 'cancelled' = 'false'`,
          sql`${attempts.attempt} < (select b.attempt from ${builds} b where b.id = ${attempts.buildId})`,
        ),
      );
    for (const { buildId, exitCode } of rows)
      if (exitCode !== null) note(repeated.find(({ id }) => id === buildId)!, exitCode === 0);
  }
  return new Set([...found].filter(([, ways]) => ways.size > 1).map(([key]) => key));
}

function commitOf({ repository, headSha }: Pick<BuildSummary, 'repository' | 'headSha'>): string {
  return `${repository} ${headSha}`;
}
