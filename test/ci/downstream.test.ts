import { describe, expect, it, test } from '@jest/globals';
import type { OtherPull, PullFacts } from '../../src/ci/facts.js';
import { planChecks } from '../../src/ci/plan.js';
import { buildRegistry } from '../../src/registry/build-registry.js';
import { dependenciesFrom, readProviders } from '../../src/registry/dependencies-file.js';
import { effectiveConfig } from '../../src/registry/effective-config.js';
import { FILES, HUB } from '../registry/small-hub.js';
import { factsOf, HEAD } from './builders.js';

const OTHER = 'abcdef7890abcdef1234567890abcdef12345678';

const product = (id: string, spoke: string, more = '') =>
  `id: ${id}\nname: ${id.toUpperCase()}\nspokes: [${spoke}]\nrepository: octo/${id}\nspack: { packages: [{ name: ${id} }] }\n${more}`;

const TABLE = `packages: 1e8cf059e3
recipes:
  hypre: { dependents: 23 }
  mfem: { dependents: 12, link: hypre, build: hypre }
  trilinos: { dependents: 27, link: hypre }
  petsc: { dependents: 90, build: hypre }
  glvis: { dependents: 0, link: mfem }
  sister: { dependents: 99, link: hypre }
`;

const base: Record<string, string> = {
  ...FILES,
  'hub.yml': `${HUB}downstream:\n  build: true\n`,
  'dependencies.yml': TABLE,
  'products/mfem.yml': product('mfem', 'xsdk'),
  'products/trilinos.yml': product('trilinos', 'xsdk'),
  'products/petsc.yml': product('petsc', 'peso'),
  'products/glvis.yml': product('glvis', 'peso'),
  'products/sister.yml': product('sister', 'fastmath'),
};

function planned(
  change: Partial<PullFacts> = {},
  files: Readonly<Record<string, string | null>> = {},
  fullName = 'hypre-space/hypre',
) {
  const all = Object.entries({ ...base, ...files }).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
  const { registry, problems } = buildRegistry(all);
  expect(problems).toEqual([]);
  const { config } = effectiveConfig(registry, fullName);
  const facts = factsOf({ repo: { installationId: 7, repositoryId: 70, fullName }, ...change });
  return planChecks(facts, config, registry);
}

const dependents = (...args: Parameters<typeof planned>) =>
  planned(...args).checks.flatMap(({ build, name }) =>
    build.dependent ? [name.replace('spokebot / downstream / ', '')] : [],
  );

const downstream = (text: string) => `${HUB}downstream:\n  build: true\n${text}`;

