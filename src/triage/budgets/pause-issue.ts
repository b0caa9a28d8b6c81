/** The issue in the hub's repository about a repository in which triage pauses: one for each, kept up to date (`ci/own-issue.ts`). Pure. */
import type { PauseState } from '../../actions.js';
import { quote } from '../safe-text.js';
import { BREAKER } from './admit.js';

export interface PauseText extends PauseState {
  /** Writes that were wanted within the hour before it, done or not; null where that is not known any more. */
  readonly wanted: number | null;
  /** `budgets.writesPerHour` of the hub. */
  readonly allowed: number;
  /** Address of the hub's page; null where there is none. */
  readonly page: string | null;
}

export function pauseTitle({ repository }: Pick<PauseState, 'repository'>): string {
  return `Triage pauses in ${repository}: far more was to be written than its budget lets through`;
}

/** The whole text of the issue, as it is now. */
export function pauseBody(text: PauseText): string {
  const { repository, since, until, over, times, wanted, allowed, page } = text;
  const where = quote(repository);
  const many = wanted === null || wanted === 0 ? 'Too much' : `${wanted} writes`;
  const why = `${many} had been wanted there within an hour. The budget is ${allowed}, and from ${BREAKER} times that on spokebot takes it that something goes round in circles.`;
  const again = times > 1 ? ` It is pause ${times} since this issue was opened.` : '';
  const head = over
    ? `**Over:** triage of ${where} goes on since ${moment(until)}. It had paused since ${moment(since)}. ${why}${again} Close this issue when it is dealt with; spokebot does not.`
    : `**Triage of ${where} pauses until ${moment(until)}**, since ${moment(since)}. ${why}${again}`;
  const kept = over
    ? 'What was left out meanwhile is looked at again by itself.'
    : 'Nothing is lost: issues are looked at again when it ends, commands of people are carried out then, and build checks go on.';
  return [
    head,
    kept,
    [
      '**What to look at**',
      '',
      '- Does another program answer what spokebot writes there, or undo it? Switch one of them off for that repository.',
      '- Did somebody change very many issues at once? Then nothing is wrong; it goes on by itself.',
      '- Is so much to be written there every day? Raise `writesPerHour` under `budgets` in `hub.yml`.',
    ].join('\n'),
    page === null ? '' : `[The hub's page](${page}) shows it too.`,
    over
      ? ''
      : 'There is one issue for each repository: while it is open its text is kept up to date, and it says so when the pause is over.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** To the minute. */
function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
