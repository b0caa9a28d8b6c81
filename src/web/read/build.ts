/** One build with everything its page shows. */
import { and, asc, eq } from 'drizzle-orm';
import { isWaived } from '../../ci/report/conclusion.js';
import { fromSource, movesAfter } from '../../ci/report/ending-text.js';
import { publishedText } from '../../ci/report/origins.js';
import { reproduceCommands } from '../../ci/report/reproduce.js';
import { nextStep, whose } from '../../ci/report/words.js';
import type { BuildEnd, Proof, Waiver } from '../../ci/report.js';
import type { Verdict } from '../../ci/verdict.js';
import type { FleetRules } from '../../ledger/fleet.js';
import type { BuildPlan, BuildResult, Origins, Versions } from '../../protocol.js';
import type { Db } from '../../store/open.js';
import { approvals, attempts, builds, subjects } from '../../store/schema.js';
import { shown, shownBlock } from '../text.js';
import { type BuildSummary, summarise } from './build-summary.js';
import { type PastBuild, readHistory } from './history.js';
import { type Deed, readDeeds } from './people.js';
import { planOf } from './plan-of.js';
import { type QueuePlace, readQueuePlace } from './queue-place.js';
import { readVisible, type Viewer } from './visible.js';

export interface AttemptView {
  readonly attempt: number;
  readonly state: 'queued' | 'running' | 'finished' | 'cancelled' | 'lost';
  readonly worker: string | null;
  /** `package: phase`, the last that was heard of. */
  readonly phase: string | null;
  readonly recorded: boolean;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly heartbeatAt: Date | null;
  readonly finishedAt: Date | null;
  readonly logBytes: number;
  /** Whether it uses nothing that was built before. */
  readonly fresh: boolean;
  /** In order; `seconds` is null for the one that goes on. */
  readonly phases: readonly PhaseView[];
}

export interface PhaseView {
  /** `package: phase`, or the phase alone where no more was kept. */
  readonly name: string;
  readonly seconds: number | null;
}

export interface BuildView extends BuildSummary {
  readonly pullTitle: string | null;
  readonly reasons: readonly string[];
  readonly needsApproval: string | null;
  readonly approvedBy: string | null;
  /** False where the stored plan cannot be read: nothing of it is known, its spec, limits and base least. */
  readonly readable: boolean;
  readonly spec: string;
  readonly concreteSpec: string | null;
  readonly dagHash: string | null;
  readonly sandbox: string;
  readonly tests: boolean;
  readonly limitSeconds: number;
  /** `E4S 25.06`, where everything is built within its constraints. */
  readonly environment: string | null;
  /** Where the packages of the newest attempt came from; null when nothing was installed. */
  readonly origins: Origins | null;
  readonly published: string | null;
  /** The build that proved this one; null where it was built itself. */
  readonly proof: Proof | null;
  /** Null for a build of a branch. */
  readonly base: { readonly ref: string; readonly sha: string } | null;
  readonly fork: boolean;
  /** What the hub says that the pool's workers build with; null where it says nothing. */
  readonly pins: { readonly spack: string | null; readonly packages: string | null } | null;
  /** What the newest attempt was built with. */
  readonly versions: Versions | null;
  readonly checkRunId: number | null;
  readonly verdict: Verdict | null;
  /** Why it ended without a verdict, one line. */
  readonly detail: string | null;
  /** Whose move it is, with `**bold**`; null where nobody has to do anything. */
  readonly nextMove: string | null;
  readonly reproduce: readonly string[] | null;
  readonly attempts: readonly AttemptView[];
}

/** What only its own page shows; a live log, which looks every second, does without. */
export interface WholeBuildView extends BuildView {
  /** Null unless it waits for a worker or runs. */
  readonly queue: QueuePlace | null;
  readonly people: readonly Deed[];
  /** This check on this pool, whosever pull request; newest first, this build among them. */
  readonly history: readonly PastBuild[];
}

