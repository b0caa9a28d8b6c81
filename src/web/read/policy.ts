/** What spokebot may write in a product's repository, as the hub's files and the record say. */
import { effectiveConfig } from '../../registry/effective-config.js';
import type { Acting, Policy, Product, Registry } from '../../registry/model.js';
import { heldBack } from '../../triage/learning/gate.js';
import type { TrackRecord } from '../../triage/learning/track-record.js';

export interface PolicyView {
  readonly policy: Policy;
  /** The hub's file that says so; null when none does. The repository's own file can say otherwise. */
  readonly file: string | null;
  /** Why it does not do all that `act` allows; null when it does, or the policy is another. */
  readonly held: string | null;
}

/** Null for a product without a repository on GitHub. */
export function policyOf(registry: Registry, product: Product, record: TrackRecord): PolicyView | null {
  if (product.repository === null) return null;
  const { config, origins } = effectiveConfig(registry, product.repository);
  const { policy } = config.triage;
  return {
    policy,
    file: origins.get('triage.policy')?.file ?? null,
    held: policy === 'act' ? heldBack(record, config.acting) : null,
  };
}

/** What `act` would ask for there. */
export function actingOf(registry: Registry, product: Product): Acting {
  return product.repository === null
    ? { withoutRecord: false, ...registry.hub.measured }
    : effectiveConfig(registry, product.repository).config.acting;
}