describe('ci row 22: the dependents that a pull request is built against', () => {
  it('knows those that name a virtual package, after those that name the product itself', () => {
    const table = `packages: 1e8cf059e3
recipes:
  hypre: { dependents: 23, provides: solver }
  petsc: { dependents: 90, link: solver }
  trilinos: { dependents: 27, build: hypre solver }
  mfem: { dependents: 12, link: other }
`;
    const { checks } = planned({}, { 'dependencies.yml': table });
    expect(checks.slice(1).map(({ build }) => build.spec)).toEqual([
      `trilinos ^hypre@git.${HEAD}`,
      `petsc ^hypre@git.${HEAD}`,
    ]);
    expect(checks[2]!.reasons[0]).toContain('is built on solver (link), for which hypre can stand, by');
    expect(checks[1]!.reasons[0]).toContain('is built on hypre (build), by');
  });

  it('builds products of other spokes, with the head in the place of their dependency', () => {
    const { checks } = planned({}, { 'hub.yml': downstream('  most: 1\n') });
    expect(checks.map(({ name }) => name)).toEqual(['spokebot / install hypre', 'spokebot / downstream / trilinos']);
    const [, check] = checks;
    expect(check).toMatchObject({
      required: false,
      needsApproval: null,
      build: {
        product: 'hypre',
        dependent: 'trilinos',
        package: 'trilinos',
        spec: `trilinos ^hypre@git.${HEAD}`,
        heads: [{ package: 'hypre', fullName: 'hypre-space/hypre', number: 12, headSha: HEAD }],
      },
    });
    expect(check!.reasons.slice(0, 3)).toEqual([
      "TRILINOS (xSDK) is built on hypre (link), by Spack's recipes (package repository 1e8cf059e3).",
      'It was chosen because 27 other recipes are built on it in turn.',
      'It is advice: whatever it finds holds nothing back.',
    ]);
  });

  test.each([
    ['what is linked before what only builds with it, then by their own dependents', {}, ['trilinos', 'mfem', 'petsc']],
    ['not more than the budget', { 'hub.yml': downstream('  most: 2\n') }, ['trilinos', 'mfem']],
    ['their own spoke when asked', { 'hub.yml': downstream('  ownSpoke: true\n  most: 1\n') }, ['sister']],
    [
      'dependents of dependents last',
      { 'hub.yml': downstream('  depth: 2\n  most: 9\n') },
      ['trilinos', 'mfem', 'petsc', 'glvis'],
    ],
    [
      'what its owners declare critical first',
      { 'products/petsc.yml': product('petsc', 'peso', 'downstream: { against: [hypre], critical: true }\n') },
      ['petsc', 'trilinos', 'mfem'],
    ],
    [
      'what the changed product names critical first',
      { 'products/hypre.yml': `${FILES['products/hypre.yml']}downstream: { critical: [petsc] }\n` },
      ['petsc', 'trilinos', 'mfem'],
    ],
    [
      'who asked for it before who did not',
      { 'products/mfem.yml': product('mfem', 'xsdk', 'downstream: { against: [hypre] }\n') },
      ['mfem', 'trilinos', 'petsc'],
    ],
    [
      'never who wants it off',
      { 'products/trilinos.yml': product('trilinos', 'xsdk', 'downstream: off\n') },
      ['mfem', 'petsc'],
    ],
    ['nothing where it is off', { 'products/hypre.yml': `${FILES['products/hypre.yml']}downstream: off\n` }, []],
    ['nothing where nobody switched it on', { 'hub.yml': HUB }, []],
    [
      'only the catalogue where there is no table',
      { 'dependencies.yml': null, 'products/glvis.yml': product('glvis', 'peso', 'dependsOn: [hypre]\n') },
      ['glvis'],
    ],
    ['a lock of the hub', { 'hub.yml': downstream('  most: 1\nlock: [downstream.most]\n') }, ['trilinos']],
  ] as [string, Record<string, string | null>, string[]][])('%s', (_, files, expected) => {
    expect(dependents({}, files)).toEqual(expected);
  });

  it('counts worker minutes by what they took before, and leaves out what finds no room', () => {
    const files = { 'hub.yml': downstream('  minutes: 45\n') };
    expect(dependents({}, files)).toEqual(['trilinos', 'mfem']);
    const seconds = { trilinos: 3600, mfem: 600 };
    const { checks, skipped } = planned({ downstream: { seconds, before: [] } }, files);
    expect(checks.flatMap(({ build }) => build.dependent ?? [])).toEqual(['mfem', 'petsc']);
    expect(skipped).toEqual([
      {
        name: 'spokebot / downstream',
        kind: 'nothing-to-do',
        required: false,
        reason:
          'Also built on hypre, and not built here: TRILINOS. A pull request is built against 3 dependents at most, and 45 worker minutes.',
      },
    ]);
  });

  it('stands by its choice for a head, whatever was measured meanwhile', () => {
    const seconds = { trilinos: 999_999 };
    expect(dependents({ downstream: { seconds, before: ['trilinos', 'petsc'] } })).toEqual(['trilinos', 'petsc']);
  });

  it('has nothing to say where the own check has nothing to do', () => {
    const files = {
      'hub.yml': downstream('').replace('  required: true\n', '  required: true\n  pathsIgnore: [docs/**]\n'),
    };
    const { checks, skipped } = planned({ files: ['docs/a.md'] }, files);
    expect([checks.length, skipped.map(({ name }) => name)]).toEqual([0, ['spokebot / install hypre']]);
  });

  it('waits for the approval that the head itself needs', () => {
    const { checks } = planned({ fork: true, permission: 'read' });
    expect(checks.map(({ needsApproval }) => needsApproval !== null)).toEqual([true, true, true, true]);
  });

  it('comes by command where it is off, and says when there is nobody', () => {
    const wishes = [{ spec: 'downstream', pool: null, by: 'octocat' }];
    expect(dependents({ wishes }, { 'hub.yml': HUB })).toEqual(['trilinos', 'mfem', 'petsc']);
    const { skipped } = planned({ wishes }, { 'hub.yml': HUB, 'dependencies.yml': 'packages: x1\nrecipes: {}\n' });
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "No product of another spoke is built on hypre, by Spack's recipes (package repository x1).",
    ]);
  });
});

