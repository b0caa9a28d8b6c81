/** Lists of builds, issues and decisions, as several pages show them. */
import { html } from 'hono/html';
import { chosenByPerson } from '../../triage/word.js';
import { ours, subjectOf } from '../links.js';
import type { BuildSummary } from '../read/build-summary.js';
import type { DecisionSummary } from '../read/decision-summary.js';
import type { Status } from '../read/status.js';
import type { TriageView } from '../read/triage-view.js';
import { badge, type Html, type PageContext, productLink, recordedBadge, sha, spokeLink, took, when } from './parts.js';

export interface RowOptions {
  /** Whether product, pull request and head are told; a pull request's own page says them once. */
  readonly place?: boolean;
}

/** One build in three lines at most: what, where it stands, when. */
export function buildRow(build: BuildSummary, context: PageContext, { place = true }: RowOptions = {}): Html {
  const time = took(build, context.now);
  return html`<li class="row">
<div class="row-head">${badge(build.status)}${recordedBadge(build.recorded)} <a class="main-link" href="${ours.build(build.id)}">${build.title}</a></div>
<div class="row-foot">${place ? html`${productLink(build.product, context)} · <a href="${subjectOf(build).address}">${subjectOf(build).words}</a> at ${sha(build.headSha)} · ` : ''}${build.name} · ${when(build.completedAt ?? build.startedAt ?? build.createdAt, context.now)}${time === '' ? '' : ` · ${time}`}</div>
</li>`;
}

export function buildList(builds: readonly BuildSummary[], context: PageContext, options?: RowOptions): Html {
  return html`<ul class="rows">${builds.map((build) => buildRow(build, context, options))}</ul>`;
}

const MODES: Readonly<Record<string, Status>> = {
  act: { tone: 'ok', word: 'routed' },
  suggest: { tone: 'wait', word: 'suggested' },
  abstain: { tone: 'warn', word: 'needs a person' },
};

/** What triage came to, as a badge. What a person chose is no suggestion. */
export function modeBadge({ mode, reasons }: Pick<TriageView, 'mode' | 'reasons'>): Html {
  return badge(MODES[chosenByPerson(reasons) ? 'act' : mode] ?? MODES.abstain!);
}

/** Where an issue went: product, outside package, or only a spoke. */
export function whereTo(decision: DecisionSummary, context: PageContext): Html {
  const { triage } = decision;
  if (triage === null) return html``;
  const spoke = triage.spokes.accountable === '' ? '' : html` (${spokeLink(triage.spokes.accountable, context)})`;
  if (triage.product !== null) return html`${productLink(triage.product.id, context)}${spoke}`;
  if (triage.outside !== null) return html`${triage.outside}, outside the catalogue${spoke}`;
  if (chosenByPerson(triage.reasons)) return spokeLink(triage.spokes.accountable, context);
  if (triage.mode === 'suggest') return html`some product of ${spokeLink(triage.spokes.accountable, context)}`;
  return html`nobody yet`;
}

export function decisionRow(decision: DecisionSummary, context: PageContext): Html {
  const { repository, number, triage } = decision;
  const address = triage === null ? ours.pull(repository, number) : ours.issue(repository, number);
  return html`<li class="row">
<div class="row-head">${triage === null ? badge({ tone: 'mute', word: 'planned' }) : modeBadge(triage)} <a class="main-link" href="${address}"><bdi>${decision.title}</bdi></a></div>
<div class="row-foot"><a href="${address}">${repository}#${number}</a>${triage === null ? '' : html` · ${whereTo(decision, context)}${triage.kind === null ? '' : ` · ${triage.kind.id}`}`}${decision.reason === null ? '' : html` · <span class="reason"><bdi>${decision.reason}</bdi></span>`} · ${when(decision.at, context.now)}</div>
</li>`;
}

export function decisionList(decisions: readonly DecisionSummary[], context: PageContext): Html {
  return html`<ul class="rows">${decisions.map((decision) => decisionRow(decision, context))}</ul>`;
}
