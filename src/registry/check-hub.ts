/** Problems of `hub.yml` that its schema cannot see: its ids, pools that would run strangers' code in the open, label names. */
import type { LoadedHub } from './build-registry.js';
import { checkCaches } from './caches-section.js';
import type { Problem } from './model.js';
import { nearest } from './nearest.js';
import { problemAt } from './problem-at.js';

/** `spokes` and `products` are the ids that files claim, also files that could not be read. */
export function checkHub({ hub }: LoadedHub, spokes: ReadonlySet<string>, products: ReadonlySet<string>): Problem[] {
  if (hub === null) return [];
  const { file, source } = hub;
  const problems: Problem[] = [];
  if (!spokes.has(file.fallback))
    problems.push(
      problemAt(source, ['fallback'], `No spoke has the id "${file.fallback}"`, {
        suggestion: nearest(file.fallback, spokes),
      }),
    );
  for (const [name, pool] of Object.entries(file.pools)) {
    if (pool.trust === 'everyone' && pool.sandbox === 'none')
      problems.push(
        problemAt(
          source,
          ['pools', name, 'trust'],
          `The pool "${name}" would run the code of strangers without a sandbox`,
          {
            suggestion: 'write',
          },
        ),
      );
    problems.push(...checkCaches(name, pool, source));
    for (const spoke of Object.keys(pool.share?.weights ?? {}))
      if (!spokes.has(spoke))
        problems.push(
          problemAt(source, ['pools', name, 'share', 'weights', spoke], `No spoke has the id "${spoke}"`, {
            suggestion: nearest(spoke, spokes),
          }),
        );
    if (typeof pool.open === 'object')
      for (const [key, known, what] of [
        ['spokes', spokes, 'spoke'],
        ['products', products, 'product'],
      ] as const)
        pool.open[key].forEach((value, index) => {
          if (!known.has(value))
            problems.push(
              problemAt(source, ['pools', name, 'open', key, index], `No ${what} has the id "${value}"`, {
                suggestion: nearest(value, known),
              }),
            );
        });
  }
  return [...problems, ...checkLabels(hub)];
}

function checkLabels({ file, source }: NonNullable<LoadedHub['hub']>): Problem[] {
  const taken = new Map<string, string>();
  const problems: Problem[] = [];
  const claim = (name: string, path: readonly PropertyKey[], owner: string) => {
    const before = taken.get(name.toLowerCase());
    if (before !== undefined)
      problems.push(
        problemAt(source, path, `The label name "${name}" is taken by "${before}" (GitHub compares without case)`, {
          suggestion: null,
        }),
      );
    else taken.set(name.toLowerCase(), owner);
  };
  file.labels.forEach((label, index) => {
    claim(label.name, ['labels', index, 'name'], label.name);
    const placeholder = /\{([^}]*)\}/.exec(label.name)?.[1];
    if (placeholder !== undefined && !['spoke', 'product'].includes(placeholder))
      problems.push(
        problemAt(source, ['labels', index, 'name'], `A label name knows {spoke} and {product}, not {${placeholder}}`, {
          suggestion: nearest(placeholder, ['spoke', 'product']),
        }),
      );
  });
  file.labels.forEach((label, index) => {
    label.previously.forEach((former, at) => {
      claim(former, ['labels', index, 'previously', at], label.name);
    });
  });
  return problems;
}
