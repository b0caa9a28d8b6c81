/** The triage of an issue: where it went and why, what else it could have been, and what people made of it. */
import { html } from 'hono/html';
import { askedInWords } from '../../triage/in-words.js';
import { MISSING } from '../../triage/missing.js';
import { KINDS } from '../../triage/outcome.js';
import { chosenByPerson } from '../../triage/word.js';
import { ours } from '../links.js';
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
import { turnInWords } from './turn.js';

export function issuePage(issue: IssueView, context: PageContext): Html {
  const { github } = context;
  const [current, ...earlier] = issue.decisions;
  return html`<p class="crumbs"><a href="/">Hub</a> / ${outward(github.repository(issue.repository), issue.repository)}</p>
<header class="head"><h1><bdi>${issue.title}</bdi> <span class="dim">#${issue.number}</span></h1>
<p class="dim">${badge(issue.open ? { tone: 'run', word: 'open' } : { tone: 'mute', word: 'closed' })} issue${issue.author === null ? '' : ` of ${issue.author}`} · ${outward(github.issue(issue.repository, issue.number), 'on GitHub')}</p></header>
${current === undefined ? html`<p class="empty">Not decided yet: spokebot looks at it within a minute.</p>` : currentSection(issue, current, context)}
${current === undefined ? '' : correct(issue, current, context)}
${current === undefined ? '' : peopleSection(issue, current, context)}
${current === undefined ? '' : duplicates(current)}
${saidSection(issue, context)}
${labelsSection(issue, context)}
${current === undefined ? '' : history([current, ...earlier], context)}`;
}

function currentSection({ proposal }: IssueView, { triage, at, reasons }: IssueDecision, context: PageContext): Html {
  return html`<section class="verdict ${triage.mode === 'act' ? 'ok' : triage.mode === 'suggest' ? 'wait' : 'warn'}" aria-labelledby="where">
<h2 id="where">${modeBadge(triage)} ${headline(triage, context)}</h2>
<ul class="plain">${reasons.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>
${facts([
  ['Proposed', proposal === null ? null : proposed(proposal, context)],
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

function proposed({ product, spoke, by, waitsFor }: NonNullable<IssueView['proposal']>, context: PageContext): Html {
  return html`${product === null ? '' : html`${productLink(product, context)}, `}${spokeLink(spoke, context)}, by ${outward(context.github.person(by), by)}; somebody of ${spokeLink(waitsFor, context)} has to accept`;
}

function headline(triage: TriageView, context: PageContext): Html {
  const spoke = spokeLink(triage.spokes.accountable, context);
  if (triage.product !== null)
    return html`It is about ${productLink(triage.product.id, context)}; ${spoke} answers for it`;
  if (triage.outside !== null) return html`It is about ${triage.outside}, which is outside the catalogue`;
  if (chosenByPerson(triage.reasons)) return html`It belongs to ${spoke}; nobody has said for which product`;
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

function labelsSection(issue: IssueView, context: PageContext): Html {
  const labels = (list: readonly string[], none: string) =>
    list.length === 0
      ? html`<span class="dim">${none}</span>`
      : html`${list.map((label) => html`<span class="label">${label}</span> `)}`;
  return html`<section aria-labelledby="labels"><h2 id="labels">On the issue</h2>${facts([
    ['Whose turn', turnInWords(issue, issue.decisions[0]?.triage ?? null, context)],
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

function correct(issue: IssueView, { triage }: IssueDecision, { github, commands }: PageContext): Html {
  const there = outward(github.issue(issue.repository, issue.number), 'the issue');
  const decided = triage.mode === 'act' || chosenByPerson(triage.reasons);
  const guess = !decided && triage.candidates[0] !== undefined;
  return html`<section aria-labelledby="correct"><h2 id="correct">Not right?</h2>
${commands ? html`<p>Write one of these on a line of its own in a comment on ${there}:</p><ul class="plain"><li><code>/spokebot product NAME</code> says which product it is for</li><li><code>/spokebot route SPOKE</code> gives it to another spoke</li><li><code>/spokebot kind KIND</code> says what it is: ${KINDS.join(', ')}</li>${issue.proposal !== null ? html`<li><code>/spokebot accept</code> takes what ${issue.proposal.by} proposes</li>` : guess ? html`<li><code>/spokebot accept</code> takes the best guess</li>` : decided ? html`<li><code>/spokebot accept</code> says that it is right</li>` : ''}<li><code>/spokebot undo</code> takes the last word back</li></ul>` : ''}
<p>${commands ? 'Or put' : 'Put'} the right <code>spoke: …</code> label on ${commands ? 'it' : there}. What a person says wins, for good; a label of ours that somebody takes off does not come back.</p></section>`;
}

/** Who is asked, and who is only named elsewhere. */
function peopleSection(issue: IssueView, { triage, policy }: IssueDecision, context: PageContext): Html {
  const { asked, owners, hints } = triage;
  const named = owners.filter((login) => !asked?.assign.includes(login) && !asked?.mention.includes(login));
  return html`<section aria-labelledby="who"><h2 id="who">Who is asked</h2>
${asked ? html`<ul class="plain">${askedInWords(asked, policy).map((line) => html`<li><bdi>${line}</bdi></li>`)}</ul>` : ''}
${facts([
  ['Has it now', issue.assignees.length === 0 ? null : people(issue.assignees, context)],
  [
    named.length === owners.length ? 'Named by files' : 'Named as well',
    named.length === 0 ? null : people(named, context),
  ],
  ['Named in', asked?.file ? html`<code>${asked.file}</code>` : null],
  [
    'Not asked, only hints',
    hints.length === 0
      ? null
      : html`${joined(
          hints.map(({ source, names }) => html`<bdi>${names.join(', ')}</bdi> <span class="dim">(${source})</span>`),
          '; ',
        )} <span class="dim">· a lead can confirm them under <code>owners</code> in the product's file</span>`,
  ],
])}</section>`;
}

function people(logins: readonly string[], { github }: PageContext): Html {
  return joined(logins.map((login) => outward(github.person(login), login)));
}

function duplicates({ triage }: IssueDecision): Html | '' {
  if (triage.duplicates.length === 0) return '';
  return html`<section aria-labelledby="alike"><h2 id="alike">May say the same</h2><ul class="plain">${triage.duplicates.map(
    ({ repository, number, score, because }) =>
      html`<li><a href="${ours.issue(repository, number)}">${repository}#${number}</a> ${share(score)} · <bdi>${because}</bdi></li>`,
  )}</ul><p class="dim small">A suggestion; nothing is closed or linked. <code>/spokebot duplicate OWNER/NAME#N</code> says that it is one.</p></section>`;
}

