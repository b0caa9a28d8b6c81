/** The reporter wrote something on an issue that waited for them: the question is answered, and the owners have it back. */
import type { Action, Decision, IssueRef } from '../../actions.js';
import type { Word } from '../word.js';
import { withoutLabels } from './after-move.js';
import type { CommandConfig } from './facts.js';
import { has, without } from './step.js';

/** Null when nothing was asked, or somebody else wrote. */
export function decideAnswered(
  facts: {
    readonly ref: IssueRef;
    readonly sender: string;
    readonly author: string | null;
    readonly word: Word;
  },
  { triage }: Pick<CommandConfig, 'triage'>,
): Decision<{ answered: true }> | null {
  const { ref: issue, word } = facts;
  if (word.needsInfo === null || facts.author?.toLowerCase() !== facts.sender.toLowerCase()) return null;
  const asked = word.labels.filter((name) => has(['needs: info'], name));
  const next: Word = { ...withoutLabels(word, asked), needsInfo: null, labels: without(word.labels, asked) };
  const actions: Action[] = [
    { kind: 'set-word', issue, word: next, corrections: [], undone: [], forgive: [], forbid: [] },
  ];
  const writes = (triage.policy === 'suggest' || triage.policy === 'act') && !word.quiet;
  if (writes && asked.length > 0) actions.push({ kind: 'remove-labels', issue, labels: asked });
  return { outcome: { answered: true }, actions, reasons: [`${facts.sender}, who was asked, has answered`] };
}
