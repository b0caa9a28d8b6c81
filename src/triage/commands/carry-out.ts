/** What is to be written after the commands of one comment: the difference between what they made of the issue and what it is. */
import type { Action, LabelDefinition } from '../../actions.js';
import type { Catalogue } from '../catalogue.js';
import type { Word } from '../word.js';
import { type Answered, answerText, pullComment, withAnswer } from './answer.js';
import type { Draft } from './draft.js';
import type { CommandConfig, CommandFacts } from './facts.js';
import { has, type Order, standingOf, without, writesIssues } from './step.js';
import { transferAction } from './transfer.js';

export function actionsOf(
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
