/**
 * The answer to a comment with commands, as a section of our one comment. A command that was simply carried out needs no words: the
 * reaction says it. What the person wrote is shown so that it can be read by nobody as a command or a mention.
 */
import type { Role } from '../../registry/commands-section.js';
import { plain, quote } from '../safe-text.js';
import type { Word } from '../word.js';

export interface Answered {
  /** The command as written, without the bot's name. */
  readonly said: string;
  readonly result: 'done' | 'refused' | 'unclear';
  readonly role: Role | null;
  readonly says: string | null;
  readonly why: string | null;
  readonly meant: string | null;
}

/** Markdown; empty when there is nothing to say. */
export function answerText(answers: readonly Answered[], sender: string): string {
  // The same command written twice is answered once.
  const parts = [...new Set(answers.map(partOf).filter((part) => part !== ''))];
  return parts.length === 0 ? '' : [`**To ${plain(sender)}:**`, ...parts].join('\n\n');
}

function partOf({ said, result, says, why, meant }: Answered): string {
  if (result === 'done') {
    if (says === null || says === '') return '';
    // Longer answers stand by themselves.
    return says.includes('\n') ? says : `${quote(said)}: ${says}.`;
  }
  if (result === 'refused') return `${quote(said)} was refused: ${why}.`;
  const perhaps = meant === null ? '' : ` Did you mean ${quote(meant)}?`;
  return `${quote(said)} was not understood: ${why}.${perhaps}`;
}

/** Our comment on a pull request, which exists only for answers. */
export function pullComment({ answer }: Word): string {
  const text = answer === null ? '' : answer.text;
  const intro = 'spokebot answers commands here; `/spokebot help` on a line of its own lists them.';
  return text === '' ? intro : `${intro}\n\n---\n\n${text}`;
}
