/**
 * Which dependents a pull request is built against: those that the owners of either side declared critical first, then those that
 * asked for it, then what most others are built on; as many as the budgets allow. Equal facts choose the same ones.
 */
import { dependentWish } from '../../registry/downstream.js';
import type { DownstreamConfig, Product, Registry } from '../../registry/model.js';
import { ownValue } from '../../registry/own-value.js';
import { type Dependent, dependentsOf } from './dependents.js';

/** Counted for a dependent that was never built. */
export const UNKNOWN_MINUTES = 20;

export interface ChosenDependent extends Dependent {
  /** Whole sentences, for the check. */
  readonly because: readonly string[];
}

export interface Selection {
  readonly chosen: readonly ChosenDependent[];
  /** Those that found no room, in their order, with why. */
  readonly leftOut: readonly { readonly product: Product; readonly why: 'most' | 'minutes' }[];
}

export interface SelectInput {
  readonly home: Product;
  /** Packages that are built from the pull request. */
  readonly packages: readonly string[];
  readonly config: DownstreamConfig;
  readonly registry: Pick<Registry, 'products' | 'spokes' | 'dependencies'>;
  /** Seconds that builds of a package as a dependent took, by package. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Packages that were chosen for this head before: a choice stands, whatever was measured meanwhile. */
  readonly before: readonly string[];
}

/** Chooses; never throws. */
export function selectDependents(input: SelectInput): Selection {
  const { home, packages, config, registry, before } = input;
  const ranked = dependentsOf(home, packages, config.depth, registry)
    .filter(({ product }) => config.ownSpoke || product.accountable !== home.accountable)
    .map((one) => rank(one, input))
    .filter(({ never }) => !never)
    .toSorted(inOrder);
  const chosen: ChosenDependent[] = [];
  const leftOut: { product: Product; why: 'most' | 'minutes' }[] = [];
  let minutes = 0;
  for (const { dependent, because } of ranked) {
    const { product } = dependent;
    const takes = minutesOf(dependent, input);
    const again = before.length > 0;
    if (again ? !before.includes(dependent.package) : chosen.length >= config.most) {
      leftOut.push({ product, why: 'most' });
    } else if (!again && minutes + takes > config.minutes) leftOut.push({ product, why: 'minutes' });
    else {
      minutes += takes;
      chosen.push({ ...dependent, because });
    }
  }
  return { chosen, leftOut };
}

interface Ranked {
  readonly dependent: Dependent;
  readonly never: boolean;
  /** 0: critical; 1: asked for; 2: neither. */
  readonly rank: number;
  readonly because: readonly string[];
}

function rank(dependent: Dependent, { home, config, registry }: SelectInput): Ranked {
  const wish = dependentWish(dependent.product, registry);
  const asks = wish.against.includes(home.id);
  const theirs = asks && wish.critical;
  const ours = config.critical.includes(dependent.product.id);
  const { name } = dependent.product;
  return {
    dependent,
    never: wish.never,
    rank: theirs || ours ? 0 : asks ? 1 : 2,
    because: [
      ...(theirs ? [`Its owners declare it critical that ${home.name} does not break it (${wish.file}).`] : []),
      ...(asks && !theirs ? [`Its owners want it built with pull requests of ${home.name} (${wish.file}).`] : []),
      ...(ours ? [`${home.name} names ${name} among what its pull requests must not break.`] : []),
      ...(theirs || ours || asks
        ? []
        : [
            dependent.dependents === 0
              ? 'It was chosen because there was room for it.'
              : `It was chosen because ${dependent.dependents} other ${dependent.dependents === 1 ? 'recipe is' : 'recipes are'} built on it in turn.`,
          ]),
    ],
  };
}

/**
 * Critical before asked for before the rest; what names the package before what names something that it can stand for, and direct
 * before indirect; what is linked breaks sooner than what only builds with it.
 */
function inOrder(a: Ranked, b: Ranked): number {
  const weight = ({ dependent: { via, virtual, types } }: Ranked) =>
    via !== null ? 4 : (virtual === null ? 0 : 2) + (types.includes('link') ? 0 : 1);
  return (
    a.rank - b.rank ||
    weight(a) - weight(b) ||
    b.dependent.dependents - a.dependent.dependents ||
    (a.dependent.product.id < b.dependent.product.id ? -1 : 1)
  );
}

function minutesOf({ package: name }: Dependent, { seconds }: SelectInput): number {
  const known = ownValue(seconds, name);
  return known === undefined ? UNKNOWN_MINUTES : known / 60;
}
