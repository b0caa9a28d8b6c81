/** One build: what came of it and whose move it is, the lines that matter, the log, and how to see it at home. */
import { html } from 'hono/html';
import { originsText } from '../../ci/report/origins.js';
import { reproduceHeading } from '../../ci/report/reproduce.js';
import { ours, subjectOf } from '../links.js';
import type { LogLine } from '../log/read-lines.js';
import type { ErrorLine } from '../log/scan.js';
import type { BuildView, WholeBuildView } from '../read/build.js';
import { count, duration, moment } from '../text.js';
import { attemptList, historySection, peopleSection, phaseSection } from './build-parts.js';
import { errorLinks, logPanel, searchField } from './log-lines.js';
import {
  badge,
  exactly,
  facts,
  type Html,
  joined,
  outward,
  type PageContext,
  productLink,
  recordedBadge,
  sha,
  strong,
  took,
  when,
  wholeSha,
  wholeSpec,
} from './parts.js';

/** The end of the newest attempt's log, for the build's own page. */
export interface LogGlance {
  readonly attempt: number;
  readonly lines: readonly LogLine[];
  readonly total: number;
  readonly errors: readonly ErrorLine[];
  readonly errorCount: number;
  /** The first line that looks like an error, with a few around it. */
  readonly around: readonly LogLine[];
  readonly stream: string | null;
}

export function buildPage(build: WholeBuildView, glance: LogGlance | null, context: PageContext): Html {
  const { github } = context;
  return html`<p class="crumbs"><a href="/">Hub</a> / ${productLink(build.product, context)} / <a href="${subjectOf(build).address}">${subjectOf(build).words}</a></p>
<header class="head"><h1><span id="live-badge">${badge(build.status)}</span> ${recordedBadge(build.recorded)} <span id="live-title">${build.title}</span></h1>
<p class="dim"><code>${build.name}</code> for ${build.pullTitle === null ? '' : html`<bdi>“${build.pullTitle}”</bdi>, `}${build.number === null ? subjectOf(build).words : outward(github.pull(build.repository, build.number), subjectOf(build).words)} at ${outward(github.commit(build.repository, build.headSha), sha(build.headSha))}${took(build, context.now) === '' ? '' : html` · ${took(build, context.now)}`}</p></header>
${recordedNotice(build.recorded)}
${verdict(build, glance, context)}
${phaseSection(build)}
${glance === null ? html`<section><h2>Log</h2><p class="empty">${noLog(build)}</p></section>` : logSection(build, glance)}
${reproduce(build)}
${historySection(build, context)}
${peopleSection(build, context)}
<section aria-labelledby="plan"><h2 id="plan">What was asked for</h2>
<ul class="plain">${build.reasons.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>
${build.readable ? '' : html`<p class="notice warn">What is stored of it cannot be read, so this is all that is known.</p>`}
${plan(build, context)}</section>
<section aria-labelledby="attempts"><h2 id="attempts">Attempts</h2>${attemptList(build, context)}</section>`;
}

export function recordedNotice(recorded: boolean): Html | '' {
  return recorded
    ? html`<p class="notice info"><strong>Recorded run.</strong> An earlier run of Spack is played here; nothing was built for this commit.</p>`
    : '';
}

