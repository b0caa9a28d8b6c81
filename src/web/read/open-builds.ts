/** Builds that have not ended: how many of each, and the first of them. */
import { and, ne } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { builds } from '../../store/schema.js';
import { type BuildSummary, readBuilds } from './build-summary.js';
import type { BuildState } from './status.js';
import type { Visible } from './visible.js';

export interface OpenCount {
  readonly product: string;
  readonly pool: string;
  readonly state: BuildState;
  readonly n: number;
}

export interface OpenBuilds {
  readonly openCounts: readonly OpenCount[];
  /** Those that wait for a person, then what runs, then the queue in its order; at most `limit` of each. */
  readonly open: readonly BuildSummary[];
}

const ORDER: readonly BuildState[] = ['waiting-approval', 'running', 'queued'];

/** One pass over the open builds. `limit: 0` reads the counts only. */
export async function readOpenBuilds(db: Db, visible: Visible, limit: number): Promise<OpenBuilds> {
  const rows = await db
    .select({
      id: builds.id,
      product: builds.product,
      pool: builds.pool,
      state: builds.state,
      createdAt: builds.createdAt,
    })
    .from(builds)
    .where(and(visible.has(builds.repositoryId), ne(builds.state, 'completed')));
  const counts = new Map<string, OpenCount>();
  for (const { product, pool, state } of rows) {
    const key = JSON.stringify([product, pool, state]);
    counts.set(key, { product, pool, state, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const first = ORDER.flatMap((state) => rows.filter((row) => row.state === state).slice(0, limit));
  return {
    openCounts: [...counts.values()],
    open: await readBuilds(
      db,
      visible,
      first.map((row) => row.id),
    ),
  };
}
