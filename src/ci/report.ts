/**
 * From where a build is to what its check run shows. Written so that a contributor understands everything from the check alone: what
 * happened, where, the lines that matter, whose move it is, and how to see it at home. Reports are values; an equal one is not sent.
 */
import type { SkippedCheck } from './plan.js';
import { type BuildEnd, conclusionOf, endingOf, isWaived, type Waiver } from './report/conclusion.js';
import { duration } from './report/duration.js';
import { expectedEnd, expectedText } from './report/expected.js';
import { afterLines, approveCommand, BUTTONS, buttonsAfter, cancelLine } from './report/handles.js';
import { reproduceCommands } from './report/reproduce.js';
import { code, fenced, joinSections, plainLine, prose, shorten, TITLE_LIMIT } from './report/text.js';
import { titleOf } from './report/title.js';
import type { BuildStage, CheckReport, Outlook, ReportInput } from './report/types.js';
import { nextStep, whose } from './report/words.js';
import { scrub } from './scrub.js';
import type { Verdict } from './verdict.js';

export type { BuildEnd, Conclusion, Waiver } from './report/conclusion.js';
export type { BuildStage, ButtonIdentifier, CheckButton, CheckReport, Outlook, ReportInput } from './report/types.js';

/** GitHub takes so many annotations in one request. */
export const ANNOTATION_BATCH = 50;

/** Builds the report. `now` (milliseconds since 1970) tells deadlines that lie ahead from those that are over. */
export function reportCheck(input: ReportInput, now: number, scrubber?: (text: string) => string): CheckReport {
  const clean = (text: string): string => scrub(text, scrubber);
  const { stage } = input;
  const shown = { title: titleOf(withScrubbedVerdict(input, clean)), detailsUrl: input.logUrl };
  switch (stage.kind) {
    case 'waiting-approval':
      return {
        ...shown,
        status: 'completed',
        conclusion: conclusionOf('waiting-approval'),
        summary: joinSections([
          recordedNote(input),
          `**A maintainer's move, not the author's.** ${prose(stage.why, 600)}`,
          `**Next:** ${approver(input)} looks at the code and presses *${BUTTONS.approve.label}* above${approveCommand(input)}. Nothing of this pull request runs before that.`,
          input.allowed === null ? '' : `Approving is for ${input.allowed.approve}.`,
          deadlineText(stage.deadline, now),
        ]),
        text: details(input, clean),
        annotations: [],
        actions: [BUTTONS.approve],
      };
    case 'queued':
      return {
        ...shown,
        status: 'queued',
        conclusion: null,
        summary: joinSections([
          recordedNote(input),
          queueText(input, stage.outlook),
          expectedText(expectedEnd(stage.outlook, stage.queuedAt), stage.outlook),
          deadlineText(stage.deadline, now),
          cancelLine(input),
        ]),
        text: details(input, clean),
        annotations: [],
        actions: [BUTTONS.cancel],
      };
    case 'running':
      return {
        ...shown,
        status: 'in_progress',
        conclusion: null,
        summary: joinSections([
          recordedNote(input),
          stage.package === null
            ? `**Nothing to do now.** A worker of pool ${code(input.check.build.pool)} has the build and prepares it.`
            : `**Nothing to do now.** ${code(stage.package)} is in phase ${code(stage.phase ?? 'start')}${attemptText(input)}.`,
          expectedText(runningEnd(stage), stage.outlook),
          deadlineText(stage.deadline, now),
          cancelLine(input),
          logText(input),
        ]),
        text: details(input, clean),
        annotations: [],
        actions: [BUTTONS.cancel],
      };
    case 'completed': {
      const verdict = stage.end.kind === 'verdict' ? scrubbed(stage.end.verdict, clean) : null;
      const { waiver } = input;
      const waived = waiver !== null && isWaived(stage.end, waiver);
      return {
        ...shown,
        status: 'completed',
        // The one place where a check that did not pass lets the pull request through: a person answers for it by name.
        conclusion: waived ? 'neutral' : conclusionOf(endingOf(stage.end)),
        summary: joinSections([
          ...(waived ? waivedText(input, waiver, clean) : []),
          recordedNote(input),
          ...endText(input, stage.end, verdict, clean, waived),
          waived ? '' : afterLines(input, stage.end),
          logText(input),
        ]),
        text: details(input, clean),
        annotations: verdict?.annotations ?? [],
        actions: buttonsAfter(stage.end),
      };
    }
  }
}

