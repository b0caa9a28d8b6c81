/** Whose turn it is on an open issue, since when, and how long its owners have had it. */
import { html } from 'hono/html';
import { ownersTime, turnOf } from '../../triage/conversation.js';
import type { IssueView } from '../read/issue.js';
import type { TriageView } from '../read/triage-view.js';
import { duration } from '../text.js';
import { type Html, type PageContext, spokeLink, when } from './parts.js';

/** Null where nothing is known of it. `triage` is the decision in force; null before the first. */
export function turnInWords(
  { talk, proposal }: Pick<IssueView, 'talk' | 'proposal'>,
  triage: TriageView | null,
  context: PageContext,
): Html | null {
  if (talk === null) return null;
  const { now } = context;
  const turn = turnOf(talk);
  const since = when(new Date(turn.since), now);
  const owners = duration(ownersTime(talk, now) / 1000);
  if (turn.of === 'reporter')
    return html`the reporter's, asked ${since} <span class="dim">· before that its owners had it for ${owners}</span>`;
  const unanswered = turn.unanswered ? '; no maintainer has answered yet' : '';
  const waited = talk.waited === 0 ? '' : html` <span class="dim">· ${owners} without the time of the reporter</span>`;
  // The turn is older than the proposal, so that "since" would be said of the wrong thing.
  if (proposal !== null)
    return html`that of the people of ${spokeLink(proposal.waitsFor, context)}: one of them has to accept what ${proposal.by} proposes${unanswered}${waited}`;
  return html`${holders(triage, context)}, since ${since}${unanswered}${waited}`;
}

/** Only a product has owners. */
function holders(triage: TriageView | null, context: PageContext): Html {
  if (triage === null || triage.product !== null || triage.spokes.accountable === '') return html`its owners'`;
  const people = html`that of the people of ${spokeLink(triage.spokes.accountable, context)}`;
  return triage.mode === 'abstain' ? html`${people}, who have to say whose it is` : people;
}
