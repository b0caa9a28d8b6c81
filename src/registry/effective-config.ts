/**
 * What holds for one repository: hub, then the accountable spoke, then the product, then the repository's own file, each adapting
 * the one above; with the place where every value was written, for `explain-config`.
 */
import { isOpen, settingsProblems } from './check-settings.js';
import { mergeDownstream } from './downstream.js';
import { repositoryLevel } from './levels.js';
import { lockedBy } from './lock.js';
import { mergeChecks } from './merge-checks.js';
import type {
  ConfigResult,
  EffectiveConfig,
  Level,
  Origin,
  Policy,
  Problem,
  Product,
  Registry,
  SourceFile,
} from './model.js';
import { firstOfEach } from './most-problems.js';
import { mergeNightly } from './nightly.js';
import { mergeRecipe } from './recipe-section.js';
import { repositoryFile } from './repository-schema.js';
import { validate } from './validate.js';
import { whereKeysBelong } from './where-keys-belong.js';
import { parseYaml } from './yaml-source.js';

/** Path of a repository's own file; only the one of the default branch may be given to `effectiveConfig`. */
export const REPOSITORY_FILE = '.github/spokebot.yml';

/** The level of a repository's own file, or what is wrong with it. Without a name nothing is held against a product. */
export function readRepositoryFile(
  registry: Registry,
  fullName: string | null,
  file: SourceFile,
): { readonly level: Level | null; readonly problems: readonly Problem[] } {
  const source = parseYaml(file);
  const { value, problems } = validate(source, repositoryFile, whereKeysBelong('repository'));
  if (value === null) return { level: null, problems: firstOfEach(problems) };
  const product = fullName === null ? null : registry.productByRepository(fullName);
  const crossed = settingsProblems(source, value, {
    pools: registry.pools,
    taxonomy: registry.taxonomy,
    lock: registry.hub.lock,
    product,
    fullName,
    needsPool: product !== null && !levelsAbove(registry, product).some(hasPool),
  });
  return crossed.length > 0
    ? { level: null, problems: firstOfEach(crossed) }
    : { level: repositoryLevel(value, source), problems: [] };
}

/**
 * The configuration of `fullName`. A repository's own file with problems counts for nothing: `lastGood`, its last version without
 * problems, is used in its place when there is one, and the problems are returned. Never throws.
 */
export function effectiveConfig(
  registry: Registry,
  fullName: string,
  file?: SourceFile | null,
  lastGood?: SourceFile | null,
): ConfigResult {
  const product = registry.productByRepository(fullName);
  const member = registry.isMember(fullName);
  const own = file && member ? readRepositoryFile(registry, fullName, file) : { level: null, problems: [] };
  const earlier =
    own.level === null && own.problems.length > 0 && lastGood
      ? readRepositoryFile(registry, fullName, lastGood).level
      : null;
  const level = own.level ?? earlier;
  const levels = [...levelsAbove(registry, product), ...(level ? [level] : [])];
  return { ...merge(registry, fullName, product, member, levels), problems: own.problems };
}

function levelsAbove(registry: Registry, product: Product | null): Level[] {
  const spoke = registry.spokes.get(product?.accountable ?? registry.hub.fallback);
  return [registry.hub.level, ...(spoke ? [spoke.level] : []), ...(product ? [product.level] : [])];
}

function hasPool({ settings }: Level): boolean {
  return typeof settings.checks === 'object' && 'pool' in settings.checks && settings.checks.pool !== undefined;
}

