/** GitHub's rate limit on the hub's page: one line while there is enough, and who waits for what when it gets short. */
import { html } from 'hono/html';
import type { BudgetView } from '../read/budgets.js';
import { badge, type Html, type PageContext, when } from './parts.js';

const WORDS = {
  'look-around': 'looking for what no delivery told',
  talk: 'comments and digests',
  triage: 'labels and assignees',
  check: 'checks',
} as const;

/** `budgets` come the shortest first. */
export function budgetList(budgets: readonly BudgetView[], context: PageContext): Html | '' {
  const shortest = budgets[0];
  if (shortest === undefined) return '';
  const short = budgets.filter(({ waiting }) => waiting.length > 0);
  if (short.length === 0)
    return html`<p class="traffic dim" id="budget">GitHub’s rate limit: ${left(shortest)} at the least.</p>`;
  return html`<section aria-labelledby="budget"><h2 id="budget">GitHub’s rate limit</h2><ul class="rows">${short.map((one) => row(one, context))}</ul></section>`;
}

function row(one: BudgetView, context: PageContext): Html {
  return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: one.pausedUntil !== null ? 'paused' : 'short' })} <span class="main-link">${one.account ?? 'An account'}${one.most === 0 ? '' : html`: ${left(one)}`}</span></div>
<div class="row-foot">${one.pausedUntil !== null ? html`GitHub asked for a pause, over ${when(one.pausedUntil, context.now)}` : html`These wait: ${one.waiting.map((use) => WORDS[use]).join(', ')} · GitHub’s next window begins ${when(one.resetAt, context.now)}`} · nothing is lost</div></li>`;
}

function left({ most, left: n }: BudgetView): string {
  return `${n.toLocaleString('en')} of ${most.toLocaleString('en')} requests are left`;
}
