/** What a Spack package name stands for: a product of the catalogue, or a package outside it. */
import type { Catalogue } from './catalogue.js';
import type { Target } from './target.js';
import { joinWords, words } from './words.js';

/** A package by its Spack name, or by a name of the product that Spack once used (`netcdf`). */
export function packageTarget(name: string, catalogue: Catalogue): Target {
  const product = productOfPackage(name, catalogue) ?? onlyBearer(name, catalogue);
  return product ? { product } : { outside: name };
}

/** The product of a package of Spack; `hypre-cmake` is hypre, built otherwise. */
export function productOfPackage(name: string, { byPackage }: Catalogue): string | undefined {
  return byPackage.get(name) ?? byPackage.get(name.replace(/-cmake$/, ''));
}

function onlyBearer(name: string, { byName }: Catalogue): string | undefined {
  const entries = byName.get(joinWords(words(name).map(({ lower }) => lower)));
  return entries?.length === 1 && entries[0]!.primary ? entries[0]!.product : undefined;
}
