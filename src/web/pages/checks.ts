/** The checks of a product, each with its newest verdict and how often it passed lately. */
import { html } from 'hono/html';
import { ours } from '../links.js';
import type { CheckView } from '../read/checks-of.js';
import type { NightView } from '../read/nights.js';
import { buildRow } from './lists.js';
import { type Html, type PageContext, sha, when } from './parts.js';

/** What is built by night without a pull request. */
export function nightsSection(nights: readonly NightView[], context: PageContext): Html | '' {
  if (nights.length === 0) return '';
  return html`<section aria-labelledby="branch"><h2 id="branch">Checks on the default branch</h2>
<p class="dim">Built by night; no pull request waits for them.</p>
<div class="cards">${nights.map(
    (night) =>
      html`<div class="card"><h3>${night.name} <span class="dim">on ${night.pool}</span></h3><ul class="rows">${buildRow(night.newest, context)}</ul><p class="foot">${standing(night, context)}${share(night)}</p></div>`,
  )}</div></section>`;
}

function standing({ broken, issue }: NightView, context: PageContext): Html | '' {
  if (broken === null) return '';
  const told =
    issue === null
      ? ''
      : html`, <a href="${ours.issue(issue.repository, issue.number)}">${issue.repository}#${issue.number}</a>`;
  return html`Broken since ${sha(broken.sha)} (${when(broken.since, context.now)}${told}). `;
}

export function checksSection(checks: readonly CheckView[], nights: boolean, context: PageContext): Html | '' {
  if (checks.length === 0) return '';
  return html`<section aria-labelledby="each-check"><h2 id="each-check">Checks</h2>
<p class="dim">${nights ? 'The' : 'Nothing is built on the default branch; this is the'} newest verdict of each check in any pull request.</p>
<div class="cards">${checks.map(
    (check) =>
      html`<div class="card"><h3>${check.name} <span class="dim">on ${check.pool}</span></h3><ul class="rows">${buildRow(check.newest, context)}</ul><p class="foot">${share(check)}${unsteady(check)}</p></div>`,
  )}</div></section>`;
}

/** How often chance decided. */
function unsteady({ flaky }: CheckView): Html | '' {
  if (flaky === 0) return '';
  const words = flaky === 1 ? 'one build' : `${flaky} builds`;
  return html` · <span class="badge warn">flaky</span> ${words} both failed and passed without a change`;
}

/** Failures of the machines are in neither number. */
function share({ verdicts, passed }: CheckView): string {
  if (verdicts === 0) return 'No verdict in the last 30 days.';
  return `${Math.round((100 * passed) / verdicts)} % of the last 30 days passed (${passed} of ${verdicts})`;
}
