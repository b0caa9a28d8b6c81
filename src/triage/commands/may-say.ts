/**
 * Whether a person may write a command here, whatever follows it: what `help` lists as theirs. Whose an issue is can also be said by
 * whoever answers for where it shall go; the command itself still decides.
 */
import type { Role, Verb } from '../../registry/commands-section.js';
import type { Registry } from '../../registry/model.js';
import { allowing, homeOf, rolesToward, type Side, withoutReporter } from './authority.js';
import { tooLate } from './routing.js';
import type { Case } from './step.js';
import { agreementOf } from './transfer.js';

/** Of a case what says who may say what. */
export type Speaking = Pick<Case, 'facts' | 'config' | 'rules' | 'roles' | 'word'> & {
  readonly catalogue: { readonly registry: Registry };
};

export function maySay(verb: Verb, at: Speaking): boolean {
  const { facts, config, rules, roles, word } = at;
  const { registry } = at.catalogue;
  const may = (held: ReadonlySet<Role>) => allowing(verb, held, rules) !== null;
  const toward = (side: Side) => rolesToward(side, facts, config, registry);
  const mayToward = (sides: readonly Side[]) => sides.some((side) => may(withoutReporter(toward(side))));
  switch (verb) {
    case 'accept':
      return agreementOf(at) !== null || may(withoutReporter(roles)) || mayToward(targets(word.proposal, registry));
    case 'product':
      return may(tooLate(at) === null ? roles : withoutReporter(roles)) || mayToward(targets(null, registry));
    case 'route':
      return (
        may(withoutReporter(roles)) || mayToward([...registry.spokes.keys()].map((spoke) => ({ product: null, spoke })))
      );
    case 'transfer': {
      const home = homeOf(facts, registry);
      return may(home === null ? roles : toward(home));
    }
    default:
      return may(roles);
  }
}

/** Where an issue can be sent by the name of a product, and where somebody has proposed to send it. */
function targets(proposal: Side | null, { products }: Registry): readonly Side[] {
  const sides = [...products.values()].map(({ id, accountable }) => ({ product: id, spoke: accountable }));
  return proposal === null ? sides : [proposal, ...sides];
}
