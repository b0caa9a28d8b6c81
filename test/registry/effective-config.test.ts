import { describe, expect, test } from '@jest/globals';
import { effectiveConfig } from '../../src/registry/effective-config.js';
import { HUB, HYPRE, hubWith, lines } from './small-hub.js';

const REPOSITORY = 'hypre-space/hypre';

/** The configuration of hypre's repository after changes to the small hub, with a file of its own where `own` is given. */
function configOf(changes: Record<string, string | null> = {}, own?: string, lastGood?: string) {
  const { registry, problems } = hubWith(changes);
  expect(lines(problems)).toEqual([]);
  const file = (text: string | undefined) => (text === undefined ? null : { path: '.github/spokebot.yml', text });
  return effectiveConfig(registry, REPOSITORY, file(own), file(lastGood));
}

const spoke = (rest: string) => ({ 'spokes/fastmath.yml': `id: fastmath\nname: FASTMath\n${rest}` });
const product = (rest: string) => ({ 'products/hypre.yml': HYPRE + rest });

describe('the effective configuration', () => {
  test('a product that says nothing has the policy and one check from the hub', () => {
    const { config, problems } = configOf();
    expect(problems).toEqual([]);
    expect(config.triage).toEqual({ policy: 'suggest' });
    expect(config.product?.id).toBe('hypre');
    expect([config.accountable, config.informed]).toEqual(['fastmath', ['xsdk']]);
    expect(config.checks).toEqual([
      {
        name: 'hypre',
        package: 'hypre',
        spec: 'hypre',
        variants: '',
        pool: 'linux',
        required: true,
        tests: false,
        drafts: false,
        paths: [],
        pathsIgnore: [],
        skipLabels: ['no-build', 'spokebot: skip'],
        forceLabels: ['spokebot: build'],
      },
    ]);
    expect(config.noChecks).toBeNull();
    expect([...config.pools.keys()]).toEqual(['linux', 'gpu']);
  });

  test.each([
    ['the hub', {}, undefined, 'suggest', 'hub.yml', 5],
    ['the accountable spoke', spoke('triage: { policy: shadow }\n'), undefined, 'shadow', 'spokes/fastmath.yml', 3],
    [
      'the product',
      { ...spoke('triage: { policy: shadow }\n'), ...product('triage: off\n') },
      undefined,
      'off',
      'products/hypre.yml',
      12,
    ],
    ['its own file', product('triage: off\n'), 'triage:\n  policy: act\n', 'act', '.github/spokebot.yml', 2],
  ])('the policy is that of the lowest level that has one: %s', (_, changes, own, value, file, line) => {
    const { config, origins } = configOf(changes, own);
    expect(config.triage.policy).toBe(value);
    expect(origins.get('triage.policy')).toEqual({ value, file, line });
  });

  test('another spoke of the product sets nothing', () => {
    const { config } = configOf({
      'spokes/xsdk.yml': 'id: xsdk\nname: xSDK\ntriage: { policy: act }\nleads: [octocat]\n',
    });
    expect(config.triage.policy).toBe('suggest');
    expect(config.owners).toEqual([]);
  });

  test('a missing section means off', () => {
    const { config, origins } = configOf({ 'hub.yml': 'name: Bare\nfallback: peso\n' });
    expect(config.triage.policy).toBe('off');
    expect(config.checks).toEqual([]);
    expect(config.noChecks).toBe('Build checks are off: no level has a section "checks"');
    expect(origins.get('triage.policy')).toEqual({ value: 'off', file: null, line: null });
  });

  test('owners are those of the lowest level that names some, else the leads of the accountable spoke', () => {
    const leads = spoke('leads: [lead]\n');
    const owned = product('owners: [octocat]\n');
    expect(configOf(leads).config.owners).toEqual(['lead']);
    expect(configOf({ ...leads, ...owned }).config.owners).toEqual(['octocat']);
    const own = configOf({ ...leads, ...owned }, '# ours\nowners: [hubot]\n');
    expect(own.config.owners).toEqual(['hubot']);
    expect(own.origins.get('owners')).toEqual({ value: ['hubot'], file: '.github/spokebot.yml', line: 2 });
  });

  test('each level adapts the settings of checks that it names and keeps the others', () => {
    const { config, origins } = configOf(
      { ...spoke('checks: { tests: true, drafts: true }\n'), ...product('checks:\n  pool: gpu\n') },
      'checks:\n  drafts: false\n  paths: ["src/**"]\n',
    );
    expect(config.checks).toMatchObject([
      { pool: 'gpu', required: true, tests: true, drafts: false, paths: ['src/**'], pathsIgnore: [] },
    ]);
    expect(['pool', 'required', 'tests', 'drafts', 'pathsIgnore'].map((key) => origins.get(`checks.0.${key}`))).toEqual(
      [
        { value: 'gpu', file: 'products/hypre.yml', line: 13 },
        { value: true, file: 'hub.yml', line: 8 },
        { value: true, file: 'spokes/fastmath.yml', line: 3 },
        { value: false, file: '.github/spokebot.yml', line: 2 },
        { value: [], file: null, line: null },
      ],
    );
  });

  test('a list of checks replaces the default one, and a list below it that list', () => {
    const list = product(
      'checks:\n  - spec: hypre +mpi ^mpich\n    required: false\n  - { name: python, spec: py-hypre, pool: gpu }\n',
    );
    const { config, origins } = configOf(list);
    expect(config.checks).toMatchObject([
      { name: 'hypre+mpi ^mpich', package: 'hypre', variants: '+mpi ^mpich', pool: 'linux', required: false },
      { name: 'python', package: 'py-hypre', variants: '', pool: 'gpu', required: true },
    ]);
    expect(origins.get('checks.0.required')).toEqual({ value: false, file: 'products/hypre.yml', line: 14 });
    expect(origins.get('checks.1.name')).toEqual({ value: 'python', file: 'products/hypre.yml', line: 15 });
    const own = configOf(list, 'checks: [{ spec: hypre build_type=Debug }]\n').config;
    expect(own.checks.map(({ name }) => name)).toEqual(['hypre build_type=Debug']);
  });

  test('a repository switches its checks off, and an upper level that did is switched on again', () => {
    const switchedOff = configOf({}, 'checks: off\n');
    expect(switchedOff.config.checks).toEqual([]);
    expect(switchedOff.config.noChecks).toBe('Build checks are off (.github/spokebot.yml)');
    expect(switchedOff.origins.get('checks')).toEqual({ value: [], file: '.github/spokebot.yml', line: 1 });
    expect(configOf(product('checks: off\n'), 'checks: {}\n').config.checks).toHaveLength(1);
  });

  test('only what is developed in a repository is built from it', () => {
    const { registry } = hubWith();
    const checksIn = (name: string) => effectiveConfig(registry, name).config.checks.map((check) => check.spec);
    expect(checksIn('llnl/ZFP')).toEqual(['zfp']);
    expect(checksIn('LLNL/H5Z-ZFP')).toEqual(['h5z-zfp']);
    expect(checksIn('octo/hypre-mirror')).toEqual([]);
  });

  test('what the hub locked stays as the hub has it, and the file that tries says so', () => {
    const locked = { 'hub.yml': `${HUB}lock: [triage.policy, owners, checks.required, labels]\n` };
    const own = 'triage: { policy: act }\nowners: [octocat]\nlabels: off\nchecks: { required: false, tests: true }\n';
    const { config, problems } = configOf(locked, own);
    expect(problems.map(({ line, column, message }) => [line, column, message.slice(0, 35)])).toEqual([
      [1, 11, 'The hub has locked "triage.policy";'],
      [2, 1, 'The hub has locked "owners"; it can'],
      [3, 1, 'The hub has locked "labels"; it can'],
      [4, 11, 'The hub has locked "checks.required'],
    ]);
    expect([config.triage.policy, config.owners, config.labels.enabled]).toEqual(['suggest', [], true]);
  });

  test('each level may say how sure the model of kinds must be, and leave the policy as it is', () => {
    expect(configOf().config.kindThreshold).toBe(0.8);
    const hub = { 'hub.yml': `${HUB.replace('policy: suggest', 'policy: suggest\n  kindThreshold: 0.85')}` };
    expect(configOf(hub).config.kindThreshold).toBe(0.85);
    const upper = { ...hub, ...spoke('triage: { kindThreshold: 0.9 }\n') };
    const { config, origins } = configOf(upper);
    expect([config.triage.policy, config.kindThreshold]).toEqual(['suggest', 0.9]);
    expect(origins.get('triage.kindThreshold')).toEqual({ value: 0.9, file: 'spokes/fastmath.yml', line: 3 });
    expect(configOf({ ...upper, ...product('triage: { kindThreshold: 0.95 }\n') }).config.kindThreshold).toBe(0.95);
    expect(configOf(upper, 'triage: { kindThreshold: 1 }\n').config.kindThreshold).toBe(1);
    const { problems } = configOf(upper, 'triage: { kindThreshold: 80 }\n');
    expect(lines(problems)).toEqual([expect.stringContaining('must be between 0 and 1')]);
  });

  test('a locked threshold stays as the hub has it', () => {
    const locked = { 'hub.yml': `${HUB}lock: [triage.kindThreshold]\n` };
    const { config, problems } = configOf(locked, 'triage: { kindThreshold: 0.1 }\n');
    expect(config.kindThreshold).toBe(0.8);
    expect(lines(problems)).toEqual([expect.stringContaining('The hub has locked "triage.kindThreshold"')]);
  });

  test('a wrong product file does not get past a lock either', () => {
    const { registry } = hubWith({
      'hub.yml': `${HUB}lock: [triage, checks.required]\n`,
      ...product('triage: { policy: act }\nchecks: { required: false, tests: true }\n'),
    });
    const { config } = effectiveConfig(registry, REPOSITORY);
    expect(config.triage.policy).toBe('suggest');
    expect(config.checks).toMatchObject([{ required: true, tests: true }]);
  });

  test('a wrong file of a repository leaves its last good version in force', () => {
    const wrong = 'owners: [octocat]\ntriage: { polcy: act }\n';
    const without = configOf({}, wrong);
    expect(lines(without.problems)).toEqual(['.github/spokebot.yml:2:11 Unknown key "polcy" in "triage" -> policy']);
    expect([without.config.triage.policy, without.config.owners]).toEqual(['suggest', []]);
    const before = configOf({}, wrong, 'triage: { policy: shadow }\n');
    expect(before.problems).toHaveLength(1);
    expect(before.config.triage.policy).toBe('shadow');
  });

  test('a repository names a package developed elsewhere in vain', () => {
    const { registry } = hubWith();
    const file = { path: 'f.yml', text: 'checks: [{ spec: zfp }]\n' };
    expect(lines(effectiveConfig(registry, 'LLNL/H5Z-ZFP', file).problems)).toEqual([
      'f.yml:1:18 The source of "zfp" is not developed in LLNL/H5Z-ZFP -> Its packages here: h5z-zfp.',
    ]);
  });

  test('compilers and targets make a check each, lower levels choose others, and a spec keeps its own', () => {
    const upper = spoke('checks: { compilers: [gcc@13, llvm] }\n');
    const own =
      'checks:\n  - spec: hypre+mpi\n    targets: [zen4]\n  - spec: hypre%clang\n  - { spec: hypre~mpi, compilers: [] }\n';
    const { config, origins } = configOf(upper, own);
    expect(config.checks.map(({ name, variants }) => [name, variants])).toEqual([
      ['hypre+mpi %gcc@13 target=zen4', '+mpi %gcc@13 target=zen4'],
      ['hypre+mpi %llvm target=zen4', '+mpi %llvm target=zen4'],
      ['hypre%clang', '%clang'],
      ['hypre~mpi', '~mpi'],
    ]);
    expect(origins.get('checks.1.spec')).toMatchObject({ file: '.github/spokebot.yml', line: 2 });
  });

  test('what levels together make too many of is left out, and counted', () => {
    const upper = spoke(`checks: { targets: [${Array.from({ length: 20 }, (_, at) => `t${at}`)}] }\n`);
    const { config } = configOf(upper, 'checks:\n  - spec: hypre+mpi\n  - spec: hypre~mpi\n');
    expect([config.checks.length, config.checksLeftOut]).toEqual([24, 16]);
  });

  test('labels can be left out, more at each level, or all', () => {
    const upper = product("labels: { without: ['kind: bug'] }\n");
    expect(configOf(upper, "labels: { without: ['spoke: xsdk'] }\n").config.labels).toEqual({
      enabled: true,
      without: ['kind: bug', 'spoke: xsdk'],
    });
    expect(configOf(upper, 'labels: off\n').config.labels.enabled).toBe(false);
  });

  test('changed files bring labels; of each label the lowest level counts, and an empty list takes it back', () => {
    const upper = product("labels: { paths: { 'kind: bug': ['*.c'], 'spoke: xsdk': ['/a/', docs/**] } }\n");
    const { config, origins } = configOf(
      upper,
      "labels:\n  paths:\n    'kind: bug': []\n    'spoke: fastmath': ['*']\n",
    );
    expect(config.labels).toEqual({
      enabled: true,
      without: [],
      paths: [
        { label: 'spoke: xsdk', patterns: ['/a/', 'docs/**'] },
        { label: 'spoke: fastmath', patterns: ['*'] },
      ],
    });
    expect(origins.get('labels.paths.kind: bug')).toEqual({ value: [], file: '.github/spokebot.yml', line: 3 });
  });

  test('a label is the same in whatever case each level writes it', () => {
    const upper = product("labels: { paths: { 'kind: bug': ['*.c'], 'spoke: xsdk': ['*.h'] } }\n");
    const { config } = configOf(upper, "labels:\n  paths:\n    'Kind: Bug': []\n    'Spoke: xSDK': ['/a/']\n");
    expect(config.labels.paths).toEqual([{ label: 'Spoke: xSDK', patterns: ['/a/'] }]);
  });

  test('a repository that the catalogue does not name gets nothing, whatever its own file says', () => {
    const { registry } = hubWith();
    const file = { path: 'f.yml', text: 'triage: { policy: act }\nowners: [octocat]\nnonsense: 1\n' };
    const { config, problems } = effectiveConfig(registry, 'someone/else', file);
    expect(config).toMatchObject({ member: false, product: null, triage: { policy: 'off' }, owners: [], checks: [] });
    expect(config.labels.enabled).toBe(false);
    expect(problems).toEqual([]);
  });

  test('a central repository is a member without a product, answered for by the fallback', () => {
    const { registry } = hubWith({ 'spokes/peso.yml': 'id: peso\nname: PESO\ntriage: { policy: act }\n' });
    const { config } = effectiveConfig(registry, 'Octo/Tracker');
    expect(config).toMatchObject({ member: true, central: true, product: null, accountable: 'peso', checks: [] });
    expect(config.triage.policy).toBe('act');
  });

  test('an empty file of a repository is no problem', () => {
    expect(configOf({}, '').problems).toEqual([]);
    expect(configOf({}, '# nothing yet\n').config.checks).toHaveLength(1);
  });
});
