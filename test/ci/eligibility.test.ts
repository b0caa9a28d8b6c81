import { describe, expect, it } from '@jest/globals';
import { decideEligibility } from '../../src/ci/eligibility.js';
import { PERMISSIONS } from '../../src/ci/facts.js';
import { factsOf, HEAD, poolOf } from './builders.js';

const POOLS = {
  none: poolOf({ sandbox: 'none', trust: 'write' }),
  'none, trusting everyone': poolOf({ sandbox: 'none', trust: 'everyone' }),
  'bubblewrap, trusting everyone': poolOf({ sandbox: 'bubblewrap', trust: 'everyone' }),
  'bubblewrap, trusting write': poolOf({ sandbox: 'bubblewrap', trust: 'write' }),
  'recorded, trusting everyone': poolOf({ sandbox: 'recorded', trust: 'everyone' }),
  'none, trusting nobody': poolOf({ sandbox: 'none', trust: 'nobody' }),
};

/** Roles from none to admin, then unknown: `r` runs, `a` needs approval. */
const TABLE: readonly [pool: keyof typeof POOLS, fork: boolean, answers: string][] = [
  ['none', false, 'aaarrra'],
  ['none', true, 'aaaaaaa'],
  ['none, trusting everyone', false, 'aaarrra'],
  ['none, trusting everyone', true, 'aaaaaaa'],
  ['bubblewrap, trusting everyone', false, 'rrrrrrr'],
  ['bubblewrap, trusting everyone', true, 'rrrrrrr'],
  ['bubblewrap, trusting write', false, 'aaarrra'],
  ['bubblewrap, trusting write', true, 'aaaaaaa'],
  ['recorded, trusting everyone', true, 'rrrrrrr'],
  ['none, trusting nobody', false, 'aaaaaaa'],
];

describe('eligibility', () => {
  it.each(TABLE)('pool "%s", fork %s: roles none to admin and unknown give %s', (pool, fork, answers) => {
    const got = [...PERMISSIONS, null].map(
      (permission) => decideEligibility(factsOf({ fork, permission }), POOLS[pool]).kind,
    );
    expect(got.map((kind) => (kind === 'runs' ? 'r' : 'a')).join('')).toBe(answers);
    expect(new Set(got)).not.toContain('refused');
  });

  it.each([
    ['this head and this pool', { headSha: HEAD, pool: 'default' }, 'runs'],
    ['an older head', { headSha: HEAD.replace('1', '2'), pool: 'default' }, 'needs-approval'],
    ['another pool', { headSha: HEAD, pool: 'gpu' }, 'needs-approval'],
  ])('ci R22: an approval of %s is good for exactly that', (_name, approval, kind) => {
    expect(decideEligibility(factsOf({ fork: true, approvals: [approval] }), POOLS.none).kind).toBe(kind);
  });

  it('an approved fork is built by a pool that trusts nobody', () => {
    const facts = factsOf({ fork: true, approvals: [{ headSha: HEAD, pool: 'default' }] });
    expect(decideEligibility(facts, POOLS['none, trusting nobody']).kind).toBe('runs');
  });

  it('private repositories are refused whoever asks', () => {
    expect(
      decideEligibility(factsOf({ private: true, permission: 'admin' }), POOLS['bubblewrap, trusting everyone']),
    ).toEqual({
      kind: 'refused',
      reason: 'Private repositories are not built yet. “checks: off” in .github/spokebot.yml leaves their checks out.',
    });
  });

  it('the reason says what is missing and who can give it', () => {
    expect(decideEligibility(factsOf({ fork: true }), POOLS.none)).toEqual({
      kind: 'needs-approval',
      reason:
        'Pool default has no sandbox, and the code comes from a fork. 1234567 has to be approved for it; a new push needs a ' +
        'new approval.',
    });
  });
});
