/** Builds that were set aside and are still somebody's wish: of heads of open pull requests, and of branches. */
import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { SET_ASIDE } from '../ci/report/conclusion.js';
import type { Db } from './open.js';
import { builds, subjects } from './schema.js';

/** Older ones are nobody's concern any more. */
const SHOWN_MS = 14 * 24 * 3600_000;

export interface SetAside {
  readonly id: string;
  readonly repositoryId: number;
  readonly repository: string;
  readonly number: number | null;
  readonly name: string;
  readonly detail: string;
  readonly at: Date;
}

/** Newest first, at most `most`. */
export async function listSetAside(db: Db, now: Date, most: number): Promise<SetAside[]> {
  const rows = await db
    .select({
      id: builds.id,
      repositoryId: builds.repositoryId,
      repository: builds.repository,
      number: builds.number,
      name: builds.name,
      end: builds.end,
      at: builds.completedAt,
    })
    .from(builds)
    .leftJoin(subjects, and(eq(subjects.repositoryId, builds.repositoryId), eq(subjects.number, builds.number)))
    .where(
      and(
        eq(builds.state, 'completed'),
        inArray(sql`${builds.end} ->> 'kind'`, [...SET_ASIDE]),
        isNull(builds.waiver),
        gt(builds.completedAt, new Date(now.getTime() - SHOWN_MS)),
        or(isNull(builds.number), and(eq(subjects.open, true), eq(subjects.headSha, builds.headSha))),
      ),
    )
    .orderBy(desc(builds.completedAt))
    .limit(most);
  return rows.map(({ end, at, ...row }) => ({ ...row, detail: end && 'detail' in end ? end.detail : '', at: at! }));
}
