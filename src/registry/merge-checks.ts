/** The build checks of one repository: settings of hub, spoke, product and repository, each adapting what came before. */
import type { Needs } from '../ci/capabilities.js';
import { builtFrom, isOpen } from './check-settings.js';
import { parseCheckSpec } from './check-spec.js';
import type { MinuteLimits } from './limits-section.js';
import { lockedBy } from './lock.js';
import { MOST_CHECKS, matrixOf } from './matrix.js';
import type { CheckConfig, Level, Origin, Pool, Product } from './model.js';
import type { CheckDefaults, CheckEntry } from './schema-parts.js';

export interface MergedChecks {
  readonly checks: readonly CheckConfig[];
  /** How many more there would be, were there no limit. */
  readonly leftOut: number;
  /** Why there is none. */
  readonly noChecks: string | null;
  readonly origins: ReadonlyMap<string, Origin>;
}

type Key = keyof CheckDefaults;
type Found = Partial<Record<Key, Origin>>;

/** What holds where no level says anything. */
const BUILT_IN = {
  required: true,
  tests: false,
  drafts: false,
  paths: [],
  pathsIgnore: [],
  compilers: [],
  targets: [],
  skipLabels: ['no-build', 'spokebot: skip'],
  forceLabels: ['spokebot: build'],
  limits: {},
  needs: {},
} as const;
const KEYS: readonly Key[] = ['pool', ...(Object.keys(BUILT_IN) as (keyof typeof BUILT_IN)[])];

interface Merging {
  /** Where the last word on `off` or on was said; null when nobody did. */
  readonly said: { readonly on: boolean; readonly file: string; readonly line: number | null } | null;
  readonly defaults: Found;
  readonly list: { readonly entries: readonly CheckEntry[]; readonly level: Level } | null;
}

/** `levels` from the hub down; the first is the hub's, which no lock concerns. */
export function mergeChecks(
  levels: readonly Level[],
  lock: readonly string[],
  product: Product | null,
  fullName: string,
  pools: ReadonlyMap<string, Pool>,
): MergedChecks {
  const merged = levels.reduce<Merging>((before, level, index) => addLevel(before, level, index === 0 ? [] : lock), {
    said: null,
    defaults: {},
    list: null,
  });
  if (product === null) return none('No product of the catalogue is developed here', null);
  if (!merged.said) return none('Build checks are off: no level has a section "checks"', null);
  if (!merged.said.on) return none(`Build checks are off (${merged.said.file})`, merged.said);
  return checksOf(merged, product, fullName, pools, lock);
}

function addLevel(before: Merging, { settings, file, lines }: Level, lock: readonly string[]): Merging {
  const section = settings.checks;
  if (section === undefined || lockedBy(lock, 'checks')) return before;
  const said = { on: true, file, line: lines.get('checks') ?? null };
  if (typeof section !== 'object') return { ...before, said: { ...said, on: false } };
  if (Array.isArray(section)) return { ...before, said, list: { entries: section, level: { settings, file, lines } } };
  return { ...before, said, defaults: { ...before.defaults, ...written(section, 'checks', { file, lines }, lock) } };
}

/** The keys of a section that are set and not locked, with their places. */
function written(
  section: CheckDefaults,
  path: string,
  { file, lines }: Pick<Level, 'file' | 'lines'>,
  lock: readonly string[],
): Found {
  const found: Found = {};
  for (const key of KEYS)
    if (section[key] !== undefined && !lockedBy(lock, `checks.${key}`))
      found[key] = { value: section[key], file, line: lines.get(`${path}.${key}`) ?? null };
  return found;
}

