/** Which step a command is: the table from verbs to what decides on them. */
import { plain } from '../safe-text.js';
import { allowing } from './authority.js';
import { buildingStep } from './building.js';
import { type Command, VERB_RULES } from './command.js';
import type { CommandFacts } from './facts.js';
import { helpText } from './help.js';
import { duplicateStep, kindStep, labelStep, needsInfoStep } from './marks.js';
import { assignStep, muteStep } from './people.js';
import { acceptStep, productStep, routeStep } from './routing.js';
import { type Case, NO_EFFECTS, refused, type Step } from './step.js';
import { transferStep } from './transfer.js';
import { undoStep } from './undo.js';
import { whoText } from './who.js';
import { onlyFor } from './who-may.js';

export function stepOf(command: Command, at: Case): Step {
  const { facts, rules, roles, word } = at;
  const on = VERB_RULES.find((rule) => rule.verb === command.verb)?.on;
  if (facts.isPull && on === 'issues') return refused(`\`${command.verb}\` is for issues`);
  if (!facts.isPull && on === 'pulls') return refused(`\`${command.verb}\` is for pull requests`);
  switch (command.verb) {
    case 'accept':
      return acceptStep(command, at);
    case 'route':
      return routeStep(command, at);
    case 'product':
      return productStep(command, at);
    case 'kind':
      return kindStep(command, at);
    case 'label':
      return labelStep(command, at);
    case 'assign':
    case 'unassign':
      return assignStep(command, at);
    case 'duplicate':
      return duplicateStep(command, at);
    case 'needs-info':
      return needsInfoStep(command, at);
    case 'transfer':
      return transferStep(command, at);
    case 'undo':
      return undoStep(at);
    case 'mute-me':
      return muteStep(command, at);
    case 'build':
    case 'retry':
    case 'cancel':
    case 'targets':
    case 'approve':
    case 'waive':
      return buildingStep(command, at);
    case 'quiet':
    case 'who':
    case 'explain':
    case 'help': {
      const role = allowing(command.verb, roles, rules);
      if (role === null) return refused(onlyFor(rules.may[command.verb], at));
      if (command.verb === 'quiet')
        return { kind: 'done', role, word: { ...word, quiet: true }, effects: NO_EFFECTS, says: null };
      if (command.verb === 'help') return { kind: 'told', role, says: helpText(at), explain: false };
      if (command.verb === 'who') return { kind: 'told', role, says: whoText(at), explain: false };
      return { kind: 'told', role, says: explanation(facts), explain: !facts.isPull };
    }
  }
}

/** On an issue the comment itself unfolds, and the page tells the rest; on a pull request the plan's reasons are told. */
function explanation({ isPull, planned, pages, private: hidden, ref, outcome }: CommandFacts): string {
  if (!isPull) {
    const empty = outcome !== null && outcome.reasons.length + outcome.candidates.length === 0;
    const open = empty ? 'there is no evidence to show' : 'the evidence above is unfolded';
    if (pages === undefined || hidden) return open;
    return `${open}. [The page of this issue](${pages}/issues/${ref.fullName}/${ref.number}) tells how it came to that`;
  }
  if (planned.length === 0) return 'nothing has been planned for this pull request';
  return ['Why it is checked as it is:', ...planned.map((each) => `- ${plain(each, 300)}`)].join('\n');
}
