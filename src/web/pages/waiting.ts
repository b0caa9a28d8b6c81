/** What waits for a spoke's people, as a list to work off from top to bottom, with the command that settles each part. */
import { html } from 'hono/html';
import { MISSING } from '../../triage/missing.js';
import { ours } from '../links.js';
import { count } from '../text.js';
import { WAITS, type WaitingIssue, type WaitsFor } from '../waiting.js';
import { whereTo } from './lists.js';
import { codes, type Html, joined, type PageContext, when } from './parts.js';

/** In each part; the rest is folded. */
const SHOWN = 10;

const PARTS: Readonly<Record<WaitsFor, { readonly title: string; readonly how: string }>> = {
  proposal: {
    title: 'Somebody proposes a move',
    how: '`/spokebot accept` agrees to it; `/spokebot route SPOKE` says otherwise.',
  },
  unclear: {
    title: 'A person has to say what it is about',
    how: '`/spokebot accept` takes the first guess, `/spokebot product NAME` names it, `/spokebot route SPOKE` passes it on.',
  },
  answered: {
    title: 'The reporter has answered',
    how: 'Say what follows on the issue; `/spokebot needs-info WORDS` asks again.',
  },
  new: {
    title: 'Routed here, and nobody has it yet',
    how: '`/spokebot accept` says that it is yours, `/spokebot assign` takes it yourself, `/spokebot route SPOKE` passes it on.',
  },
  reporter: {
    title: 'Waits for the reporter',
    how: 'Nothing to do until there is an answer; it then moves up by itself.',
  },
};

const SINCE: Readonly<Record<WaitsFor, string>> = {
  proposal: 'came',
  unclear: 'came',
  answered: 'answered',
  new: 'came',
  reporter: 'asked',
};

/** `waiting` is in the order of urgency. */
export function waitingSection(waiting: readonly WaitingIssue[], context: PageContext): Html {
  const urgent = waiting.filter(({ waits }) => waits !== 'reporter').length;
  const parts = WAITS.map((waits) => ({ waits, list: waiting.filter((each) => each.waits === waits) }));
  return html`<section aria-labelledby="waiting"><h2 id="waiting">${urgent === 0 ? 'Waiting list' : `${count(urgent, 'issue waits', 'issues wait')} for its people`}</h2>
${waiting.length === 0 ? html`<p class="empty good">Nothing waits here.</p>` : parts.filter(({ list }) => list.length > 0).map(({ waits, list }) => part(waits, list, context))}</section>`;
}

function part(waits: WaitsFor, list: readonly WaitingIssue[], context: PageContext): Html {
  const { title, how } = PARTS[waits];
  const rest = list.slice(SHOWN);
  const rows = (some: readonly WaitingIssue[]) => some.map((each) => waitingRow(each, context));
  return html`<h3>${title} <span class="dim">${list.length}</span></h3>${context.commands || waits === 'reporter' ? html`<p class="dim small">${codes(how)}</p>` : ''}
<ul class="rows">${rows(list.slice(0, SHOWN))}</ul>
${rest.length === 0 ? '' : html`<details class="more"><summary>${count(rest.length, 'more', 'more')}</summary><ul class="rows">${rows(rest)}</ul></details>`}`;
}

/** The title leads to GitHub, where the answer is written; the number leads to our page with the reasons. */
function waitingRow(issue: WaitingIssue, context: PageContext): Html {
  const { repository, number, title, triage, since, detail, waits, reason } = issue;
  const missing = waits === 'new' && detail === null ? (triage?.missing ?? []) : [];
  return html`<li class="row"><div class="row-head"><a class="main-link out" href="${context.github.issue(repository, number)}" rel="noreferrer noopener"><bdi>${title}</bdi></a></div>
<div class="row-foot">${joined(
    [
      html`<a href="${ours.issue(repository, number)}">${repository}#${number}</a>`,
      ...(detail === null ? [] : [html`<strong><bdi>${detail}</bdi></strong>`]),
      html`${SINCE[waits]} ${when(since, context.now)}${issue.unanswered ? ', nobody has answered' : ''}`,
      html`${whereTo(issue, context)}${triage?.kind ? ` · ${triage.kind.id}` : ''}`,
      ...(waits === 'unclear' && triage !== null && triage.candidates.length > 0
        ? [
            html`guesses: ${triage.candidates.map((one) => `${one.product} ${Math.round(one.score * 100)} %`).join(', ')}`,
          ]
        : []),
      ...(missing.length === 0
        ? []
        : [
            html`the reporter is asked for: ${joined(
              missing.map((id) => codes(MISSING[id] ?? id)),
              '; ',
            )}`,
          ]),
      ...(reason === null || waits === 'reporter' ? [] : [html`<span class="reason"><bdi>${reason}</bdi></span>`]),
    ],
    ' · ',
  )}</div></li>`;
}

const FEW: Readonly<Record<WaitsFor, string>> = {
  proposal: 'to accept',
  unclear: 'undecided',
  answered: 'answered',
  new: 'new',
  reporter: 'with the reporter',
};

/** What waits for a spoke in a few words, the urgent ones first: `1 to accept`, `2 undecided`, `3 new`. */
export function waitsInWords(waits: readonly { readonly what: WaitsFor; readonly n: number }[]): string[] {
  return waits.filter(({ n }) => n > 0).map(({ what, n }) => `${n} ${FEW[what]}`);
}
