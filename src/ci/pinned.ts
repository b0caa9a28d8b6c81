/**
 * Builds of more than the pull request's own package: heads that are fixed in one concretization, under a root that may be somebody
 * else's product. What they have in common: the spec, the heads to fetch, and whose approval each of them needs.
 */

import type { BuildPlan } from '../protocol.js';
import { parseCheckSpec } from '../registry/check-spec.js';
import type { OtherPull, PullFacts } from './facts.js';
import { parseConstraints } from './spec.js';

export type Head = NonNullable<BuildPlan['heads']>[number];

export interface Pinned {
  /** Spack package of the root. */
  readonly package: string;
  readonly spec: string;
  readonly heads: readonly Head[];
  /** Product id of the root where it is built to see whether the change breaks it; null for heads that people want together. */
  readonly dependent: string | null;
  /** The other pull requests whose code runs; each needs what its own checks would need. */
  readonly others: readonly OtherPull[];
  /** Whole sentences, for the check. */
  readonly because: readonly string[];
}

/** The head of the pull request that is planned, as one that is fixed. */
export function ownHead(facts: PullFacts, name: string): Head {
  const { repo, cloneUrl, number, headSha } = facts;
  return { package: name, fullName: repo.fullName, cloneUrl, number, headSha };
}

/** `root ^dependency@git.<sha>+variants`; the root is a head itself when it is in `heads`. `variants` belong to the package named so. */
export function pinnedSpec(root: string, heads: readonly Head[], variants: ReadonlyMap<string, string>): string | null {
  const at = (name: string): string | null => {
    const head = heads.find((one) => one.package === name);
    const constraints = parseConstraints(variants.get(name) ?? '');
    return constraints.ok ? `${name}${head === undefined ? '' : `@git.${head.headSha}`}${constraints.spec}` : null;
  };
  const parts = [root, ...heads.map((one) => one.package).filter((name) => name !== root)].map(at);
  return parts.includes(null) ? null : parts.join(' ^');
}

/** What a person wrote about a package of theirs, e.g. `+mpi` of `hypre+mpi`; '' for none. */
export function variantsIn(spec: string | null, name: string): string {
  const parsed = spec === null ? null : parseCheckSpec(spec);
  return parsed?.kind === 'spec' && parsed.package === name ? parsed.variants : '';
}
