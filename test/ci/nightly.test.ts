import { describe, expect, test } from '@jest/globals';
import { type BrokenBefore, isBroken } from '../../src/ci/nightly/issue.js';
import { nightOf, planNightly } from '../../src/ci/nightly/plan.js';
import { ownIssueStep } from '../../src/ci/own-issue.js';
import { BASE, checkOf, configOf, HEAD, poolOf, registry } from './builders.js';

const REPO = { installationId: 7, repositoryId: 70, fullName: 'hypre-space/hypre' };
const facts = (change = {}) => ({
  of: { ...REPO, branch: 'master' },
  headSha: HEAD,
  cloneUrl: 'https://github.com/hypre-space/hypre.git',
  private: false,
  since: 0,
  ...change,
});
const nightly = (change = {}) => ({ at: '02:30', checks: null, pool: null, issues: true, in: null, ...change });
const plan = (change = {}, config = {}) =>
  planNightly(facts(change), configOf({ nightly: nightly(), ...config }), registry);

describe('what is built of a default branch', () => {
  test('every check of the product, under a name of its own, for nobody’s pull request', () => {
    const { checks, skipped } = plan({}, { checks: [checkOf({ spec: 'hypre+mpi' })] });
    expect(skipped).toEqual([]);
    expect(checks).toMatchObject([
      {
        pull: null,
        name: 'spokebot / install hypre+mpi (nightly)',
        required: false,
        needsApproval: null,
        build: {
          pull: null,
          branch: { name: 'master', headSha: HEAD },
          spec: `hypre@git.${HEAD}+mpi`,
          pool: 'default',
        },
      },
    ]);
  });

  test.each([
    [{ private: true }, {}, 'Private repositories are not built yet.'],
    [{}, { nightly: nightly({ at: null }) }, 'Nothing is built by night here.'],
    [{}, { paused: true }, 'The hub is paused.'],
    [
      {},
      { pools: new Map([['default', poolOf({ trust: 'nobody' })]]) },
      'Pool default builds approved pull requests only, and nobody approves by night.',
    ],
    [{}, { nightly: nightly({ pool: 'gpu' }), pools: new Map() }, 'Pool gpu is not open to this product.'],
    [{}, { nightly: nightly({ checks: ['nonsense'] }) }, 'There is no check "nonsense" here.'],
  ])('%j, %j: %s', (change, config, reason) => {
    const { checks, skipped } = plan(change, config);
    expect(checks).toEqual([]);
    expect(skipped.map((one) => one.reason)).toContain(reason);
  });

  test('a night begins at its time of day and lasts until the next', () => {
    const at = (text: string) => Date.parse(text);
    expect(nightOf('02:30', at('2026-01-05T02:30:00Z'))).toBe(at('2026-01-05T02:30:00Z'));
    expect(nightOf('02:30', at('2026-01-05T02:29:59Z'))).toBe(at('2026-01-04T02:30:00Z'));
    expect(nightOf('23:45', at('2026-01-05T00:10:00Z'))).toBe(at('2026-01-04T23:45:00Z'));
  });
});

describe('the issue about a broken branch', () => {
  const was = (change: Partial<BrokenBefore> = {}): BrokenBefore => ({
    broken: true,
    brokenSha: BASE,
    brokenAt: 0,
    round: 1,
    issue: { open: true },
    ...change,
  });

  test.each([
    ['broken for the first time', null, true, true, 'open'],
    ['broken where the policy writes nothing', null, true, false, 'keep'],
    ['broken then, and allowed to write now', was({ round: 0, issue: null }), true, true, 'open'],
    ['still broken', was(), true, true, 'update'],
    ['still broken, the issue not there yet', was({ issue: null }), true, true, 'keep'],
    ['still broken, and a person closed the issue', was({ issue: { open: false } }), true, true, 'keep'],
    ['broken again, the issue still open', was({ broken: false }), true, true, 'update'],
    ['broken again after it was green and closed', was({ broken: false, issue: { open: false } }), true, true, 'open'],
    ['green again', was(), false, true, 'update'],
    ['green again, and closed before', was({ issue: { open: false } }), false, true, 'keep'],
    ['green as ever', was({ broken: false }), false, true, 'nothing'],
    ['green, and never broken', null, false, true, 'nothing'],
  ] as const)('%s', (_, before, broken, mayWrite, kind) => {
    expect(ownIssueStep(before, broken, mayWrite).kind).toBe(kind);
  });

  test.each([
    ['passed', false],
    ['change', true],
    ['recipe', true],
    ['dependency', true],
    ['infrastructure', null],
    ['environment', null],
    ['unknown', null],
    ['timeout', null],
    ['lost', null],
    ['expired', null],
    ['cancelled', null],
    ['superseded', null],
  ] as const)('ci R32: a branch is broken by what is its own or its dependencies’ only: %s', (ending, broken) => {
    expect(isBroken(ending)).toBe(broken);
  });
});