describe('ci row 23: two pull requests in one concretization', () => {
  const other = (change: Partial<OtherPull> = {}): OtherPull => ({
    repo: { installationId: 8, repositoryId: 80, fullName: 'octo/mfem' },
    number: 5,
    open: true,
    headSha: OTHER,
    fork: false,
    author: 'mona',
    permission: 'write',
    private: false,
    approvals: [],
    cloneUrl: 'https://github.com/octo/mfem.git',
    ...change,
  });
  const wish = { repositoryId: 80, fullName: 'octo/mfem', number: 5, headSha: OTHER };
  const wishes = [{ spec: null, pool: null, by: 'octocat', with: wish }];
  const pair = (change: Partial<OtherPull>, more: Partial<PullFacts> = {}) =>
    planned({ wishes, others: [other(change)], ...more }, { 'hub.yml': HUB }).checks[1];

  it('pins both heads under the one that is built on the other', () => {
    expect(pair({})).toMatchObject({
      name: 'spokebot / with octo/mfem#5',
      required: false,
      needsApproval: null,
      build: {
        package: 'mfem',
        spec: `mfem@git.${OTHER} ^hypre@git.${HEAD}`,
        heads: [
          { package: 'mfem', fullName: 'octo/mfem', number: 5, headSha: OTHER },
          { package: 'hypre', fullName: 'hypre-space/hypre', number: 12, headSha: HEAD },
        ],
      },
    });
  });

  it('gives what is said about the own package to it', () => {
    const said = [{ ...wishes[0]!, spec: 'hypre+mpi' }];
    expect(pair({}, { wishes: said })?.build.spec).toBe(`mfem@git.${OTHER} ^hypre@git.${HEAD}+mpi`);
  });

  test.each([
    ['the other head moved', { headSha: HEAD }],
    ['the other was closed', { open: false }],
    ['the other became private', { private: true }],
  ])('is over when %s', (_, change) => {
    expect(pair(change)).toBeUndefined();
  });

  test.each([
    ['runs when both may', {}, {}, null],
    ['waits for the other', { fork: true }, {}, 'For octo/mfem#5 at abcdef7: Pool linux has no sandbox'],
    ['waits for this one', {}, { fork: true }, '1234567 has to be approved'],
    ['waits for both', { fork: true }, { fork: true }, 'For octo/mfem#5'],
    ['runs once the other is approved', { fork: true, approvals: [{ headSha: OTHER, pool: 'linux' }] }, {}, null],
    [
      'not by an approval of another head',
      { fork: true, approvals: [{ headSha: HEAD, pool: 'linux' }] },
      {},
      'octo/mfem#5',
    ],
  ] as [string, Partial<OtherPull>, Partial<PullFacts>, string | null][])('%s', (_, change, more, expected) => {
    const why = pair(change, more)!.needsApproval;
    if (expected === null) expect(why).toBeNull();
    else expect(why).toContain(expected);
  });
});

test("the table of dependencies holds the catalogue's packages, and counts all recipes", () => {
  const recipe = (name: string, link: string[], build = link) => ({
    name,
    latest_version: '1',
    dependencies: { link, build, run: [], test: ['gtest'] },
  });
  const list = [
    recipe('fmt', []),
    recipe('spdlog', ['fmt'], ['fmt', 'cmake']),
    recipe('other', ['fmt', 'fmt']),
    recipe('cmake', []),
  ];
  expect(dependenciesFrom(list, 'abc', new Set(['fmt', 'spdlog']))).toEqual({
    packages: 'abc',
    recipes: { fmt: { dependents: 2 }, spdlog: { dependents: 0, link: 'fmt', build: 'fmt' } },
  });
  expect(() => dependenciesFrom({ fmt: 1 }, 'abc', new Set())).toThrow();
});

test('virtual packages join what provides them with what names them; languages do not', () => {
  const recipe = (name: string, link: string[]) => ({ name, dependencies: { link } });
  const list = [recipe('mpich', ['c']), recipe('llvm', ['c']), recipe('hypre', ['mpi', 'blas', 'c', 'lapack'])];
  const providers = readProviders('mpi: mpich@:4.3 mpich@5: openmpi  \nblas: openblas\nc: gcc llvm\nnot a line\nx:\n');
  expect(providers.get('mpi')).toEqual(['mpich', 'openmpi']);
  const ours = new Set(['mpich', 'llvm', 'hypre']);
  expect(dependenciesFrom(list, 'abc', ours, providers).recipes).toEqual({
    hypre: { dependents: 0, link: 'mpi' },
    llvm: { dependents: 0 },
    mpich: { dependents: 0, provides: 'mpi' },
  });
});
