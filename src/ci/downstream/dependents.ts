/** Which products of the catalogue are built on which: by Spack's recipes where the hub holds their table, else by its own files. */
import type { DependencyType, Product, Registry } from '../../registry/model.js';

export type DependencyRegistry = Pick<Registry, 'products' | 'spokes' | 'dependencies'>;

/** A product that is built on a package, with the package of its own that is. */
export interface Dependent {
  readonly product: Product;
  /** Spack package to build. */
  readonly package: string;
  /** The package that it depends on. */
  readonly on: string;
  /** How, the weightiest first; empty where only the catalogue says so, or where another package lies between. */
  readonly types: readonly DependencyType[];
  /** The package between the two; null when it depends directly. */
  readonly via: string | null;
  /** The virtual package that it names, for which `on` can stand; null where it names `on` itself. */
  readonly virtual: string | null;
  /** How many others depend on it in turn. */
  readonly dependents: number;
}

const TYPES: readonly DependencyType[] = ['link', 'run', 'build'];

/** Products other than `home` that depend on one of `packages` over at most `depth` steps, each once and by its nearest package. */
export function dependentsOf(
  home: Product,
  packages: readonly string[],
  depth: number,
  registry: DependencyRegistry,
): Dependent[] {
  const own = new Set([...packages, ...home.packages.map(({ name }) => name)]);
  const found = new Map<string, Dependent>();
  let on: readonly { readonly package: string; readonly root: string }[] = packages.map((name) => ({
    package: name,
    root: name,
  }));
  for (let step = 1; step <= depth; step++) {
    const next: { package: string; root: string }[] = [];
    for (const product of registry.products.values()) {
      if (product.id === home.id) continue;
      for (const { name } of product.packages) {
        if (own.has(name)) continue;
        const hit = on.find((one) => typesOf(name, one.package, registry) !== null);
        if (hit === undefined) continue;
        next.push({ package: name, root: hit.root });
        if (found.has(product.id)) continue;
        const direct = step === 1;
        found.set(product.id, {
          product,
          package: name,
          on: hit.root,
          types: direct ? (typesOf(name, hit.package, registry) ?? []) : [],
          via: direct ? null : hit.package,
          virtual: direct ? virtualBetween(name, hit.package, registry) : null,
          dependents: dependentCount(name, product, registry),
        });
      }
    }
    on = next;
  }
  return [...found.values()];
}

/** Whether one package is built on another, directly or over others of the catalogue. */
export function isBuiltOn(name: string, on: string, registry: DependencyRegistry): boolean {
  const seen = new Set([name]);
  const waiting = [name];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const next of directlyUnder(at, registry)) {
      if (next === on) return true;
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  return false;
}

/** Where it is known from, in words. */
export function sourceOfDependencies({ dependencies }: DependencyRegistry): string {
  return dependencies === null
    ? "the hub's catalogue"
    : `Spack's recipes (package repository ${dependencies.packages.slice(0, 10)})`;
}

/** How `name` depends on `on`; null when it does not. */
function typesOf(name: string, on: string, registry: DependencyRegistry): DependencyType[] | null {
  const { dependencies } = registry;
  if (dependencies === null) return directlyUnder(name, registry).includes(on) ? [] : null;
  const recipe = dependencies.recipes.get(name);
  const named = [on, ...(dependencies.recipes.get(on)?.provides ?? [])];
  const types = recipe === undefined ? [] : TYPES.filter((type) => recipe[type].some((one) => named.includes(one)));
  return types.length === 0 ? null : types;
}

/** The virtual package by which `name` may be built on `on`; null where it names `on` itself. */
function virtualBetween(name: string, on: string, { dependencies }: DependencyRegistry): string | null {
  const recipe = dependencies?.recipes.get(name);
  if (!recipe || TYPES.some((type) => recipe[type].includes(on))) return null;
  const provides = dependencies?.recipes.get(on)?.provides ?? [];
  return provides.find((one) => TYPES.some((type) => recipe[type].includes(one))) ?? null;
}

function directlyUnder(name: string, { dependencies, products }: DependencyRegistry): readonly string[] {
  if (dependencies !== null) {
    const recipe = dependencies.recipes.get(name);
    const named = recipe === undefined ? [] : [...new Set(TYPES.flatMap((type) => recipe[type]))];
    return named.flatMap((one) => (dependencies.recipes.has(one) ? [one] : providersOf(one, dependencies)));
  }
  // The catalogue knows products only: the primary package stands for each.
  const product = [...products.values()].find(({ packages }) => packages[0]?.name === name);
  return (product?.dependsOn ?? []).flatMap((id) => products.get(id)?.packages[0]?.name ?? []);
}

function providersOf(virtual: string, { recipes }: NonNullable<DependencyRegistry['dependencies']>): string[] {
  return [...recipes].flatMap(([name, { provides }]) => (provides.includes(virtual) ? [name] : []));
}

function dependentCount(name: string, product: Product, { dependencies, products }: DependencyRegistry): number {
  if (dependencies !== null) return dependencies.recipes.get(name)?.dependents ?? 0;
  return [...products.values()].filter(({ dependsOn }) => dependsOn.includes(product.id)).length;
}
