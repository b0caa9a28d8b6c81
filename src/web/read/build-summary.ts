/** A build on one line, as every list of builds shows it. */
import { and, type SQL, sql } from 'drizzle-orm';
import type { Conclusion, Ending } from '../../ci/report/conclusion.js';
import { titleOf } from '../../ci/report/title.js';
import type { BuildEnd, BuildStage, Waiver } from '../../ci/report.js';
import type { BuildPlan } from '../../protocol.js';
import type { Db } from '../../store/open.js';
import { attempts, builds } from '../../store/schema.js';
import { shown } from '../text.js';
import { planOf } from './plan-of.js';
import { type BuildState, conclusionOfBuild, type Status, statusOf } from './status.js';
import type { Visible } from './visible.js';

export interface BuildSummary {
  readonly id: string;
  readonly repository: string;
  /** The pull request; null for a build of a branch. */
  readonly number: number | null;
  /** Null for a build of a pull request. */
  readonly branch: string | null;
  readonly headSha: string;
  readonly name: string;
  readonly product: string;
  readonly package: string;
  readonly pool: string;
  readonly required: boolean;
  readonly state: BuildState;
  readonly conclusion: Conclusion | null;
  readonly ending: Ending | null;
  readonly status: Status;
  /** The check run's title. */
  readonly title: string;
  readonly attempt: number;
  /** A person lets it stand; null when nobody does. */
  readonly waiver: Waiver | null;
  /** True when a recording is played instead of a build. */
  readonly recorded: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly deadlineAt: Date;
  /** How long the newest attempt ran; null while it does. */
  readonly seconds: number | null;
}

/** The ending without the parts that no list shows and that can be large. */
const shortEnd = sql<BuildEnd | null>`${builds.end} #- '{verdict,excerpt}'`.mapWith(builds.end);

const columns = {
  id: builds.id,
  repositoryId: builds.repositoryId,
  number: builds.number,
  headSha: builds.headSha,
  name: builds.name,
  product: builds.product,
  pool: builds.pool,
  required: builds.required,
  needsApproval: builds.needsApproval,
  plan: builds.plan,
  state: builds.state,
  attempt: builds.attempt,
  end: shortEnd,
  waiver: builds.waiver,
  createdAt: builds.createdAt,
  startedAt: builds.startedAt,
  completedAt: builds.completedAt,
  deadlineAt: builds.deadlineAt,
};

/** Builds of repositories that may be shown. */
export async function listBuilds(
  db: Db,
  visible: Visible,
  where: SQL | undefined,
  order: SQL,
  limit: number,
): Promise<BuildSummary[]> {
  // Ids first: with all columns in one query, the large ones of every build would be read for sorting.
  const picked = await db
    .select({ id: builds.id })
    .from(builds)
    .where(and(visible.has(builds.repositoryId), where))
    .orderBy(order)
    .limit(limit);
  return readBuilds(
    db,
    visible,
    picked.map((row) => row.id),
  );
}

/** The builds of these ids, in their order, with what is known of their newest attempts. */
export async function readBuilds(db: Db, visible: Visible, ids: readonly string[]): Promise<BuildSummary[]> {
  if (ids.length === 0) return [];
  const list = `{${ids.map((id) => JSON.stringify(id)).join(',')}}`;
  const rows = await db.select(columns).from(builds).where(sql`${builds.id} = any(${list}::text[])`);
  const tries = await db
    .select({
      buildId: attempts.buildId,
      attempt: attempts.attempt,
      phase: attempts.phase,
      recorded: attempts.recorded,
    })
    .from(attempts)
    .where(sql`${attempts.buildId} = any(${list}::text[])`);
  const newest = new Map(tries.map((one) => [`${one.buildId} ${one.attempt}`, one]));
  const summaries = new Map(
    rows.map(({ repositoryId, ...row }) => {
      const attempt = newest.get(`${row.id} ${row.attempt}`);
      const more = { phase: attempt?.phase ?? null, recorded: attempt?.recorded ?? null };
      return [row.id, summarise({ ...row, ...more, repository: visible.names.get(repositoryId)! })];
    }),
  );
  return ids.flatMap((id) => summaries.get(id) ?? []);
}

export interface SummarisedRow {
  readonly id: string;
  readonly repository: string;
  /** The pull request; null for a build of a branch. */
  readonly number: number | null;
  readonly headSha: string;
  readonly name: string;
  readonly product: string;
  readonly pool: string;
  readonly required: boolean;
  readonly needsApproval: string | null;
  readonly plan: BuildPlan;
  readonly state: BuildState;
  readonly attempt: number;
  readonly end: BuildEnd | null;
  readonly waiver: Waiver | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly deadlineAt: Date;
  readonly phase: string | null;
  readonly recorded: boolean | null;
}

export function summarise(stored: SummarisedRow): BuildSummary {
  const row = { ...stored, plan: planOf(stored).plan };
  const { needsApproval: _, plan, phase: __, end, ...rest } = row;
  return {
    ...rest,
    waiver: row.waiver === null ? null : { by: row.waiver.by, reason: shown(row.waiver.reason, 400) },
    package: plan.package,
    branch: plan.branch === undefined ? null : shown(plan.branch.name),
    recorded: row.recorded ?? plan.sandbox === 'recorded',
    ...conclusionOfBuild(row.state, end, row.waiver),
    status: statusOf(row.state, end, row.waiver),
    title: titleOfRow(row),
    seconds: secondsBetween(row.startedAt, row.completedAt),
  };
}

function titleOfRow(row: SummarisedRow): string {
  const title = titleOf({
    check: {
      // A title says nothing of where the check stands.
      pull: { installationId: 0, repositoryId: 0, fullName: row.repository, number: row.number ?? 0 },
      headSha: row.headSha,
      name: row.name,
      required: row.required,
      reasons: [],
      needsApproval: row.needsApproval,
      build: row.plan,
    },
    attempt: row.attempt,
    stage: stageOf(row),
    waiver: row.waiver,
    versions: null,
    concreteSpec: null,
    seconds: secondsBetween(row.startedAt, row.completedAt),
    // Pages show this beside the title, where it cannot be cut off.
    recorded: false,
    fresh: false,
    allowed: null,
    logUrl: null,
  });
  return shown(title);
}

function stageOf(row: SummarisedRow): BuildStage {
  const deadline = row.deadlineAt.getTime();
  switch (row.state) {
    case 'waiting-approval':
      return { kind: 'waiting-approval', why: row.needsApproval ?? '', deadline };
    case 'queued':
      return { kind: 'queued', outlook: null, queuedAt: null, deadline };
    case 'running': {
      const [name, phase] = (row.phase ?? '').split(': ');
      return {
        kind: 'running',
        package: name || null,
        phase: phase || null,
        startedAt: row.startedAt?.getTime() ?? null,
        outlook: null,
        deadline,
      };
    }
    case 'completed':
      return { kind: 'completed', end: wholeEnd(row.end) };
  }
}

/** An end whose large parts were left out in the query has none of them, rather than holes. */
function wholeEnd(end: BuildEnd | null): BuildEnd {
  if (end === null) return { kind: 'lost', detail: 'The ledger holds no end.' };
  if (end.kind !== 'verdict') return end;
  return { ...end, verdict: { ...end.verdict, annotations: end.verdict.annotations ?? [] } };
}

function secondsBetween(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : (to.getTime() - from.getTime()) / 1000;
}
