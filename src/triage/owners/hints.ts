/**
 * People whom other places name for a product: CODEOWNERS and the Spack recipe. They are shown with their source, as plain text, and
 * listed for the spoke's lead to confirm; who is assigned or mentioned never comes from here.
 */
import { ownersAtLarge, parseCodeowners } from './codeowners.js';
import { recipeMaintainers } from './recipe-maintainers.js';

export interface OwnerHint {
  /** The file that says so, as a person would look it up: `.github/CODEOWNERS`, or the recipe of a package. */
  readonly source: string;
  /** Logins, and teams as `org/team`; without `@`, at most `MOST_NAMES`. */
  readonly names: readonly string[];
}

/** Where GitHub looks for CODEOWNERS, in its order. */
export const CODEOWNERS_FILES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** Where Spack keeps its recipes. */
export const RECIPES = 'spack/spack-packages';

/** More names than this are no hint. */
const MOST_NAMES = 6;

/** Path of a package's recipe in `RECIPES`. Folders are Python modules: no dash, and no digit at the beginning. */
export function recipePath(packageName: string): string {
  const module = packageName.replaceAll('-', '_');
  return `repos/spack_repo/builtin/packages/${/^\d/.test(module) ? `_${module}` : module}/package.py`;
}

/** What a CODEOWNERS file says about its repository as a whole; null when it names nobody. */
export function codeownersHint(file: string, text: string): OwnerHint | null {
  return hint(file, ownersAtLarge(parseCodeowners(text)));
}

/** Who maintains the recipe of a package; null when nobody does. */
export function recipeHint(packageName: string, text: string): OwnerHint | null {
  return hint(`the Spack recipe of ${packageName}`, recipeMaintainers(text));
}

function hint(source: string, names: readonly string[]): OwnerHint | null {
  return names.length === 0 ? null : { source, names: names.slice(0, MOST_NAMES) };
}
