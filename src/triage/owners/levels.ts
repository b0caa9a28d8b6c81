/**
 * Who is named for an issue, level by level: the repository's own file and the product's, the spoke that answers (its rota before
 * its leads), then the hub. Only files name people: what CODEOWNERS or a recipe say are hints and never get in here.
 */

import { lowerSet } from '../../registry/lower-set.js';
import type { Absence, Registry } from '../../registry/model.js';
import { onDuty } from '../../registry/rota.js';
import { uniqueLogins } from './logins.js';

export type OwnerLevelId = 'repository' | 'product' | 'spoke' | 'hub';

export interface OwnerLevel {
  readonly level: OwnerLevelId;
  /** The file that names them, e.g. `products/hypre.yml`. */
  readonly file: string;
  /** Logins as written, each once. */
  readonly people: readonly string[];
  /** True: a rota, and `people` begins with the one whose turn it is. False: anybody of them. */
  readonly byTurn: boolean;
  /** Who is away, as the files of this level say. */
  readonly absences: readonly Absence[];
}

/** What is known of where an issue goes. */
export interface RoutedTo {
  readonly product: string | null;
  readonly accountable: string;
}

/**
 * The levels that name somebody, nearest first; empty when no file names anybody. `home` is the product of the repository,
 * and `repositoryOwners` are those that hold for that repository after its own file; they count when the issue stays with it.
 * Without `now` no rota can be read: then its people are a level like any other.
 */
export function ownerLevels(
  routed: RoutedTo,
  home: string | null,
  repositoryOwners: readonly string[],
  registry: Registry,
  now: Date | null,
): OwnerLevel[] {
  const product = routed.product === null ? undefined : registry.products.get(routed.product);
  const spoke = registry.spokes.get(routed.accountable);
  const fallback = registry.spokes.get(registry.hub.fallback);
  const near = [...(product?.absences ?? []), ...(spoke?.absences ?? [])];
  const levels: OwnerLevel[] = [];
  const add = (level: OwnerLevelId, file: string, people: readonly string[], absences: readonly Absence[]) => {
    levels.push({ level, file, people: uniqueLogins(people), byTurn: false, absences });
  };
  const addSpoke = (level: OwnerLevelId, id: string, absences: readonly Absence[]) => {
    const { rota, leads, level: place } = registry.spokes.get(id)!;
    if (rota !== null)
      levels.push({
        level,
        file: place.file,
        people: now === null ? uniqueLogins(rota.people) : inTurn(uniqueLogins(rota.people), onDuty(rota, now)),
        byTurn: now !== null,
        absences,
      });
    add(level, place.file, leads, absences);
  };
  const owners = product?.owners ?? [];
  // What holds for a repository without a file of its own is the product's or the spoke's, and is told as theirs below.
  const own = !samePeople(repositoryOwners, owners) && !samePeople(repositoryOwners, spoke?.leads ?? []);
  if (product !== undefined && product.id === home && own)
    add('repository', '.github/spokebot.yml', repositoryOwners, near);
  if (product !== undefined) add('product', product.level.file, owners, near);
  if (spoke !== undefined) addSpoke('spoke', spoke.id, near);
  const far = fallback?.absences ?? [];
  add('hub', registry.hub.level.file, registry.hub.roles.keepers, far);
  if (fallback !== undefined && fallback !== spoke) addSpoke('hub', fallback.id, far);
  return levels.filter(({ people }) => people.length > 0);
}

function inTurn(people: readonly string[], first: string): string[] {
  const at = people.findIndex((login) => login.toLowerCase() === first.toLowerCase());
  return [...people.slice(at), ...people.slice(0, at)];
}

function samePeople(a: readonly string[], b: readonly string[]): boolean {
  const [these, those] = [lowerSet(a), lowerSet(b)];
  return these.size === those.size && [...these].every((login) => those.has(login));
}
