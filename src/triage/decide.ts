/**
 * One issue in, one decision out: who answers for it, what it is, which labels it gets, what is missing, and the actions that
 * follow from the policy. Pure. By rules, but for the kind of an issue of which no rule knows it: there a model is asked. A
 * person's word is read from the labels and holds.
 */
import type { Action, Decision, LabelDefinition } from '../actions.js';
import { KIND_THRESHOLD } from '../registry/effective-config.js';
import { lowerSet } from '../registry/lower-set.js';
import type { EffectiveConfig } from '../registry/model.js';
import type { Catalogue } from './catalogue.js';
import { type ContextLabel, contextLabels } from './context.js';
import { stillAsked } from './conversation.js';
import { doubtsIn } from './doubts-told.js';
import { isCollection } from './embedded.js';
import { WEIGHTS } from './evidence.js';
import type { IssueFacts } from './facts.js';
import { gatherEvidence } from './gather-evidence.js';
import { decideKind, type KindSign, type ModelUse } from './kind.js';
import { type LabelPlan, planLabels, spokesSetByPeople } from './labels.js';
import { stickyComment } from './messages.js';
import { canBeAsked, missingFrom } from './missing.js';
import type { TriageMode, TriageOutcome } from './outcome.js';
import { askOwners, newCalls } from './owners/ask.js';
import { mentionBecause } from './owners/mention-comment.js';
import { NOBODY_KNOWN, type People } from './owners/people.js';
import { readIssue } from './reading.js';
import { type Routing, route } from './route.js';
import { type Surroundings, surroundingsOf } from './surroundings.js';
import { nameOf } from './target.js';
import { applyWord, asPeopleLeftIt, BY_PERSON, unsaidKind } from './word.js';

/** What a decision reads of the repository's configuration. */
export type TriageConfig = Pick<EffectiveConfig, 'paused' | 'triage' | 'kindThreshold' | 'labels' | 'owners'>;

/** The configuration where there is no repository to write to: everything is decided, nothing is done. */
export const OFFLINE: TriageConfig = {
  paused: false,
  triage: { policy: 'shadow' },
  kindThreshold: KIND_THRESHOLD,
  labels: { enabled: true, without: [] },
  owners: [],
};

const RANK: Readonly<Record<TriageMode, number>> = { abstain: 0, suggest: 1, act: 2 };

/** Decides on one issue. Never throws; any text is data. What is known of people decides only who of the owners is asked. */
export function decideTriage(
  facts: IssueFacts,
  catalogue: Catalogue,
  config: TriageConfig,
  people: People = NOBODY_KNOWN,
): Decision<TriageOutcome> {
  const { registry } = catalogue;
  const home = registry.productByRepository(facts.repository)?.id ?? null;
  const reading = readIssue(facts, catalogue);
  // Issues of many products meet in Spack's repositories and in a bundle's: none of them is "moved away" from there.
  const left = reading.place.kind === 'product' && !isCollection(reading.place.product) ? home : null;
  const around = surroundingsOf(reading, facts, catalogue);
  const routing = route(gatherEvidence(reading, facts, catalogue), around, left, catalogue);
  const kind = decideKind(reading, facts, modelOf(catalogue, config));
  // A pointer has no text that anything could be missing from.
  const lacks = facts.word.pointsTo === null ? missingFrom(reading, facts.title, kind?.id ?? null) : [];
  const missing = stillAsked(lacks, facts.question);
  const fresh = outcomeOf(routing, around, kind, missing, facts.private);
  const { word } = facts;
  const seen = asPeopleLeftIt(facts, word);
  const settled = heed(seen, applyWord(keepBetter(facts, fresh), word, registry), catalogue);
  // Taken back: until a person routes it, spokebot has nothing to say about it by label either.
  const withdrawn = word.withdrawn && word.routing === null;
  const context = withdrawn ? [] : contextLabels(facts.title, reading, registry);
  const plan = planLabels(
    {
      kind: settled.kind?.id ?? null,
      spokes: withdrawn ? [] : [settled.spokes.accountable, ...settled.spokes.cc],
      product: withdrawn || settled.mode !== 'act' ? null : (settled.product?.id ?? null),
      mode: withdrawn ? 'suggest' : settled.mode,
      context: context.map(({ label }) => label),
    },
    seen,
    registry,
    config,
  );
  const outcome: TriageOutcome = {
    ...settled,
    labels: { add: plan.add.map(({ name }) => name) },
    ...askOwners(settled, facts, registry, config, people),
    ...suggested(facts),
  };
  const added = context.filter(({ label }) => plan.add.includes(label));
  return {
    outcome,
    actions: actionsFor(outcome, plan, facts, catalogue, config, people),
    reasons: [...outcome.reasons, ...added.map((each) => contextReason(each, facts.private))],
  };
}

