/**
 * May the code of this pull request run on this pool? A pool builds for the people it trusts, at most for everybody when it has a
 * sandbox and at most for people who could push anyway when it has none. All others wait until this head was approved for the pool.
 */
import type { Pool } from '../registry/model.js';
import { mayWrite, type PullFacts } from './facts.js';

export type Eligibility =
  | { readonly kind: 'runs'; readonly reason: string }
  | { readonly kind: 'needs-approval'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Until they are, whoever wants no such check can say so. */
const NOT_PRIVATE =
  'Private repositories are not built yet. “checks: off” in .github/spokebot.yml leaves their checks out.';

export type EligibilityFacts = Pick<PullFacts, 'fork' | 'permission' | 'private' | 'headSha' | 'approvals' | 'repo'>;

/** Decides for one pull request and one pool; the reason is made of whole sentences, for the check. */
export function decideEligibility(facts: EligibilityFacts, pool: Pick<Pool, 'id' | 'sandbox' | 'trust'>): Eligibility {
  if (facts.private) return { kind: 'refused', reason: NOT_PRIVATE };
  const sha = facts.headSha.slice(0, 7);
  if (pool.trust === 'everyone' && pool.sandbox !== 'none') {
    return {
      kind: 'runs',
      reason:
        pool.sandbox === 'recorded'
          ? `Pool ${pool.id} plays recorded runs: no code of the pull request is run.`
          : `Pool ${pool.id} builds in a sandbox, so it may build anybody's code.`,
    };
  }
  if (facts.approvals.some((one) => one.headSha === facts.headSha && one.pool === pool.id)) {
    return { kind: 'runs', reason: `${sha} was approved for pool ${pool.id}.` };
  }
  if (pool.trust !== 'nobody' && !facts.fork && mayWrite(facts.permission)) {
    return { kind: 'runs', reason: `The author may write to ${facts.repo.fullName}.` };
  }
  return {
    kind: 'needs-approval',
    reason:
      `Pool ${pool.id} ${limitOf(pool)}, and ${whyUntrusted(facts, pool)}. ` +
      // Who may, is the hub's table of commands; the check tells it.
      `${sha} has to be approved for it; a new push needs a new approval.`,
  };
}

function limitOf(pool: Pick<Pool, 'sandbox' | 'trust'>): string {
  if (pool.trust === 'nobody') return 'builds approved pull requests only';
  return pool.sandbox === 'none' ? 'has no sandbox' : "builds trusted people's code only";
}

function whyUntrusted(facts: EligibilityFacts, pool: Pick<Pool, 'trust'>): string {
  if (facts.fork) return 'the code comes from a fork';
  if (pool.trust === 'nobody') return 'this head has no approval yet';
  if (facts.permission === null) return "the author's permission on the repository is not known";
  return `the author has no write access to the repository (permission: ${facts.permission})`;
}
