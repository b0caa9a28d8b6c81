/** A pull request and all its builds, head by head. */
import { html } from 'hono/html';
import type { HeadView, PullView } from '../read/pull.js';
import { buildList } from './lists.js';
import { badge, type Html, outward, type PageContext, sha, when } from './parts.js';

export function pullPage(pull: PullView, context: PageContext): Html {
  const { github } = context;
  return html`<p class="crumbs"><a href="/">Hub</a> / ${outward(github.repository(pull.repository), pull.repository)}</p>
<header class="head"><h1><bdi>${pull.title}</bdi> <span class="dim">#${pull.number}</span></h1>
<p class="dim">${badge(pull.open ? { tone: 'run', word: 'open' } : { tone: 'mute', word: 'closed' })} pull request${pull.author === null ? '' : ` of ${pull.author}`} · ${outward(github.pull(pull.repository, pull.number), 'on GitHub')}</p></header>
${pull.heads.length === 0 ? html`<p class="empty">No head of it is known yet.</p>` : pull.heads.map((head) => headSection(head, pull, context))}`;
}

function headSection(head: HeadView, pull: PullView, context: PageContext): Html {
  const { current, headSha, builds, approvals } = head;
  return html`<section><h2>${current ? 'Current head' : 'Earlier head'} ${outward(context.github.commit(pull.repository, headSha), sha(headSha))}</h2>
${approvals.map(({ pool, by, at }) => html`<p class="dim">Approved for pool <code>${pool}</code> by ${by}, ${when(at, context.now)}</p>`)}
${builds.length === 0 ? (current ? noBuilds(pull) : '') : buildList(builds, context, { place: false })}
${current && builds.length > 0 ? skipped(pull) : ''}</section>`;
}

function noBuilds(pull: PullView): Html {
  if (pull.skipped.length > 0) return skipped(pull);
  return html`<p class="empty">${pull.plannedAt === null ? 'Not planned yet: spokebot looks at it within a minute.' : 'No check was planned for this head.'}</p>`;
}

function skipped({ skipped: list }: PullView): Html {
  if (list.length === 0) return html``;
  return html`<ul class="rows">${list.map(({ name, reason }) => html`<li class="row"><div class="row-head">${badge({ tone: 'mute', word: 'not run' })} ${name}</div><div class="row-foot"><bdi>${reason}</bdi></div></li>`)}</ul>`;
}