function merge(
  registry: Registry,
  fullName: string,
  product: Product | null,
  member: boolean,
  levels: readonly Level[],
): Omit<ConfigResult, 'problems'> {
  const { hub } = registry;
  const origins = new Map<string, Origin>();
  const note = <T>(key: string, value: T, file: string | null, line: number | null): T => {
    origins.set(key, { value, file, line });
    return value;
  };
  const fromHub = <T>(key: string, value: T): T =>
    note(key, value, hub.level.lines.has(key) ? hub.level.file : null, hub.level.lines.get(key) ?? null);
  const fromProduct = <T>(key: string, path: string, value: T): T =>
    note(key, value, product?.level.file ?? null, product?.level.lines.get(path) ?? null);

  note('member', member, null, null);
  const central = note('central', registry.isCentral(fullName), hub.level.file, hub.level.lines.get('central') ?? null);
  const paused = fromHub('paused', hub.paused);
  fromProduct('product', 'id', product?.id ?? null);
  const accountable = product
    ? fromProduct('spokes.accountable', 'spokes', product.accountable)
    : note('spokes.accountable', hub.fallback, hub.level.file, hub.level.lines.get('fallback') ?? null);
  const informed = fromProduct('spokes.informed', 'spokes', product?.informed ?? []);

  const policy = policyOf(levels, hub.lock, member);
  origins.set('triage.policy', policy);
  const kindThreshold = kindThresholdOf(levels, hub.lock);
  origins.set('triage.kindThreshold', kindThreshold);
  const withoutRecord = withoutRecordOf(levels, hub.lock);
  origins.set('triage.actWithoutRecord', withoutRecord);
  const target = fromHub('triage.target', hub.measured.target);
  const least = fromHub('triage.least', hub.measured.least);
  const owners = ownersOf(registry, accountable, levels, hub.lock);
  origins.set('owners', owners);
  const labels = labelsOf(levels, hub.lock, member, origins);
  const checks = mergeChecks(levels, hub.lock, product, fullName, registry.pools);
  for (const [key, origin] of checks.origins) origins.set(key, origin);

  const { downstream, origins: saidDownstream } = mergeDownstream(levels, hub.lock);
  for (const [key, origin] of saidDownstream) origins.set(key, origin);

  const { nightly, origins: saidNightly } = mergeNightly(levels, hub.lock);
  for (const [key, origin] of saidNightly) origins.set(key, origin);

  const { recipe, origins: saidRecipe } = mergeRecipe(levels, hub.lock, product?.spokes ?? []);
  for (const [key, origin] of saidRecipe) origins.set(key, origin);

  const pools = new Map([...registry.pools].filter(([, pool]) => product !== null && isOpen(pool, product)));
  for (const pool of pools.values())
    for (const key of ['title', 'sandbox', 'trust', 'limits'] as const) {
      const path = `pools.${pool.id}.${key}`;
      note(
        path,
        pool[key],
        hub.level.file,
        hub.level.lines.get(path) ?? hub.level.lines.get(`pools.${pool.id}`) ?? null,
      );
    }
  const config: EffectiveConfig = {
    fullName,
    member,
    central,
    paused,
    product,
    accountable,
    informed,
    triage: { policy: policy.value },
    kindThreshold: kindThreshold.value,
    acting: { withoutRecord: withoutRecord.value, target, least },
    owners: owners.value,
    rota: registry.spokes.get(accountable)?.rota ?? null,
    labels,
    checks: checks.checks,
    ...(checks.leftOut > 0 ? { checksLeftOut: checks.leftOut } : {}),
    noChecks: checks.noChecks,
    downstream,
    nightly,
    recipe,
    pools,
    roles: hub.roles,
  };
  return { config, origins };
}

/** The packaged default of `triage.kindThreshold`. docs/triage.md shows what was measured there and elsewhere. */
export const KIND_THRESHOLD = 0.8;

function policyOf(levels: readonly Level[], lock: readonly string[], member: boolean): Origin & { value: Policy } {
  let found: Origin & { value: Policy } = { value: 'off', file: null, line: null };
  if (!member) return found;
  levels.forEach(({ settings, file, lines }, index) => {
    const section = settings.triage;
    if (section === undefined || (index > 0 && lockedBy(lock, 'triage.policy'))) return;
    const value = typeof section === 'object' ? section.policy : 'off';
    if (value === undefined) return;
    found = { value, file, line: lines.get('triage.policy') ?? lines.get('triage') ?? null };
  });
  return found;
}

