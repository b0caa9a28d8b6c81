/**
 * From where a build is to what its check run shows. Written so that a contributor understands everything from the check alone: what
 * happened, where, the lines that matter, whose move it is, and how to see it at home. Reports are values; an equal one is not sent.
 */
import { placeOf } from '../actions.js';
import type { SkippedCheck } from './plan.js';
import { conclusionOf, endingOf, isWaived } from './report/conclusion.js';
import { details } from './report/details.js';
import { endText, waivedText } from './report/ending-text.js';
import { expectedEnd, expectedText } from './report/expected.js';
import { afterLines, approveCommand, BUTTONS, buttonsAfter, cancelLine } from './report/handles.js';
import { code, joinSections, plainLine, prose, TITLE_LIMIT } from './report/text.js';
import { titleOf } from './report/title.js';
import type { BuildStage, CheckReport, Outlook, ReportInput } from './report/types.js';
import { scrub } from './scrub.js';
import type { Verdict } from './verdict.js';

export type { BuildEnd, Conclusion, Proof, Waiver } from './report/conclusion.js';
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
          stage.waits !== undefined
            ? `**Nothing to do now.** A worker of pool ${code(input.check.build.pool)} has the build, and its site has not begun it: ${prose(clean(stage.waits), 300)}. It starts by itself, and its time does not count yet.`
            : stage.package === null
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
    title: plainLine(skippedTitle(skipped), TITLE_LIMIT),
    summary: joinSections(
      nothing
        ? [`**Nothing to do.** ${prose(skipped.reason, 1000)}`]
        : [
            `**Not checked, which is not the change's fault.** ${prose(skipped.reason, 1000)}`,
            '**Next:** once that has changed, it is looked at again by itself, at the latest with the next push.',
          ],
    ),
    text: '',
    annotations: [],
    actions: [],
    detailsUrl: null,
  };
}

/** The title before it is cut to GitHub's length. */
export function skippedTitle({ kind, reason }: SkippedCheck): string {
  return `${kind === 'nothing-to-do' ? 'Nothing to do' : 'Not checked'}: ${reason}`;
}

/** Slices of at most 50, in order; one empty batch never. */
export function annotationBatches<T>(annotations: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < annotations.length; at += ANNOTATION_BATCH)
    batches.push(annotations.slice(at, at + ANNOTATION_BATCH));
  return batches;
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

function approver({ check, allowed }: ReportInput): string {
  return allowed === null ? `somebody who may write to ${code(placeOf(check).fullName)}` : 'a maintainer';
}

function recordedNote(input: ReportInput): string {
  return input.recorded ? '**Recorded run:** an earlier run is played here; nothing was built for this commit.' : '';
}

function logText(input: ReportInput): string {
  return input.logUrl === null ? '' : `[Whole log](${input.logUrl})`;
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
    stage: { kind: 'completed', end: { ...stage.end, verdict: scrubbed(stage.end.verdict, clean) } },
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
