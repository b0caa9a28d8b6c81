/**
 * The commands of one comment in, one decision out. They are dealt with one after the other, each on what the ones before it left;
 * the triage decision that follows is made by `../decide.ts` from what people have said then.
 */
import type { Decision } from '../../actions.js';
import type { CommandsSection, Role } from '../../registry/commands-section.js';
import type { Catalogue } from '../catalogue.js';
import type { Word } from '../word.js';
import type { Answered } from './answer.js';
import { allowing, rolesHere } from './authority.js';
import { actionsOf } from './carry-out.js';
import type { Asked } from './command.js';
import { changed, type Draft, draftOf } from './draft.js';
import type { CommandConfig, CommandFacts } from './facts.js';
import { muteSays } from './people.js';
import { type Case, standingOf } from './step.js';
import { stepOf } from './step-of.js';
import { type Unclear, wayOn } from './way-on.js';

export interface CommandOutcome {
  readonly commands: readonly {
    readonly said: string;
    readonly result: 'done' | 'refused' | 'unclear';
    readonly role: Role | null;
    readonly says: string | null;
  }[];
}

/** Decides on the commands of one comment, in their order. Never throws; without commands nothing happens. */
export function decideCommands(
  asked: readonly Asked[],
  facts: CommandFacts,
  commentId: number,
  catalogue: Catalogue,
  config: CommandConfig,
  rules: CommandsSection,
): Decision<CommandOutcome> {
  let draft = draftOf(facts);
  for (const one of asked) draft = apply(one, draft, { facts, config, catalogue, rules });
  return {
    outcome: { commands: draft.answers.map(({ said, result, role, says }) => ({ said, result, role, says })) },
    actions: asked.length === 0 ? [] : actionsOf(draft, facts, commentId, catalogue, config),
    reasons: draft.answers.map(reasonOf(facts.sender)),
  };
}

type Fixed = Pick<Case, 'facts' | 'config' | 'catalogue' | 'rules'>;

function apply({ text, reading }: Asked, draft: Draft, fixed: Fixed): Draft {
  const at = caseOf(draft, fixed);
  const unclear = ({ why, meant }: Unclear): Draft =>
    answered(draft, { said: text, result: 'unclear', role: null, says: null, ...wayOn(why, meant, at) });
  if (reading.kind === 'unclear') return unclear(reading);
  const step = stepOf(reading.command, at);
  switch (step.kind) {
    case 'refused':
      return answered(draft, { said: text, result: 'refused', role: null, says: step.why, why: step.why, meant: null });
    case 'unclear':
      return unclear(step);
    case 'told': {
      // Whoever could have asked for quiet ends it by asking for something else.
      const quiet = draft.word.quiet && allowing('quiet', at.roles, fixed.rules) === null;
      if (quiet) {
        // Nothing will be written: a thumb up would promise an answer that never comes.
        const why = 'spokebot was asked to be quiet here';
        return answered(draft, { said: text, result: 'refused', role: step.role, says: why, why, meant: null });
      }
      const told = { ...draft, word: { ...draft.word, quiet }, explain: draft.explain || step.explain };
      return answered(told, done(text, step.role, step.says));
    }
    case 'ordered': {
      const next = { ...draft, word: { ...draft.word, quiet: false }, orders: [...draft.orders, ...step.orders] };
      return answered(next, done(text, step.role, step.says));
    }
    case 'agreed':
      return answered({ ...draft, word: { ...step.word, quiet: false } }, done(text, step.role, null));
    case 'muted':
      return answered({ ...changed(draft, step.effects), mute: step }, done(text, step.role, muteSays(step)));
    case 'undone': {
      const last = draft.corrections.findLastIndex((each) => !each.undone);
      const corrections = draft.corrections.map((each, index) => (index === last ? { ...each, undone: true } : each));
      const next = changed({ ...draft, corrections, word: { ...step.word, quiet: false } }, step.effects);
      return answered(next, done(text, step.role, step.says));
    }
    case 'done': {
      const word = reading.command.verb === 'quiet' ? step.word : { ...step.word, quiet: false };
      const correction = {
        id: null,
        undone: false,
        verb: reading.command.verb,
        by: fixed.facts.sender,
        role: step.role,
        said: at.standing,
        became: step.became ?? standingOf(word, fixed),
        before: draft.word,
        effects: step.effects,
      };
      const forbid = reading.command.verb === 'label' ? step.effects.removed : [];
      const next = changed({ ...draft, word, forbid: [...draft.forbid, ...forbid] }, step.effects);
      const answer = { ...done(text, step.role, step.says), waits: isFreshWait(draft.word, word) };
      return answered({ ...next, corrections: [...draft.corrections, correction] }, answer);
    }
  }
}

function caseOf(draft: Draft, fixed: Fixed): Case {
  const { word, labels, assignees } = draft;
  const standing = standingOf(word, fixed);
  const roles = rolesHere(standing, fixed.facts, fixed.config, fixed.catalogue.registry);
  const corrections = draft.corrections.filter(({ undone }) => !undone);
  return { ...fixed, word, labels, assignees, standing, roles, corrections };
}

function done(said: string, role: Role, says: string | null): Answered {
  return { said, result: 'done', role, says, why: null, meant: null };
}

/** Whether a command has made a proposal, or asked for the reporter's consent. */
function isFreshWait(before: Word, { proposal, transfer }: Word): boolean {
  const proposed = proposal !== null && proposal !== before.proposal;
  return proposed || (transfer?.state === 'agreement' && transfer !== before.transfer);
}

function answered(draft: Draft, answer: Answered): Draft {
  return { ...draft, answers: [...draft.answers, answer] };
}

function reasonOf(sender: string): (answer: Answered) => string {
  return ({ said, result, role, why }) => {
    const verb = said.split(' ')[0];
    if (result === 'done') return `${sender} said "${verb}", as ${role}`;
    return `"${verb}" of ${sender} was ${result === 'refused' ? 'refused' : 'not understood'}: ${unmarked(why ?? '')}`;
  };
}

/** Reasons are shown as plain text. */
function unmarked(markdown: string): string {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\\([\\*_~[\]()|!>])/g, '$1')
    .replaceAll('&amp;', '&');
}
