/** The small pieces that every page is made of. Values are escaped by the template; no page writes HTML in any other way. */
import { html, raw } from 'hono/html';
import { type GitHubLinks, ours } from '../links.js';
import type { BuildSummary } from '../read/build-summary.js';
import type { Status } from '../read/status.js';
import { duration, moment, relative } from '../text.js';

export type Html = ReturnType<typeof html>;

/** What a page knows besides its own facts. */
export interface PageContext {
  readonly now: Date;
  readonly github: GitHubLinks;
  /** A product's name by its id; the id itself for one that the catalogue lost. */
  readonly productName: (id: string) => string;
  readonly spokeName: (id: string) => string;
  readonly isProduct: (id: string) => boolean;
  /** Whether a spoke's file names anybody, be they to be left alone or not. */
  readonly namesPeople: (spoke: string) => boolean;
  /** Whether the hub takes commands in comments. */
  readonly commands: boolean;
}

/** Tone by colour, meaning by words: the badge reads the same without colours. */
export function badge({ tone, word }: Status): Html {
  return html`<span class="badge ${tone}">${word}</span>`;
}

export function when(at: Date, now: Date): Html {
  return html`<time datetime="${at.toISOString()}" title="${moment(at)}">${relative(at, now)}</time>`;
}

/** Absolute and relative, for pages about one thing. */
export function exactly(at: Date, now: Date): Html {
  return html`<time datetime="${at.toISOString()}">${moment(at)}</time> <span class="dim">(${relative(at, now)})</span>`;
}

export function recordedBadge(recorded: boolean): Html | '' {
  return recorded
    ? html`<span class="badge recorded" title="A recording was played; nothing was built for this commit.">recorded run</span>`
    : '';
}

export function sha(value: string): Html {
  return html`<code title="${value}">${value.slice(0, 7)}</code>`;
}

/** A short one that gives the whole: by its title, and by a button where there is a script. */
export function wholeSha(value: string): Html {
  return html`<code title="${value}" data-whole="${value}">${value.slice(0, 12)}</code>`;
}

/** A spec likewise: the commits in it are what makes it long. */
export function wholeSpec(value: string): Html {
  const short = value.replace(/\b([0-9a-f]{12})[0-9a-f]{28,52}\b/g, '$1…');
  return html`<code title="${value}" data-whole="${value}">${short}</code>`;
}

export function outward(address: string, label: unknown): Html {
  return html`<a class="out" href="${address}" rel="noreferrer noopener">${label}</a>`;
}

export function productLink(id: string, context: PageContext): Html {
  const name = context.productName(id);
  return context.isProduct(id) ? html`<a href="${ours.product(id)}">${name}</a>` : html`${name}`;
}

export function spokeLink(id: string, context: PageContext): Html {
  return html`<a href="${ours.spoke(id)}">${context.spokeName(id)}</a>`;
}

/** `**bold**` and `code` of our own sentences, nothing else of Markdown. */
export function strong(text: string): Html {
  const parts = text
    .split('**')
    .map((part, index) => (index % 2 === 1 ? html`<strong>${codes(part)}</strong>` : codes(part)));
  return html`${parts}`;
}

/** Our own words with `code` in them. */
export function codes(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** Facts as a list of names and values; a fact without a value is left out. */
export function facts(rows: readonly (readonly [string, unknown])[]): Html {
  const kept = rows.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  return html`<dl class="facts">${kept.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Values in a row with commas between. */
export function joined(parts: readonly unknown[], between = ', '): Html {
  return html`${parts.map((part, index) => (index === 0 ? html`${part}` : html`${between}${part}`))}`;
}

export function took(build: BuildSummary, now: Date): string {
  if (build.seconds !== null) return duration(build.seconds);
  if (build.state === 'running' && build.startedAt !== null)
    return `for ${duration(Math.max(0, (now.getTime() - build.startedAt.getTime()) / 1000))}`;
  return '';
}

export const nothing = raw('');
