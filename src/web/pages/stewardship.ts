/** Where the hub has too few people. Told once for a spoke rather than once for each of its products. */
import { html } from 'hono/html';
import type { Stewardship } from '../../triage/owners/stewardship.js';
import { count } from '../text.js';
import { type Html, joined, type PageContext, productLink, spokeLink } from './parts.js';

const SHOWN = 8;

/** Nothing where nothing is to be said. */
export function stewardshipSection(view: Stewardship, spokes: number, context: PageContext): Html | '' {
  const { bare, orphans, single, silent, dry } = view;
  if (bare.length + orphans.length + single.length + silent.length + dry.length === 0) return '';
  const products = bare.reduce((sum, each) => sum + each.products, 0);
  return html`<section aria-labelledby="stewardship"><h2 id="stewardship">Who looks after it</h2><ul class="plain">
${dry.map(({ spoke, from }) => html`<li><strong>${spokeLink(spoke, context)}: from ${from} on nobody of its rota can be asked.</strong> Its leads, then the hub, get what comes. Add people to the rota, or mend <code>absences</code>, in spokes/${spoke}.yml.</li>`)}
${silent.length === 0 ? '' : html`<li>${count(silent.length, 'person was', 'people were')} not seen for half a year and ${silent.length === 1 ? 'gets' : 'get'} nothing until seen again: ${some(silent.map(({ login, since, named }) => html`${login} (last on ${since}; ${named.join(', ')})`))}. Any comment of theirs in a member repository counts; else take them out of the file.</li>`}
${orphans.length === 0 ? '' : html`<li>${count(orphans.length, 'product has', 'products have')} no owners, so the spoke's people are asked: ${some(orphans.map(({ product }) => productLink(product, context)))}.</li>`}
${single.length === 0 ? '' : html`<li>${count(single.length, 'product hangs', 'products hang')} on one person: ${some(single.map(({ product, owner }) => html`${productLink(product, context)} (${owner})`))}.</li>`}
${
  bare.length === 0
    ? ''
    : html`<li>${bare.length === spokes || bare.length > SHOWN ? html`In ${count(bare.length, 'spoke')}` : html`In ${joined(bare.map(({ spoke }) => spokeLink(spoke, context)))}`} no product has owners (${count(products, 'product')}). ${inTheirPlace(bare, context)} Put people under <code>leads</code> in a spoke's file and under <code>owners</code> in a product's.</li>`
}
</ul></section>`;
}

/** Who is asked where no product has owners, and if nobody is, why: there are no leads, or they want to be left alone. */
function inTheirPlace(bare: Stewardship['bare'], context: PageContext): Html {
  const nobody = bare.filter(({ people }) => people === 0);
  if (nobody.length === 0) return html`${bare.length === 1 ? 'Its' : 'Their'} leads are asked.`;
  const away = nobody.filter(({ spoke }) => context.namesPeople(spoke));
  const none = nobody.filter(({ spoke }) => !context.namesPeople(spoke));
  const links = (list: Stewardship['bare']) => some(list.map(({ spoke }) => spokeLink(spoke, context)));
  if (nobody.length < bare.length)
    return html`${none.length === 0 ? '' : html`${links(none)} ${none.length === 1 ? 'has' : 'have'} no leads either.`}${away.length === 0 ? '' : html` The leads of ${links(away)} asked to be left alone.`}`;
  if (none.length === 0)
    return html`${bare.length === 1 ? 'Its' : 'Their'} leads asked to be left alone, so nobody is assigned or mentioned.`;
  if (away.length === 0) return html`There are no leads either, so nobody is assigned or mentioned.`;
  return html`Nobody is assigned or mentioned: the leads of ${links(away)} asked to be left alone, and there are no others.`;
}

function some(parts: readonly unknown[]): Html {
  const rest = parts.length - SHOWN;
  return html`${joined(parts.slice(0, SHOWN))}${rest > 0 ? ` and ${rest} more` : ''}`;
}
