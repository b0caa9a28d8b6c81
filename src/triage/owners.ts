/** Whom an issue belongs to: the people of the product, else the leads of its spoke. Never the one who filed it. */
import type { Registry } from '../registry/model.js';

/**
 * Logins, in the order of the files. `repositoryOwners` are those that hold for the repository after its own file, and count when
 * the issue stays with the repository's product. Empty when no file names anybody.
 */
export function ownersOf(
  routed: { readonly product: string | null; readonly accountable: string },
  home: string | null,
  repositoryOwners: readonly string[],
  registry: Registry,
  author: string | null,
): string[] {
  const product = routed.product === null ? undefined : registry.products.get(routed.product);
  const local = routed.product !== null && routed.product === home ? repositoryOwners : [];
  const filer = author?.toLowerCase();
  const lists = [local, product?.owners ?? [], registry.spokes.get(routed.accountable)?.leads ?? []];
  const people = lists.map((list) => list.filter((login) => login.toLowerCase() !== filer));
  return [...new Set(people.find((list) => list.length > 0) ?? [])];
}
