/** The checks of dependents that a pull request gets: because the configuration says so, or because somebody asked for them. */
import type { CheckConfig, EffectiveConfig, Product, Registry } from '../../registry/model.js';
import type { PullFacts } from '../facts.js';
import { brief } from '../path-filter.js';
import { ownHead, pinnedSpec } from '../pinned.js';
import { DOWNSTREAM_WISH, type WantedCheck } from '../wishes.js';
import { sourceOfDependencies } from './dependents.js';
import { type ChosenDependent, type Selection, selectDependents } from './select.js';

export interface WantedDependents {
  readonly wanted: readonly WantedCheck[];
  /** Why there are not more, or none although somebody asked; null when nothing is to be said. */
  readonly leftOut: string | null;
}

export function wantedDependents(
  facts: PullFacts,
  config: EffectiveConfig,
  product: Product,
  registry: Pick<Registry, 'products' | 'spokes' | 'dependencies'>,
): WantedDependents {
  const wish = facts.wishes.find(({ spec, with: other }) => spec === DOWNSTREAM_WISH && !other) ?? null;
  const first = config.checks[0];
  if (first === undefined || (!config.downstream.build && wish === null)) return { wanted: [], leftOut: null };
  const selection = selectDependents({
    home: product,
    packages: [...new Set(config.checks.map((check) => check.package))],
    config: config.downstream,
    registry,
    seconds: facts.downstream?.seconds ?? {},
    before: facts.downstream?.before ?? [],
  });
  return {
    wanted: selection.chosen.flatMap((one) => wantedCheck(one, first, { facts, config, registry, product, wish })),
    leftOut: leftOutText(selection, config, product, registry, wish !== null),
  };
}

interface Context {
  readonly facts: PullFacts;
  readonly config: EffectiveConfig;
  readonly registry: Pick<Registry, 'products' | 'spokes' | 'dependencies'>;
  readonly product: Product;
  readonly wish: PullFacts['wishes'][number] | null;
}

function wantedCheck(one: ChosenDependent, first: CheckConfig, context: Context): WantedCheck[] {
  const { facts, config, registry, product, wish } = context;
  const head = ownHead(facts, one.on);
  const spec = pinnedSpec(one.package, [head], new Map());
  if (spec === null) return [];
  const { name } = one.product;
  const spoke = registry.spokes.get(one.product.accountable);
  const how = one.types.length === 0 ? '' : ` (${one.types.join(', ')})`;
  const people = [
    ...new Set([...one.product.owners, ...(one.product.owners.length === 0 ? (spoke?.leads ?? []) : [])]),
  ];
  return [
    {
      check: {
        ...first,
        name: `downstream / ${one.package}`,
        package: one.package,
        spec: one.package,
        variants: '',
        pool: wish?.pool ?? first.pool,
        required: config.downstream.required,
        tests: false,
      },
      askedBy: wish?.by ?? null,
      pinned: {
        package: one.package,
        spec,
        heads: [head],
        dependent: one.product.id,
        others: [],
        because: [
          `${name} (${spoke?.name ?? one.product.accountable}) is built on ${one.via ?? one.virtual ?? product.name}${one.via === null ? how : `, which is built on ${one.on}`}${one.virtual === null ? '' : `, for which ${one.on} can stand`}, by ${sourceOfDependencies(registry)}.`,
          ...one.because,
          ...(people.length === 0 ? [] : [`For ${name} answer: ${brief(people)}.`]),
          config.downstream.required
            ? 'It is required: the pull request has to leave it intact.'
            : 'It is advice: whatever it finds holds nothing back.',
        ],
      },
    },
  ];
}

function leftOutText(
  { chosen, leftOut }: Selection,
  { downstream }: EffectiveConfig,
  product: Product,
  registry: Context['registry'],
  asked: boolean,
): string | null {
  if (chosen.length + leftOut.length === 0)
    return asked
      ? `No product of ${downstream.ownSpoke ? 'the hub' : 'another spoke'} is built on ${product.name}, by ${sourceOfDependencies(registry)}.`
      : null;
  if (leftOut.length === 0) return null;
  const names = brief(leftOut.map((one) => one.product.name));
  const minutes = leftOut.some(({ why }) => why === 'minutes') ? `, and ${downstream.minutes} worker minutes` : '';
  return `Also built on ${product.name}, and not built here: ${names}. A pull request is built against ${downstream.most} dependents at most${minutes}.`;
}
