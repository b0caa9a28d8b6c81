/** Whose turn it is on an open issue, since when, and how long its owners have had it. */
import { html } from 'hono/html';
import { type Conversation, ownersTime, turnOf } from '../../triage/conversation.js';
import { duration } from '../text.js';
import { type Html, type PageContext, when } from './parts.js';

/** Null where nothing is known of it. */
export function turnInWords(talk: Conversation | null, { now }: PageContext): Html | null {
  if (talk === null) return null;
  const turn = turnOf(talk);
  const since = when(new Date(turn.since), now);
  const owners = duration(ownersTime(talk, now) / 1000);
  if (turn.of === 'reporter')
    return html`the reporter's, asked ${since} <span class="dim">· before that its owners had it for ${owners}</span>`;
  const waited = talk.waited === 0 ? '' : html` <span class="dim">· ${owners} without the time of the reporter</span>`;
  return html`its owners', since ${since}${turn.unanswered ? '; no maintainer has answered yet' : ''}${waited}`;
}