/** A level that says nothing about it leaves what the one above it says. */
function withoutRecordOf(levels: readonly Level[], lock: readonly string[]): Origin & { value: boolean } {
  let found: Origin & { value: boolean } = { value: false, file: null, line: null };
  levels.forEach(({ settings: { triage }, file, lines }, index) => {
    if (typeof triage !== 'object' || triage.actWithoutRecord === undefined) return;
    if (index > 0 && lockedBy(lock, 'triage.actWithoutRecord')) return;
    found = { value: triage.actWithoutRecord, file, line: lines.get('triage.actWithoutRecord') ?? null };
  });
  return found;
}

/** Likewise; where no level says it, what was chosen from the measured precision of the weights. */
function kindThresholdOf(levels: readonly Level[], lock: readonly string[]): Origin & { value: number } {
  let found: Origin & { value: number } = { value: KIND_THRESHOLD, file: null, line: null };
  levels.forEach(({ settings: { triage }, file, lines }, index) => {
    if (typeof triage !== 'object' || triage.kindThreshold === undefined) return;
    if (index > 0 && lockedBy(lock, 'triage.kindThreshold')) return;
    found = { value: triage.kindThreshold, file, line: lines.get('triage.kindThreshold') ?? null };
  });
  return found;
}

/** The people of the lowest level that names some: the repository's owners, the product's, else the leads of its spoke. */
function ownersOf(
  registry: Registry,
  accountable: string,
  levels: readonly Level[],
  lock: readonly string[],
): Origin & { value: readonly string[] } {
  const spoke = registry.spokes.get(accountable);
  let found: Origin & { value: readonly string[] } =
    spoke && spoke.leads.length > 0
      ? { value: spoke.leads, file: spoke.level.file, line: spoke.level.lines.get('leads') ?? null }
      : { value: [], file: null, line: null };
  if (lockedBy(lock, 'owners')) return found;
  for (const { settings, file, lines } of levels)
    if (settings.owners && settings.owners.length > 0)
      found = { value: settings.owners, file, line: lines.get('owners') ?? null };
  return found;
}

function labelsOf(
  levels: readonly Level[],
  lock: readonly string[],
  member: boolean,
  origins: Map<string, Origin>,
): EffectiveConfig['labels'] {
  let enabled: Origin & { value: boolean } = { value: member, file: null, line: null };
  let without: Origin & { value: readonly string[] } = { value: [], file: null, line: null };
  const paths = new Map<string, { label: string; origin: Origin & { value: readonly string[] } }>();
  for (const { settings, file, lines } of lockedBy(lock, 'labels') || !member ? [] : levels) {
    const section = settings.labels;
    if (section === undefined) continue;
    enabled = { value: typeof section === 'object', file, line: lines.get('labels') ?? null };
    // What an upper level leaves out stays out; a lower one may only leave out more.
    if (typeof section === 'object')
      without = {
        value: [...new Set([...without.value, ...section.without])],
        file,
        line: lines.get('labels.without') ?? null,
      };
    // Of one label, in whatever case, the lowest level counts; there an empty list takes it back.
    for (const [label, value] of Object.entries((typeof section === 'object' && section.paths) || {}))
      paths.set(label.toLowerCase(), {
        label,
        origin: { value, file, line: lines.get(`labels.paths.${label}`) ?? null },
      });
  }
  for (const { label, origin } of paths.values()) origins.set(`labels.paths.${label}`, origin);
  const byPath = [...paths.values()].flatMap(({ label, origin: { value } }) =>
    value.length === 0 ? [] : [{ label, patterns: value }],
  );
  origins.set('labels.enabled', enabled);
  origins.set('labels.without', without);
  return { enabled: enabled.value, without: without.value, ...(byPath.length === 0 ? {} : { paths: byPath }) };
}
