/** Repositories in which triage pauses or has paused, and where the issue about it lies (`own-issues.ts`). */
import { and, eq, isNotNull, like, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { IssueRef, PauseState } from '../actions.js';
import { overKey, pauseKey, WINDOW_MS, writesKey } from '../triage/budgets/spent.js';
import type { Db } from './open.js';
import { pauses, repositories, spending } from './schema.js';

/** What the keys of pauses begin with; the id of the repository follows. */
const PAUSES = pauseKey(0).slice(0, -1);

export type PauseRow = typeof pauses.$inferSelect;

/** The newest pause of a repository, as the breaker left it. */
export interface PauseFound {
  readonly repositoryId: number;
  readonly repository: string;
  readonly installed: boolean;
  readonly private: boolean;
  readonly since: Date;
  /** What is known of it; null while nothing is. */
  readonly row: PauseRow | null;
}

/** Every repository that has paused of late, or of whose pause the end was not told. */
export async function listPauses(db: Db): Promise<PauseFound[]> {
  const newest = db
    .select({
      key: spending.key,
      since: sql<Date>`max(${spending.at})`.mapWith(spending.at).as('paused_at'),
    })
    .from(spending)
    .where(like(spending.key, `${PAUSES}%`))
    .groupBy(spending.key)
    .as('newest');
  const rows = await db
    .select({ repository: repositories, since: newest.since, row: pauses })
    .from(repositories)
    .leftJoin(newest, eq(newest.key, sql`${PAUSES}::text || ${repositories.id}`))
    .leftJoin(pauses, eq(pauses.repositoryId, repositories.id))
    .where(or(isNotNull(newest.since), eq(pauses.over, false)))
    .orderBy(repositories.id);
  return rows.flatMap(({ repository, since, row }) => {
    const known = row?.since ?? null;
    const from = since === null || (known !== null && known > since) ? known : since;
    if (from === null) return [];
    const { id: repositoryId, fullName, state, private: hidden } = repository;
    return [{ repositoryId, repository: fullName, installed: state === 'active', private: hidden, since: from, row }];
  });
}

/** How many writes were wanted, done and left out, within the hour that ended at a moment. */
export async function wantedUntil(db: Db, repositoryId: number, at: Date): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`coalesce(sum(${spending.amount}), 0)::int` })
    .from(spending)
    .where(
      and(
        or(eq(spending.key, writesKey(repositoryId)), eq(spending.key, overKey(repositoryId))),
        sql`${spending.at} > ${new Date(at.getTime() - WINDOW_MS.writes).toISOString()}::timestamptz`,
        sql`${spending.at} <= ${at.toISOString()}::timestamptz`,
      ),
    );
  return row?.n ?? 0;
}

/** Keeps it; `opens`: an issue is asked for, once for each pause. Returns that issue's number among those of the repository, or null. */
export async function keepPause(tx: Db, state: PauseState, opens: boolean, now: Date): Promise<number | null> {
  const { repositoryId, over, times } = state;
  const since = new Date(state.since);
  const set = { since, until: new Date(state.until), over, times, updatedAt: now };
  const last = sql`to_jsonb(${pauses.issueRepositoryId} || '#' || ${pauses.issueNumber})`;
  const fresh = {
    issueRepositoryId: null,
    issueRepository: null,
    issueNumber: null,
    former: sql`case when ${pauses.issueNumber} is null then ${pauses.former} else ${pauses.former} || ${last} end`,
  };
  const [row] = await tx
    .insert(pauses)
    .values({ repositoryId, ...set, round: opens ? 1 : 0 })
    .onConflictDoUpdate({
      target: pauses.repositoryId,
      set: opens ? { ...set, ...fresh, round: sql`${pauses.round} + 1` } : set,
      // Two that look at the same moment both want it.
      setWhere: opens ? sql`${pauses.since} <> excluded.since or ${pauses.round} = 0` : sql`true`,
    })
    .returning({ round: pauses.round });
  return row?.round ?? null;
}

/** Notes where the issue of that round is. */
export async function placePause(
  tx: Db,
  repositoryId: number,
  round: number,
  place: { readonly repositoryId: number; readonly repository: string; readonly number: number },
  now: Date,
): Promise<void> {
  await tx
    .update(pauses)
    .set({
      issueRepositoryId: place.repositoryId,
      issueRepository: place.repository,
      issueNumber: place.number,
      updatedAt: now,
    })
    .where(and(eq(pauses.repositoryId, repositoryId), eq(pauses.round, round)));
}

/** Whether an issue is one of ours about a pause. */
export async function isPauseIssue(
  db: Db,
  { repositoryId, number }: Pick<IssueRef, 'repositoryId' | 'number'>,
): Promise<boolean> {
  const found = await db
    .select({ round: pauses.round })
    .from(pauses)
    .where(aboutPause(sql`${repositoryId}::bigint`, sql`${number}::integer`))
    .limit(1);
  return found.length > 0;
}

/** Condition of `pauses` that one of its issues, the present or a former one, is that one. */
export function aboutPause(repositoryId: PgColumn | SQL, number: PgColumn | SQL): SQL | undefined {
  return or(
    sql`(${pauses.issueRepositoryId} = ${repositoryId} and ${pauses.issueNumber} = ${number})`,
    sql`${pauses.former} @> jsonb_build_array(${repositoryId} || '#' || ${number})`,
  );
}
