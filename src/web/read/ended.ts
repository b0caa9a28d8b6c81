/** What ended lately, and the last check of every product; read again only when a build has ended since. */
import { eq, max, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { builds } from '../../store/schema.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import { listLastChecks } from './last-checks.js';
import type { Visible } from './visible.js';

const RECENT = 12;

export interface Ended {
  readonly recent: readonly BuildSummary[];
  readonly lastChecks: readonly BuildSummary[];
}

export type ReadEnded = (visible: Visible) => Promise<Ended>;

export function createEndedReader(db: Db): ReadEnded {
  let kept: { state: string; ended: Promise<Ended> } | null = null;

  return async (visible) => {
    const completed = eq(builds.state, 'completed');
    // A build that ends, is taken up again, or is cleared away changes one of the two.
    const [now] = await db
      .select({ n: sql<number>`count(*)::int`, at: max(builds.completedAt) })
      .from(builds)
      .where(completed);
    const state = `${now?.n} ${now?.at?.toISOString()} ${visible.key}`;
    if (kept?.state === state) return kept.ended;
    const ended = (async () => ({
      recent: await listBuilds(db, visible, completed, sql`${builds.completedAt} desc`, RECENT),
      lastChecks: await listLastChecks(db, visible),
    }))();
    kept = { state, ended };
    ended.catch(() => {
      if (kept?.ended === ended) kept = null;
    });
    return ended;
  };
}
