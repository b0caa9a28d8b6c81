/**
 * Who may do what was refused: the roles in words, and the people whom the hub's files name for them. Plain text that calls nobody,
 * for the sentence behind "was refused".
 */
import type { Role } from '../../registry/commands-section.js';
import { uniqueLogins } from '../owners/logins.js';
import { plain } from '../safe-text.js';
import { homeOf, type Side } from './authority.js';
import { type Case, has } from './step.js';

type At = Pick<Case, 'facts' | 'config' | 'catalogue' | 'standing'>;

/** Names in one sentence: enough to find somebody. */
const MOST_NAMED = 3;

/** Those who answer for something stand first, who merely could comes last. */
const ORDER: readonly Role[] = ['owner', 'lead', 'writer', 'triager', 'approver', 'keeper', 'reporter', 'contributor'];

/** "only an owner of X or a lead of Y may do that; ask for example octocat". `sides`: whose people count; by default those here. */
export function onlyFor(roles: readonly Role[] | undefined, at: At, sides: readonly Side[] = sidesHere(at)): string {
  const allowed = ORDER.filter((role) => roles?.includes(role));
  const who = allowed.flatMap((role) => inWords(role, at, sides) ?? []);
  return who.length === 0
    ? 'nobody in this hub may do that'
    : `only ${or(who)} may do that; ${namedFor(allowed, at, sides)}`;
}

/** "ask for example octocat", or where somebody could be named. */
export function namedFor(roles: readonly Role[], at: At, sides: readonly Side[]): string {
  const { sender, muted } = at.facts;
  const places = roles.flatMap((role) => placesOf(role, at, sides));
  const people = uniqueLogins(places.flatMap(({ people }) => people)).filter(
    (login) => !has([...muted, sender], login),
  );
  if (people.length > 0) return `ask for example ${or(people.slice(0, MOST_NAMED).map((login) => plain(login)))}`;
  const keys = [...new Set(places.map(({ key, file }) => `\`${key}\` in \`${file}\``))];
  if (keys.length === 0) return 'GitHub says who they are';
  return `no file names anybody else for it yet, and the place to do so is ${or(keys.slice(0, MOST_NAMED))}`;
}

/** Where the issue stands and where it lies; a pull request stands nowhere but in its repository. */
export function sidesHere({ facts, catalogue, standing }: At): readonly Side[] {
  const home = homeOf(facts, catalogue.registry);
  if (home === null) return [standing];
  return facts.isPull ? [home] : [standing, home];
}

function inWords(role: Role, { catalogue: { registry } }: At, sides: readonly Side[]): string | null {
  const names = (ids: readonly string[]) => or([...new Set(ids)].map((id) => `**${plain(id)}**`));
  switch (role) {
    case 'owner': {
      const products = sides.flatMap(({ product }) => product ?? []);
      return products.length === 0
        ? null
        : `an owner of ${names(products.map((id) => registry.products.get(id)?.name ?? id))}`;
    }
    case 'lead':
      return `a lead of ${names(sides.map(({ spoke }) => registry.spokes.get(spoke)?.name ?? spoke))}`;
    case 'writer':
      return 'people who can push here';
    case 'triager':
      return 'people with triage rights here';
    case 'approver':
      return 'an approver of the hub';
    case 'keeper':
      return 'a keeper of the hub';
    case 'reporter':
      return 'the reporter';
    case 'contributor':
      return 'whoever can comment';
  }
}

interface Place {
  readonly key: string;
  readonly file: string;
  readonly people: readonly string[];
}

/** Where the files name people for a role; nowhere for a standing on GitHub. */
function placesOf(
  role: Role,
  { facts, config, catalogue: { registry } }: At,
  sides: readonly Side[],
): readonly Place[] {
  const { hub } = registry;
  switch (role) {
    case 'owner': {
      const home = homeOf(facts, registry)?.product;
      return sides.flatMap(({ product: id }) => {
        const product = id === null ? undefined : registry.products.get(id);
        if (product === undefined) return [];
        const people = [...product.owners, ...(product.id === home ? config.owners : [])];
        return [{ key: 'owners', file: product.level.file, people }];
      });
    }
    case 'lead':
      return sides.flatMap(({ spoke: id }) => {
        const spoke = registry.spokes.get(id);
        return spoke === undefined ? [] : [{ key: 'leads', file: spoke.level.file, people: spoke.leads }];
      });
    case 'approver':
      return [{ key: 'roles.approvers', file: hub.level.file, people: hub.roles.approvers }];
    case 'keeper':
      return [{ key: 'roles.keepers', file: hub.level.file, people: hub.roles.keepers }];
    default:
      return [];
  }
}

function or(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