/** Only ever shown. Once a person has said something about it, or taken the decision back, nothing is suggested any more. */
function suggested({ alike, word }: IssueFacts): Pick<TriageOutcome, 'duplicates'> {
  const settled = word.duplicateOf !== null || word.noDuplicates || word.withdrawn || word.pointsTo !== null;
  return settled || alike.length === 0 ? {} : { duplicates: alike };
}

function modelOf({ kinds }: Catalogue, { kindThreshold }: TriageConfig): ModelUse | null {
  return kinds && { judge: kinds, threshold: kindThreshold };
}

type Unlabelled = Omit<TriageOutcome, 'labels' | 'owners' | 'asked' | 'hints' | 'duplicates'>;

function outcomeOf(
  routing: Routing,
  around: Surroundings,
  kind: KindSign | null,
  missing: string[],
  secret: boolean,
): Unlabelled {
  const { target, confidence, mode } = routing;
  return {
    product: target && 'product' in target ? { id: target.product, confidence } : null,
    outside: target && 'outside' in target ? target.outside : null,
    spokes: { accountable: routing.accountable, cc: routing.cc },
    kind: kind && { id: kind.id, confidence: kind.confidence },
    missing,
    mode,
    candidates: routing.candidates,
    reasons: [...routingReasons(routing, around, secret), ...(kind ? [kindReason(kind, secret)] : [])],
  };
}

function routingReasons({ ranked, mode, signs }: Routing, around: Surroundings, secret: boolean): string[] {
  if (ranked.length === 0) return ['nothing in it names a product or package that is known'];
  const told = ranked.slice(0, 3).flatMap((one, at) =>
    one.evidence.slice(0, at === 0 ? 3 : 1).map(({ kind, seen }) => {
      const says = WEIGHTS[kind].words.replace('{}', () => nameOf(one.target));
      return secret || seen === '' ? says : `${says}: "${seen}"`;
    }),
  );
  if (mode === 'act') return told;
  const names = ranked.slice(0, 3).map((one) => nameOf(one.target));
  const unsure =
    names.length > 1 ? `${names.join(', ')} are possible, none is certain` : `${names[0]} is possible, not certain`;
  return [unsure, ...told, ...doubtsIn(signs, around, secret)];
}

function kindReason({ id, reason, by }: KindSign, secret: boolean): string {
  // What the model says of itself quotes nothing of the issue.
  return secret && by === 'rule' ? `kind ${id}` : `kind ${id}: ${reason}`;
}

function contextReason({ label, seen }: ContextLabel, secret: boolean): string {
  return secret ? `"${label.name}" is named` : `"${label.name}" is named: "${seen}"`;
}

/** An earlier decision stays unless nobody has confirmed it and the new one is better founded. */
function keepBetter(facts: IssueFacts, fresh: Unlabelled): Unlabelled {
  const last = facts.sticky?.outcome;
  // What a person had changed is worked out anew: the label may be gone, the command taken back.
  if (!last || last.reasons[0]?.startsWith(BY_PERSON)) return fresh;
  const earlier = unsaidKind(last, fresh);
  // The same answer is told as it is founded now; who answers for the product may have changed in the catalogue.
  if (fresh.mode === 'act' && fresh.product?.id === earlier.product?.id && fresh.outside === earlier.outside)
    return fresh;
  const better =
    RANK[fresh.mode] > RANK[earlier.mode] ||
    (RANK[fresh.mode] === RANK[earlier.mode] && sureness(fresh) > sureness(earlier));
  if (better && !facts.sticky?.confirmed) return fresh;
  // What is missing may have been added meanwhile, and duplicates are no part of what stays.
  const { duplicates: _, ...stays } = earlier;
  return { ...stays, missing: fresh.missing, kind: earlier.kind ?? fresh.kind };
}