/** The check run of a check that was planned away. Only "nothing to do here" is `skipped`, which passes a required check. */
export function reportSkipped(skipped: SkippedCheck): CheckReport {
  const nothing = skipped.kind === 'nothing-to-do';
  return {
    status: 'completed',
    conclusion: nothing ? 'skipped' : 'action_required',
    title: plainLine(`${nothing ? 'Nothing to do' : 'Not checked'}: ${skipped.reason}`, TITLE_LIMIT),
    summary: joinSections(
      nothing
        ? [`**Nothing to do.** ${prose(skipped.reason, 1000)}`]
        : [
            `**Not checked, which is not the change's fault.** ${prose(skipped.reason, 1000)}`,
            '**Next:** who holds it back takes that away, and it is looked at again by itself; the next push does the same.',
          ],
    ),
    text: '',
    annotations: [],
    actions: [],
    detailsUrl: null,
  };
}

/** Slices of at most 50, in order; one empty batch never. */
export function annotationBatches<T>(annotations: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < annotations.length; at += ANNOTATION_BATCH)
    batches.push(annotations.slice(at, at + ANNOTATION_BATCH));
  return batches;
}

/** Somebody answers for it by name, so nobody has to do anything. */
function waivedText({ check }: ReportInput, { by, reason }: Waiver, clean: (text: string) => string): string[] {
  const why = prose(clean(reason), 400).trim();
  return [
    `**Nothing to do.** ${prose(by)} lets it stand for ${code(check.headSha.slice(0, 7))}: ${why}${/[.!?]$/.test(why) ? '' : '.'}`,
    'It did not pass; this is what was found. The next push is checked again.',
  ];
}

function runningEnd({ startedAt, outlook }: Extract<BuildStage, { kind: 'running' }>): number | null {
  return startedAt === null || !outlook?.seconds ? null : startedAt + outlook.seconds * 1000;
}

function queueText({ check }: ReportInput, outlook: Outlook | null): string {
  const pool = code(check.build.pool);
  if (outlook?.workers === 0) {
    return `**Nothing to do for you.** Pool ${pool} has no worker at the moment; the build starts by itself when its operators bring one.`;
  }
  const ahead = outlook?.ahead ?? 0;
  return ahead > 0
    ? `**Nothing to do now.** ${ahead} build${ahead === 1 ? ' is' : 's are'} before it in pool ${pool}. It starts by itself.`
    : `**Nothing to do now.** It is next in pool ${pool} and starts by itself when a worker is free.`;
}

function endText(
  input: ReportInput,
  end: BuildEnd,
  verdict: Verdict | null,
  clean: (text: string) => string,
  waived: boolean,
): string[] {
  const { check } = input;
  /** Whose move it is; nobody's once it is waived. */
  const move = (text: string) => (waived ? '' : text);
  if (end.kind === 'ended') return [...endedText(end), end.detail === '' ? '' : prose(clean(end.detail))];
  if (end.kind === 'lost')
    return [
      `${move('**Not your change.** ')}The worker that had this build fell silent. ${prose(clean(end.detail))}`.trim(),
      move(nextStep('infrastructure')),
    ];
  if (end.kind === 'expired')
    return [
      `${move('**Not your change.** ')}No worker took this build in time. ${prose(clean(end.detail))}`.trim(),
      move(
        `**Next:** the operators of pool ${code(check.build.pool)} bring its workers back; then run the check again. Nothing has to be pushed.`,
      ),
    ];
  if (verdict === null || verdict.outcome === 'passed') {
    const took = input.seconds === null ? '' : ` in ${duration(input.seconds)}`;
    return [`**Nothing to do.** ${code(check.build.spec)} was built${check.build.tests ? ' and tested' : ''}${took}.`];
  }
  const where = verdict.phase === null ? '' : `, phase ${code(verdict.phase)}`;
  const fault = verdict.outcome === 'unknown' ? 'unknown' : (verdict.fault ?? 'unknown');
  return [
    move(whose(fault, verdict.category)),
    `**${prose(verdict.summary)}**`,
    `Package ${code(verdict.package ?? check.build.package)}${where}.`,
    verdict.excerpt.trim() === '' ? '' : fenced(shorten(fromSource(verdict.excerpt), 12_000)),
    move(nextStep(fault, verdict.category)),
  ];
}