/** Null when there is no such build, or none that may be shown. */
export async function readBuild(db: Db, id: string, viewer: Viewer): Promise<BuildView | null> {
  // No id holds it, and the database would not even look.
  if (id.includes('\0')) return null;
  const [row] = await db
    .select({ build: builds, pullTitle: subjects.title, approvedBy: approvals.by })
    .from(builds)
    .leftJoin(subjects, and(eq(subjects.repositoryId, builds.repositoryId), eq(subjects.number, builds.number)))
    .leftJoin(
      approvals,
      and(
        eq(approvals.repositoryId, builds.repositoryId),
        eq(approvals.number, builds.number),
        eq(approvals.headSha, builds.headSha),
        eq(approvals.pool, builds.pool),
      ),
    )
    .where(eq(builds.id, id));
  if (row === undefined) return null;
  const repository = (await readVisible(db, viewer)).names.get(row.build.repositoryId);
  if (repository === undefined) return null;
  const tries = await db.select().from(attempts).where(eq(attempts.buildId, id)).orderBy(asc(attempts.attempt));
  const { build } = row;
  const newest = tries.find((each) => each.attempt === build.attempt);
  const { plan, readable } = planOf({ ...build, repository });
  const { end } = build;
  const concreteSpec = newest?.result?.concreteSpec ?? null;
  return {
    ...summarise({
      id: build.id,
      repository,
      number: build.number,
      headSha: build.headSha,
      name: build.name,
      product: build.product,
      pool: build.pool,
      required: build.required,
      needsApproval: build.needsApproval,
      plan,
      state: build.state,
      attempt: build.attempt,
      end,
      waiver: build.waiver,
      createdAt: build.createdAt,
      startedAt: build.startedAt,
      completedAt: build.completedAt,
      deadlineAt: build.deadlineAt,
      phase: newest?.phase ?? null,
      recorded: newest?.recorded ?? null,
    }),
    pullTitle: row.pullTitle === null ? null : shown(row.pullTitle),
    reasons: build.reasons.map((reason) => shown(reason, 500)),
    needsApproval: build.needsApproval === null ? null : shown(build.needsApproval, 600),
    approvedBy: row.approvedBy,
    readable,
    spec: plan.spec,
    concreteSpec: concreteSpec === null ? null : shown(concreteSpec, 4000),
    dagHash: newest?.result?.dagHash ?? proofOf(end)?.dagHash ?? null,
    sandbox: plan.sandbox,
    tests: plan.tests,
    limitSeconds: plan.limits.seconds,
    environment: plan.environment ? shown(plan.environment.name) : null,
    origins: newest?.result?.origins ?? null,
    published: publishedLine(newest?.result?.published),
    proof: proofOf(end),
    base: plan.pull === null ? null : { ref: shown(plan.pull.baseRef), sha: plan.pull.baseSha },
    fork: plan.pull?.fork ?? false,
    pins: plan.pins ?? null,
    versions: newest?.versions ?? null,
    checkRunId: build.checkRunId,
    verdict: end?.kind === 'verdict' ? shownVerdict(end.verdict) : null,
    detail: end === null || end.kind === 'verdict' ? null : shown(end.detail, 600),
    nextMove: end === null ? null : moveAfter(end, build.waiver, plan),
    reproduce: readable ? reproduceCommands(plan, concreteSpec) : null,
    attempts: tries.map((each) => ({
      attempt: each.attempt,
      state: each.state,
      worker: each.worker,
      phase: each.phase === null ? null : shown(each.phase),
      recorded: each.recorded,
      queuedAt: each.queuedAt,
      startedAt: each.startedAt,
      heartbeatAt: each.heartbeatAt,
      finishedAt: each.finishedAt,
      logBytes: each.logBytes,
      fresh: each.fresh,
      phases: phasesOf(each),
    })),
  };
}

function publishedLine(published: BuildResult['published']): string | null {
  const text = publishedText(published);
  return text === null ? null : shown(text, 600);
}

function proofOf(end: BuildEnd | null): Proof | null {
  return (end?.kind === 'verdict' ? end.proof : null) ?? null;
}

/** Null when there is no such build, or none that may be shown. */
export async function readWholeBuild(
  db: Db,
  id: string,
  rules: FleetRules,
  now: Date,
  viewer: Viewer,
): Promise<WholeBuildView | null> {
  const view = await readBuild(db, id, viewer);
  if (view === null) return null;
  const [build] = await db
    .select({ repositoryId: builds.repositoryId, queuedAt: attempts.queuedAt, outlook: attempts.outlook })
    .from(builds)
    .leftJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(eq(builds.id, id));
  if (build === undefined) return null;
  const { repositoryId, queuedAt, outlook } = build;
  return {
    ...view,
    queue: await readQueuePlace(db, view, queuedAt === null ? undefined : { queuedAt, outlook }, rules, now),
    people: await readDeeds(db, { ...view, repositoryId }),
    history: await readHistory(db, await readVisible(db, viewer), view),
  };
}

/** As they were told while it went on; of an attempt that told none, what its worker said at the end. */
function phasesOf({ phases, result, finishedAt }: typeof attempts.$inferSelect): PhaseView[] {
  if (phases.length === 0) return (result?.phases ?? []).map(({ name, seconds }) => ({ name: shown(name), seconds }));
  return phases.map(({ name, at }, index) => {
    const next = phases[index + 1]?.at;
    const end = next === undefined ? finishedAt : new Date(next);
    return { name: shown(name), seconds: end === null ? null : Math.max(0, (end.getTime() - Date.parse(at)) / 1000) };
  });
}

function moveAfter(end: BuildEnd, waiver: Waiver | null, plan: BuildPlan): string | null {
  if (isWaived(end, waiver)) return null;
  if (end.kind === 'ended') return null;
  if (end.kind === 'unreadable' || end.kind === 'expired')
    return '**Not your change.** **Next:** the operators of the hub and its pools look after it; nothing has to be pushed.';
  if (end.kind !== 'verdict') return `${whose('infrastructure')} ${nextStep('infrastructure')}`;
  const { verdict } = end;
  if (verdict.outcome === 'passed') return null;
  const moves = movesAfter(end, verdict, plan);
  return shown(`${moves.whose} ${moves.next}`.replace(/\\([!-/:-@[-`{-~])/g, '$1'), 1000);
}

function shownVerdict(verdict: Verdict): Verdict {
  return {
    ...verdict,
    summary: shown(verdict.summary, 600),
    excerpt: shownBlock(fromSource(verdict.excerpt)),
    annotations: (verdict.annotations ?? []).map((one) => ({
      ...one,
      path: shown(one.path, 400),
      message: shown(one.message, 1000),
    })),
  };
}
