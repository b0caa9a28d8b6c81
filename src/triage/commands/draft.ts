/** What the commands of one comment have made of an issue so far. */
import type { Word } from '../word.js';
import { withoutLabels } from './after-move.js';
import type { Answered } from './answer.js';
import type { CommandFacts, Correction, Effects } from './facts.js';
import { type Order, without } from './step.js';

/** Everything that changes while the commands of one comment are dealt with. */
export interface Draft {
  readonly word: Word;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly corrections: readonly (Correction & { readonly id: number | null; readonly undone: boolean })[];
  readonly forbid: readonly string[];
  readonly mute: { readonly on: boolean; readonly until?: string } | null;
  readonly orders: readonly Order[];
  readonly answers: readonly Answered[];
  readonly explain: boolean;
}

export function draftOf(facts: CommandFacts): Draft {
  return {
    word: facts.word,
    labels: facts.labels,
    assignees: facts.assignees,
    corrections: facts.corrections.map((each) => ({ ...each, undone: false })),
    forbid: [],
    mute: null,
    orders: [],
    answers: [],
    explain: false,
  };
}

/** With labels put on and taken off, people assigned and not. */
export function changed(draft: Draft, { added, removed, assigned, unassigned }: Effects): Draft {
  return {
    ...draft,
    word: withoutLabels(draft.word, removed),
    labels: [...without(draft.labels, [...removed, ...added]), ...added],
    assignees: [...without(draft.assignees, [...unassigned, ...assigned]), ...assigned],
  };
}
