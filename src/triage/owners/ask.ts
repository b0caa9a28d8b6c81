/** Whose an issue is, as part of its decision: who may be asked, who is, and who is named elsewhere. */

import { lowerSet } from '../../registry/lower-set.js';
import type { EffectiveConfig, Registry } from '../../registry/model.js';
import type { IssueFacts } from '../facts.js';
import type { Asked, TriageOutcome } from '../outcome.js';
import { BY_PERSON } from '../word.js';
import { chooseOwners, type OwnerChoice } from './choose.js';
import { type OwnerLevel, ownerLevels } from './levels.js';
import { choiceContext, holders, type People, takenOffByHand } from './people.js';

type Routed = Pick<TriageOutcome, 'product' | 'spokes' | 'mode' | 'reasons'>;
type Config = Pick<EffectiveConfig, 'owners'>;

/** The parts of the outcome that speak of people. Who wrote the issue counts only in that the author is not asked. */
export function askOwners(
  routed: Routed,
  facts: IssueFacts,
  registry: Registry,
  config: Config,
  people: People,
): Required<Pick<TriageOutcome, 'owners' | 'asked' | 'hints'>> {
  const choice = chooseOwners(levelsOf(routed, facts, registry, config, people), choiceContext(facts, people));
  const why = whyNobody(routed, withoutThem(facts, released(routed, facts, registry, config, people)), people, choice);
  const asked: Asked = {
    assign: why === null ? choice.assign : [],
    mention: why === null ? choice.mention : [],
    level: choice.level,
    file: choice.level === null ? null : (choice.chain.at(-1)?.file ?? null),
    because: why === null ? choice.because : [why],
  };
  // Once somebody near is named, what other places say is of no use any more.
  const confirmed = choice.level === 'repository' || choice.level === 'product';
  return { owners: choice.people, asked, hints: confirmed || facts.private ? [] : people.hints };
}

function levelsOf(routed: Routed, facts: IssueFacts, registry: Registry, config: Config, people: People): OwnerLevel[] {
  return ownerLevels(
    { product: routed.product?.id ?? null, accountable: routed.spokes.accountable },
    registry.productByRepository(facts.repository)?.id ?? null,
    config.owners,
    registry,
    people.now,
  );
}

/** What is done about people: each list is what GitHub has still to be told. */
export interface Calls {
  /** Whom spokebot itself had put on an issue that a person then sent elsewhere. */
  readonly unassign: readonly string[];
  readonly assign: readonly string[];
  readonly mention: readonly string[];
}

/** Nobody new when somebody has the issue: no second opinion on that. Nobody at all once it is closed. */
export function newCalls(
  outcome: Routed & { readonly asked?: Asked },
  facts: IssueFacts,
  registry: Registry,
  config: Config,
  people: People,
): Calls {
  const unassign = facts.open === false ? [] : released(outcome, facts, registry, config, people);
  const { asked } = outcome;
  if (asked === undefined || facts.open === false || holders(withoutThem(facts, unassign), people).length > 0)
    return { unassign, assign: [], mention: [] };
  const told = new Set(people.mentioned);
  return { unassign, assign: asked.assign, mention: asked.mention.filter((login) => !told.has(login.toLowerCase())) };
}

/**
 * People whom spokebot had put on the issue before a person sent it to where nobody names them. Not who has done anything on it since, nor
 * whom a person assigned; and nobody while that is not known.
 */
function released(routed: Routed, facts: IssueFacts, registry: Registry, config: Config, people: People): string[] {
  if (people.acted === undefined || !routed.reasons[0]?.startsWith(BY_PERSON)) return [];
  const named = lowerSet(levelsOf(routed, facts, registry, config, people).flatMap((level) => level.people));
  const acted = new Set(people.acted);
  const ours = lowerSet(
    people.given.filter(({ sent, byPerson }) => sent && byPerson === false).map(({ login }) => login),
  );
  return facts.assignees.filter((login) => {
    const key = login.toLowerCase();
    return ours.has(key) && !named.has(key) && !acted.has(key);
  });
}

/** The issue as it is once they are off it. */
function withoutThem(facts: IssueFacts, logins: readonly string[]): IssueFacts {
  if (logins.length === 0) return facts;
  return {
    ...facts,
    assignees: facts.assignees.filter((login) => !logins.includes(login)),
    // It is spokebot that takes them off, and no person.
    word: { ...facts.word, unassigned: [...facts.word.unassigned, ...logins] },
  };
}

function whyNobody(routed: Routed, facts: IssueFacts, people: People, choice: OwnerChoice): string | null {
  if (routed.mode !== 'act') return 'nobody is asked before it is clear whose it is';
  const gone = takenOffByHand(facts, people);
  if (gone.length > 0) return `${gone.join(', ')} was taken off it by a person, so nobody else is put there`;
  const chosen = lowerSet([...choice.assign, ...choice.mention]);
  const have = holders(facts, people);
  if (have.length > 0 && !have.some((login) => chosen.has(login.toLowerCase()))) return 'somebody has it already';
  return null;
}