/** What people have said: what stands now, then the commands one by one. */
function saidSection({ word, commands }: IssueView, context: PageContext): Html | '' {
  if (word.length === 0 && commands.length === 0) return '';
  // What an assignment made, for one, is no word that is kept.
  const over = word.length === 0 && commands.every(({ undone }) => undone);
  return html`<section aria-labelledby="said"><h2 id="said">What people have said</h2>
${over ? html`<p class="dim">Nothing of it stands any more.</p>` : ''}${word.length === 0 ? '' : html`<ul class="plain">${word.map((line) => html`<li><bdi>${line}</bdi></li>`)}</ul>`}
${
  commands.length === 0
    ? ''
    : html`<ol class="rows">${commands.map(
        ({ line, by, role, at, undone, from, to }) =>
          html`<li class="row"><div class="row-head"><code>/spokebot ${line}</code>${undone ? html` ${badge({ tone: 'mute', word: 'taken back' })}` : ''}</div>
<div class="row-foot">${outward(context.github.person(by), by)} <span class="dim">(${role})</span>${from === null ? '' : html` · ${from} → ${to}`} · ${when(at, context.now)}</div></li>`,
      )}</ol>`
}</section>`;
}

function history(list: readonly IssueDecision[], context: PageContext): Html {
  return html`<section aria-labelledby="history"><h2 id="history">Decisions</h2><ol class="rows">${list.map(
    ({ triage, at, actions, version, reasons, changes }, index) =>
      html`<li class="row"><div class="row-head">${modeBadge(triage)} ${headline(triage, context)}${index === 0 ? html` <span class="dim">in force</span>` : ''}</div>
<div class="row-foot">${changes.length === 0 ? '' : html`<strong>${changes.join('; ')}</strong> · `}${reasons[0] === undefined ? '' : html`<bdi>${reasons[0]}</bdi> · `}${actions.length === 0 ? 'nothing was written' : actions.join('; ')} · ${when(at, context.now)} · spokebot ${version}</div></li>`,
  )}</ol></section>`;
}
