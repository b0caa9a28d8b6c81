/** A pull request: whose turn it is, all checks of its head by where they stand, and the heads before it. */
import { html } from 'hono/html';
import type { BuildSummary } from '../read/build-summary.js';
import type { HeadView, PullView, ShownView } from '../read/pull.js';
import { ofConclusion, type Status } from '../read/status.js';
import { count } from '../text.js';
import { buildList } from './lists.js';
import { badge, type Html, outward, type PageContext, sha, when } from './parts.js';

export function pullPage(pull: PullView, context: PageContext): Html {
  const { github } = context;
  const current = pull.heads.find((head) => head.current) ?? null;
  const earlier = pull.heads.filter((head) => head !== current);
  return html`<p class="crumbs"><a href="/">Hub</a> / ${outward(github.repository(pull.repository), pull.repository)}</p>
<header class="head"><h1><bdi>${pull.title}</bdi> <span class="dim">#${pull.number}</span></h1>
<p class="dim">${badge(pull.open ? { tone: 'run', word: 'open' } : { tone: 'mute', word: 'closed' })} pull request${pull.author === null ? '' : ` of ${pull.author}`} · ${outward(github.pull(pull.repository, pull.number), 'on GitHub')}</p></header>
${standing(pull)}
${pull.heads.length === 0 ? html`<p class="empty">No head of it is known yet.</p>` : ''}
${current === null ? '' : currentHead(current, pull, context)}
${earlier.length === 0 ? '' : html`<h2>Before it</h2>`}
${earlier.map((head) => earlierHead(head, pull, context))}`;
}

/** The roll-up in one line, and whose turn it is. */
function standing({ rollUp, waived, next }: PullView): Html | '' {
  if (rollUp === null && next === null) return '';
  // Green for GitHub, so that it can be merged; here nothing of it has passed.
  const status = rollUp === null ? OPEN : waived ? WAIVED : statusOf(rollUp);
  return html`<section class="verdict ${status.tone}" aria-label="Where it stands">
${rollUp === null ? '' : html`<p>${badge(status)} <strong>${rollUp.title}</strong></p>`}
${next === null ? '' : html`<p class="move"><strong>Next:</strong> <bdi>${next.says}</bdi></p>`}</section>`;
}

const WAIVED: Status = { tone: 'mute', word: 'waived' };
const OPEN: Status = { tone: 'run', word: 'running' };

function statusOf({ conclusion }: ShownView): Status {
  return conclusion === null ? OPEN : ofConclusion(conclusion);
}

const ADVICE: Status = { tone: 'mute', word: 'advice' };

const GROUPS: readonly (readonly [string, (build: BuildSummary) => boolean])[] = [
  ['Need approval', (build) => build.state === 'waiting-approval'],
  ['Did not pass', ({ status }) => status.tone === 'bad'],
  ['Not checked', ({ status }) => status.tone === 'warn'],
  ['Running', (build) => build.state === 'running'],
  ['Queued', (build) => build.state === 'queued'],
  ['Passed', ({ status }) => status.tone === 'ok'],
  ['Ended without a verdict, or waived', () => true],
];

function currentHead(head: HeadView, pull: PullView, context: PageContext): Html {
  const { headSha, builds } = head;
  let rest = [...builds];
  const groups = GROUPS.map(([title, belongs]) => {
    const some = rest.filter(belongs);
    rest = rest.filter((build) => !some.includes(build));
    return some.length === 0 ? '' : html`<h3>${title}</h3>${buildList(some, context, { place: false })}`;
  });
  const empty = builds.length + pull.skipped.length + pull.config.length === 0;
  return html`<section><h2>Current head ${outward(context.github.commit(pull.repository, headSha), sha(headSha))}</h2>
${said(head, context)}
${empty ? html`<p class="empty">${pull.plannedAt === null ? 'Not planned yet: spokebot looks at it within a minute.' : 'No check was planned for this head.'}</p>` : groups}
${pull.config.length === 0 ? '' : html`<h3>Beside the builds</h3><ul class="rows">${pull.config.map((one) => html`<li class="row"><div class="row-head">${badge(one.conclusion === 'neutral' ? ADVICE : statusOf(one))} ${one.title}</div><div class="row-foot">${one.name}</div></li>`)}</ul>`}
${skipped(pull)}</section>`;
}

function earlierHead(head: HeadView, pull: PullView, context: PageContext): Html {
  const { headSha, builds } = head;
  const passed = builds.filter(({ ending }) => ending === 'passed').length;
  return html`<details class="more"><summary>Earlier head ${sha(headSha)}: ${count(builds.length, 'build')}, ${passed} passed</summary>
<p>${outward(context.github.commit(pull.repository, headSha), 'The commit on GitHub')}</p>
${said(head, context)}
${buildList(builds, context, { place: false })}</details>`;
}

/** What people said about this head. */
function said({ approvals, wishes }: HeadView, { now }: PageContext): Html {
  return html`${approvals.map(({ pool, by, at }) => html`<p class="dim">Approved for pool <code>${pool}</code> by ${by}, ${when(at, now)}</p>`)}
${wishes.map(({ spec, pool, by, at }) => html`<p class="dim">${by} asked for ${spec === null ? 'all that is configured' : html`<code>${spec}</code>`}${pool === null ? '' : html` on <code>${pool}</code>`}, ${when(at, now)}</p>`)}`;
}

function skipped({ skipped: list }: PullView): Html | '' {
  if (list.length === 0) return '';
  return html`<h3>Not run</h3><ul class="rows">${list.map(({ name, reason }) => html`<li class="row"><div class="row-head">${badge({ tone: 'mute', word: 'not run' })} ${name}</div><div class="row-foot"><bdi>${reason}</bdi></div></li>`)}</ul>`;
}
