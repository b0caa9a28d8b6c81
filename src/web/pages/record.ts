/** How often spokebot is right about a product or a spoke, as its page tells it, and the report that `shadow` ends in. */
import { html } from 'hono/html';
import { STOOD_DAYS } from '../../triage/learning/case.js';
import type { Agreement, Disagreement, ShadowReport } from '../../triage/learning/shadow-report.js';
import { type Corrected, TOO_FEW, type TrackRecord, WINDOW_DAYS } from '../../triage/learning/track-record.js';
import { ours } from '../links.js';
import type { PolicyView } from '../read/policy.js';
import { count } from '../text.js';
import { facts, type Html, joined, type PageContext, productLink, spokeLink, when } from './parts.js';

const CORRECTED_SHOWN = 10;

/** The section of a product's or a spoke's page. */
export function recordSection(record: TrackRecord, about: 'product' | 'spoke', context: PageContext): Html {
  const { n, confirmed, stood, corrected, tooYoung, coverage } = record;
  return html`<section aria-labelledby="record"><h2 id="record">How often it is right</h2>
<p>${precisionWords(record)}</p>
${facts([
  ['Judged answers', n === 0 ? null : `${confirmed} confirmed by people, ${stood} let stand, ${corrected} corrected`],
  ['Too young to judge', tooYoung === 0 ? null : count(tooYoung, 'answer')],
  ['Decided by itself', coverage.all === 0 ? null : coverageWords(coverage, about)],
])}
${correctedList(record.corrections, context)}
<p class="dim small">Of the last ${WINDOW_DAYS} days. An answer is right when somebody who may decide confirmed it or went on with it, or when nobody said otherwise for ${STOOD_DAYS} days or until the issue was closed; it is wrong when somebody sent the issue elsewhere or took spokebot's <code>spoke:</code> label off.</p></section>`;
}

/** Never a share of a handful. */
function precisionWords({ n, right, precision, lower }: TrackRecord): Html {
  if (n === 0) return html`Too few to say: no answer has been judged yet.`;
  if (precision === null)
    return html`Too few to say (${n}): ${right} of ${count(n, 'judged answer')} right. From ${TOO_FEW} on there is a share.`;
  return html`<strong>${percent(precision)}</strong> right: ${right} of ${n} judged answers. With 95 % certainty at least ${percentDown(lower)}.`;
}

function coverageWords({ decided, all }: TrackRecord['coverage'], about: 'product' | 'spoke'): string {
  const what = about === 'product' ? 'its own or may be' : 'its own';
  const share = all < TOO_FEW ? '' : `, ${percent(decided / all)}`;
  return `${decided} of ${count(all, 'issue that is', 'issues that are')} ${what}${share}`;
}

function correctedList(list: readonly Corrected[], context: PageContext): Html | '' {
  if (list.length === 0) return '';
  const row = ({ repository, number, title, said, became, at }: Corrected) =>
    html`<li class="row"><div class="row-head"><a class="main-link" href="${ours.issue(repository, number)}"><bdi>${title}</bdi></a></div>
<div class="row-foot">${repository}#${number} · said ${place(said, context)}, ${became === null ? 'a person took that back' : html`a person said ${place(became, context)}`} · ${when(at, context.now)}</div></li>`;
  const rest = list.slice(CORRECTED_SHOWN);
  return html`<h3>Corrected</h3><ul class="rows">${list.slice(0, CORRECTED_SHOWN).map(row)}</ul>
${rest.length === 0 ? '' : html`<details class="more"><summary>${count(rest.length, 'more', 'more')}</summary><ul class="rows">${rest.map(row)}</ul></details>`}`;
}

function place({ product, outside, spoke }: Corrected['said'], context: PageContext): Html {
  if (product !== null) return html`${productLink(product, context)} (${spokeLink(spoke, context)})`;
  return outside === null ? spokeLink(spoke, context) : html`${outside} (${spokeLink(spoke, context)})`;
}

