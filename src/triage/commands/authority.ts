/**
 * What a person is to an issue, and which commands that allows. Authority goes by product: a lead of one spoke is nobody in particular
 * to another spoke's product. What the hub's table does not list is refused.
 */
import type { CommandsSection, Role, Verb } from '../../registry/commands-section.js';
import { ROLES } from '../../registry/commands-section.js';
import type { Registry } from '../../registry/model.js';
import type { CommandConfig, CommandFacts } from './facts.js';

/** What says who somebody is: the person, where, and whose the issue or pull request is. */
export type Standpoint = Pick<CommandFacts, 'sender' | 'permission' | 'author'> & {
  readonly ref: Pick<CommandFacts['ref'], 'fullName'>;
};

/** A product and a spoke that issues can be for. */
export interface Side {
  readonly product: string | null;
  readonly spoke: string;
}

/** The side that the repository itself stands for; null where no product of the catalogue is developed. */
export function homeOf(facts: Pick<Standpoint, 'ref'>, registry: Registry): Side | null {
  const home = registry.productByRepository(facts.ref.fullName);
  return home === null ? null : { product: home.id, spoke: home.accountable };
}

/** Roles of the sender towards one side. Being able to write says something only about what is developed here. */
export function rolesToward(
  side: Side,
  facts: Standpoint,
  config: Pick<CommandConfig, 'owners'>,
  registry: Registry,
): ReadonlySet<Role> {
  const roles = new Set<Role>(['contributor']);
  const home = homeOf(facts, registry);
  const here = home !== null && side.product === home.product;
  if (isMe(facts, facts.author)) roles.add('reporter');
  if (here && facts.permission === 'triage') roles.add('triager');
  if (here && mayWrite(facts)) roles.add('writer');
  const owners = side.product === null ? [] : (registry.products.get(side.product)?.owners ?? []);
  if ([...owners, ...(here ? config.owners : [])].some((login) => isMe(facts, login))) roles.add('owner');
  if (registry.spokes.get(side.spoke)?.leads.some((login) => isMe(facts, login))) roles.add('lead');
  if (registry.hub.roles.approvers.some((login) => isMe(facts, login))) roles.add('approver');
  if (registry.hub.roles.keepers.some((login) => isMe(facts, login))) roles.add('keeper');
  return roles;
}

/** Roles of the sender towards an issue that lies here and stands with `present`: both sides' people have a say. */
export function rolesHere(
  present: Side,
  facts: Standpoint,
  config: Pick<CommandConfig, 'owners'>,
  registry: Registry,
): ReadonlySet<Role> {
  const home = homeOf(facts, registry);
  const roles = new Set([
    ...rolesToward(present, facts, config, registry),
    ...(home === null ? [] : rolesToward(home, facts, config, registry)),
  ]);
  // Also where no product is at home: whoever can write here has these rights on GitHub itself.
  if (facts.permission === 'triage') roles.add('triager');
  if (mayWrite(facts)) roles.add('writer');
  return roles;
}

/** The strongest of the person's roles that may use the verb; null when none may. */
export function allowing(verb: Verb, roles: ReadonlySet<Role>, { may }: Pick<CommandsSection, 'may'>): Role | null {
  return ROLES.findLast((role) => roles.has(role) && may[verb]?.includes(role)) ?? null;
}

/** Whose an issue is, is not the reporter's to say, but for the one correction of its product. */
export function withoutReporter(roles: ReadonlySet<Role>): ReadonlySet<Role> {
  return new Set([...roles].filter((role) => role !== 'reporter'));
}

/** The only roles that may touch a label by command; null where it is a label like any other. */
export function powerRoles(
  label: string,
  { powerLabels }: Pick<CommandsSection, 'powerLabels'>,
): readonly Role[] | null {
  const rules = powerLabels.filter(({ labels }) => labels.some((pattern) => matches(pattern, label)));
  if (rules.length === 0) return null;
  // Named by several rules, all of them have to agree.
  return ROLES.filter((role) => rules.every(({ roles }) => roles.includes(role)));
}

function matches(pattern: string, label: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[^\w ]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(label);
}

function mayWrite({ permission }: Pick<CommandFacts, 'permission'>): boolean {
  return permission === 'write' || permission === 'maintain' || permission === 'admin';
}

function isMe({ sender }: Pick<CommandFacts, 'sender'>, login: string | null): boolean {
  return login !== null && login.toLowerCase() === sender.toLowerCase();
}
