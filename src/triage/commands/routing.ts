/**
 * Commands that say whose an issue is. A move between spokes needs both sides: whoever speaks for one side only makes a proposal,
 * which the other accepts. The reporter may correct the product once, before anybody who answers for it has acted.
 */
import type { Role, Verb } from '../../registry/commands-section.js';
import { nearest } from '../../registry/nearest.js';
import { isCollection } from '../embedded.js';
import { allowing, homeOf, rolesHere, rolesToward, type Side, withoutReporter } from './authority.js';
import type { Command } from './command.js';
import { type Case, has, NO_EFFECTS, refused, type Step } from './step.js';
import { agreeStep, NO_SUCH_PRODUCT, productNamed } from './transfer.js';
import { namedFor, onlyFor, sidesHere } from './who-may.js';

type RoutingVerb = Extract<Verb, 'accept' | 'route' | 'product'>;

/** Said of a name that is no spoke's; `way-on.ts` knows what then. */
export const NO_SUCH_SPOKE = 'the hub has no such spoke';

/** `/spokebot route SPOKE` */
export function routeStep({ spoke: said }: Extract<Command, { verb: 'route' }>, at: Case): Step {
  const { registry } = at.catalogue;
  const id = [...registry.spokes.values()].find((each) =>
    [each.id, each.name, each.fullName].some((name) => name.toLowerCase() === said.toLowerCase()),
  )?.id;
  if (id === undefined) {
    const product = productNamed(said, at.catalogue);
    if (product !== null) return unclear(`${product} is a product, not a spoke`, `product ${product}`);
    const meant = nearest(said, registry.spokes.keys());
    return unclear(NO_SUCH_SPOKE, meant === null ? null : `route ${meant}`);
  }
  const { product } = at.standing;
  const keeps = product !== null && registry.products.get(product)?.spokes.includes(id);
  return move('route', { product: keeps ? product : null, spoke: id }, at);
}

/** `/spokebot product NAME` */
export function productStep({ product: said }: Extract<Command, { verb: 'product' }>, at: Case): Step {
  return moveToProduct('product', said, at);
}

/** `/spokebot accept [PRODUCT]`: the proposal, a guess, or what stands. */
export function acceptStep({ product: named }: Extract<Command, { verb: 'accept' }>, at: Case): Step {
  const { facts, config, catalogue, word, standing, rules } = at;
  const { registry } = catalogue;
  if (named !== null) return moveToProduct('accept', named, at);
  const agreed = agreeStep(at);
  if (agreed !== null) return agreed;
  if (word.proposal !== null) {
    const { waitsFor, product, spoke } = word.proposal;
    const target = { product, spoke };
    const there = waitsFor === spoke;
    const roles = there ? rolesToward(target, facts, config, registry) : rolesHere(standing, facts, config, registry);
    const role = allowing('accept', withoutReporter(roles), rules);
    if (role === null) {
      // Being able to write here says nothing about another product.
      const home = homeOf(facts, registry);
      const elsewhere = there && (home === null || home.product !== product);
      const may = rules.may.accept?.filter((each) => !elsewhere || (each !== 'writer' && each !== 'triager'));
      return refused(`it waits for the other side: ${onlyFor(may, at, [there ? target : standing])}`);
    }
    return moved(target, role, at);
  }
  const decided = word.routing !== null || facts.outcome?.mode === 'act';
  if (decided && !word.withdrawn) {
    const role = allowing('accept', withoutReporter(at.roles), rules);
    if (role === null) return refused(onlyFor(rules.may.accept, at));
    const cc = word.routing?.cc ?? facts.outcome?.spokes.cc ?? [];
    const { product, outside, spoke } = standing;
    const routing = { product, outside, spoke, cc, by: facts.sender };
    return {
      kind: 'done',
      role,
      word: { ...word, routing, withdrawn: false, owned: true },
      effects: NO_EFFECTS,
      says: null,
    };
  }
  const guess = facts.outcome?.candidates.find(({ product }) => registry.products.has(product));
  return guess === undefined
    ? unclear('there is nothing to accept; name the product', 'product NAME')
    : moveToProduct('accept', guess.product, at);
}

function moveToProduct(verb: RoutingVerb, said: string, at: Case): Step {
  const { registry } = at.catalogue;
  const id = productNamed(said, at.catalogue);
  if (id === null) {
    if (registry.spokes.has(said.toLowerCase()))
      return unclear(`${said.toLowerCase()} is a spoke, not a product`, `route ${said.toLowerCase()}`);
    const meant = nearest(said, registry.products.keys());
    return unclear(NO_SUCH_PRODUCT, meant === null ? null : `${verb} ${meant}`);
  }
  return move(verb, { product: id, spoke: registry.products.get(id)!.accountable }, at);
}

