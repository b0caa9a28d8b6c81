/** A stretch of a log with its numbers; each line has an address, and errors are marked by more than colour. */
import { html } from 'hono/html';
import { isErrorLine } from '../log/error-line.js';
import type { Found } from '../log/log-store.js';
import type { LogLine } from '../log/read-lines.js';
import type { ErrorLine } from '../log/scan.js';
import { count } from '../text.js';
import type { Html } from './parts.js';

const ERRORS_SHOWN = 8;

export interface LogPanel {
  readonly lines: readonly LogLine[];
  /** Address of the live log to go on with; null when the attempt is over or this is not its end. */
  readonly stream: string | null;
  /** Where a line can be found for good, when this page is not that place: then the panel also scrolls by itself. */
  readonly permanent: ((line: number) => string) | null;
  /** Address of any line of this log, for one that is asked for and not among these. */
  readonly place: (line: number) => string;
}

export function logPanel({ lines, stream, permanent, place }: LogPanel): Html {
  const address = permanent ?? ((line: number) => `#L${line}`);
  const follow =
    stream === null
      ? ''
      : html` data-stream="${stream}"${permanent === null ? '' : html` data-line="${permanent(0)}"`}`;
  return html`<div class="log${permanent === null ? '' : stream === null ? ' boxed' : ' boxed tall'}" id="log" role="region" aria-label="Log" tabindex="0" data-place="${place(0)}"${follow}><div id="lines">${lines.map(
    ({ number, text }) =>
      html`<div id="L${number}" class="${isErrorLine(text) ? 'l err' : 'l'}"><a href="${address(number)}">${number}</a><span>${text}</span></div>`,
  )}</div></div>`;
}

/** What a search in the log found, each line a link to its place. */
export function foundLines(words: string, { lines, cut }: Found, address: (line: number) => string): Html {
  const many = `${cut ? 'More than ' : ''}${count(lines.length, 'line holds', 'lines hold')}`;
  return html`<section class="errors found" aria-labelledby="found"><h3 id="found">${lines.length === 0 ? 'No line holds' : many} <bdi>“${words}”</bdi></h3>
${lines.length === 0 ? '' : html`<ol>${lines.map(({ number, text }) => html`<li><a href="${address(number)}"><span class="no">${number}</span> <code>${text.trim().slice(0, 240)}</code></a></li>`)}</ol>`}</section>`;
}

/** A field to search the log by; works without scripts. */
export function searchField(action: string, attempt: number, words: string): Html {
  return html`<form class="filter" role="search" action="${action}"><input type="hidden" name="attempt" value="${attempt}"><input type="search" name="q" value="${words}" maxlength="200" placeholder="Search this log" aria-label="Search this log"><button>Search</button></form>`;
}

/** Jump links to what looks like errors, the first ones open. `address` gives the place of a line. */
export function errorLinks(errors: readonly ErrorLine[], total: number, address: (line: number) => string): Html | '' {
  if (total === 0) return '';
  const row = ({ line, text }: ErrorLine) =>
    html`<li><a href="${address(line)}"><span class="no">${line}</span> <code>${text.slice(0, 240)}</code></a></li>`;
  const rest = errors.slice(ERRORS_SHOWN);
  return html`<section class="errors" aria-labelledby="errors"><h3 id="errors">${count(total, 'line looks', 'lines look')} like an error</h3>
<ol>${errors.slice(0, ERRORS_SHOWN).map(row)}</ol>
${rest.length === 0 ? '' : html`<details class="more"><summary>${count(rest.length, 'more', 'more')}</summary><ol>${rest.map(row)}</ol>${total > errors.length ? html`<p class="dim">and ${count(total - errors.length, 'more', 'more')} further down</p>` : ''}</details>`}
</section>`;
}
