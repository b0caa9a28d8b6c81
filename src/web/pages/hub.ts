/** The hub at a glance: what needs a person first, then each spoke's products with something going on, then the rest folded. */
import { html } from 'hono/html';
import type { Attention, HubView, PoolActivity, ProductActivity, SpokeActivity } from '../hub-view.js';
import { waitWords } from '../hub-view.js';
import { ours } from '../links.js';
import { count } from '../text.js';
import type { WaitingIssue } from '../waiting.js';
import { budgetList } from './budgets.js';
import { learningSection } from './learning.js';
import { buildList, buildRow, decisionList, decisionRow } from './lists.js';
import { badge, type Html, joined, type PageContext, productLink, recordedBadge, spokeLink, when } from './parts.js';
import { stewardshipSection } from './stewardship.js';
import { waitsInWords } from './waiting.js';

const ATTENTION_SHOWN = 8;
const ATTENTION_FOLDED = 40;
const PRODUCTS_SHOWN = 6;
const OPEN_SHOWN = 12;

export function hubPage(view: HubView, context: PageContext): Html {
  const quiet = view.spokes.filter((spoke) => !spoke.active);
  const active = view.spokes.filter((spoke) => spoke.active);
  return html`<h1>The hub at a glance</h1>
${view.paused ? html`<p class="notice warn"><strong>The hub is paused.</strong> Nothing is written to GitHub and no build starts until its operators switch it on again (<code>paused</code> in hub.yml).</p>` : ''}
${tiles(view)}
<section aria-labelledby="attention"><h2 id="attention">Needs attention</h2>${attention(view.attention, context)}</section>
<section aria-labelledby="now"><h2 id="now">Running and queued</h2>${openBuilds(view, context)}</section>
<section aria-labelledby="spokes"><h2 id="spokes">Spokes</h2>
${active.length === 0 ? html`<p class="empty">Nothing goes on in any spoke. New issues and pull requests show up here by themselves.</p>` : html`<div class="cards flow">${active.map((spoke) => spokeCard(spoke, context))}</div>`}
${quiet.length === 0 ? '' : html`<details class="quiet"><summary>${count(quiet.length, 'quiet spoke')}</summary><ul class="chips">${quiet.map((spoke) => html`<li><a href="${ours.spoke(spoke.id)}">${spoke.name}</a> <span class="dim">${count(spoke.products.length, 'product')}</span></li>`)}</ul></details>`}
${productFilter('')}
</section>
${stewardshipSection(view.stewardship, view.spokes.length, context)}
<div class="columns">
<section aria-labelledby="checks"><h2 id="checks">Recent checks</h2>${view.recent.length === 0 ? html`<p class="empty">No check has ended yet.</p>` : buildList(view.recent, context)}</section>
<section aria-labelledby="decisions"><h2 id="decisions">Recent decisions</h2>${view.decisions.length === 0 ? html`<p class="empty">No decision yet.</p>` : decisionList(view.decisions, context)}</section>
</div>
<section aria-labelledby="pools"><h2 id="pools"><a href="/pools">Pools and workers</a></h2>${pools(view.pools, context)}</section>
${learningSection(view.learnt, context)}
${budgetList(view.budgets, context)}
${traffic(view)}`;
}

/** A form that works without scripts; also on the products' page. */
export function productFilter(query: string): Html {
  return html`<form class="filter" action="/products" role="search"><label for="q">Find a product</label> <input id="q" name="q" type="search" value="${query}" placeholder="name, package or spoke" maxlength="100"> <button>Find</button></form>`;
}

function tiles({ numbers }: HubView): Html {
  const tile = (n: number, label: string, href: string, tone: string) =>
    html`<li><a class="tile ${n > 0 ? tone : ''}" href="${href}"><strong>${n.toLocaleString('en')}</strong> ${label}</a></li>`;
  return html`<ul class="tiles">
${tile(numbers.triage, numbers.triage === 1 ? 'issue needs a person' : 'issues need a person', '#attention', 'warn')}
${tile(numbers.approvals, numbers.approvals === 1 ? 'check awaits approval' : 'checks await approval', '#attention', 'wait')}
${tile(numbers.running, numbers.running === 1 ? 'check runs' : 'checks run', '#now', 'run')}
${tile(numbers.queued, numbers.queued === 1 ? 'check is queued' : 'checks are queued', '#now', 'some')}
</ul>`;
}