/** What spokebot may write in a product's repository, and why not all of it; `report` is the address of the report. */
export function policyLine({ policy, file, held }: PolicyView, report: string): Html {
  const from = file === null ? '' : html` <span class="dim">(${file})</span>`;
  const now = held === null ? '' : html` · <strong>${held}</strong>`;
  return html`<code>${policy}</code>${from}${now} · <a href="${report}">report</a>`;
}

/** A page of its own: what spokebot said in a product's repositories beside what people did there. */
export function reportPage(
  product: { readonly id: string; readonly name: string },
  policy: PolicyView | null,
  report: ShadowReport,
  context: PageContext,
): Html {
  const { would, days, issues, next } = report;
  const shadow = policy?.policy === 'shadow';
  return html`<p class="crumbs"><a href="/">Hub</a> / ${productLink(product.id, context)} / report</p>
<header class="head"><h1>${shadow ? 'What spokebot would do' : 'What spokebot did'} for ${product.name}</h1>
<p class="dim">${shadow ? 'The policy is shadow: everything is decided, nothing is written.' : html`The policy is <code>${policy?.policy ?? 'off'}</code>${policy?.file ? ` (${policy.file})` : ''}. This is what it decided in the product's repositories, beside what people did there by themselves.`}</p></header>
${
  issues === 0
    ? html`<p class="empty">No issue of its repositories has been decided on in the last ${WINDOW_DAYS} days.</p>`
    : html`${shadow ? html`<p class="notice ${next.policy === 'shadow' ? 'warn' : 'ok'}"><strong>${next.policy === 'shadow' ? 'Stay in shadow' : `Next policy: ${next.policy}`}</strong>: ${next.why}.</p>` : ''}
<section aria-labelledby="would"><h2 id="would">${count(issues, 'issue')} in ${days === 0 ? 'less than a day' : count(days ?? 0, 'day')}</h2>
${facts([
  [`Sent to ${product.name}`, String(would.own)],
  ['Sent elsewhere', String(would.elsewhere)],
  ['Only to a spoke', String(would.spokeOnly)],
  ['Left to a person', String(would.leftOpen)],
])}</section>
<section aria-labelledby="people"><h2 id="people">Beside what people did by themselves</h2>
<table class="products"><thead><tr><th scope="col">What</th><th scope="col">The same</th><th scope="col">At least</th></tr></thead><tbody>
${agreementRow('Whose it is', report.routing)}
${agreementRow('What kind it is', report.kind)}
${agreementRow('Who gets it', report.assignee)}
</tbody></table>
<p class="dim small">Counted where people set a <code>spoke:</code> or <code>kind:</code> label, gave a command or assigned somebody; silence says nothing. “At least” is the lower end of the 95 % interval.</p></section>
<section aria-labelledby="differ"><h2 id="differ">Where they differ</h2>${differences(report)}</section>`
}`;
}

function agreementRow(what: string, { agree, n, share, lower }: Agreement): Html {
  return html`<tr><th scope="row">${what}</th><td>${n === 0 ? html`<span class="dim">nobody said</span>` : `${agree} of ${n}${share === null ? ', too few to say' : `, ${percent(share)}`}`}</td><td>${share === null ? html`<span class="dim">–</span>` : percentDown(lower)}</td></tr>`;
}

const ABOUT: Readonly<Record<Disagreement['about'], string>> = {
  routing: 'whose it is',
  kind: 'kind',
  assignee: 'who gets it',
};

function differences({ disagreements: list, routing, kind, assignee }: ShadowReport): Html {
  // Silence is no agreement.
  if (routing.n + kind.n + assignee.n === 0)
    return html`<p class="empty">Nothing to compare: nobody has said anything about these issues yet.</p>`;
  if (list.length === 0) return html`<p class="empty good">Nowhere.</p>`;
  return html`<ul class="rows">${list.map(
    ({ repository, number, title, about, said, people }) =>
      html`<li class="row"><div class="row-head"><a class="main-link" href="${ours.issue(repository, number)}"><bdi>${title}</bdi></a></div>
<div class="row-foot">${joined([`${repository}#${number}`, ABOUT[about], html`spokebot: ${said}`, html`people: ${people}`], ' · ')}</div></li>`,
  )}</ul>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A lower bound is never rounded up. */
function percentDown(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
