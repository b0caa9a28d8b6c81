/** The log of one attempt, a page of lines at a time. */
import { html } from 'hono/html';
import { ours, subjectOf } from '../links.js';
import type { Found } from '../log/log-store.js';
import type { LogLine } from '../log/read-lines.js';
import type { ErrorLine } from '../log/scan.js';
import type { BuildView } from '../read/build.js';
import { count } from '../text.js';
import { recordedNotice } from './build.js';
import { errorLinks, foundLines, logPanel, searchField } from './log-lines.js';
import { badge, type Html, recordedBadge } from './parts.js';

export interface LogView {
  readonly attempt: number;
  readonly lines: readonly LogLine[];
  readonly first: number;
  readonly perPage: number;
  readonly total: number;
  readonly errors: readonly ErrorLine[];
  readonly errorCount: number;
  /** More was written than the hub keeps. */
  readonly cut: boolean;
  readonly stream: string | null;
  readonly recorded: boolean;
  /** What was searched for, and found; null when nothing was. */
  readonly search: { readonly words: string; readonly found: Found } | null;
}

export function logPage(build: BuildView, log: LogView): Html {
  const { attempt } = log;
  const others = build.attempts.filter((each) => each.attempt !== attempt && each.logBytes > 0);
  return html`<p class="crumbs"><a href="/">Hub</a> / <a href="${subjectOf(build).address}">${subjectOf(build).words}</a> / <a href="${ours.build(build.id)}">${build.name}</a> / log</p>
<header class="head"><h1><span id="live-badge">${badge(build.status)}</span> ${recordedBadge(log.recorded)} <a href="${ours.build(build.id)}"><span id="live-title">${build.title}</span></a></h1></header>
${recordedNotice(log.recorded)}
<p class="tools">Log of attempt ${attempt}${others.map((each) => html` · <a href="${ours.log(build.id, each.attempt)}">attempt ${each.attempt}</a>`)} · ${count(log.total, 'line')} · <a href="${ours.logText(build.id, attempt)}">Plain text</a>${log.stream === null ? '' : html` · <span id="live-note" role="status">live</span>`}</p>
${searchField(ours.logSearch(build.id), attempt, log.search?.words ?? '')}
${log.search === null ? '' : foundLines(log.search.words, log.search.found, (line) => address(build.id, log, line))}
${errorLinks(log.errors, log.errorCount, (line) => address(build.id, log, line))}
${pager(build.id, log)}
${log.total === 0 && log.stream === null ? html`<p class="empty">${build.state === 'completed' ? 'Nothing was written.' : 'Nothing was written yet.'}</p>` : logPanel({ lines: log.lines, stream: log.stream, permanent: null, place: (line) => ours.log(build.id, attempt, line) })}
${log.cut ? html`<p class="notice warn">More was written than the hub keeps; the log ends here.</p>` : ''}
${pager(build.id, log)}`;
}

/** A line of this page by its anchor alone, any other by the page that holds it. */
function address(id: string, log: LogView, line: number): string {
  const here = line >= log.first && line < log.first + log.perPage;
  return here ? `#L${line}` : ours.log(id, log.attempt, line);
}

function pager(id: string, { attempt, first, perPage, total }: LogView): Html | '' {
  if (total <= perPage) return '';
  const last = Math.min(first + perPage - 1, total);
  const lastPage = Math.floor((total - 1) / perPage) * perPage + 1;
  const link = (line: number, label: string, on: boolean) =>
    on ? html`<a href="${ours.log(id, attempt, line)}">${label}</a>` : html`<span class="dim">${label}</span>`;
  return html`<nav class="pager" aria-label="Pages of the log">${link(1, 'First', first > 1)} ${link(first - perPage, 'Earlier', first > 1)} <span>${first.toLocaleString('en')}–${last.toLocaleString('en')} of ${total.toLocaleString('en')}</span> ${link(first + perPage, 'Later', last < total)} ${link(lastPage, 'Last', last < total)}</nav>`;
}
