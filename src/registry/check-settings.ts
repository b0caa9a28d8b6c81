/** Problems of the settings that every level may hold: pools and packages nobody has, checks twice, labels unknown, keys locked. */
import type { LoadedHub } from './build-registry.js';
import { parseCheckSpec } from './check-spec.js';
import { hubOf, poolsOf, productOf } from './levels.js';
import { lockedBy } from './lock.js';
import { MOST_CHECKS, matrixOf, namesCompiler, namesTarget } from './matrix.js';
import type { Pool, Problem, Product, Settings, Taxonomy } from './model.js';
import { nearest } from './nearest.js';
import { problemAt } from './problem-at.js';
import type { CheckDefaults, CheckEntry } from './schema-parts.js';
import { buildTaxonomy } from './taxonomy.js';
import type { YamlSource } from './yaml-source.js';

/** What a level's settings are held against. `product` is null above the products. */
export interface SettingsContext {
  readonly pools: ReadonlyMap<string, Pool>;
  readonly taxonomy: Taxonomy;
  readonly lock: readonly string[];
  readonly product: Pick<Product, 'id' | 'name' | 'spokes' | 'repository' | 'packages'> | null;
  /** The repository whose own file this is; null for files of the hub. */
  readonly fullName: string | null;
  /** Whether checks written here have to name a pool, since no upper level does. */
  readonly needsPool: boolean;
}

/** Problems of all levels of the catalogue; the repository's own file is checked by `effectiveConfig`. */
export function checkSettings({ hub, spokes, products }: LoadedHub): Problem[] {
  // Nothing can be said about pools, labels and locks when the file that declares them is not right itself.
  if (!hub?.good) return [];
  const pools = poolsOf(hub.file);
  const taxonomy = buildTaxonomy(hub.file.labels, {
    spokes: spokes.map(({ file }) => file),
    products: products.map(({ file }) => file),
  });
  const hubSettings = hubOf(hub.file, hub.source).level.settings;
  const shared = { pools, taxonomy, product: null, fullName: null };
  const hubPool = poolIn(hubSettings.checks) !== null;
  const spokePool = new Map(spokes.map(({ file }) => [file.id, poolIn(file.checks) !== null]));
  return [
    ...settingsProblems(hub.source, hubSettings, { ...shared, lock: [], needsPool: true }),
    ...spokes.flatMap(({ file, source }) =>
      settingsProblems(source, file, { ...shared, lock: hub.file.lock, needsPool: false }),
    ),
    ...products.flatMap(({ file, source }) => {
      const product = productOf(file, source);
      const needsPool = !hubPool && spokePool.get(product.accountable) !== true;
      return settingsProblems(source, file, { ...shared, lock: hub.file.lock, product, needsPool });
    }),
  ];
}

/** Problems of one level's settings. */
export function settingsProblems(source: YamlSource, settings: Settings, context: SettingsContext): Problem[] {
  return [
    ...lockProblems(source, settings, context),
    ...labelProblems(source, settings, context),
    ...checkProblems(source, settings, context),
    ...nightlyProblems(source, settings, context),
  ];
}

function lockProblems(source: YamlSource, settings: Settings, { lock }: SettingsContext): Problem[] {
  const present = ['triage', 'owners', 'labels', 'checks', 'downstream', 'nightly'].filter(
    (key) => settings[key as keyof Settings] !== undefined,
  );
  return [...source.lines.keys()].flatMap((path) => {
    if (!present.includes(path.split('.')[0]!)) return [];
    const parts = path.split('.');
    // Only the uppermost locked key is reported, not all that lies below it.
    if (!lockedBy(lock, path) || (parts.length > 1 && lockedBy(lock, parts.slice(0, -1).join('.')))) return [];
    return [
      problemAt(source, parts, `The hub has locked "${lockedBy(lock, path)}"; it cannot be set here`, {
        suggestion: 'Leave the key out, or ask the hub to unlock it.',
        key: true,
      }),
    ];
  });
}

function labelProblems(source: YamlSource, { labels }: Settings, { taxonomy }: SettingsContext): Problem[] {
  if (typeof labels !== 'object') return [];
  const known = [...taxonomy.byName.values()].map((label) => label.name);
  const named = [
    ...labels.without.map((name, index) => ({ name, at: ['without', index] })),
    ...Object.keys(labels.paths ?? {}).map((name) => ({ name, at: ['paths', name], key: true })),
  ];
  return named.flatMap(({ name, at, ...of }) =>
    taxonomy.byName.has(name.toLowerCase())
      ? []
      : [
          problemAt(source, ['labels', ...at], `The hub has no label "${name}"`, {
            suggestion: nearest(name, known),
            ...of,
          }),
        ],
  );
}

/** Names that checks of ours have already, and whose they are. */
const OWN_CHECKS: Readonly<Record<string, string>> = {
  config: 'The name "config" belongs to the check of this file',
  recipe: 'The name "recipe" belongs to the check of build files against the Spack recipe',
};

