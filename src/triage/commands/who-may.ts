/**
 * Who may do what was refused: the roles in words, and the people whom the hub's files name for them. Plain text that calls nobody,
 * for the sentence behind "was refused".
 */
import type { Role } from '../../registry/commands-section.js';
import { uniqueLogins } from '../owners/logins.js';
import { plain, quote } from '../safe-text.js';
import { homeOf, type Side } from './authority.js';
import { type Case, has } from './step.js';

type At = Pick<Case, 'facts' | 'config' | 'catalogue' | 'standing'>;

/** Names in one sentence: enough to find somebody. */
const MOST_NAMED = 3;

/** Those who answer for something stand first, who merely could comes last. */
const ORDER: readonly Role[] = ['owner', 'lead', 'writer', 'triager', 'approver', 'keeper', 'reporter', 'contributor'];

/**
 * "only an owner of X or a lead of Y may do that. Ask octocat". Roles that nobody holds are left out, unless there is no other.
 * `sides`: whose people count; by default those here.
 */
export function onlyFor(roles: readonly Role[] | undefined, at: At, sides: readonly Side[] = sidesHere(at)): string {
  const allowed = ORDER.filter((role) => roles?.includes(role) && !(role === 'writer' && roles.includes('triager')));
  const places = allowed.flatMap((role) => placesOf(role, at, sides));
  if (places.length === 0) return 'nobody in this hub may do that';
  const held = places.filter(({ people }) => people === null || people.length > 0);
  const who = inWords(held.length > 0 ? held : places);
  return `only ${or(who)} may do that. ${whomToAsk(namedFor(allowed, at, sides)) ?? nobodyNamed(held, places)}`
    .trim()
    .replace(/\.$/, '');
}

/** Logins that files name for the roles, the nearest first: neither the sender nor who wants to be left alone. */
export function namedFor(roles: readonly Role[], at: At, sides: readonly Side[]): readonly string[] {
  const { sender, muted } = at.facts;
  const people = roles.flatMap((role) => placesOf(role, at, sides)).flatMap((place) => place.people ?? []);
  return uniqueLogins(people)
    .filter((login) => !has([...muted, sender], login))
    .slice(0, MOST_NAMED);
}

/** "Ask octocat or mona", as plain text; null where there is nobody. */
export function whomToAsk(logins: readonly string[]): string | null {
  return logins.length === 0 ? null : `Ask ${or(logins.map((login) => plain(login)))}`;
}

/** Where the one who keeps the files could name somebody; empty when somebody may already. */
function nobodyNamed(held: readonly Place[], places: readonly Place[]): string {
  if (held.length > 0) return '';
  const [first] = places;
  return `The hub names nobody yet: name them under ${quote(first!.key)} in ${quote(first!.file)}`;
}

/** Where the issue stands and where it lies; a pull request stands nowhere but in its repository. */
export function sidesHere({ facts, catalogue, standing }: At): readonly Side[] {
  const home = homeOf(facts, catalogue.registry);
  if (home === null) return [standing];
  return facts.isPull ? [home] : [standing, home];
}

/** People of one role for one side. */
interface Place {
  /** What they are: `an owner of`, with the names of sides behind it; the whole of it where there are no sides. */
  readonly who: string;
  readonly of: string | null;
  /** Where a file names them; empty for a standing on GitHub. */
  readonly key: string;
  readonly file: string;
  /** Null for a standing on GitHub: there is somebody, and no file says who. */
  readonly people: readonly string[] | null;
}

/** "an owner of **X** or **Y**", "a lead of **Z**", a phrase for each role. */
function inWords(places: readonly Place[]): string[] {
  const phrases = [...new Set(places.map(({ who }) => who))];
  return phrases.map((who) => {
    const names = new Set(places.flatMap((place) => (place.who === who && place.of !== null ? [place.of] : [])));
    return names.size === 0 ? who : `${who} ${or([...names].map((name) => `**${plain(name)}**`))}`;
  });
}

function placesOf(
  role: Role,
  { facts, config, catalogue: { registry } }: At,
  sides: readonly Side[],
): readonly Place[] {
  const { hub } = registry;
  const onGitHub = (who: string): readonly Place[] => [{ who, of: null, key: '', file: '', people: null }];
  switch (role) {
    case 'owner': {
      const home = homeOf(facts, registry)?.product;
      return sides.flatMap(({ product: id }) => {
        const product = id === null ? undefined : registry.products.get(id);
        if (product === undefined) return [];
        const people = [...product.owners, ...(product.id === home ? config.owners : [])];
        return [{ who: 'an owner of', of: product.name, key: 'owners', file: product.level.file, people }];
      });
    }
    case 'lead':
      return sides.flatMap(({ spoke: id }) => {
        const spoke = registry.spokes.get(id);
        if (spoke === undefined) return [];
        return [{ who: 'a lead of', of: spoke.name, key: 'leads', file: spoke.level.file, people: spoke.leads }];
      });
    case 'approver': {
      const { approvers: people } = hub.roles;
      return [{ who: 'an approver of the hub', of: null, key: 'roles.approvers', file: hub.level.file, people }];
    }
    case 'keeper': {
      const { keepers: people } = hub.roles;
      return [{ who: 'a keeper of the hub', of: null, key: 'roles.keepers', file: hub.level.file, people }];
    }
    case 'writer':
      return onGitHub('people who can push here');
    case 'triager':
      return onGitHub('people with triage rights here');
    case 'reporter':
      return facts.author === null ? [] : onGitHub('the reporter');
    case 'contributor':
      return onGitHub('whoever can comment');
  }
}

function or(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