function attention(list: readonly Attention[], context: PageContext): Html {
  if (list.length === 0) return html`<p class="empty good">Nothing needs a person now.</p>`;
  const rows = (part: readonly Attention[]) => part.map((each) => attentionRow(each, context));
  const folded = list.slice(ATTENTION_SHOWN, ATTENTION_SHOWN + ATTENTION_FOLDED);
  const rest = list.length - ATTENTION_SHOWN - folded.length;
  return html`<ul class="rows urgent">${rows(list.slice(0, ATTENTION_SHOWN))}</ul>
${folded.length === 0 ? '' : html`<details class="more"><summary>${count(folded.length + rest, 'more', 'more')}</summary><ul class="rows urgent">${rows(folded)}</ul>${rest > 0 ? html`<p class="dim">and ${rest.toLocaleString('en')} more; each spoke's page tells its own</p>` : ''}</details>`}`;
}

function attentionRow(one: Attention, context: PageContext): Html {
  switch (one.kind) {
    case 'triage':
      return one.issue.waits === 'proposal' ? proposalRow(one.issue, context) : decisionRow(one.issue, context);
    case 'approval':
    case 'check':
      return buildRow(one.build, context);
    case 'pool':
      return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: 'no worker' })} <a class="main-link" href="/pools">Pool ${one.pool}: ${count(one.queued, 'build waits', 'builds wait')} and no worker answers</a></div>
<div class="row-foot">${one.seenAt === null ? 'No worker of this pool was seen in the last day' : html`The last worker was seen ${when(one.seenAt, context.now)}`} · start one with <code>spokebot worker --pool ${one.pool}</code></div></li>`;
    case 'failure': {
      const { failure } = one;
      if (failure.kind === 'notice')
        return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: failure.what === 'paused' ? 'paused' : 'nobody called' })} <span class="main-link">${failure.repository}</span></div>
<div class="row-foot"><bdi>${failure.error ?? ''}</bdi> · ${when(failure.at, context.now)}</div></li>`;
      if (failure.kind === 'late')
        return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: 'late' })} <span class="main-link">${failure.repository}</span></div>
<div class="row-foot">an issue has waited for a decision since ${when(failure.at, context.now)} · <code>spokebot doctor</code> says what to do</div></li>`;
      if (failure.kind === 'build')
        return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: 'set aside' })} <a class="main-link" href="/builds/${failure.what}"><bdi>${failure.repository}</bdi></a></div>
<div class="row-foot"><bdi>${failure.error ?? ''}</bdi> · ${when(failure.at, context.now)} · again by <code>spokebot replay --build ${failure.what.slice(0, 12)}</code></div></li>`;
      const title =
        failure.kind === 'delivery'
          ? `A delivery (${failure.what}) could not be worked off`
          : `GitHub refused a write (${failure.what})`;
      return html`<li class="row"><div class="row-head">${badge({ tone: 'warn', word: 'set aside' })} <span class="main-link">${title}</span></div>
<div class="row-foot">${failure.repository} · <bdi>${failure.error ?? 'no reason kept'}</bdi> · ${when(failure.at, context.now)} · <code>spokebot doctor</code> says what to do</div></li>`;
    }
  }
}

function proposalRow({ repository, number, title, detail, spoke, since }: WaitingIssue, context: PageContext): Html {
  return html`<li class="row"><div class="row-head">${badge({ tone: 'wait', word: 'to accept' })} <a class="main-link" href="${ours.issue(repository, number)}"><bdi>${title}</bdi></a></div>
<div class="row-foot"><a href="${ours.issue(repository, number)}">${repository}#${number}</a> · <bdi>${detail}</bdi> · waits for ${spokeLink(spoke, context)} · ${when(since, context.now)}</div></li>`;
}

function openBuilds(view: HubView, context: PageContext): Html {
  const going = view.open.filter((build) => build.state !== 'waiting-approval').slice(0, OPEN_SHOWN);
  if (going.length === 0) return html`<p class="empty">No check runs or waits for a worker.</p>`;
  const rest = view.numbers.running + view.numbers.queued - going.length;
  return html`${buildList(going, context)}${rest > 0 ? html`<p class="dim">and ${count(rest, 'more', 'more')} in the queue</p>` : ''}`;
}