function verdict(build: WholeBuildView, glance: LogGlance | null, context: PageContext): Html {
  const onGitHub =
    build.checkRunId === null
      ? ''
      : outward(context.github.checkRun(build.repository, build.checkRunId), 'The check on GitHub');
  if (build.state === 'waiting-approval')
    return html`<section class="verdict wait"><p>${build.needsApproval ?? 'It needs approval.'}</p>
<p><strong>Next:</strong> somebody who may approve it looks at the code and presses <em>Approve this head</em> on the check${context.commands ? html`, or comments <code>/spokebot approve ${build.headSha.slice(0, 10)}</code>` : ''}. Nothing of this pull request runs before that, and it ends as “not checked” on ${moment(build.deadlineAt)}.</p><p>${onGitHub}</p></section>`;
  if (build.state === 'queued')
    return html`<section class="verdict plain"><p>${queueLine(build)} It starts by itself.${expected(build)} If no worker takes it, it ends as “not checked” on ${moment(build.deadlineAt)}.</p><p>${onGitHub}</p></section>`;
  if (build.state === 'running')
    return html`<section class="verdict run"><p>Running since ${build.startedAt === null ? 'a moment' : when(build.startedAt, context.now)}, stopped at the latest on ${moment(build.deadlineAt)}.${expected(build)}</p><p>${onGitHub}</p></section>`;
  const told = build.verdict;
  return html`<section class="verdict ${build.status.tone}">
${build.waiver === null || build.status.word !== 'waived' ? '' : html`<p><strong>Waived</strong> by ${build.waiver.by}: <bdi>${build.waiver.reason.replace(/([^.!?…])$/, '$1.')}</bdi> It holds for this commit only.</p>`}
${build.nextMove === null ? '' : html`<p class="move">${strong(build.nextMove)}</p>`}
${told === null || told.outcome === 'passed' ? '' : html`<p>${told.summary}</p>`}
${build.detail === null || build.detail === '' ? '' : html`<p>${build.detail}</p>`}
${
  told === null || told.outcome === 'passed'
    ? ''
    : html`<p class="inline-facts">${[
        ['what', told.category],
        ['whose', told.fault],
        ['package', told.package],
        ['phase', told.phase],
      ].map(([name, value]) =>
        value === null ? '' : html`<span><span class="dim">${name}</span> <code>${value}</code></span> `,
      )}</p>
${told.excerpt.trim() === '' ? firstError(glance) : html`<pre class="excerpt"><code>${told.excerpt.replace(/\s+$/, '')}</code></pre>`}
${jump(build, glance)}
${annotations(build)}`
}
${build.proof === null ? '' : html`<p>It was already built and passed: <a href="${ours.build(build.proof.buildId)}">${build.proof.repository}${build.proof.number === null ? '' : `#${build.proof.number}`} at ${build.proof.headSha.slice(0, 7)}</a>, ${duration(build.proof.secondsAgo)} before. Pool <code>${build.pool}</code> had built the very same thing, dependencies and all${build.tests ? ', and its tests had been run' : ''}, so nothing was built here.</p>`}
${told?.outcome === 'passed' && build.proof === null ? html`<p>${wholeSpec(build.concreteSpec ?? build.spec)} was built${build.tests ? ' and tested' : ''}${build.seconds === null ? '' : ` in ${duration(build.seconds)}`}${build.environment === null ? '' : html`, within ${build.environment}`}.${build.origins === null || build.origins.cache === 0 ? '' : ` Of its packages, ${originsText(build.origins)}.`}</p>` : ''}
<p>${onGitHub}</p></section>`;
}

/** Where no verdict says which lines matter, the first that looks like an error does. */
function firstError(glance: LogGlance | null): Html | '' {
  if (glance === null || glance.around.length === 0) return '';
  return html`<pre class="excerpt"><code>${glance.around.map(({ text }) => text).join('\n')}</code></pre>`;
}

function jump(build: BuildView, glance: LogGlance | null): Html | '' {
  const first = glance?.errors[0];
  if (!glance || first === undefined) return '';
  return html`<p><a href="${ours.log(build.id, glance.attempt, first.line)}">Jump to the first error in the log, line ${first.line}</a></p>`;
}

function queueLine({ pool, queue }: WholeBuildView): Html {
  if (queue?.ahead === null || queue?.ahead === undefined)
    return html`It waits for a worker of pool <code>${pool}</code>.`;
  if (queue.ahead === 0)
    return html`It is next in pool <code>${pool}</code>${queue.workers === 0 ? ', which had no worker when it came' : ''}.`;
  return html`${count(queue.ahead, 'build is', 'builds are')} before it in pool <code>${pool}</code>.`;
}

function expected({ queue }: WholeBuildView): string {
  if (!queue?.expectedAt || queue.usualSeconds === null) return '';
  return ` It usually takes ${duration(queue.usualSeconds)} here; its end is expected at about ${moment(queue.expectedAt)}.`;
}

