/** What an open issue waits for, and whom: the list that a spoke lead works off. Pure. */
import type { Registry } from '../registry/model.js';
import { spokesSetByPeople } from '../triage/labels.js';
import { asPeopleLeftIt, type Word } from '../triage/word.js';
import type { DecisionSummary } from './read/decision-summary.js';

/**
 * `proposal`: somebody wants to give it to this spoke, or to take it from it, and one of its people has to accept. `unclear`: a person
 * has to say what it is about. `new`: it was routed here and nobody has it yet. `reporter`: the reporter was asked for something.
 */
export const WAITS = ['proposal', 'unclear', 'new', 'reporter'] as const;
export type WaitsFor = (typeof WAITS)[number];

export interface WaitingIssue extends DecisionSummary {
  readonly waits: WaitsFor;
  /** Spoke whose move it is. */
  readonly spoke: string;
  /** When it was first decided on. */
  readonly since: Date;
  /** Who proposes what, or what the reporter was asked for; null where the decision says it all. */
  readonly detail: string | null;
}

/** What the newest decision on an issue was made from, as far as it matters here. */
export interface Standing {
  readonly issue: DecisionSummary;
  readonly word: Word;
  readonly labels: readonly string[];
  readonly labelsWeAdded: readonly string[];
  readonly assignees: readonly string[];
  readonly since: Date;
}

/** Null when it waits for nobody: a person has routed or accepted it, or somebody has it. */
export function waitingOf(
  { issue, word, labels, labelsWeAdded, assignees, since }: Standing,
  registry: Pick<Registry, 'spokes'>,
): WaitingIssue | null {
  const { triage } = issue;
  if (triage === null) return null;
  const spoke = triage.spokes.accountable;
  const here = (waits: WaitsFor, detail: string | null, whose = spoke): WaitingIssue => ({
    ...issue,
    waits,
    spoke: whose,
    since,
    detail,
  });
  const { proposal, needsInfo } = word;
  if (proposal !== null) {
    const what = proposal.product === null ? '' : `, as ${proposal.product}`;
    return here('proposal', `${proposal.by} proposes to give it to ${proposal.spoke}${what}`, proposal.waitsFor);
  }
  if (needsInfo !== null) return here('reporter', `asked for: ${needsInfo}`);
  if (word.routing !== null || word.owned) return null;
  if (spokesSetByPeople(asPeopleLeftIt({ labels, labelsWeAdded }, word), registry).length > 0) return null;
  if (triage.mode !== 'act') return here('unclear', null);
  if (assignees.length > 0) return null;
  return triage.missing.length > 0 ? here('reporter', null) : here('new', null);
}

/** Most urgent first: what only this spoke's people can settle, then what is new; of equal ones the oldest. */
export function byUrgency(a: WaitingIssue, b: WaitingIssue): number {
  return WAITS.indexOf(a.waits) - WAITS.indexOf(b.waits) || a.since.getTime() - b.since.getTime();
}
