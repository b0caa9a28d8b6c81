/** The buttons of a check, and the commands that do the same from a comment, each with who may use it. */
import { placeOf } from '../../actions.js';
import type { BuildEnd } from './conclusion.js';
import { code } from './text.js';
import type { CheckButton, ReportInput } from './types.js';

/** GitHub allows three on a check. */
export const BUTTONS: Readonly<Record<'approve' | 'cancel' | 'retry' | 'fresh', CheckButton>> = {
  approve: { label: 'Approve this head', description: 'Build this commit on this pool, once', identifier: 'approve' },
  cancel: { label: 'Cancel', description: 'Stop this build', identifier: 'cancel' },
  retry: { label: 'Run again', description: 'Build the same commit once more', identifier: 'retry' },
  fresh: {
    label: 'Retry without cache',
    description: 'Once more, using nothing built before',
    identifier: 'retry-fresh',
  },
};

/** The buttons of a build that has ended. One that passed has GitHub's own re-run; one that nobody wants has nothing. */
export function buttonsAfter(end: BuildEnd): readonly CheckButton[] {
  const passed = end.kind === 'verdict' && end.verdict.outcome === 'passed';
  const unwanted = end.kind === 'ended' && end.why !== 'cancelled';
  return passed || unwanted ? [] : [BUTTONS.retry, BUTTONS.fresh];
}

/** `install hypre` of `spokebot / install hypre`: the name that commands take. */
export function shortName(check: string): string {
  return check.replace(/^spokebot\s*\/\s*/i, '');
}

/** How to approve, completing "…, or" of a sentence; '' where no commands are taken. */
export function approveCommand({ check, allowed }: ReportInput): string {
  return allowed === null ? '' : ` or comments ${command('approve', check.headSha.slice(0, 10))}`;
}

export function cancelLine({ check, allowed }: ReportInput): string {
  if (allowed === null) return '';
  if (check.pull === null) return `To stop it: *${BUTTONS.cancel.label}* (for ${allowed.cancel}).`;
  return `To stop it: *${BUTTONS.cancel.label}*, or comment ${command('cancel', shortName(check.name))} (for ${allowed.cancel}).`;
}

/** What can be done about a build that ended without passing. */
export function afterLines({ check, allowed }: ReportInput, end: BuildEnd): string {
  if (buttonsAfter(end).length === 0) return '';
  const name = shortName(check.name);
  const press = `*${BUTTONS.retry.label}* or *${BUTTONS.fresh.label}* above`;
  // Beside a commit there is nowhere to comment.
  if (allowed === null || check.pull === null)
    return `- Once more: ${press} (for ${allowed?.retry ?? `people with write access to ${code(placeOf(check).fullName)}`}).`;
  return [
    `- Once more: ${press}, or comment ${command('retry', name)} (for ${allowed.retry}).`,
    // What is not required holds nothing up.
    ...(check.required
      ? [`- Let it stand as it is: comment ${command('waive', `${name} reason="WHY"`)} (for ${allowed.waive}).`]
      : []),
  ].join('\n');
}

function command(verb: string, rest: string): string {
  return code(`/spokebot ${verb} ${rest}`);
}
