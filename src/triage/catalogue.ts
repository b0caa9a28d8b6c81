/**
 * The catalogue as triage looks things up in it: by repository, by Spack package, by name. Built once from the hub; every look-up
 * costs the same however many products there are.
 */
import type { Product, Registry } from '../registry/model.js';
import type { KindJudge } from './model/judge.js';
import { isEverydayWord, joinWords, words } from './words.js';

/** One name of one product. */
export interface NameEntry {
  readonly product: string;
  /** As the catalogue spells it. */
  readonly name: string;
  /** A common word as well: counts only beside a second sign. */
  readonly ambiguous: boolean;
  /** The product's own name, id or Spack package, not a part or nickname of it. */
  readonly primary: boolean;
}

export interface Catalogue {
  readonly registry: Registry;
  /** Spack package to product id. */
  readonly byPackage: ReadonlyMap<string, string>;
  /** Lower-case GitHub organisation to the one product that lives in it; organisations with several are left out. */
  readonly byOrganisation: ReadonlyMap<string, string>;
  /** Words of a name joined by a blank, lower case. */
  readonly byName: ReadonlyMap<string, readonly NameEntry[]>;
  /** Longest name that begins with a word, counted in words; bounds the search at each word of a text. */
  readonly longest: ReadonlyMap<string, number>;
  /** Asked for the kind of an issue when no rule knows it; null: rules alone. */
  readonly kinds: KindJudge | null;
}

/** Builds the look-up tables. Cost grows with the catalogue; do it once per version of the hub. */
export function buildCatalogue(registry: Registry, kinds: KindJudge | null = null): Catalogue {
  const byPackage = new Map<string, string>();
  const byName = new Map<string, NameEntry[]>();
  const longest = new Map<string, number>();
  for (const product of registry.products.values()) {
    // A package named twice belongs to the product that comes first.
    for (const { name } of product.packages) if (!byPackage.has(name)) byPackage.set(name, product.id);
    for (const entry of namesOf(product)) {
      const parts = words(entry.name).map((word) => word.lower);
      if (parts.length === 0) continue;
      const key = joinWords(parts);
      const known = byName.get(key) ?? [];
      if (!known.some((other) => other.product === entry.product)) byName.set(key, [...known, entry]);
      longest.set(parts[0]!, Math.max(longest.get(parts[0]!) ?? 0, parts.length));
    }
  }
  return { registry, byPackage, byOrganisation: organisations(registry), byName, longest, kinds };
}

/** The first product is built on the second. */
export function isBuiltOn(upper: string, lower: string, { registry }: Catalogue): boolean {
  return registry.products.get(upper)?.dependsOn.includes(lower) ?? false;
}

function organisations(registry: Registry): Map<string, string> {
  const products = new Map<string, Set<string>>();
  for (const product of registry.products.values())
    for (const repository of [product.repository, ...product.otherRepositories]) {
      const organisation = repository?.split('/')[0]?.toLowerCase();
      if (organisation) products.set(organisation, (products.get(organisation) ?? new Set()).add(product.id));
    }
  return new Map([...products].filter(([, ids]) => ids.size === 1).map(([name, ids]) => [name, [...ids][0]!]));
}

function namesOf(product: Product): NameEntry[] {
  const packages = product.packages.map(({ name }) => name);
  const ambiguous = new Set(product.ambiguousAliases.map((name) => name.toLowerCase()));
  const own = new Set([product.id, product.name, ...packages].map((name) => name.toLowerCase()));
  const all = new Set([product.name, ...product.aliases, ...product.ambiguousAliases, ...packages, product.id]);
  return [...all].map((name) => ({
    product: product.id,
    name,
    ambiguous: ambiguous.has(name.toLowerCase()) || isEverydayWord(name),
    primary: own.has(name.toLowerCase()),
  }));
}
