/** Parts of a build's page: its attempts with their phases, what people did, and the history of its check. */
import { html } from 'hono/html';
import { ours, subjectOf } from '../links.js';
import type { AttemptView, BuildView, PhaseView, WholeBuildView } from '../read/build.js';
import type { PastBuild } from '../read/history.js';
import type { Status } from '../read/status.js';
import { count, duration } from '../text.js';
import { badge, type Html, type PageContext, recordedBadge, sha, when } from './parts.js';

const ATTEMPT: Readonly<Record<AttemptView['state'], Status>> = {
  queued: { tone: 'mute', word: 'queued' },
  running: { tone: 'run', word: 'running' },
  finished: { tone: 'mute', word: 'finished' },
  cancelled: { tone: 'mute', word: 'cancelled' },
  lost: { tone: 'warn', word: 'worker lost' },
};

export function attemptList(build: BuildView, context: PageContext): Html {
  if (build.attempts.length === 0) return html`<p class="empty">None yet.</p>`;
  return html`<ol class="rows">${[...build.attempts].reverse().map(
    (
      each,
      index,
    ) => html`<li class="row"><div class="row-head">${badge(ATTEMPT[each.state])}${recordedBadge(each.recorded)} Attempt ${each.attempt}${each.fresh ? ', without cache' : ''}${each.logBytes > 0 ? html` · <a href="${ours.log(build.id, each.attempt)}">log</a>` : ''}</div>
<div class="row-foot">${each.worker === null ? 'no worker yet' : html`worker <code>${each.worker}</code>`}${each.phase === null ? '' : html` · last phase ${each.phase}`} · ${times(each, context)}</div>
${index === 0 ? '' : phaseLine(each.phases)}</li>`,
  )}</ol>`;
}

function phaseLine(phases: readonly PhaseView[]): Html | '' {
  if (phases.length === 0) return '';
  return html`<div class="row-foot">${phases.map((phase, index) => html`${index === 0 ? '' : ', '}${told(phase)}`)}</div>`;
}

function told({ name, seconds }: PhaseView): string {
  return `${name} ${seconds === null ? 'now' : duration(seconds)}`;
}

/** The phases of the newest attempt; a live page keeps the list up to date. */
export function phaseSection(build: BuildView): Html | '' {
  const newest = build.attempts.at(-1);
  if (newest === undefined || (newest.phases.length === 0 && newest.state !== 'running')) return '';
  return html`<section aria-labelledby="phases"><h2 id="phases">Phases</h2><ol class="chips" id="live-phases">${newest.phases.map((phase) => html`<li>${told(phase)}</li>`)}</ol></section>`;
}

function times({ queuedAt, startedAt, heartbeatAt, finishedAt, state }: AttemptView, { now }: PageContext): Html {
  if (startedAt === null) return html`queued ${when(queuedAt, now)}`;
  if (state === 'running')
    return html`started ${when(startedAt, now)}${heartbeatAt === null ? '' : html`, last heard of ${when(heartbeatAt, now)}`}`;
  return html`started ${when(startedAt, now)}${finishedAt === null ? '' : `, took ${duration((finishedAt.getTime() - startedAt.getTime()) / 1000)}`}`;
}

export function peopleSection({ people }: WholeBuildView, { now }: PageContext): Html | '' {
  if (people.length === 0) return '';
  return html`<section aria-labelledby="people"><h2 id="people">What people did</h2><ol class="rows">${people.map(
    ({ did, by, reason, at }) =>
      html`<li class="row"><div class="row-head"><strong>${by}</strong> ${did}${reason === null ? '' : html`: <bdi>${reason}</bdi>`}</div><div class="row-foot">${when(at, now)}</div></li>`,
  )}</ol></section>`;
}

/** The check's newest builds: one look says whether it is this change, or has been like that. */
export function historySection(build: WholeBuildView, context: PageContext): Html | '' {
  const { history } = build;
  if (history.length < 2) return '';
  const row = (one: PastBuild) =>
    html`<li class="row"${one.id === build.id ? html` aria-current="true"` : ''}><div class="row-head">${badge(one.status)}${one.flaky ? html`<span class="badge warn" title="This commit both passed and failed.">flaky</span>` : ''}${recordedBadge(one.recorded)} <a class="main-link" href="${ours.build(one.id)}">${subjectOf(one).words} at ${sha(one.headSha)}</a>${one.id === build.id ? html` <span class="dim">this one</span>` : ''}</div>
<div class="row-foot">${when(one.completedAt ?? one.createdAt, context.now)}${one.seconds === null ? '' : ` · ${duration(one.seconds)}`}${one.attempt > 1 ? ` · attempt ${one.attempt}` : ''}</div></li>`;
  return html`<section aria-labelledby="history"><h2 id="history">This check lately</h2>
<p class="dim">${historyLine(history)}</p>
<ol class="rows">${history.slice(0, 5).map(row)}</ol>${history.length > 5 ? html`<details class="more"><summary>${count(history.length - 5, 'earlier build', 'earlier builds')}</summary><ol class="rows">${history.slice(5).map(row)}</ol></details>` : ''}</section>`;
}

/** `Of its last 20 builds 14 passed and 3 failed; 2 of them are flaky.` */
export function historyLine(history: readonly PastBuild[]): string {
  const passed = history.filter(({ ending }) => ending === 'passed').length;
  const failed = history.filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out').length;
  const flaky = new Set(history.filter((one) => one.flaky).map(({ headSha }) => headSha)).size;
  const chance =
    flaky === 0 ? '' : ` ${count(flaky, 'commit', 'commits')} both passed and failed, so a failure may be chance.`;
  return `Of its last ${count(history.length, 'build')}, ${passed} passed and ${failed} failed.${chance}`;
}
