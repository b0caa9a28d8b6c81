/** One check for several compilers and targets: the spec that each of them gets. */

/** So many checks a pull request can have at most; beyond it nobody reads them, and a pool is full with one push. */
export const MOST_CHECKS = 24;

export interface Cell {
  /** What follows the package in the spec. */
  readonly variants: string;
  /** What tells it from the others, e.g. `gcc@13, zen4`; empty where there is only one. */
  readonly label: string;
}

/**
 * Every compiler with every target, in the order of the lists. They belong to the root, so they stand before the first dependency. A
 * spec that names its own compiler or target keeps it, and that list does nothing for it.
 */
export function matrixOf(variants: string, compilers: readonly string[], targets: readonly string[]): Cell[] {
  const at = variants.indexOf('^');
  const root = (at === -1 ? variants : variants.slice(0, at)).trim();
  const dependencies = at === -1 ? '' : variants.slice(at).trim();
  const choices = (list: readonly string[], own: boolean) => (own || list.length === 0 ? [null] : [...new Set(list)]);
  return choices(compilers, namesCompiler(variants)).flatMap((compiler) =>
    choices(targets, namesTarget(variants)).map((target) => ({
      variants: [root, compiler && `%${compiler}`, target && `target=${target}`, dependencies]
        .filter((part) => part !== null && part !== '')
        .join(' '),
      label: [compiler, target].filter((part) => part !== null).join(', '),
    })),
  );
}

/** Whether the root of a spec (what follows its package) names a compiler itself. */
export function namesCompiler(variants: string): boolean {
  return rootOf(variants).includes('%');
}

export function namesTarget(variants: string): boolean {
  return /(?:^|\s)(?:target|arch)=/.test(rootOf(variants));
}

function rootOf(variants: string): string {
  return variants.split('^')[0] ?? '';
}
