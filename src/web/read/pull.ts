/** A pull request with its checks, head by head, newest first, and who has to act on the one it has now. */
import { and, asc, desc, eq, isNull, or, sql } from 'drizzle-orm';
import type { Conclusion, Ending } from '../../ci/report/conclusion.js';
import { type ActingCheck, type WhoActs, whoActs } from '../../ci/report/who-acts.js';
import type { Db } from '../../store/open.js';
import { approvals, builds, decisions, shownChecks, subjects, wishes } from '../../store/schema.js';
import { shown } from '../text.js';
import { type BuildSummary, listBuilds } from './build-summary.js';
import { readVisible, type Viewer } from './visible.js';

export interface HeadView {
  readonly headSha: string;
  /** Whether this is the head that the pull request has now, as far as is known. */
  readonly current: boolean;
  readonly builds: readonly BuildSummary[];
  readonly approvals: readonly { readonly pool: string; readonly by: string; readonly at: Date }[];
  /** What people asked for by command beyond the configuration; null is "whatever is configured". */
  readonly wishes: readonly {
    readonly spec: string | null;
    readonly pool: string | null;
    readonly by: string;
    readonly at: Date;
  }[];
}

/** A check run of the present head that no build stands behind. */
export interface ShownView {
  readonly name: string;
  readonly conclusion: Conclusion | null;
  readonly title: string;
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
  /** The one check that branch protection can require; null before it is shown. */
  readonly rollUp: ShownView | null;
  /** True when the roll-up is green by people's word alone: of the checks that count none passed, each was waived. */
  readonly waived: boolean;
  /** The check of a configuration that the pull request changes. */
  readonly config: readonly ShownView[];
  /** Whose turn it is, in one sentence; null once the pull request is closed. */
  readonly next: WhoActs | null;
}

const MOST_BUILDS = 500;

/** Null when nothing is known of it, or nothing may be shown. */
export async function readPull(db: Db, fullName: string, number: number, viewer: Viewer): Promise<PullView | null> {
  const visible = await readVisible(db, viewer);
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
  const asked = await db
    .select()
    .from(wishes)
    .where(and(eq(wishes.repositoryId, here.repositoryId), eq(wishes.number, number)))
    .orderBy(asc(wishes.at));
  const checks = subject?.headSha ? await readShown(db, here, subject.headSha) : [];
  const current = list.filter((build) => build.headSha === subject?.headSha);
  const shas = [...new Set([...(subject?.headSha ? [subject.headSha] : []), ...list.map((build) => build.headSha)])];
  const counting = [...current.flatMap(acting), ...heldBack(checks, current)];
  const rollUp = checks.filter((one) => one.role === 'roll-up').map(shownView)[0] ?? null;
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
      wishes: asked
        .filter((one) => one.headSha === headSha)
        .map(({ spec, pool, by, at }) => ({
          spec: spec === '' ? null : shown(spec),
          pool: pool === '' ? null : pool,
          by,
          at,
        })),
    })),
    skipped: skippedOf(plan?.outcome),
    plannedAt: plan?.at ?? null,
    rollUp,
    waived: rollUp?.conclusion === 'success' && isAllWaived(counting),
    config: checks.filter((one) => one.role === 'config' || one.role === 'advice').map(shownView),
    next: subject?.open ? whoActs(counting) : null,
  };
}

type ShownRow = typeof shownChecks.$inferSelect;

async function readShown(
  db: Db,
  { repositoryId, number }: { repositoryId: number; number: number },
  headSha: string,
): Promise<ShownRow[]> {
  return db
    .select()
    .from(shownChecks)
    .where(
      and(
        eq(shownChecks.repositoryId, repositoryId),
        eq(shownChecks.headSha, headSha),
        eq(shownChecks.withdrawn, false),
        or(eq(shownChecks.number, number), isNull(shownChecks.number)),
      ),
    )
    .orderBy(asc(shownChecks.name));
}

function shownView({ name, conclusion, title }: ShownRow): ShownView {
  return { name: shown(name), conclusion, title: shown(title) };
}

const UNWANTED: readonly (Ending | null)[] = ['superseded', 'unplanned', 'closed', 'removed'];

function acting({ name, required, state, ending, status }: BuildSummary): ActingCheck[] {
  if (UNWANTED.includes(ending)) return [];
  const open = state === 'queued' || state === 'running';
  return [{ name, required, open, ending, waived: status.word === 'waived', heldBack: false }];
}

/** Of the required ones, or of all where none is required. */
function isAllWaived(counting: readonly ActingCheck[]): boolean {
  const required = counting.filter((check) => check.required);
  const asked = required.length > 0 ? required : counting;
  return asked.length > 0 && asked.every(({ waived }) => waived);
}

/** Checks that hold the head back although nothing of them runs; one of the roll-up's name is about the whole head. */
function heldBack(checks: readonly ShownRow[], current: readonly BuildSummary[]): ActingCheck[] {
  return checks
    .filter(
      ({ role, name }) =>
        role !== 'roll-up' && !current.some((build) => build.name === name && acting(build).length > 0),
    )
    .filter(({ conclusion }) => conclusion === 'action_required' || conclusion === 'failure')
    .map(({ name, required }) => ({
      name: shown(name),
      required,
      open: false,
      ending: null,
      waived: false,
      heldBack: true,
    }));
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