function move(verb: RoutingVerb, target: Side, at: Case): Step {
  const { facts, config, catalogue, word, standing, rules } = at;
  const { registry } = catalogue;
  const home = homeOf(facts, registry);
  const targetRoles = rolesToward(target, facts, config, registry);
  const gives = allowing(verb, withoutReporter(at.roles), rules);
  const takes = allowing(verb, withoutReporter(targetRoles), rules);
  // Spokebot's own guess binds nobody, except where the issue lies in the product's repository.
  const free = !word.owned && (home === null || standing.product !== home.product);
  const returns = home !== null && (target.product ?? home.product) === home.product && target.spoke === home.spoke;
  const role = strongest(gives, takes);
  if (role !== null) {
    if (role === 'keeper' || target.spoke === standing.spoke) return moved(target, role, at);
    if (takes !== null && (gives !== null || free)) return moved(target, role, at);
    if (gives !== null && returns) return moved(target, role, at);
    return proposed(target, role, takes === null ? target.spoke : standing.spoke, at);
  }
  if (targetRoles.has('reporter') && rules.may.product?.includes('reporter')) {
    const late = tooLate(at);
    if (verb === 'accept' && target.product !== null && late === null)
      return refused(`as the reporter write \`/spokebot product ${target.product}\` instead`);
    if (verb === 'product' && late !== null) return refused(late);
    if (verb === 'product') {
      const step = moved(target, 'reporter', at);
      return step.kind === 'done' ? { ...step, word: { ...step.word, owned: false, reporterCorrected: true } } : step;
    }
  }
  return refused(onlyFor(rules.may[verb], at, [...sidesHere(at), target]));
}

/** Why the reporter cannot correct the product any more; null while that is possible. */
export function tooLate({ facts, word }: Pick<Case, 'facts' | 'word'>): string | null {
  if (word.reporterCorrected) return 'the reporter can correct the product once';
  const taken = facts.assignees.some((login) => !has(facts.assignedByBot, login));
  return word.owned || taken ? 'somebody who answers for it has acted already' : null;
}

function strongest(a: Role | null, b: Role | null): Role | null {
  return a === 'keeper' || b === null ? a : b === 'keeper' || a === null ? b : a;
}

/** The comment tells of it as long as it waits, so that nothing is left of it afterwards. */
function proposed(target: Side, role: Role, waitsFor: string, at: Case): Step {
  const { word, facts, rules, standing } = at;
  const side = waitsFor === target.spoke ? target : standing;
  const ask = namedFor(rules.may.accept ?? [], at, [side]);
  return {
    kind: 'done',
    role,
    word: { ...word, proposal: { ...target, by: facts.sender, waitsFor, ask } },
    effects: NO_EFFECTS,
    says: null,
  };
}

function moved(target: Side, role: Role, { facts, catalogue, word, labels }: Case): Step {
  const { registry } = catalogue;
  const home = homeOf(facts, registry);
  const own = target.product === null ? [] : (registry.products.get(target.product)?.spokes ?? []);
  // As when triage moves one: whom it leaves stays informed. A bundle's or a central repository holds everybody's.
  const everybodys = registry.isCentral(facts.ref.fullName) || (home?.product != null && isCollection(home.product));
  const leaves = home !== null && home.product !== target.product && !everybodys;
  const left = leaves ? [home.spoke] : [];
  const cc = [...new Set([...own, ...left])].filter((id) => id !== target.spoke);
  // What people had put there by hand and says otherwise goes; ours follows from the decision.
  const right = [`spoke: ${target.spoke}`, ...(target.product === null ? [] : [`product: ${target.product}`])];
  const overruled = labels.filter(
    (name) =>
      /^(?:spoke|product): /i.test(name) &&
      registry.taxonomy.byName.has(name.toLowerCase()) &&
      !has(right, name) &&
      !has(facts.labelsWeAdded, name),
  );
  return {
    kind: 'done',
    role,
    word: {
      ...word,
      routing: { ...target, outside: null, cc, by: facts.sender },
      withdrawn: false,
      proposal: null,
      owned: true,
      overruled: [...new Set([...word.overruled, ...overruled])],
    },
    effects: { ...NO_EFFECTS, removed: overruled },
    says: null,
  };
}

function unclear(why: string, meant: string | null): Step {
  return { kind: 'unclear', why, meant };
}
