/** What the ledger has to know of the hub to share out pools: who answers for a product, and what a pool promises and bounds. */
import type { Promised } from '../ci/capabilities.js';
import type { PoolShare, Registry } from '../registry/model.js';
import { EQUAL_SHARES } from './fair-share.js';

export interface FleetRules {
  /** The spoke that answers for a product; the product's own id where the catalogue does not have it. */
  spokeOf(product: string): string;
  shareOf(pool: string): PoolShare;
  /** What every worker of the pool has to have; null where the hub says nothing. */
  promiseOf(pool: string): Promised | null;
}

/** Every product for itself, all alike: for a ledger without a hub. */
export const NO_RULES: FleetRules = {
  spokeOf: (product) => product,
  shareOf: () => EQUAL_SHARES,
  promiseOf: () => null,
};

export function fleetRules({ products, pools }: Pick<Registry, 'products' | 'pools'>): FleetRules {
  return {
    spokeOf: (product) => products.get(product)?.accountable ?? product,
    shareOf: (pool) => pools.get(pool)?.share ?? EQUAL_SHARES,
    promiseOf: (pool) => pools.get(pool)?.capabilities ?? null,
  };
}