/** Paths of the stage fill a phone's screen before the message begins; what counts starts at the product's root. */
function fromSource(excerpt: string): string {
  return excerpt.replace(/\/[^\s'"]{0,400}\/spack-src\//g, '');
}

function endedText(end: Extract<BuildEnd, { kind: 'ended' }>): string[] {
  switch (end.why) {
    case 'superseded': {
      const by = end.bySha === null ? '' : ` (${code(end.bySha.slice(0, 7))})`;
      return [`**Nothing to do here.** A newer commit${by} took its place; look at the check there.`];
    }
    case 'closed':
      return [
        '**Nothing to do.** The pull request was closed, so the build was stopped. Reopening it starts a new one.',
      ];
    case 'unplanned':
      return ['**Nothing to do.** It starts again by itself when it is wanted again.'];
    case 'removed':
      return ['**Nothing to do.** spokebot was removed from the repository, so the build was stopped.'];
    case 'cancelled':
      return ['**Not checked, because it was stopped.** **Next:** run it again when it is wanted.'];
  }
}

function approver({ check, allowed }: ReportInput): string {
  return allowed === null ? `somebody who may write to ${code(check.pull.fullName)}` : 'a maintainer';
}

/** Why it runs, what was asked for, how to see it at home, what it was built with. */
function details(input: ReportInput, clean: (text: string) => string): string {
  const { check, versions } = input;
  const commands = reproduceCommands(check.build, input.concreteSpec);
  const rows = [
    ['Spec', check.build.spec],
    ['Pool', `${check.build.pool} (sandbox: ${check.build.sandbox})`],
    [
      'Spack',
      versions === null
        ? planned(check.build.pins?.spack)
        : [versions.spack, versions.spackCommit].filter((one) => one !== null).join(', '),
    ],
    ['Package repository', versions === null ? planned(check.build.pins?.packages) : versions.packagesCommit],
    ['Base', `${check.build.pull.baseRef} at ${check.build.pull.baseSha}`],
    ['Head', check.headSha],
    ['Attempt', attemptRow(input)],
    ['Built', input.concreteSpec === null ? null : clean(input.concreteSpec)],
  ].flatMap(([name, value]) => (value ? [`| ${name} | ${code(value).replaceAll('|', '\\|')} |`] : []));
  return joinSections([
    ['**Why this check runs**', '', ...check.reasons.map((reason) => `- ${prose(reason, 500)}`)].join('\n'),
    commands === null ? '' : `**See it at home**\n\n${fenced(commands.join('\n'), 'sh')}`,
    ['| | |', '|---|---|', ...rows].join('\n'),
  ]);
}

/** What the hub says of a pool, until a worker says what it really has. */
function planned(version: string | null | undefined): string | null {
  return version === null || version === undefined ? null : `${version} (as the hub says of the pool)`;
}

function recordedNote(input: ReportInput): string {
  return input.recorded ? '**Recorded run:** an earlier run is played here; nothing was built for this commit.' : '';
}

function logText(input: ReportInput): string {
  return input.logUrl === null ? '' : `[Whole log](${input.logUrl})`;
}

function attemptRow({ attempt, fresh }: ReportInput): string | null {
  if (fresh) return `${attempt}, without cache`;
  return attempt > 1 ? String(attempt) : null;
}

function attemptText(input: ReportInput): string {
  return input.attempt > 1 ? ` (attempt ${input.attempt})` : '';
}

function deadlineText(deadline: number | null, now: number): string {
  if (deadline === null) return '';
  const at = `${new Date(deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return deadline > now
    ? `If nothing comes of it by ${at}, the check ends as "not checked".`
    : `Its time ended at ${at}.`;
}

function withScrubbedVerdict(input: ReportInput, clean: (text: string) => string): ReportInput {
  const { stage } = input;
  if (stage.kind !== 'completed' || stage.end.kind !== 'verdict') return input;
  return {
    ...input,
    stage: { kind: 'completed', end: { kind: 'verdict', verdict: scrubbed(stage.end.verdict, clean) } },
  };
}

/** The verdict with its outside text cleaned; outcome, category and fault are our own words and always go out. */
function scrubbed(verdict: Verdict, clean: (text: string) => string): Verdict {
  return {
    ...verdict,
    summary: clean(verdict.summary),
    excerpt: clean(verdict.excerpt),
    annotations: verdict.annotations.map((one) => ({
      ...one,
      path: clean(one.path),
      message: plainLine(clean(one.message), 1000),
    })),
  };
}
