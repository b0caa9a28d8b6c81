/**
 * The commands of one comment in, one decision out. They are dealt with one after the other, each on what the ones before it left;
 * the triage decision that follows is made by `../decide.ts` from what people have said then.
 */
import type { Action, Decision, LabelDefinition } from '../../actions.js';
import type { CommandsSection, Role } from '../../registry/commands-section.js';
import type { Catalogue } from '../catalogue.js';
import { plain } from '../safe-text.js';
import type { Word } from '../word.js';
import { type Answered, answerText, pullComment, withAnswer } from './answer.js';
import { allowing, rolesHere } from './authority.js';
import { buildingStep } from './building.js';
import { type Asked, type Command, VERB_RULES } from './command.js';
import type { CommandConfig, CommandFacts, Correction, Effects } from './facts.js';
import { helpText } from './help.js';
import { duplicateStep, kindStep, labelStep, needsInfoStep } from './marks.js';
import { assignStep, muteSays, muteStep } from './people.js';
import { acceptStep, productStep, routeStep } from './routing.js';
import {
  type Case,
  has,
  NO_EFFECTS,
  type Order,
  refused,
  type Step,
  standingOf,
  without,
  writesIssues,
} from './step.js';
import { transferAction, transferStep } from './transfer.js';
import { undoStep } from './undo.js';
import { onlyFor } from './who-may.js';

export interface CommandOutcome {
  readonly commands: readonly {
    readonly said: string;
    readonly result: 'done' | 'refused' | 'unclear';
    readonly role: Role | null;
    readonly says: string | null;
  }[];
}