function checksOf(
  { defaults, list, said }: Merging,
  product: Product,
  fullName: string,
  pools: ReadonlyMap<string, Pool>,
  lock: readonly string[],
): MergedChecks {
  const here = product.packages.filter((one) => builtFrom(one, product, fullName));
  // A secondary package is built only where it says that it lives, or where a check names it.
  const primary = here.find(({ repositories }) => repositories.length > 0)?.name;
  const checks: CheckConfig[] = [];
  const origins = new Map<string, Origin>();
  const reasons: string[] = [];
  const entries = list?.entries ?? [{}];
  entries.forEach((entry: CheckEntry, index) => {
    const spec = parseCheckSpec(entry.spec ?? primary ?? '');
    if (spec.kind === 'wrong' || !here.some(({ name }) => name === spec.package)) {
      reasons.push(`No Spack package of "${product.id}" is built from ${fullName}`);
      return;
    }
    const values: Found = {
      ...defaults,
      ...(list ? written(entry, `checks.${index}`, list.level, lock) : {}),
    };
    const pool = values.pool ? pools.get(String(values.pool.value)) : undefined;
    if (!pool || !isOpen(pool, product)) {
      reasons.push(values.pool ? `The pool "${values.pool.value}" is not open to "${product.id}"` : 'No pool is named');
      return;
    }
    const read = <T>(key: Exclude<Key, 'pool'>, builtIn: T): T => (values[key] ? (values[key].value as T) : builtIn);
    const shared = {
      package: spec.package,
      pool: pool.id,
      required: read<boolean>('required', BUILT_IN.required),
      tests: read<boolean>('tests', BUILT_IN.tests),
      drafts: read<boolean>('drafts', BUILT_IN.drafts),
      paths: read<readonly string[]>('paths', BUILT_IN.paths),
      pathsIgnore: read<readonly string[]>('pathsIgnore', BUILT_IN.pathsIgnore),
      skipLabels: read<readonly string[]>('skipLabels', BUILT_IN.skipLabels),
      forceLabels: read<readonly string[]>('forceLabels', BUILT_IN.forceLabels),
      ...(values.needs ? { needs: read<Needs>('needs', BUILT_IN.needs) } : {}),
      ...(values.limits ? { limits: read<MinuteLimits>('limits', BUILT_IN.limits) } : {}),
    };
    const cells = matrixOf(
      spec.variants,
      read<readonly string[]>('compilers', BUILT_IN.compilers),
      read<readonly string[]>('targets', BUILT_IN.targets),
    );
    for (const { variants, label } of cells) {
      const text = `${spec.package}${variants === '' ? '' : separator(variants) + variants}`;
      const named = entry.name === undefined || label === '' ? entry.name : `${entry.name} (${label})`;
      const { package: root, ...rest } = shared;
      const check: CheckConfig = { name: named ?? text, package: root, spec: text, variants, ...rest };
      const at = checks.push(check) - 1;
      if (at >= MOST_CHECKS) continue;
      for (const [key, value] of Object.entries(check))
        origins.set(
          `checks.${at}.${key}`,
          values[key as Key] ?? { value, ...placeOf(key, entry, index, list?.level, product) },
        );
    }
  });
  const leftOut = Math.max(0, checks.length - MOST_CHECKS);
  if (checks.length > 0) return { checks: checks.slice(0, MOST_CHECKS), leftOut, noChecks: null, origins };
  return none(reasons[0] ?? 'The list of checks is empty', said);
}

/** Where name, package and spec come from: the entry, or the product's list of packages for the default check. */
function placeOf(
  key: string,
  entry: CheckEntry,
  index: number,
  level: Level | undefined,
  product: Product,
): Pick<Origin, 'file' | 'line'> {
  if (!['name', 'package', 'spec', 'variants'].includes(key)) return { file: null, line: null };
  const path = key === 'name' && entry.name !== undefined ? 'name' : 'spec';
  if (level && (entry.spec !== undefined || path === 'name'))
    return { file: level.file, line: level.lines.get(`checks.${index}.${path}`) ?? null };
  return { file: product.level.file, line: product.level.lines.get('spack.packages') ?? null };
}

/** `+mpi` follows its package at once; `build_type=Debug` and the rest need a space. */
function separator(variants: string): string {
  return /^[+~%^]/.test(variants) && !variants.startsWith('^') ? '' : ' ';
}

function none(reason: string, said: Pick<Origin, 'file' | 'line'> | null): MergedChecks {
  const origin: Origin = { value: [], file: said?.file ?? null, line: said?.line ?? null };
  return { checks: [], leftOut: 0, noChecks: reason, origins: new Map([['checks', origin]]) };
}
