/** Pages of the catalogue: one spoke, one product, and the list of all products. */
import { html } from 'hono/html';
import type { Product, Spoke } from '../../registry/model.js';
import { onDuty } from '../../registry/rota.js';
import type { TrackRecord } from '../../triage/learning/track-record.js';
import type { Stewardship } from '../../triage/owners/stewardship.js';
import type { ProductActivity, SpokeActivity } from '../hub-view.js';
import { ours, webAddress } from '../links.js';
import type { BuildSummary } from '../read/build-summary.js';
import type { CheckView } from '../read/checks-of.js';
import type { DecisionSummary } from '../read/decision-summary.js';
import type { NightView } from '../read/nights.js';
import type { PolicyView } from '../read/policy.js';
import { count } from '../text.js';
import type { WaitingIssue } from '../waiting.js';
import { checksSection, nightsSection } from './checks.js';
import { productFilter, productTable } from './hub.js';
import { buildList, decisionList } from './lists.js';
import { facts, type Html, joined, outward, type PageContext, productLink, spokeLink } from './parts.js';
import { policyLine, recordSection } from './record.js';
import { stewardshipSection } from './stewardship.js';
import { waitingSection } from './waiting.js';

const KINDS: Readonly<Record<Spoke['kind'], string>> = {
  hub: 'the hub itself',
  'cass-sso': 'software stewardship organisation of CASS',
  'former-cass-sso': 'former software stewardship organisation of CASS',
  sdk: 'software development kit',
  'e4s-area': 'product area of E4S',
  community: 'community',
};

/** What went on lately in a spoke or product, and how good spokebot's answers about it were. */
export interface Activity {
  readonly issues: readonly DecisionSummary[];
  readonly builds: readonly BuildSummary[];
  readonly record: TrackRecord;
}

export interface SpokeLately extends Activity {
  /** Most urgent first. */
  readonly waiting: readonly WaitingIssue[];
  /** Where it lacks people. */
  readonly stewardship: Stewardship;
}

export interface ProductLately extends Activity {
  readonly checks: readonly CheckView[];
  /** How the default branch stands. */
  readonly nights: readonly NightView[];
  /** Null for a product that is not developed on GitHub. */
  readonly policy: PolicyView | null;
}

export function spokePage(spoke: Spoke, activity: SpokeActivity, lately: SpokeLately, context: PageContext): Html {
  const website = webAddress(spoke.website);
  const own = activity.products.filter((product) => product.accountable === spoke.id);
  const informed = activity.products.filter((product) => product.accountable !== spoke.id);
  return html`<p class="crumbs"><a href="/">Hub</a> / spokes</p>
<header class="head"><h1>${spoke.name}</h1><p class="dim">${spoke.fullName === spoke.name ? '' : html`${spoke.fullName} · `}${spoke.description}</p></header>
${lately.stewardship.dry.map(({ from }) => html`<p class="notice warn"><strong>From ${from} on nobody of the rota can be asked.</strong> Its leads, then the hub, get what comes.</p>`)}
${waitingSection(lately.waiting, context)}
${facts([
  ['Is', KINDS[spoke.kind]],
  ['Website', website === null ? null : outward(website, website)],
  [
    'Leads',
    spoke.leads.length === 0
      ? html`<span class="dim">none named in the catalogue</span>`
      : people(spoke.leads, context),
  ],
  [
    'Rota',
    spoke.rota === null
      ? null
      : html`turn of <strong>${onDuty(spoke.rota, context.now)}</strong> · ${spoke.rota.people.join(', ')}, ${count(spoke.rota.days, 'day')} each since ${spoke.rota.since}`,
  ],
])}
${recently(lately, context)}
<section aria-labelledby="answers"><h2 id="answers">Answers for ${count(own.length, 'product')}</h2>${own.length === 0 ? html`<p class="empty">None.</p>` : productTable(own, spoke.id, context)}</section>
${informed.length === 0 ? '' : html`<section aria-labelledby="informed"><h2 id="informed">Is kept informed of ${count(informed.length, 'product')}</h2>${productTable(informed, spoke.id, context)}</section>`}
${stewardshipSection(lately.stewardship, 0, context)}
${recordSection(lately.record, 'spoke', context)}`;
}

/** `hidden`: repositories that are known to be private; the catalogue's mention of them is not shown either. */
export function productPage(
  product: Product,
  activity: ProductActivity,
  lately: ProductLately,
  hidden: ReadonlySet<string>,
  context: PageContext,
): Html {
  const repositories = [product.repository, ...product.otherRepositories].filter(
    (name): name is string => name !== null && !hidden.has(name.toLowerCase()),
  );
  const homepage = webAddress(product.homepage);
  return html`<p class="crumbs"><a href="/">Hub</a> / ${spokeLink(product.accountable, context)} / products</p>
<header class="head"><h1>${product.name}</h1></header>
${productTable([activity], null, context)}
${facts([
  ['Answers', spokeLink(product.accountable, context)],
  [
    'Kept informed',
    product.informed.length === 0 ? null : joined(product.informed.map((id) => spokeLink(id, context))),
  ],
  [
    'Repositories',
    repositories.length === 0
      ? null
      : joined(repositories.map((name) => outward(context.github.repository(name), name))),
  ],
  ['Homepage', homepage === null ? null : outward(homepage, homepage)],
  [
    'Spack packages',
    product.packages.length === 0
      ? html`<span class="dim">none, so nothing is built</span>`
      : joined(product.packages.map(({ name }) => html`<code>${name}</code>`)),
  ],
  ['Also called', product.aliases.length === 0 ? null : product.aliases.join(', ')],
  [
    'Builds on',
    product.dependsOn.length === 0 ? null : joined(product.dependsOn.map((id) => productLink(id, context))),
  ],
  ['E4S', product.e4s === null ? null : e4s(product.e4s)],
  ['Owners', product.owners.length === 0 ? null : people(product.owners, context)],
  ['Triage', lately.policy === null ? null : policyLine(lately.policy, ours.report(product.id))],
])}
${nightsSection(lately.nights, context)}
${checksSection(lately.checks, lately.nights.length > 0, context)}
${recently(lately, context)}
${recordSection(lately.record, 'product', context)}`;
}

export function productsPage(
  products: readonly ProductActivity[],
  query: string,
  total: number,
  context: PageContext,
): Html {
  return html`<h1>Products</h1>${productFilter(query)}
${query === '' ? html`<p class="dim">${count(total, 'product')}</p>` : html`<p class="dim">${count(products.length, 'product')} of ${total} for <bdi>“${query}”</bdi> · <a href="/products">all</a></p>`}
${products.length === 0 ? html`<p class="empty">No product has that in its name, packages, aliases or spokes.</p>` : productTable(products, null, context)}`;
}

function people(logins: readonly string[], { github }: PageContext): Html {
  return joined(logins.map((login) => outward(github.person(login), login)));
}

function e4s({ tag, stack, area }: NonNullable<Product['e4s']>): string {
  const parts = [
    stack ? "in E4S's stack" : '',
    tag ? "carries Spack's tag e4s" : '',
    area === null ? '' : `area ${area}`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'listed';
}

function recently({ issues, builds }: Activity, context: PageContext): Html {
  return html`<div class="columns">
<section aria-labelledby="checks"><h2 id="checks">Recent checks</h2>${builds.length === 0 ? html`<p class="empty">None yet.</p>` : buildList(builds, context)}</section>
<section aria-labelledby="issues"><h2 id="issues">Recent issues</h2>${issues.length === 0 ? html`<p class="empty">None yet.</p>` : decisionList(issues, context)}</section>
</div>`;
}
