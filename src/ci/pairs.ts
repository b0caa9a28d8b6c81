/** `build with OWNER/NAME#N`: the heads of two pull requests in one concretization, the one that is built on the other as its root. */
import { builtFrom } from '../registry/check-settings.js';
import type { CheckConfig, EffectiveConfig, Product } from '../registry/model.js';
import { type DependencyRegistry, isBuiltOn, sourceOfDependencies } from './downstream/dependents.js';
import type { BuildWish, OtherPull, PullFacts } from './facts.js';
import { ownHead, type Pinned, pinnedSpec, variantsIn } from './pinned.js';
import type { WantedCheck } from './wishes.js';

/** The two packages that belong together, and which of them is the root. */
export interface Pair {
  readonly own: string;
  readonly other: string;
  readonly root: 'own' | 'other';
}

/** Null when no package of one is built on a package of the other. The first package of either that fits. */
export function pairOf(own: readonly string[], other: readonly string[], registry: DependencyRegistry): Pair | null {
  for (const mine of own)
    for (const theirs of other) {
      if (isBuiltOn(mine, theirs, registry)) return { own: mine, other: theirs, root: 'own' };
      if (isBuiltOn(theirs, mine, registry)) return { own: mine, other: theirs, root: 'other' };
    }
  return null;
}

/** Packages of a product that are built from the repository, the primary one first. */
export function packagesFrom(product: Product | null, fullName: string): string[] {
  if (product === null) return [];
  return product.packages.filter((one) => builtFrom(one, product, fullName)).map(({ name }) => name);
}

/** Whether the wish for two heads is still about the head that the other pull request has. */
export function stillHolds(wish: NonNullable<BuildWish['with']>, now: OtherPull | undefined): boolean {
  return now?.open === true && !now.private && now.headSha === wish.headSha;
}

/** The checks of wishes that still hold; a wish whose other pull request moved on is over. */
export function pairChecks(
  facts: PullFacts,
  config: EffectiveConfig,
  registry: DependencyRegistry & { productByRepository(fullName: string): Product | null },
): WantedCheck[] {
  const first = config.checks[0];
  if (first === undefined) return [];
  const own = [...new Set(config.checks.map((check) => check.package))];
  return facts.wishes.flatMap((wish) => {
    const wanted = wish.with;
    if (!wanted) return [];
    const now = facts.others?.find(
      (one) => one.repo.repositoryId === wanted.repositoryId && one.number === wanted.number,
    );
    if (now === undefined || !stillHolds(wanted, now)) return [];
    const theirs = packagesFrom(registry.productByRepository(now.repo.fullName), now.repo.fullName);
    const pair = pairOf(own, theirs, registry);
    if (pair === null) return [];
    const pinned = pinnedPair(facts, now, pair, wish, registry);
    if (pinned === null) return [];
    const label = `with ${now.repo.fullName}#${now.number}`;
    const check: CheckConfig = {
      ...first,
      name: wish.spec === null ? label : `${wish.spec} ${label}`,
      package: pinned.package,
      spec: pinned.package,
      variants: '',
      pool: wish.pool ?? first.pool,
      required: false,
      tests: false,
      drafts: true,
      paths: [],
      pathsIgnore: [],
    };
    return [{ check, askedBy: wish.by, pinned }];
  });
}

function pinnedPair(
  facts: PullFacts,
  other: OtherPull,
  pair: Pair,
  { spec }: BuildWish,
  registry: DependencyRegistry,
): Pinned | null {
  const mine = ownHead(facts, pair.own);
  const { repo, cloneUrl, number, headSha } = other;
  const theirs = { package: pair.other, fullName: repo.fullName, cloneUrl, number, headSha };
  const heads = pair.root === 'own' ? [mine, theirs] : [theirs, mine];
  const root = heads[0]!.package;
  const text = pinnedSpec(root, heads, new Map([[pair.own, variantsIn(spec, pair.own)]]));
  if (text === null) return null;
  return {
    package: root,
    spec: text,
    heads,
    dependent: null,
    others: [other],
    because: [
      `It builds ${heads.map((one) => `${one.package} at ${one.headSha.slice(0, 7)} (${one.fullName}#${one.number})`).join(' on ')}, together in one concretization.`,
      `${root} is built on ${heads[1]!.package} by ${sourceOfDependencies(registry)}.`,
    ],
  };
}
