/** Budgets in the transaction of a decision: reads what was spent, decides what is done now, and keeps both. */
import type { Action, Decision, IssueRef } from '../actions.js';
import type { Budgets } from '../registry/budgets-section.js';
import { isSecondLook, lookAgain, lookAtPullLater } from '../store/look-again.js';
import { noteNotices, spend, spentOf } from '../store/manners.js';
import type { Db } from '../store/open.js';
import { findSubject } from '../store/subjects.js';
import { type Admission, admit, countsOf } from '../triage/budgets/admit.js';

/** What the admission has to know of a decision. */
export interface ToAdmit {
  readonly kind: string;
  readonly subject: { readonly repositoryId: number; readonly number: number | null };
  readonly delivery: string | null;
  readonly decision: Pick<Decision, 'actions'>;
  readonly backfill?: { readonly labelsOnly: boolean };
}

/** What of a decision is done now. What is left out is looked at again when there is room. */
export async function admitDecided(tx: Db, decided: ToAdmit, budgets: Budgets, now: Date): Promise<Admission> {
  const { repositoryId, number } = decided.subject;
  const { actions } = decided.decision;
  // An issue of ours; how its cause stands is looked at again by itself.
  const own = isOwnIssue(decided);
  const asking = {
    issue: { repositoryId, number: number ?? 0 },
    actions,
    byPerson: !['triage', 'downstream'].includes(decided.kind) && !own,
    firstComment: false,
    // Asked for at every look until there is room: as news each time it would set off the breaker by itself.
    again: isSecondLook(decided.delivery) || own,
  };
  // An issue that is still to be made has no number, and its writes count all the same.
  const keys = number === null && !own ? [] : countsOf(asking);
  const spent = await spentOf(tx, keys, now);
  const firstComment =
    keys.length > 0 &&
    actions.some(({ kind }) => kind === 'sticky-comment') &&
    (await findSubject(tx, repositoryId, number!))?.commentBody == null;
  const admission = admit({ ...asking, firstComment }, spent, budgets, now);
  await spend(tx, admission.spend, now);
  await noteNotices(tx, { repositoryId, number }, admission.notices, now);
  if (admission.held !== null && !own) {
    const { until } = admission.held;
    if (decided.kind === 'downstream') await lookAtPullLater(tx, issueOf(actions), until, now);
    else await lookAgain(tx, issueOf(actions), decided.backfill, until, now);
  }
  return admission;
}

/** Whether it is about an issue of ours. */
export function isOwnIssue({ kind }: Pick<ToAdmit, 'kind'>): boolean {
  return kind === 'nightly' || kind === 'pause';
}

/** Something is held only when there was something to write, and that names the issue. */
function issueOf(actions: readonly Action[]): IssueRef {
  for (const action of actions) if ('issue' in action) return action.issue;
  throw new Error('held without an issue');
}

/** How the digest of a held decision's facts is kept: the same facts, or any at all, change nothing before a moment. */
export function heldDigest(held: Admission['held'], digest: string): string {
  return held === null ? digest : `${held.paused ? 'paused' : 'held'} ${held.until.toISOString()} ${digest}`;
}

/** Whether a decision from these facts can lead to nothing that the last one has not led to. */
export function addsNothing(last: string | null, digest: string, now: Date): boolean {
  const [, mark, until, rest] = /^(paused|held) (\S+) (.*)$/.exec(last ?? '') ?? [];
  if (mark === undefined) return last === digest;
  return new Date(until!) > now && (mark === 'paused' || rest === digest);
}
