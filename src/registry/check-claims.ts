/** A repository, a Spack package and an unambiguous name belong to one product each, or nobody could be routed by them. */
import type { Loaded } from './build-registry.js';
import type { Problem } from './model.js';
import { problemAt } from './problem-at.js';
import type { ProductFile } from './product-schema.js';

interface Claim {
  readonly what: 'repository' | 'Spack package' | 'alias';
  readonly value: string;
  readonly path: readonly PropertyKey[];
}

/** What two products claim; the one whose file comes first by name keeps it. */
export function checkClaims(products: readonly Loaded<ProductFile>[]): Problem[] {
  const holders = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { file, source } of products) {
    for (const { what, value, path } of claims(file)) {
      const key = `${what} ${value.toLowerCase()}`;
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, file.id);
      else if (holder !== file.id)
        problems.push(
          problemAt(source, path, `The ${what} "${value}" belongs to the product "${holder}" already`, {
            suggestion: what === 'alias' ? 'Put it under "ambiguousAliases" of both.' : 'Leave it to one of the two.',
          }),
        );
    }
    file.aliases.forEach((alias, index) => {
      if (file.ambiguousAliases.includes(alias))
        problems.push(
          problemAt(source, ['aliases', index], `"${alias}" is both an alias and an ambiguous alias`, {
            suggestion: 'Keep it under "ambiguousAliases" only.',
          }),
        );
    });
  }
  return problems;
}

function claims(file: ProductFile): Claim[] {
  const ambiguous = new Set(file.ambiguousAliases.map((name) => name.toLowerCase()));
  const found: Claim[] = [];
  if (file.repository) found.push({ what: 'repository', value: file.repository, path: ['repository'] });
  file.otherRepositories.forEach((value, index) => {
    found.push({ what: 'repository', value, path: ['otherRepositories', index] });
  });
  file.spack.packages.forEach(({ name, repositories }, index) => {
    found.push({ what: 'Spack package', value: name, path: ['spack', 'packages', index, 'name'] });
    repositories?.forEach((value, at) => {
      found.push({ what: 'repository', value, path: ['spack', 'packages', index, 'repositories', at] });
    });
  });
  const names: Claim[] = [
    { what: 'alias', value: file.name, path: ['name'] },
    ...file.aliases.map((value, index): Claim => ({ what: 'alias', value, path: ['aliases', index] })),
  ];
  return [...found, ...names.filter(({ value }) => !ambiguous.has(value.toLowerCase()))];
}