function spokeWaits({ id, issues, waits }: SpokeActivity): Html | '' {
  const words = waitsInWords(waits);
  // Undecided ones are in no count of issues with an owner.
  const open = issues + (waits.find(({ what }) => what === 'unclear')?.n ?? 0);
  if (open === 0 && words.length === 0) return '';
  return html`<p class="waits"><a href="${ours.spoke(id)}">${count(open, 'open issue', 'open issues')}</a>${words.length === 0 ? '' : html`, ${words.join(', ')}`}</p>`;
}

/** What the spoke answers for in rows; what it is only informed of in one line, since another card has it. */
function spokeCard(spoke: SpokeActivity, context: PageContext): Html {
  const own = spoke.products.filter((product) => product.accountable === spoke.id);
  const active = own.filter((product) => product.active);
  const shown = active.slice(0, PRODUCTS_SHOWN);
  const informed = spoke.products.filter((product) => product.accountable !== spoke.id && product.active);
  const rest = own.length - shown.length;
  return html`<article class="card">
<h3><a href="${ours.spoke(spoke.id)}">${spoke.name}</a> <span class="dim">${spoke.fullName === spoke.name ? '' : spoke.fullName}</span></h3>
${spokeWaits(spoke)}
${shown.length === 0 ? '' : productTable(shown, spoke.id, context)}
${informed.length === 0 ? '' : html`<p class="foot">Kept informed of ${joined(informed.slice(0, 8).map((product) => html`${productLink(product.id, context)}${product.last === null || !product.attention ? '' : html` ${badge(product.last.status)}`}`))}${informed.length > 8 ? ` and ${informed.length - 8} more` : ''}</p>`}
${rest > 0 ? html`<p class="foot"><a href="${ours.spoke(spoke.id)}">${shown.length === 0 ? count(rest, 'product') : `${rest} more`}</a>${active.length > shown.length ? '' : ', quiet'}</p>` : ''}
</article>`;
}

/** Products in rows: what waits, what runs, how the last check ended. */
export function productTable(products: readonly ProductActivity[], spoke: string | null, context: PageContext): Html {
  return html`<table class="products"><thead><tr><th scope="col">Product</th><th scope="col">Now</th><th scope="col">Last check</th></tr></thead><tbody>
${products.map((product) => {
  const waits = waitWords(product);
  const { last } = product;
  return html`<tr><th scope="row">${productLink(product.id, context)}${spoke !== null && product.accountable !== spoke ? html` <span class="dim small" title="This spoke is kept informed">by ${spokeLink(product.accountable, context)}</span>` : ''}</th>
<td>${waits.length === 0 ? html`<span class="dim">–</span>` : waits.map((word) => html`<span class="word">${word}</span> `)}</td>
<td>${last === null ? html`<span class="dim">none yet</span>` : html`<a class="quiet-link" href="${ours.build(last.id)}">${badge(last.status)}</a>${recordedBadge(last.recorded)} <span class="dim small">${when(last.completedAt ?? last.createdAt, context.now)}</span>`}</td></tr>`;
})}
</tbody></table>`;
}

function pools(list: readonly PoolActivity[], context: PageContext): Html {
  if (list.length === 0) return html`<p class="empty">The hub declares no pool, so nothing is built.</p>`;
  return html`<div class="cards">${list.map(
    (pool) => html`<article class="card"><h3>${pool.title} <code class="dim">${pool.id}</code></h3>
<p>${pool.running} running, ${pool.queued} queued${pool.sandbox === null ? html` · <span class="dim">not declared in hub.yml</span>` : html` · <span class="dim">sandbox: ${pool.sandbox}</span>`}</p>
${
  pool.workers.length === 0
    ? html`<p class="dim">No worker seen in the last day.</p>`
    : html`<ul class="workers">${pool.workers.map(
        (worker) =>
          html`<li>${badge(worker.alive ? { tone: 'ok', word: 'alive' } : { tone: 'warn', word: 'silent' })} <code>${worker.id}</code> <span class="dim small">${count(worker.concurrency, 'build')} at a time · ${worker.version} · seen ${when(worker.seenAt, context.now)}</span></li>`,
      )}</ul>`
}</article>`,
  )}</div>`;
}

function traffic({ numbers: { deliveries, intents } }: HubView): Html {
  const n = (value: number) => value.toLocaleString('en');
  return html`<p class="traffic dim">Deliveries: ${n(deliveries.stored)} waiting, ${n(deliveries.done)} processed, ${n(deliveries.failed)} failed · Writes to GitHub: ${n(intents.pending)} waiting, ${n(intents.failed)} failed</p>`;
}
