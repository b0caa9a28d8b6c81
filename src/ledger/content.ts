/** From the ledger's rows to what the check run shows; the words are those of `ci/report.ts`. */
import type { PlannedCheck } from '../actions.js';
import type { CheckRunContent } from '../check-run.js';
import type { Allowed } from '../ci/report/allowed.js';
import { conclusionOf, type Ending, endingOf, isWaived } from '../ci/report/conclusion.js';
import type { RollUpEntry } from '../ci/report/roll-up.js';
import { type BuildStage, type CheckReport, type ReportInput, reportCheck } from '../ci/report.js';
import { BuildPlan } from '../protocol.js';
import { type Build, type BuildAttempt, isHeldBySite, LIMITS, plusSeconds, runDeadline } from './state.js';

/**
 * `publicUrl` is the address people reach the pages at, without a slash at its end; null when there is none. `allowed` says who may use
 * which command; null where none are taken.
 */
export function buildContent(
  build: Build,
  attempt: BuildAttempt | null,
  publicUrl: string | null,
  allowed: Allowed | null = null,
): CheckRunContent {
  const report = reportOf(
    build,
    {
      check: checkOf(build),
      attempt: build.attempt,
      stage: stageOf(build, attempt),
      waiver: build.waiver,
      versions: attempt?.versions ?? null,
      concreteSpec: attempt?.result?.concreteSpec ?? null,
      seconds: attempt?.result?.seconds ?? null,
      origins: attempt?.result?.origins ?? null,
      published: attempt?.result?.published ?? null,
      headVersions: attempt?.result?.headVersions ?? {},
      recorded: tellsOfRun(build, attempt?.recorded ?? false),
      fresh: attempt?.fresh ?? false,
      allowed,
      logUrl: publicUrl === null ? null : `${publicUrl}/builds/${build.id}`,
      proofUrl: proofUrl(build, publicUrl),
    },
    // Deadlines are told from the ledger's own times, so that the same state always reads the same.
    build.createdAt.getTime(),
  );
  return checkRunContent(build.name, report, {
    startedAt: build.startedAt,
    completedAt: build.completedAt,
  });
}

/** Of a plan that cannot be read nothing can be told but that; its check ends all the same. */
function reportOf(build: Build, input: ReportInput, now: number): CheckReport {
  if (BuildPlan.safeParse(build.plan).success) return reportCheck(input, now);
  const { end } = build;
  const over = end?.kind === 'ended';
  return {
    status: 'completed',
    conclusion: conclusionOf(over ? end.why : 'unreadable'),
    title: 'Not checked, not your change: the build could not be read',
    summary: over
      ? '**Nothing to do here.** Nobody needs this build any more.'
      : "**Not your change.** The hub's operators look after it and run it again; nothing has to be pushed.",
    text: '',
    annotations: [],
    actions: [],
    detailsUrl: input.logUrl,
  };
}

function proofUrl({ end }: Build, publicUrl: string | null): string | null {
  const proof = end?.kind === 'verdict' ? end.proof : undefined;
  return proof === undefined || publicUrl === null ? null : `${publicUrl}/builds/${proof.buildId}`;
}

/** Of one that was given up nothing of the run is told, whether a worker had begun to play it or not. */
function tellsOfRun({ end }: Build, recorded: boolean): boolean {
  return recorded && end?.kind !== 'ended';
}

/** A build as the roll-up of its head sees it; `played`: its newest attempt plays a recorded run. */
export function rollUpEntry(build: Build, played: boolean): RollUpEntry {
  const recorded = tellsOfRun(build, played);
  const { name, required, state } = build;
  const number = build.number ?? 0;
  const stage = stageOf(build, null);
  const waived = isWaived(stage.kind === 'completed' ? stage.end : null, build.waiver);
  const entry = { name, number, required, recorded, build: true, waived, ending: endingAt(stage) };
  if (stage.kind === 'queued' || stage.kind === 'running')
    return { ...entry, state: stage.kind, conclusion: null, title: '', endedAt: null };
  const { title, conclusion } = reportOf(
    build,
    {
      check: checkOf(build),
      attempt: build.attempt,
      stage,
      waiver: build.waiver,
      versions: null,
      concreteSpec: null,
      seconds: null,
      recorded,
      fresh: false,
      allowed: null,
      logUrl: null,
    },
    build.createdAt.getTime(),
  );
  const endedAt = state === 'completed' ? (build.completedAt?.getTime() ?? null) : null;
  return { ...entry, state: 'ended', conclusion, title, endedAt };
}

function endingAt(stage: BuildStage): Ending | null {
  if (stage.kind === 'waiting-approval') return stage.kind;
  return stage.kind === 'completed' ? endingOf(stage.end) : null;
}

function checkOf(build: Build): PlannedCheck {
  const { installationId, repositoryId, repository: fullName, number } = build;
  const repo = { installationId, repositoryId, fullName };
  return {
    ...(number === null
      ? { pull: null, nightly: { of: { ...repo, branch: build.plan.branch?.name ?? '' }, since: 0 } }
      : { pull: { ...repo, number } }),
    headSha: build.headSha,
    name: build.name,
    required: build.required,
    reasons: build.reasons,
    needsApproval: build.needsApproval,
    build: build.plan,
  };
}

function stageOf(build: Build, attempt: BuildAttempt | null): BuildStage {
  const deadline = build.deadlineAt.getTime();
  switch (build.state) {
    case 'waiting-approval':
      return { kind: 'waiting-approval', why: build.needsApproval ?? '', deadline };
    case 'queued':
      return {
        kind: 'queued',
        outlook: attempt?.outlook ?? null,
        queuedAt: attempt?.queuedAt.getTime() ?? null,
        deadline,
      };
    case 'running':
      if (attempt !== null && isHeldBySite(attempt))
        return {
          ...{
            kind: 'running',
            package: null,
            phase: null,
            startedAt: null,
            waits: attempt.phase ?? '',
            outlook: null,
          },
          deadline: plusSeconds(attempt.queuedAt, LIMITS.queuedBehindOthers).getTime(),
        };
      return {
        kind: 'running',
        package: null,
        phase: null,
        startedAt: build.startedAt?.getTime() ?? null,
        outlook: attempt?.outlook ?? null,
        // The deadline of the part that it is in comes and goes; people are told that of the whole.
        deadline: runDeadline(build, build.startedAt ?? build.createdAt).getTime(),
      };
    case 'completed':
      return { kind: 'completed', end: build.end ?? { kind: 'lost', detail: 'The ledger holds no end.' } };
  }
}

/** A report in the words of GitHub's API. */
export function checkRunContent(
  name: string,
  report: CheckReport,
  times: { startedAt: Date | null; completedAt: Date | null },
): CheckRunContent {
  return {
    name,
    status: report.status,
    ...(report.conclusion === null ? {} : { conclusion: report.conclusion }),
    ...(times.startedAt === null ? {} : { started_at: times.startedAt.toISOString() }),
    ...(report.conclusion === null || times.completedAt === null
      ? {}
      : { completed_at: times.completedAt.toISOString() }),
    ...(report.detailsUrl === null ? {} : { details_url: report.detailsUrl }),
    output: {
      title: report.title,
      summary: report.summary,
      ...(report.text === '' ? {} : { text: report.text }),
      annotations: report.annotations.map((one) => ({
        path: one.path,
        start_line: one.line,
        end_line: one.line,
        ...(one.column === undefined ? {} : { start_column: one.column, end_column: one.column }),
        annotation_level: one.level,
        message: one.message,
      })),
    },
    actions: report.actions.map(({ label, description, identifier }) => ({ label, description, identifier })),
  };
}
