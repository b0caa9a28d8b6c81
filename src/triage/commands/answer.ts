/**
 * The answer to a comment with commands, as a section of our one comment. A command that was simply carried out needs no words: the
 * reaction says it. What the person wrote is shown so that it can be read by nobody as a command or a mention.
 */
import type { Role } from '../../registry/commands-section.js';
import { plain, quote } from '../safe-text.js';
import type { PersonAnswer, Word } from '../word.js';

export interface Answered {
  /** The command as written, without the bot's name. */
  readonly said: string;
  readonly result: 'done' | 'refused' | 'unclear';
  readonly role: Role | null;
  readonly says: string | null;
  readonly why: string | null;
  readonly meant: string | null;
  /** It is done once somebody else agrees. */
  readonly waits?: boolean;
}

/** Answers to so many people stand in the comment; a person's newest takes the place of the one before. */
const MOST_ANSWERED = 3;

/** Markdown to one person; empty when there is nothing to say. */
export function answerText(answers: readonly Answered[]): string {
  // The same command written twice is answered once.
  return [...new Set([carriedOut(answers), ...answers.map(partOf)].filter((part) => part !== ''))].join('\n\n');
}

/** A comment gets one reaction, the worst: what worked nevertheless is said. Empty where all of it worked, or tells of itself. */
function carriedOut(answers: readonly Answered[]): string {
  if (answers.every(({ result }) => result === 'done')) return '';
  const silent = answers.filter((answer) => answer.result === 'done' && partOf(answer) === '');
  const told = (head: string, some: readonly Answered[]): string =>
    some.length === 0 ? '' : `${head}: ${[...new Set(some.map(({ said }) => quote(said)))].join(', ')}.`;
  const waiting = silent.filter(({ waits }) => waits === true);
  return `${told(
    'Done',
    silent.filter((each) => !waiting.includes(each)),
  )} ${told('Proposed', waiting)}`.trim();
}

/** The answers that stand once this person got a new one. What needs no words takes the person's last one away. */
export function withAnswer(answers: readonly PersonAnswer[], fresh: PersonAnswer): readonly PersonAnswer[] {
  const others = answers.filter(({ to }) => to.toLowerCase() !== fresh.to.toLowerCase());
  return (fresh.text === '' && !fresh.explain ? others : [...others, fresh]).slice(-MOST_ANSWERED);
}

/** The section below our comment; who was told the same is told it once. Empty without answers. */
export function answersSection(answers: readonly PersonAnswer[]): string {
  const told = new Map<string, string[]>();
  for (const { to, text } of answers) if (text !== '') told.set(text, [...(told.get(text) ?? []), plain(to)]);
  if (told.size === 0) return '';
  return ['---', ...[...told].map(([text, people]) => `**To ${people.join(', ')}:**\n\n${text}`)].join('\n\n');
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
export function pullComment({ answers }: Pick<Word, 'answers'>): string {
  const intro = 'spokebot answers commands here; `/spokebot help` on a line of its own lists them.';
  return [intro, answersSection(answers)].filter((part) => part !== '').join('\n\n');
}
