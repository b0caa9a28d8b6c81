/**
 * `/spokebot transfer`: to another repository. Within one owner GitHub moves the issue; into another organisation it cannot, so an
 * issue is made there that points to this one, and only once the person who filed it has agreed. Who may is asked of the product
 * whose repository the issue would leave; nothing private is moved, and nothing leaves the catalogue.
 */
import type { Action } from '../../actions.js';
import { nearest } from '../../registry/nearest.js';
import type { Catalogue } from '../catalogue.js';
import { quote } from '../safe-text.js';
import type { Transfer } from '../word.js';
import { joinWords, words } from '../words.js';
import { routingAfterMove } from './after-move.js';
import { allowing, homeOf, rolesToward } from './authority.js';
import type { Command } from './command.js';
import type { CommandFacts, Destination } from './facts.js';
import { pointerText } from './pointer.js';
import { type Case, NO_EFFECTS, refused, type Step, writesIssues } from './step.js';
import { onlyFor } from './who-may.js';

/** What a person named, as a repository of the catalogue; or why that cannot be. */
export type Named =
  | { readonly kind: 'repository'; readonly fullName: string }
  | { readonly kind: 'unclear'; readonly why: string; readonly meant: string | null }
  | { readonly kind: 'refused'; readonly why: string };

/** `owner/name`, its address, or a product by id or by a name that is its alone. */
export function repositoryNamed(said: string, catalogue: Catalogue): Named {
  const { registry } = catalogue;
  const place = /^(?:https?:\/\/[\w.:-]+\/)?([\w-]+\/[\w.-]+?)(?:\.git|\/)?$/.exec(said)?.[1];
  if (place !== undefined) {
    if (registry.isMember(place)) return { kind: 'repository', fullName: place.toLowerCase() };
    return refused(`${quote(place)} is not in the hub's catalogue`);
  }
  const id = productNamed(said, catalogue);
  if (id === null) {
    const meant = nearest(said, registry.products.keys());
    return {
      kind: 'unclear',
      why: NO_SUCH_PRODUCT,
      meant: meant === null ? null : `transfer ${meant}`,
    };
  }
  const repository = registry.products.get(id)?.repository ?? null;
  if (repository === null) return refused(`${quote(id)} has no repository on GitHub`);
  return { kind: 'repository', fullName: repository.toLowerCase() };
}

/** Said of a name that is no product's; `way-on.ts` knows what then. */
export const NO_SUCH_PRODUCT = 'the catalogue has no such product';

/** By id, or by any name of the catalogue that is one product's alone. */
export function productNamed(said: string, catalogue: Catalogue): string | null {
  const id = said.toLowerCase();
  if (catalogue.registry.products.has(id)) return id;
  const named = catalogue.byName.get(joinWords(words(said).map(({ lower }) => lower))) ?? [];
  return named.length === 1 ? named[0]!.product : null;
}

export function transferStep({ to }: Extract<Command, { verb: 'transfer' }>, at: Case): Step {
  const { facts, config, catalogue, rules, word, roles, standing } = at;
  const { registry } = catalogue;
  const home = homeOf(facts, registry);
  // What it is for by now has no say in whether it leaves the repository of another product.
  const role = allowing('transfer', home === null ? roles : rolesToward(home, facts, config, registry), rules);
  if (role === null) return refused(onlyFor(rules.may.transfer, at, [home ?? standing]));
  if (!writesIssues(config)) return refused('triage writes nothing in this repository');
  const underWay = word.transfer?.state === 'moving' || word.transfer?.state === 'linking';
  if (underWay) return refused(`it is on its way to ${quote(word.transfer.to)}`);
  const named = repositoryNamed(to, catalogue);
  if (named.kind !== 'repository') return named;
  if (named.fullName === facts.ref.fullName.toLowerCase()) return refused('it is there already');
  const target = facts.destinations.find((each) => each.named === named.fullName);
  const why = hindrance(target, facts);
  if (why !== null) return refused(why);
  const fullName = target!.seen!.fullName;
  const same = ownerOf(fullName) === ownerOf(facts.ref.fullName);
  if (!same && word.transfer?.state === 'linked' && word.transfer.to.toLowerCase() === named.fullName)
    return refused(`${quote(word.transfer.link ?? fullName)} points here already`);
  if (!same && facts.author === null) return refused('nobody is left who could agree to it: the reporter is gone');
  const agreed = facts.author?.toLowerCase() === facts.sender.toLowerCase();
  const transfer = {
    to: fullName,
    by: facts.sender,
    state: same ? ('moving' as const) : agreed ? ('linking' as const) : ('agreement' as const),
    link: null,
    why: null,
  };
  // Of a pointer, too: what this person says it is for, although nothing here changes by it.
  const routing = routingAfterMove(standing, word.routing, fullName, facts.sender, registry);
  return {
    kind: 'done',
    role,
    word: { ...word, transfer },
    effects: NO_EFFECTS,
    says: null,
    ...(routing === null ? {} : { became: { ...standing, ...sideOf(routing) } }),
  };
}

