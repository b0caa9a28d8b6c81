/** A pull request with its builds, head by head, newest first. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { approvals, builds, decisions, subjects } from '../../store/schema.js';
import { shown } from '../text.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import { readVisible } from './visible.js';

export interface HeadView {
  readonly headSha: string;
  /** Whether this is the head that the pull request has now, as far as is known. */
  readonly current: boolean;
  readonly builds: readonly BuildSummary[];
  readonly approvals: readonly { readonly pool: string; readonly by: string; readonly at: Date }[];
}

export interface PullView {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly author: string | null;
  readonly open: boolean;
  readonly headSha: string | null;
  readonly heads: readonly HeadView[];
  /** Checks that the newest plan left out, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly plannedAt: Date | null;
}

const MOST_BUILDS = 500;

/** Null when nothing is known of it, or nothing may be shown. */
export async function readPull(db: Db, fullName: string, number: number): Promise<PullView | null> {
  const visible = await readVisible(db);
  const repository = visible.find(fullName);
  if (repository === null) return null;
  const here = { repositoryId: repository.id, number };
  const [subject] = await db
    .select()
    .from(subjects)
    .where(and(eq(subjects.repositoryId, here.repositoryId), eq(subjects.number, number), eq(subjects.isPull, true)));
  const list = await listBuilds(
    db,
    visible,
    and(eq(builds.repositoryId, here.repositoryId), eq(builds.number, number)),
    sql`${builds.createdAt} desc`,
    MOST_BUILDS,
  );
  if (subject === undefined && list.length === 0) return null;
  const allowed = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.repositoryId, here.repositoryId), eq(approvals.number, number)));
  const [plan] = await db
    .select({ outcome: decisions.outcome, at: decisions.at })
    .from(decisions)
    .where(and(eq(decisions.repositoryId, here.repositoryId), eq(decisions.number, number), eq(decisions.kind, 'plan')))
    .orderBy(desc(decisions.id))
    .limit(1);
  const shas = [...new Set([...(subject?.headSha ? [subject.headSha] : []), ...list.map((build) => build.headSha)])];
  return {
    repository: repository.fullName,
    number,
    title: shown(subject?.title ?? `Pull request ${number}`),
    author: subject?.author ?? null,
    open: subject?.open ?? false,
    headSha: subject?.headSha ?? null,
    heads: shas.map((headSha) => ({
      headSha,
      current: headSha === subject?.headSha,
      builds: list.filter((build) => build.headSha === headSha),
      approvals: allowed.filter((one) => one.headSha === headSha).map(({ pool, by, at }) => ({ pool, by, at })),
    })),
    skipped: skippedOf(plan?.outcome),
    plannedAt: plan?.at ?? null,
  };
}

/** What a plan left out; nothing when the stored outcome is not a plan. */
function skippedOf(outcome: unknown): { name: string; reason: string }[] {
  if (typeof outcome !== 'object' || outcome === null || !('skipped' in outcome)) return [];
  const { skipped } = outcome;
  if (!Array.isArray(skipped)) return [];
  return skipped.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('name' in one) || !('reason' in one)) return [];
    return [{ name: shown(String(one.name)), reason: shown(String(one.reason), 600) }];
  });
}
