import { describe, expect, it } from '@jest/globals';
import { planChecks } from '../../src/ci/plan.js';
import { BuildPlan } from '../../src/protocol.js';
import { BASE, checkOf, configOf, factsOf, HEAD, poolOf, registry } from './builders.js';

const plan = (facts = factsOf(), config = configOf()) => planChecks(facts, config, registry);

describe('plan of a pull request', () => {
  it('gives the default check with everything a worker needs', () => {
    const { checks, skipped } = plan();
    expect(skipped).toEqual([]);
    expect(checks).toEqual([
      {
        pull: { installationId: 7, repositoryId: 70, fullName: 'hypre-space/hypre', number: 12 },
        headSha: HEAD,
        name: 'spokebot / install hypre',
        required: true,
        reasons: [
          'hypre-space/hypre is where hypre (xsdk) is developed; this check builds hypre.',
          'It runs for every change.',
          'The author may write to hypre-space/hypre.',
        ],
        needsApproval: null,
        build: {
          product: 'hypre',
          package: 'hypre',
          spec: `hypre@git.${HEAD}`,
          repository: { fullName: 'hypre-space/hypre', cloneUrl: 'https://github.com/hypre-space/hypre.git' },
          pull: { number: 12, headSha: HEAD, baseSha: BASE, baseRef: 'master', fork: false },
          pool: 'default',
          sandbox: 'none',
          tests: false,
          limits: { seconds: 3600, logBytes: 20_000_000 },
        },
      },
    ]);
    expect(BuildPlan.parse(checks[0]!.build)).toEqual(checks[0]!.build);
  });

  it('names two checks apart by spec, and by pool only where the spec is the same', () => {
    const pools = new Map([
      ['default', poolOf()],
      ['gpu', poolOf({ id: 'gpu' })],
    ]);
    const checks = [
      checkOf(),
      checkOf({ spec: 'hypre+cuda', pool: 'default' }),
      checkOf({ spec: 'hypre+cuda', pool: 'gpu' }),
      checkOf({ name: 'with 64-bit integers', spec: 'hypre+bigint', variants: '+bigint' }),
    ];
    expect(plan(factsOf(), configOf({ checks, pools })).checks.map((check) => [check.name, check.build.spec])).toEqual([
      ['spokebot / install hypre', `hypre@git.${HEAD}`],
      ['spokebot / install hypre+cuda on default', `hypre@git.${HEAD}+cuda`],
      ['spokebot / install hypre+cuda on gpu', `hypre@git.${HEAD}+cuda`],
      ['spokebot / with 64-bit integers', `hypre@git.${HEAD}+bigint`],
    ]);
  });

  it('a fork waits for approval and says for what', () => {
    const { checks } = plan(factsOf({ fork: true, permission: 'read' }));
    expect(checks.map((check) => check.needsApproval)).toEqual([expect.stringContaining('has to approve 1234567')]);
  });

  const two = [checkOf(), checkOf()];
  it.each([
    [
      'a repository outside the catalogue',
      {},
      { member: false },
      "The hub's catalogue does not name hypre-space/hypre, so nothing is checked here.",
    ],
    [
      'a paused hub',
      {},
      { paused: true },
      'The hub is paused: no build starts until its operators switch it on again.',
    ],
    [
      'a repository without product',
      {},
      { product: null },
      'hypre-space/hypre belongs to no product, so there is nothing to build.',
    ],
    [
      'no check, with the reason of the configuration',
      {},
      { checks: [], noChecks: 'checks are off here' },
      'checks are off here',
    ],
    [
      'no Spack package',
      {},
      { checks: [], product: { ...configOf().product!, packages: [] } },
      'Nothing to build: hypre has no Spack package.',
    ],
    [
      'the label',
      { labels: ['No-Build'] },
      {},
      'The label no-build is set: nothing is built until somebody takes it off.',
    ],
    [
      'a draft',
      { draft: true },
      {},
      'Drafts are not built; the check runs when the pull request is marked ready for review.',
    ],
    ['a private repository', { private: true }, {}, 'Private repositories are not built yet.'],
    [
      'paths that did not change',
      { files: ['README.md'] },
      { checks: [checkOf({ paths: ['src/**'] })] },
      'No changed file is one of its paths (src/**).',
    ],
    [
      'ignored paths only',
      { files: ['a.md', 'docs/b'] },
      { checks: [checkOf({ pathsIgnore: ['*.md', 'docs/'] })] },
      'Every changed file is one that it leaves out (*.md, docs/).',
    ],
    [
      'a pool that the hub lacks',
      {},
      { checks: [checkOf({ pool: 'mars' })] },
      'The hub has no pool mars; open to it: default.',
    ],
    [
      'a closed pool',
      {},
      { checks: [checkOf({ pool: 'gpu' })] },
      'Pool gpu is not open to this product; open to it: default.',
    ],
    [
      'a spec that is none',
      {},
      { checks: [checkOf({ variants: '--x' })] },
      'Its spec cannot be used: "--x" is not a variant; use +variant, ~variant, name=value, %compiler@version, ^dependency@version.',
    ],
  ])('%s is skipped with a reason', (_name, facts, config, reason) => {
    const got = plan(factsOf(facts), configOf(config));
    expect(got.checks).toEqual([]);
    expect(got.skipped.map((skip) => skip.reason)).toEqual([reason]);
  });

  it.each([
    ['a draft', { draft: true }, {}, 'nothing-to-do'],
    ['other paths', { files: [] }, { checks: [checkOf({ paths: ['src/**'] })] }, 'nothing-to-do'],
    ['the label', { labels: ['no-build'] }, {}, 'not-checked'],
    ['a paused hub', {}, { paused: true }, 'not-checked'],
    ['a private repository', { private: true }, {}, 'not-checked'],
    ['a closed pool', {}, { checks: [checkOf({ pool: 'gpu' })] }, 'not-checked'],
  ])('only what has nothing to do may pass a required check: %s', (_name, facts, config, kind) => {
    expect(plan(factsOf(facts), configOf(config)).skipped.map((skip) => skip.kind)).toEqual([kind]);
  });

  it('the same check twice runs once', () => {
    const got = plan(factsOf(), configOf({ checks: two }));
    expect([got.checks.length, got.skipped.map((skip) => skip.reason)]).toEqual([
      1,
      ['The same check is configured twice; it runs once.'],
    ]);
  });

  it.each([
    ['a draft where drafts are built', { draft: true }, checkOf({ drafts: true }), 'It runs for every change.'],
    [
      'a changed path',
      { files: ['README.md', 'src/a.c'] },
      checkOf({ paths: ['src/**'] }),
      'It runs because src/a.c changed.',
    ],
    [
      'a path that is not ignored',
      { files: ['a.md', 'b.c'] },
      checkOf({ pathsIgnore: ['*.md'] }),
      'It runs because b.c changed.',
    ],
    [
      'unknown files',
      { files: null },
      checkOf({ paths: ['src/**'] }),
      'It runs because the changed files are not known.',
    ],
  ])('%s runs and says why', (_name, facts, check, reason) => {
    const got = plan(factsOf(facts), configOf({ checks: [check] }));
    expect(got.checks.map((one) => one.reasons[1])).toEqual([reason]);
  });
});