function annotations({ verdict }: BuildView): Html | '' {
  const list = verdict?.annotations ?? [];
  if (list.length === 0) return '';
  const row = (one: (typeof list)[number]) =>
    html`<li><code>${one.path}:${one.line}${one.column === undefined ? '' : `:${one.column}`}</code> <bdi>${one.message}</bdi></li>`;
  return html`<ul class="plain annotations">${list.slice(0, 10).map(row)}</ul>${list.length > 10 ? html`<details class="more"><summary>${count(list.length - 10, 'more', 'more')}</summary><ul class="plain annotations">${list.slice(10).map(row)}</ul></details>` : ''}`;
}

function noLog(build: BuildView): string {
  if (build.state === 'waiting-approval') return 'No log: nothing ran yet.';
  if (build.state === 'completed') return 'No log: no attempt of this build wrote one.';
  return 'No log yet: it begins when a worker has the build.';
}

function logSection(build: BuildView, glance: LogGlance): Html {
  const { attempt, lines, total, stream } = glance;
  const first = lines[0]?.number ?? 1;
  return html`<section aria-labelledby="log-head"><h2 id="log-head">Log${build.attempts.length > 1 ? html` <span class="dim">of attempt ${attempt}</span>` : ''}${recordedBadge(build.recorded)}</h2>
${errorLinks(glance.errors, glance.errorCount, (line) => (line >= first ? `#L${line}` : ours.log(build.id, attempt, line)))}
<p class="tools">${first > 1 ? html`The last ${lines.length.toLocaleString('en')} of ${count(total, 'line')} · ` : html`${count(total, 'line')} · `}<a href="${ours.log(build.id, attempt)}">Whole log</a> · <a href="${ours.logText(build.id, attempt)}">Plain text</a>${stream === null ? '' : html` · <span id="live-note" role="status">live</span>`}</p>
${searchField(ours.logSearch(build.id), attempt, '')}
${lines.length === 0 && stream === null ? html`<p class="empty">Nothing was written.</p>` : logPanel({ lines, stream, permanent: (line) => ours.log(build.id, attempt, line), place: (line) => ours.log(build.id, attempt, line) })}</section>`;
}

function reproduce({ reproduce: lines }: BuildView): Html | '' {
  if (lines === null) return '';
  return html`<section aria-labelledby="home"><h2 id="home">${reproduceHeading(lines)}</h2><p class="dim">In a shell in which Spack is set up:</p><pre class="excerpt" data-copy><code>${lines.join('\n')}</code></pre></section>`;
}

/** Until a worker has said what it really has. */
function said(version: string | null | undefined): string | null {
  return version ? `${version} (as the hub says of the pool)` : null;
}

function plan(build: BuildView, context: PageContext): Html {
  const { versions } = build;
  return facts([
    ['Spec', build.readable && wholeSpec(build.spec)],
    ['Built', build.concreteSpec === null ? null : wholeSpec(build.concreteSpec)],
    ['DAG hash', build.dagHash === null ? null : html`<code>${build.dagHash}</code>`],
    ['Pool', html`<code>${build.pool}</code>${build.readable ? ` (sandbox: ${build.sandbox})` : ''}`],
    ['Head', outward(context.github.commit(build.repository, build.headSha), wholeSha(build.headSha))],
    ['Base', build.base === null ? null : html`<bdi>${build.base.ref}</bdi> at ${wholeSha(build.base.sha)}`],
    ['Branch', build.branch === null ? null : html`<bdi>${build.branch}</bdi>`],
    ['From', build.fork ? 'a fork' : null],
    [
      'Spack',
      versions === null
        ? said(build.pins?.spack)
        : joined([versions.spack, versions.spackCommit && wholeSha(versions.spackCommit)].filter(Boolean)),
    ],
    ['Package repository', versions?.packagesCommit ? wholeSha(versions.packagesCommit) : said(build.pins?.packages)],
    ['Tests', build.readable && (build.tests ? 'of the root package' : 'none')],
    ['Within', build.environment],
    ['Packages', build.origins === null ? null : originsText(build.origins)],
    ['Build cache', build.published],
    ['Time limit', build.readable && duration(build.limitSeconds)],
    ['Required', build.required ? 'yes' : 'no, advice only'],
    ['Approved by', build.approvedBy],
    ['Asked for', exactly(build.createdAt, context.now)],
    ['Build', wholeSha(build.id)],
  ]);
}
