/** The spec of a check: a package of the product, then variants, compilers and dependencies, but no version of the root. */

export type CheckSpec =
  | { readonly kind: 'spec'; readonly package: string; readonly variants: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly suggestion: string | null };

// Everything a spec may be made of; quotes, slashes of paths and anything a shell or a second line would need are left out.
const ALLOWED = /^[A-Za-z0-9_.,:=+~@^%*\- ]*$/;

/** What Spack is given is no longer. */
const LONGEST = 1000;

/** Splits `hypre+mpi ^mpich` into its package and the rest. */
export function parseCheckSpec(text: string): CheckSpec {
  if (text.length > LONGEST)
    return { kind: 'wrong', message: `must have at most ${LONGEST} characters`, suggestion: null };
  const spec = text.trim();
  const name = /^[a-z0-9_][a-z0-9_-]*/.exec(spec)?.[0];
  if (!name)
    return { kind: 'wrong', message: 'must begin with the name of a Spack package, as in hypre+mpi', suggestion: null };
  const variants = spec.slice(name.length).trim();
  const odd = [...variants].find((letter) => !ALLOWED.test(letter));
  if (odd !== undefined)
    return {
      kind: 'wrong',
      message: `holds ${JSON.stringify(odd)}, which is not allowed in a check`,
      suggestion: 'Use variants, compilers (%gcc) and dependencies (^mpich) only.',
    };
  const root = variants.split('^')[0] ?? '';
  // A compiler may have a version (`%gcc@13`), the root may not.
  const withoutCompilers = root.replaceAll(/%\s*[a-z0-9_-]+(?:@[A-Za-z0-9_.,:=-]+)?/g, '');
  if (withoutCompilers.includes('@'))
    return {
      kind: 'wrong',
      message: 'must not fix the version: the commit of the pull request is built',
      suggestion: `${name}${variants.replace(/@[A-Za-z0-9_.,:=-]+/, '')}`,
    };
  return { kind: 'spec', package: name, variants };
}
