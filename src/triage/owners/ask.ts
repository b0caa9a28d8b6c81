/** Whose an issue is, as part of its decision: who may be asked, who is, and who is named elsewhere. */
import type { EffectiveConfig, Registry } from '../../registry/model.js';
import type { IssueFacts } from '../facts.js';
import type { Asked, TriageOutcome } from '../outcome.js';
import { chooseOwners, type OwnerChoice } from './choose.js';
import { ownerLevels } from './levels.js';
import { lowerSet } from './logins.js';
import { choiceContext, holders, type People, takenOffByHand } from './people.js';

type Routed = Pick<TriageOutcome, 'product' | 'spokes' | 'mode'>;

/** The parts of the outcome that speak of people. Who wrote the issue counts only in that the author is not asked. */
export function askOwners(
  routed: Routed,
  facts: IssueFacts,
  registry: Registry,
  config: Pick<EffectiveConfig, 'owners'>,
  people: People,
): Required<Pick<TriageOutcome, 'owners' | 'asked' | 'hints'>> {
  const levels = ownerLevels(
    { product: routed.product?.id ?? null, accountable: routed.spokes.accountable },
    registry.productByRepository(facts.repository)?.id ?? null,
    config.owners,
    registry,
    people.now,
  );
  const choice = chooseOwners(levels, choiceContext(facts, people));
  const why = whyNobody(routed, facts, people, choice);
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

/** Those whom GitHub has still to be told of. Nobody when somebody has the issue: no second opinion on that. */
export function newAssignees(asked: Asked, facts: Pick<IssueFacts, 'assignees'>, people: People): readonly string[] {
  return holders(facts, people).length > 0 ? [] : asked.assign;
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
