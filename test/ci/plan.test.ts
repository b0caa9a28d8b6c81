import { describe, expect, it } from '@jest/globals';
import { buildKey } from '../../src/ci/key.js';
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
          limits: { seconds: 3600, parts: { fetch: 1800 }, logBytes: 20_000_000 },
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
    expect(checks.map((check) => check.needsApproval)).toEqual([
      expect.stringContaining('1234567 has to be approved for it'),
    ]);
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
    [
      'a private repository',
      { private: true },
      {},
      'Private repositories are not built yet. “checks: off” in .github/spokebot.yml leaves their checks out.',
    ],
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

  it('says in each check that the file of the repository is not in force', () => {
    const notInForce = '.github/spokebot.yml of the default branch has a problem.';
    expect(plan(factsOf(), configOf({ notInForce })).checks.map(({ reasons }) => reasons.at(-1))).toEqual([notInForce]);
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

describe('what people want of a plan', () => {
  const reasons = (facts = factsOf(), config = configOf()) => {
    const { checks, skipped } = plan(facts, config);
    return [...checks.map((check) => check.reasons[1]), ...skipped.map((one) => `${one.kind}: ${one.reason}`)];
  };

  it.each([
    ['title', 'The title of the pull request says [skip spokebot]'],
    ['body', 'The description of the pull request says [skip spokebot]'],
    ['commit', 'The message of the head commit says [skip spokebot]'],
  ] as const)('[skip spokebot] in the %s holds every check back, and nothing passes by it', (skipMarker, words) => {
    expect(reasons(factsOf({ skipMarker }), configOf({ checks: [checkOf(), checkOf({ spec: 'hypre+mpi' })] }))).toEqual(
      [`not-checked: ${words}: nothing is built until that is changed, or the label spokebot: build is set.`],
    );
  });

  it.each([
    ['a draft', { draft: true }, {}],
    ['other paths', { files: ['a.md'] }, { paths: ['src/**'] }],
    ['[skip spokebot]', { skipMarker: 'commit' }, {}],
  ] as const)('a label that asks for a build outweighs %s', (_name, facts, check) => {
    expect(reasons(factsOf({ ...facts, labels: ['Spokebot: Build'] }), configOf({ checks: [checkOf(check)] }))).toEqual(
      ['It runs because the label spokebot: build is set.'],
    );
  });

  it('what there is nothing to do for passes, whoever wants it held back', () => {
    const config = configOf({ checks: [checkOf({ pathsIgnore: ['*.md'] })] });
    expect(reasons(factsOf({ files: ['a.md'], labels: ['no-build'], skipMarker: 'title' }), config)).toEqual([
      'nothing-to-do: Every changed file is one that it leaves out (*.md).',
    ]);
  });

  it('a label that asks for a build gives nobody trust', () => {
    const { checks } = plan(factsOf({ fork: true, permission: 'read', labels: ['spokebot: build'] }));
    expect(checks.map((check) => check.needsApproval !== null)).toEqual([true]);
  });

  it('a label of one check holds that one back only, and of two wishes the one against building counts', () => {
    const checks = [checkOf(), checkOf({ spec: 'hypre+cuda', skipLabels: ['no gpu'] })];
    const got = plan(factsOf({ labels: ['no gpu', 'spokebot: build'] }), configOf({ checks }));
    expect(got.checks.map((check) => check.name)).toEqual(['spokebot / install hypre']);
    expect(got.skipped).toEqual([
      {
        name: 'spokebot / install hypre+cuda',
        reason: 'The label no gpu is set: nothing is built until somebody takes it off.',
        required: true,
        kind: 'not-checked',
      },
    ]);
  });

  it('what is beyond the most that a pull request gets is left out aloud, and does not pass', () => {
    expect(plan(factsOf(), configOf({ checksLeftOut: 3 })).skipped).toMatchObject([
      { name: 'spokebot / 3 more', kind: 'not-checked', required: true },
    ]);
  });
});

describe('ci R13: names of checks on one commit', () => {
  const names = (facts = factsOf()) => plan(facts).checks.map((check) => check.name);

  it('carry the target branch where it is not the default one', () => {
    expect(names(factsOf({ baseRef: 'release-2' }))).toEqual(['spokebot / install hypre (into release-2)']);
  });

  it('carry the number where another pull request shows that name there', () => {
    expect(names(factsOf({ takenNames: ['spokebot / install hypre'] }))).toEqual(['spokebot / install hypre for #12']);
  });
});

describe('what a build is pinned to', () => {
  const pools = new Map([['default', poolOf({ spack: { version: '1.1', packages: '2025.11' } })]]);

  it('is what the hub says of the pool, and it makes another build', () => {
    const [pinned] = plan(factsOf(), configOf({ pools })).checks;
    const [bare] = plan().checks;
    expect(pinned!.build.pins).toEqual({ spack: '1.1', packages: '2025.11' });
    expect(buildKey(pinned!)).not.toBe(buildKey(bare!));
  });

  it('stays with a head when the hub moves on', () => {
    const pins = { default: { spack: '1.0', packages: '2025.07' } };
    const [check] = plan(factsOf({ pins }), configOf({ pools })).checks;
    expect(check!.build.pins).toEqual(pins.default);
  });
});