/** Everything that changes while the commands of one comment are dealt with. */
interface Draft {
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

/** Decides on the commands of one comment, in their order. Never throws; without commands nothing happens. */
export function decideCommands(
  asked: readonly Asked[],
  facts: CommandFacts,
  commentId: number,
  catalogue: Catalogue,
  config: CommandConfig,
  rules: CommandsSection,
): Decision<CommandOutcome> {
  let draft: Draft = {
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
  for (const one of asked) draft = apply(one, draft, { facts, config, catalogue, rules });
  return {
    outcome: { commands: draft.answers.map(({ said, result, role, says }) => ({ said, result, role, says })) },
    actions: asked.length === 0 ? [] : actionsOf(draft, facts, commentId, catalogue, config),
    reasons: draft.answers.map(reasonOf(facts.sender)),
  };
}

type Fixed = Pick<Case, 'facts' | 'config' | 'catalogue' | 'rules'>;

function apply({ text, reading }: Asked, draft: Draft, fixed: Fixed): Draft {
  if (reading.kind === 'unclear')
    return answered(draft, { said: text, result: 'unclear', role: null, says: null, ...reading });
  const at = caseOf(draft, fixed);
  const step = stepOf(reading.command, at);
  switch (step.kind) {
    case 'refused':
      return answered(draft, { said: text, result: 'refused', role: null, says: step.why, why: step.why, meant: null });
    case 'unclear':
      return answered(draft, {
        said: text,
        result: 'unclear',
        role: null,
        says: null,
        why: step.why,
        meant: step.meant,
      });
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
      return answered({ ...next, corrections: [...draft.corrections, correction] }, done(text, step.role, step.says));
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

function stepOf(command: Command, at: Case): Step {
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
    case 'explain':
    case 'help': {
      const role = allowing(command.verb, roles, rules);
      if (role === null) return refused(onlyFor(rules.may[command.verb], at));
      if (command.verb === 'quiet')
        return { kind: 'done', role, word: { ...word, quiet: true }, effects: NO_EFFECTS, says: null };
      if (command.verb === 'help')
        return { kind: 'told', role, says: helpText(rules, facts.isPull ? 'pull' : 'issue'), explain: false };
      return { kind: 'told', role, says: explanation(facts), explain: !facts.isPull };
    }
  }
}

/** On an issue the comment itself unfolds; on a pull request the plan's reasons are told. */
function explanation({ isPull, planned }: CommandFacts): string {
  if (!isPull) return '';
  if (planned.length === 0) return 'nothing has been planned for this pull request';
  return ['Why it is checked as it is:', ...planned.map((each) => `- ${plain(each, 300)}`)].join('\n');
}

function done(said: string, role: Role, says: string | null): Answered {
  return { said, result: 'done', role, says, why: null, meant: null };
}

function answered(draft: Draft, answer: Answered): Draft {
  return { ...draft, answers: [...draft.answers, answer] };
}

function changed(draft: Draft, { added, removed, assigned, unassigned }: Effects): Draft {
  const { moved } = draft.word;
  return {
    ...draft,
    // What somebody takes off after a move is not left behind any more, and does not come back.
    word:
      moved === null ? draft.word : { ...draft.word, moved: { ...moved, dropped: without(moved.dropped, removed) } },
    labels: [...without(draft.labels, [...removed, ...added]), ...added],
    assignees: [...without(draft.assignees, [...unassigned, ...assigned]), ...assigned],
  };
}

function actionsOf(
  draft: Draft,
  facts: CommandFacts,
  commentId: number,
  catalogue: Catalogue,
  config: CommandConfig,
): Action[] {
  const { registry } = catalogue;
  const issue = facts.ref;
  const { quiet } = draft.word;
  const fresh = { to: facts.sender, text: answerText(draft.answers), explain: draft.explain };
  // Whatever is taken back, the answers so far are facts.
  const word: Word = { ...draft.word, answers: quiet ? [] : withAnswer(facts.word.answers, fresh) };
  const made = draft.corrections.filter(({ id }) => id === null);
  const undone = draft.corrections.flatMap(({ id, undone: gone }) => (gone && id !== null ? [id] : []));
  const actions: Action[] = [
    {
      kind: 'set-word',
      issue,
      word,
      corrections: made.map(({ id: _, ...correction }) => correction),
      undone,
      forgive: [...without(draft.labels, facts.labels), ...wanted(word)],
      forbid: draft.forbid.filter((name) => !has(draft.labels, name)),
    },
  ];
  if (draft.mute !== null) {
    const { on: muted, until } = draft.mute;
    actions.push({ kind: 'mute', login: facts.sender, muted, ...(until === undefined ? {} : { until }) });
  }
  actions.push(...draft.orders.map((order) => orderAction(order, facts)));
  if (!writesHere(facts, config)) return actions;
  actions.push({ kind: 'react', issue, commentId, content: reactionTo(draft.answers) });
  const add = without(draft.labels, facts.labels).map((name) => registry.taxonomy.byName.get(name.toLowerCase()));
  const remove = without(facts.labels, draft.labels);
  const labels = add.flatMap((label): LabelDefinition[] =>
    label === undefined ? [] : [{ name: label.name, color: label.color, description: label.description }],
  );
  const assign = without(draft.assignees, facts.assignees);
  const unassign = without(facts.assignees, draft.assignees);
  if (remove.length > 0) actions.push({ kind: 'remove-labels', issue, labels: remove });
  if (labels.length > 0) actions.push({ kind: 'add-labels', issue, labels });
  if (unassign.length > 0) actions.push({ kind: 'unassign', issue, logins: unassign });
  if (assign.length > 0) actions.push({ kind: 'assign', issue, logins: assign });
  if (facts.isPull && !quiet) {
    const body = pullComment(word);
    // Nothing to say and nothing said so far: no comment.
    if (body !== facts.commentBody && (word.answers.length > 0 || facts.commentBody !== null))
      actions.push({ kind: 'sticky-comment', issue, body });
  }
  // Behind everything that is still to be written here.
  const transfer = transferAction({ word, facts, catalogue, standing: standingOf(word, { facts, catalogue }) });
  if (transfer !== null) actions.push(transfer);
  return actions;
}

function orderAction(order: Order, { ref: issue, sender: by }: CommandFacts): Action {
  switch (order.kind) {
    case 'wish':
      return { ...order, kind: 'wish-build', issue };
    case 'approve-head':
      return { ...order, issue, by };
    case 'waive':
      return { kind: 'waive-build', buildId: order.buildId, by, reason: order.reason };
    default:
      return { kind: `${order.kind}-build`, buildId: order.buildId, by };
  }
}

/** Labels that follow from what people said, whoever once took them off. */
function wanted({ routing, kind }: Word): string[] {
  return [
    ...(routing === null ? [] : [`spoke: ${routing.spoke}`]),
    ...(routing?.product ? [`product: ${routing.product}`] : []),
    ...(kind === null ? [] : [`kind: ${kind}`]),
  ];
}

/** Where triage writes nothing, commands are heard and kept, and nothing is written either; build checks are a reason of their own. */
function writesHere({ isPull }: CommandFacts, { triage, checks }: CommandConfig): boolean {
  return writesIssues({ triage }) || (isPull && checks.length > 0);
}

function reactionTo(answers: readonly Answered[]): '+1' | '-1' | 'confused' {
  if (answers.some(({ result }) => result === 'refused')) return '-1';
  return answers.some(({ result }) => result === 'unclear') ? 'confused' : '+1';
}

function reasonOf(sender: string): (answer: Answered) => string {
  return ({ said, result, role, why }) => {
    const verb = said.split(' ')[0];
    if (result === 'done') return `${sender} said "${verb}", as ${role}`;
    return `"${verb}" of ${sender} was ${result === 'refused' ? 'refused' : 'not understood'}: ${why}`;
  };
}