/** `/spokebot accept` by the person who filed it, while a move into another organisation waits for that; null for anything else. */
export function agreeStep(at: Case): Step | null {
  const { facts, word, config } = at;
  const transfer = agreementOf(at);
  if (transfer === null) return null;
  if (!writesIssues(config)) return refused('triage writes nothing in this repository');
  const why = hindrance(
    facts.destinations.find((each) => each.named === transfer.to.toLowerCase()),
    facts,
  );
  if (why !== null) return refused(why);
  return { kind: 'agreed', role: 'reporter', word: { ...word, transfer: { ...transfer, state: 'linking' } } };
}

/** The move that waits for the sender's own consent; null when none does. */
export function agreementOf({ facts, word: { transfer } }: Pick<Case, 'facts' | 'word'>): Transfer | null {
  if (transfer?.state !== 'agreement' || facts.author === null) return null;
  return facts.author.toLowerCase() === facts.sender.toLowerCase() ? transfer : null;
}

/** What GitHub is asked for once the commands of a comment are dealt with; null when nothing has been set going by them. */
export function transferAction(at: Pick<Case, 'word' | 'facts' | 'catalogue' | 'standing'>): Action | null {
  const { word, facts, catalogue, standing } = at;
  const { transfer } = word;
  if (transfer === null || (transfer.state !== 'moving' && transfer.state !== 'linking')) return null;
  if (facts.word.transfer?.state === transfer.state) return null;
  const to = facts.destinations.find((each) => each.named === transfer.to.toLowerCase())?.ours;
  if (!to) return null;
  const { registry } = catalogue;
  const routing = routingAfterMove(standing, word.routing, to.fullName, transfer.by, registry);
  if (transfer.state === 'moving') return { kind: 'transfer', issue: facts.ref, to, by: transfer.by, routing };
  return {
    kind: 'link-issue',
    issue: facts.ref,
    to,
    by: transfer.by,
    ...pointerText(facts, transfer.by),
    // What stands here by spokebot's own guess is a word there: whoever asked has looked at it.
    routing: routing ?? { ...sideOf(standing), cc: facts.outcome?.spokes.cc ?? [], by: transfer.by },
    issueKind: standing.kind,
  };
}

/** Why an issue cannot go there, for the sentence that refuses; null when it can. */
function hindrance(target: Destination | undefined, facts: CommandFacts): string | null {
  if (!target?.seen) return 'that repository is not there, or spokebot may not see it';
  const name = quote(target.seen.fullName);
  if (target.seen.fullName.toLowerCase() === facts.ref.fullName.toLowerCase()) return 'it is there already';
  if (facts.private) return 'an issue of a private repository stays there';
  if (target.seen.private) return `${name} is private, and what is public stays public`;
  if (target.seen.archived) return `${name} is archived`;
  if (!target.seen.issues) return `${name} takes no issues`;
  return target.ours === null ? `spokebot is not installed on ${name}` : null;
}

function sideOf({ product, outside, spoke }: { product: string | null; outside: string | null; spoke: string }) {
  return { product, outside, spoke };
}

function ownerOf(fullName: string): string {
  return fullName.split('/')[0]!.toLowerCase();
}
