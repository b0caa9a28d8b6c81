/** What hub, spoke and product say about builds of dependents: of the product whose pull request it is, and of one that depends on it. */
import type { DownstreamSection } from './downstream-section.js';
import { lockedBy } from './lock.js';
import type { DownstreamConfig, Level, Origin, Product, Registry } from './model.js';

/** What holds where no level says anything; `critical` comes from products and spokes only. */
export const DOWNSTREAM_DEFAULTS: DownstreamConfig = {
  build: false,
  most: 3,
  minutes: 120,
  depth: 1,
  ownSpoke: false,
  required: false,
  critical: [],
};

/** `levels` from the hub down; the first is the hub's, which no lock concerns. */
export function mergeDownstream(
  levels: readonly Level[],
  lock: readonly string[],
): { readonly downstream: DownstreamConfig; readonly origins: ReadonlyMap<string, Origin> } {
  const origins = new Map<string, Origin>(
    Object.entries(DOWNSTREAM_DEFAULTS).map(([key, value]) => [`downstream.${key}`, { value, file: null, line: null }]),
  );
  levels.forEach(({ settings: { downstream: section }, file, lines }, index) => {
    if (section === undefined) return;
    for (const [key, value] of Object.entries(said(section))) {
      const path = `downstream.${key}`;
      if (index > 0 && lockedBy(lock, path)) continue;
      origins.set(path, { value, file, line: lines.get(path) ?? lines.get('downstream') ?? null });
    }
  });
  const read = <K extends keyof DownstreamConfig>(key: K) =>
    origins.get(`downstream.${key}`)!.value as DownstreamConfig[K];
  const downstream: DownstreamConfig = {
    build: read('build'),
    most: read('most'),
    minutes: read('minutes'),
    depth: read('depth'),
    ownSpoke: read('ownSpoke'),
    required: read('required'),
    critical: read('critical'),
  };
  return { downstream, origins };
}

/** The keys of a section that are about the product's own pull requests. */
function said(section: DownstreamSection): Partial<DownstreamConfig> {
  if (typeof section !== 'object') return { build: false };
  const { against: _, critical, ...rest } = section;
  const own = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return Array.isArray(critical) ? { ...own, critical } : own;
}

/** What a product that depends on others wants: never to be built with them, or with some of them, and how much that matters. */
export interface DependentWish {
  readonly never: boolean;
  /** Product ids. */
  readonly against: readonly string[];
  readonly critical: boolean;
  /** The file that says so; null when none does. */
  readonly file: string | null;
}

/** The product's own file has the word, then that of its spoke. */
export function dependentWish(product: Product, registry: Pick<Registry, 'spokes'>): DependentWish {
  for (const level of [product.level, registry.spokes.get(product.accountable)?.level]) {
    const section = level?.settings.downstream as DownstreamSection | undefined;
    if (level === undefined || section === undefined) continue;
    if (typeof section !== 'object') return { never: true, against: [], critical: false, file: level.file };
    if (section.against === undefined) continue;
    return { never: false, against: section.against, critical: section.critical === true, file: level.file };
  }
  return { never: false, against: [], critical: false, file: null };
}