function sureness(outcome: Unlabelled): number {
  return outcome.product?.confidence ?? outcome.candidates[0]?.score ?? 0;
}

/** A person's `spoke:` label is the accountable spoke; a product that this spoke has no part in is given up. */
function heed(facts: IssueFacts, outcome: Unlabelled, { registry }: Catalogue): Unlabelled {
  const chosen = spokesSetByPeople(facts, registry);
  if (chosen.length === 0) return outcome;
  const own = [outcome.spokes.accountable, ...outcome.spokes.cc];
  const accountable = own.find((spoke) => chosen.includes(spoke)) ?? chosen[0]!;
  const fits = own.includes(accountable);
  const cc = [...new Set([...chosen, ...(fits ? own : [])])].filter((spoke) => spoke !== accountable);
  const reasons = [`${BY_PERSON}chose ${chosen.join(', ')}`, ...outcome.reasons];
  if (fits && outcome.mode === 'act') return { ...outcome, spokes: { accountable, cc }, reasons };
  return { ...outcome, product: null, outside: null, spokes: { accountable, cc }, mode: 'suggest', reasons };
}

/** An issue of our own that points to another one is told all it needs by its text, until somebody asks. */
function saysNothing({ word, sticky }: IssueFacts): boolean {
  return word.pointsTo !== null && word.answers.length === 0 && (sticky?.body ?? null) === null;
}

/** Labels of people that GitHub left behind when the issue was moved: those of the taxonomy come back as theirs. */
function leftBehind(facts: IssueFacts, { registry }: Catalogue, { labels }: TriageConfig): LabelDefinition[] {
  const dropped = facts.word.moved?.dropped ?? [];
  if (dropped.length === 0 || !labels.enabled) return [];
  const not = lowerSet([...facts.labels, ...facts.labelsPeopleRemoved, ...labels.without]);
  const central = registry.isCentral(facts.repository);
  return dropped.flatMap((name) => {
    const known = registry.taxonomy.byName.get(name.toLowerCase());
    if (known === undefined || not.has(name.toLowerCase()) || (known.where === 'central' && !central)) return [];
    return [{ name: known.name, color: known.color, description: known.description }];
  });
}

/** Only the difference to what is already there; nothing at all under `off`, `shadow` or a paused hub. */
function actionsFor(
  outcome: TriageOutcome,
  plan: LabelPlan,
  facts: IssueFacts,
  catalogue: Catalogue,
  config: TriageConfig,
  people: People,
): Action[] {
  const { registry } = catalogue;
  const { paused, triage } = config;
  const { policy } = triage;
  const issue = facts.ref;
  if (paused || issue === null || policy === 'off' || policy === 'shadow' || facts.word.quiet) return [];
  // It is on its way: what is to be done is done where it arrives.
  if (facts.word.transfer?.state === 'moving') return [];
  const actions: Action[] = [];
  const back = leftBehind(facts, catalogue, config).filter(({ name }) => !plan.add.some((each) => each.name === name));
  const add = [...plan.add, ...back];
  if (add.length > 0) actions.push({ kind: 'add-labels', issue, labels: add });
  if (plan.remove.length > 0) actions.push({ kind: 'remove-labels', issue, labels: plan.remove });
  const setByPeople = spokesSetByPeople(asPeopleLeftIt(facts, facts.word), registry);
  const taken = facts.assignees.length > 0;
  const body = stickyComment(outcome, {
    registry,
    setByPeople,
    word: facts.word,
    asks: canBeAsked(facts.author),
    taken,
  });
  if (body !== facts.sticky?.body && !saysNothing(facts)) actions.push({ kind: 'sticky-comment', issue, body });
  if (policy !== 'act') return actions;
  const { unassign, assign, mention } = newCalls(outcome, facts, registry, config, people);
  if (unassign.length > 0) actions.push({ kind: 'unassign', issue, logins: unassign });
  if (assign.length > 0) actions.push({ kind: 'assign', issue, logins: assign });
  if (mention.length > 0) {
    const because = mentionBecause(outcome, registry);
    actions.push({ kind: 'mention-comment', issue, logins: mention, reason: 'owner', because });
  }
  return actions;
}
