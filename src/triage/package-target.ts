/** What a Spack package name stands for: a product of the catalogue, or a package outside it. */
import type { Catalogue } from './catalogue.js';
import { isTellingName, isWellKnownPackage } from './package-names.js';
import type { Target } from './target.js';
import type { Title } from './title.js';
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

/** A recipe's other or former name, `openfoam-com` in an issue about OpenFOAM. */
const VARIETY = /^-(?:com|org|dev|core|base|c|cxx|cpp|fortran|lib|full)$/;

/** What a title is about, when a package is called after it and the catalogue does not know the package. */
export function meantByTitle(name: string, names: Title['names'], catalogue: Catalogue): Target | null {
  if (catalogue.byPackage.has(name)) return null;
  const meant = names.find(
    ({ role, target, text }) =>
      role === 'subject' &&
      'product' in target &&
      name.startsWith(text.toLowerCase()) &&
      VARIETY.test(name.slice(text.length)),
  );
  return meant?.target ?? null;
}

/** Python packages are known by their own names, too: `h5py` is Spack's `py-h5py`. */
export function outsideName(word: string, catalogue: Catalogue): string | null {
  if (!isTellingName(word) || catalogue.byPackage.has(word)) return null;
  if (isWellKnownPackage(word)) return word;
  // What is built of any Python project.
  return word === 'wheel' ? null : ([`py-${word}`, `${word}-cpp`].find(isWellKnownPackage) ?? null);
}

/** The product or well-known package that a name means, a tool too; null for a word that nobody knows. */
export function knownName(name: string, catalogue: Catalogue): string | null {
  const target = packageTarget(name, catalogue);
  return 'product' in target ? target.product : outsideName(name, catalogue);
}