function checkProblems(source: YamlSource, { checks }: Settings, context: SettingsContext): Problem[] {
  if (typeof checks !== 'object') return [];
  if (!Array.isArray(checks)) return [...poolProblems(source, ['checks'], checks as CheckDefaults, context)];
  const names = new Set<string>();
  let cells = 0;
  return (checks as CheckEntry[]).flatMap((entry, index) => {
    const path = ['checks', index];
    const name = entry.name ?? entry.spec?.trim() ?? context.product?.packages[0]?.name ?? '';
    const twice = names.has(name);
    names.add(name);
    const before = cells;
    cells += cellsOf(entry);
    return [
      ...poolProblems(source, path, entry, context),
      ...specProblems(source, path, entry, context),
      ...matrixProblems(source, path, entry),
      ...(before <= MOST_CHECKS && cells > MOST_CHECKS
        ? [
            problemAt(
              source,
              path,
              `With this one there are ${cells} checks; a pull request gets ${MOST_CHECKS} at most`,
              {
                suggestion: 'Test fewer compilers or targets, or leave a check out.',
              },
            ),
          ]
        : []),
      ...(entry.name !== undefined && Object.hasOwn(OWN_CHECKS, entry.name.toLowerCase())
        ? [
            problemAt(source, [...path, 'name'], OWN_CHECKS[entry.name.toLowerCase()]!, {
              suggestion: 'Give the check another name.',
            }),
          ]
        : []),
      ...(twice
        ? [
            problemAt(source, path, `Two checks have the name "${name}"`, {
              suggestion: 'Give one of them a "name" of its own.',
            }),
          ]
        : []),
    ];
  });
}

function nightlyProblems(source: YamlSource, { nightly }: Settings, context: SettingsContext): Problem[] {
  if (typeof nightly !== 'object' || nightly.pool === undefined) return [];
  return poolProblems(source, ['nightly'], { pool: nightly.pool }, context);
}

function poolProblems(
  source: YamlSource,
  path: readonly PropertyKey[],
  { pool }: CheckDefaults,
  { pools, product, needsPool }: SettingsContext,
): Problem[] {
  const open = [...pools.values()].filter((one) => product === null || isOpen(one, product)).map(({ id }) => id);
  const choice = open.length > 0 ? `Pools open here: ${open.join(', ')}.` : 'The hub has opened no pool.';
  if (pool === undefined)
    return !needsPool
      ? []
      : [problemAt(source, path, 'Checks need a "pool", and no upper level names one', { suggestion: choice })];
  const found = pools.get(pool);
  if (!found)
    return [
      problemAt(source, [...path, 'pool'], `No pool has the id "${pool}"`, {
        suggestion: nearest(pool, pools.keys()) ?? choice,
      }),
    ];
  if (product !== null && !isOpen(found, product))
    return [
      problemAt(source, [...path, 'pool'], `The hub has not opened the pool "${pool}" to "${product.id}"`, {
        suggestion: choice,
      }),
    ];
  return [];
}

function specProblems(
  source: YamlSource,
  path: readonly PropertyKey[],
  { spec }: CheckEntry,
  { product, fullName }: SettingsContext,
): Problem[] {
  const parsed = spec === undefined ? null : parseCheckSpec(spec);
  const at = [...path, 'spec'];
  if (parsed?.kind === 'wrong')
    return [problemAt(source, at, `The spec ${parsed.message}`, { suggestion: parsed.suggestion })];
  if (product === null) return [];
  const names = product.packages.map(({ name }) => name);
  if (parsed === null)
    return names.length > 0
      ? []
      : [problemAt(source, path, `Spack has no package of "${product.id}" to build`, { suggestion: 'checks: off' })];
  const found = product.packages.find(({ name }) => name === parsed.package);
  if (!found)
    return [
      problemAt(source, at, `"${parsed.package}" is no Spack package of "${product.id}"`, {
        suggestion: nearest(parsed.package, names) ?? `Its packages: ${names.join(', ')}.`,
      }),
    ];
  if (fullName !== null && !builtFrom(found, product, fullName))
    return [
      problemAt(source, at, `The source of "${parsed.package}" is not developed in ${fullName}`, {
        suggestion: `Its packages here: ${product.packages
          .filter((one) => builtFrom(one, product, fullName))
          .map(({ name }) => name)
          .join(', ')}.`,
      }),
    ];
  return [];
}

/** A spec that names its compiler or target itself, beside a list of them. */
function matrixProblems(source: YamlSource, path: readonly PropertyKey[], entry: CheckEntry): Problem[] {
  const parsed = parseCheckSpec(entry.spec ?? '');
  if (parsed.kind === 'wrong') return [];
  const problem = (key: 'compilers' | 'targets', what: string) =>
    problemAt(source, [...path, key], `The spec names its ${what} already, so "${key}" would do nothing`, {
      suggestion: `Take the ${what} out of the spec, or leave "${key}" out.`,
      key: true,
    });
  return [
    ...(entry.compilers?.length && namesCompiler(parsed.variants) ? [problem('compilers', 'compiler')] : []),
    ...(entry.targets?.length && namesTarget(parsed.variants) ? [problem('targets', 'target')] : []),
  ];
}

/** How many checks an entry makes by its own lists; what it takes from above is counted when everything is merged. */
function cellsOf(entry: CheckEntry): number {
  const parsed = parseCheckSpec(entry.spec ?? '');
  const variants = parsed.kind === 'spec' ? parsed.variants : '';
  return matrixOf(variants, entry.compilers ?? [], entry.targets ?? []).length;
}

/** Whether the product may choose the pool. */
export function isOpen(pool: Pool, product: Pick<Product, 'id' | 'spokes'>): boolean {
  if (typeof pool.open === 'boolean') return pool.open;
  const { spokes, products } = pool.open;
  return products.includes(product.id) || product.spokes.some((spoke) => spokes.includes(spoke));
}

/** Whether a commit of the repository can be built as the package; one without a repository of its own follows the product. */
export function builtFrom(
  one: Product['packages'][number],
  product: Pick<Product, 'repository'>,
  fullName: string,
): boolean {
  const places = one.repositories.length > 0 ? one.repositories : product.repository ? [product.repository] : [];
  return places.some((place) => place.toLowerCase() === fullName.toLowerCase());
}

function poolIn(checks: Settings['checks']): string | null {
  return typeof checks === 'object' && !Array.isArray(checks) ? ((checks as CheckDefaults).pool ?? null) : null;
}
