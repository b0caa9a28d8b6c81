/** What an issue can be for: a product of the catalogue, or a package outside it by its Spack name. */
export type Target = { readonly product: string } | { readonly outside: string };

export function sameTarget(a: Target, b: Target): boolean {
  return targetKey(a) === targetKey(b);
}

/** Unique over products and outside packages. */
export function targetKey(target: Target): string {
  return 'product' in target ? target.product : `outside:${target.outside}`;
}

/** How people write it: product id, or the outside package's name. */
export function nameOf(target: Target): string {
  return 'product' in target ? target.product : target.outside;
}
