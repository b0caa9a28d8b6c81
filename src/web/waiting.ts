/** What an open issue waits for, and whom: the list that a spoke lead works off. Pure. */
import type { Registry } from '../registry/model.js';
import { type Conversation, turnOf } from '../triage/conversation.js';
import { spokesSetByPeople } from '../triage/labels.js';
import { asPeopleLeftIt, chosenByPerson, type Word } from '../triage/word.js';
import type { DecisionSummary } from './read/decision-summary.js';

/**
 * `proposal`: somebody wants to give it to this spoke, or to take it from it, and one of its people has to accept. `unclear`: a person
 * has to say what it is about. `answered`: the reporter has answered what a maintainer asked. `new`: it was routed here and nobody has
 * it yet. `reporter`: a maintainer asked for something and nobody has spoken since; what spokebot itself asks for makes nobody wait.
 */
export const WAITS = ['proposal', 'unclear', 'answered', 'new', 'reporter'] as const;
export type WaitsFor = (typeof WAITS)[number];

export interface WaitingIssue extends DecisionSummary {
  readonly waits: WaitsFor;
  /** Spoke whose move it is. */
  readonly spoke: string;
  /** When it was first decided on; for the reporter's turn and after an answer, since when it is so. */
  readonly since: Date;
  /** No maintainer has ever said anything about it. */
  readonly unanswered: boolean;
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
  /** Null where nothing is known of who spoke. */
  readonly talk: Conversation | null;
}

/** Null when it waits for nobody: a person has routed or accepted it, or somebody has it. */
export function waitingOf(
  { issue, word, labels, labelsWeAdded, assignees, since, talk }: Standing,
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
    unanswered: talk !== null && talk.firstAnswer === null,
    detail,
  });
  const { proposal, needsInfo } = word;
  const turn = talk === null ? null : turnOf(talk);
  if (proposal !== null) {
    const what = proposal.product === null ? '' : `, as ${proposal.product}`;
    return here('proposal', `${proposal.by} proposes to give it to ${proposal.spoke}${what}`, proposal.waitsFor);
  }
  if (needsInfo !== null && turn?.of !== 'owner') {
    const asked = here('reporter', `asked for: ${needsInfo}`);
    return turn === null ? asked : { ...asked, since: new Date(turn.since) };
  }
  if (turn !== null && talk?.last?.by === 'reporter' && talk.needsInfo?.answered?.how === 'comment')
    return { ...here('answered', null), since: new Date(turn.since) };
  // A third person spoke: somebody has to look whether that was the answer.
  if (needsInfo !== null) return here('new', `asked for: ${needsInfo}; somebody else has spoken since`);
  if (word.routing !== null || word.owned || chosenByPerson(triage.reasons)) return null;
  if (spokesSetByPeople(asPeopleLeftIt({ labels, labelsWeAdded }, word), registry).length > 0) return null;
  if (triage.mode !== 'act') return here('unclear', null);
  if (assignees.length > 0) return null;
  return here('new', null);
}

/**
 * Most urgent first: what only this spoke's people can settle, then what is new; of equal ones those that nobody has answered yet, and
 * of these the oldest: the longer one has waited, the higher it stands.
 */
export function byUrgency(a: WaitingIssue, b: WaitingIssue): number {
  return (
    WAITS.indexOf(a.waits) - WAITS.indexOf(b.waits) ||
    Number(b.unanswered) - Number(a.unanswered) ||
    a.since.getTime() - b.since.getTime()
  );
}
