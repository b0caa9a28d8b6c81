/** The triage of an issue: where it went and why, what else it could have been, and what people made of it. */
import { html } from 'hono/html';
import { MISSING } from '../../triage/missing.js';
import type { IssueDecision, IssueView } from '../read/issue.js';
import type { TriageView } from '../read/triage-view.js';
import { modeBadge } from './lists.js';
import {
  badge,
  codes,
  exactly,
  facts,
  type Html,
  joined,
  outward,
  type PageContext,
  productLink,
  spokeLink,
  when,
} from './parts.js';

export function issuePage(issue: IssueView, context: PageContext): Html {
  const { github } = context;
  const [current, ...earlier] = issue.decisions;
  return html`<p class="crumbs"><a href="/">Hub</a> / ${outward(github.repository(issue.repository), issue.repository)}</p>
<header class="head"><h1><bdi>${issue.title}</bdi> <span class="dim">#${issue.number}</span></h1>
<p class="dim">${badge(issue.open ? { tone: 'run', word: 'open' } : { tone: 'mute', word: 'closed' })} issue${issue.author === null ? '' : ` of ${issue.author}`} · ${outward(github.issue(issue.repository, issue.number), 'on GitHub')}</p></header>
${current === undefined ? html`<p class="empty">Not decided yet: spokebot looks at it within a minute.</p>` : currentSection(current, context)}
${labelsSection(issue)}
${current === undefined ? '' : correct(issue, context)}
${current === undefined ? '' : history([current, ...earlier], context)}`;
}

function currentSection({ triage, at }: IssueDecision, context: PageContext): Html {
  return html`<section class="verdict ${triage.mode === 'act' ? 'ok' : triage.mode === 'suggest' ? 'wait' : 'warn'}" aria-labelledby="where">
<h2 id="where">${modeBadge(triage.mode)} ${headline(triage, context)}</h2>
<ul class="plain">${triage.reasons.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>
${facts([
  ['Answers', triage.spokes.accountable === '' ? null : spokeLink(triage.spokes.accountable, context)],
  [
    'Kept informed',
    triage.spokes.cc.length === 0 ? null : joined(triage.spokes.cc.map((id) => spokeLink(id, context))),
  ],
  [
    'Product',
    triage.product === null
      ? null
      : html`${productLink(triage.product.id, context)} ${share(triage.product.confidence)}`,
  ],
  ['Outside package', triage.outside],
  ['Kind', triage.kind === null ? null : html`${triage.kind.id} ${share(triage.kind.confidence)}`],
  ['Owners', triage.owners.length === 0 ? null : triage.owners.join(', ')],
  [
    'Still missing',
    triage.missing.length === 0
      ? null
      : joined(
          triage.missing.map((id) => codes(MISSING[id] ?? id)),
          '; ',
        ),
  ],
  ['Decided', exactly(at, context.now)],
])}
${candidates(triage, context)}</section>`;
}

function headline(triage: TriageView, context: PageContext): Html {
  const spoke = spokeLink(triage.spokes.accountable, context);
  if (triage.product !== null)
    return html`It is about ${productLink(triage.product.id, context)}; ${spoke} answers for it`;
  if (triage.outside !== null) return html`It is about ${triage.outside}, which is outside the catalogue`;
  if (triage.mode === 'suggest') return html`It belongs to ${spoke}; which product is not clear`;
  return html`Nobody is clearly the one to answer: a person has to decide`;
}

function share(value: number): Html {
  return html`<span class="dim">(${Math.round(value * 100)} %)</span>`;
}

function candidates({ candidates: list }: TriageView, context: PageContext): Html | '' {
  if (list.length === 0) return '';
  return html`<h3>Candidates</h3><ul class="plain candidates">${list.map(
    ({ product, score }) =>
      html`<li>${productLink(product, context)} <meter min="0" max="1" value="${score.toFixed(3)}" aria-label="share of the evidence">${Math.round(score * 100)} %</meter> ${share(score)}</li>`,
  )}</ul>`;
}

function labelsSection(issue: IssueView): Html {
  const labels = (list: readonly string[], none: string) =>
    list.length === 0
      ? html`<span class="dim">${none}</span>`
      : html`${list.map((label) => html`<span class="label">${label}</span> `)}`;
  return html`<section aria-labelledby="labels"><h2 id="labels">On the issue</h2>${facts([
    ['Labels we added', labels(issue.labelsWeAdded, 'none')],
    [
      'Taken off by people',
      issue.labelsPeopleRemoved.length === 0
        ? null
        : html`${labels(issue.labelsPeopleRemoved, '')}<span class="dim">they stay off</span>`,
    ],
    ['Our comment', issue.comment === 'deleted by a person' ? 'deleted by a person; it stays away' : issue.comment],
  ])}</section>`;
}

function correct(issue: IssueView, { github }: PageContext): Html {
  return html`<section aria-labelledby="correct"><h2 id="correct">Not right?</h2><p>Change the <code>spoke:</code> label on ${outward(github.issue(issue.repository, issue.number), 'the issue')}. A person's label wins, for good; a label of ours that somebody takes off does not come back.</p></section>`;
}

function history(list: readonly IssueDecision[], context: PageContext): Html {
  return html`<section aria-labelledby="history"><h2 id="history">Decisions</h2><ol class="rows">${list.map(
    ({ triage, at, actions, version }, index) =>
      html`<li class="row"><div class="row-head">${modeBadge(triage.mode)} ${headline(triage, context)}${index === 0 ? html` <span class="dim">in force</span>` : ''}</div>
<div class="row-foot">${triage.reasons[0] === undefined ? '' : html`<bdi>${triage.reasons[0]}</bdi> · `}${actions.length === 0 ? 'nothing was written' : actions.join('; ')} · ${when(at, context.now)} · spokebot ${version}</div></li>`,
  )}</ol></section>`;
}
