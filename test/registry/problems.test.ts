import { describe, expect, test } from '@jest/globals';
import { HUB, HYPRE, hubWith, lines } from './small-hub.js';

interface Row {
  readonly title: string;
  readonly changes: Readonly<Record<string, string | null>>;
  readonly expected: readonly string[];
}

const product = (text: string) => ({ 'products/hypre.yml': text });

const ROWS: readonly Row[] = [
  { title: 'the small hub has none', changes: {}, expected: [] },
  {
    title: 'a misspelt key of a product gets the nearest key',
    changes: product(`${HYPRE}homepge: https://example.org\n`),
    expected: ['products/hypre.yml:12:1 Unknown key "homepge" -> homepage'],
  },
  {
    title: 'a misspelt required key is one problem, not a missing key too',
    changes: product(`${HYPRE}triage:\n  polcy: act\n`),
    expected: ['products/hypre.yml:13:3 Unknown key "polcy" in "triage" -> policy'],
  },
  {
    title: 'dashes instead of capitals are recognised',
    changes: product(`${HYPRE}checks:\n  - spec: hypre+mpi\n    paths-ignore: ['docs/**']\n`),
    expected: ['products/hypre.yml:14:5 Unknown key "paths-ignore" in "checks[0]" -> pathsIgnore'],
  },
  {
    title: 'a key without a near one gets the list of keys',
    changes: { 'spokes/xsdk.yml': 'id: xsdk\nname: xSDK\nzzzzzzzz: 1\n' },
    expected: [
      'spokes/xsdk.yml:3:1 Unknown key "zzzzzzzz" -> Valid keys here: id, name, fullName, description, website, kind, leads, rota, absences, triage, labels, checks, downstream, nightly.',
    ],
  },
  {
    title: 'an absence needs a last day that exists',
    changes: product(`${HYPRE}absences:\n  - { login: octocat, until: 2026-02-30 }\n  - { login: hubot }\n`),
    expected: [
      'products/hypre.yml:13:30 "absences[0].until" must be a date such as 2026-08-31, the last day away -> null',
      'products/hypre.yml:14:5 "absences[1].until" is missing -> Add the key "until".',
    ],
  },
  {
    title: 'pools in a product are refused, since only the hub may set them',
    changes: product(`${HYPRE}pools: {}\ntrust: everyone\n`),
    expected: [
      'products/hypre.yml:12:1 Unknown key "pools": only hub.yml may set it -> Move it there.',
      'products/hypre.yml:13:1 Unknown key "trust": only hub.yml may set it -> Move it there.',
    ],
  },
  {
    title: 'a wrong word gets the nearest one',
    changes: product(`${HYPRE}triage: { policy: sugest }\n`),
    expected: ['products/hypre.yml:12:19 "triage.policy" must be one of off, shadow, suggest, act -> suggest'],
  },
  {
    title: 'a wrong shape says which shapes there are',
    changes: product(`${HYPRE}checks: 5\n`),
    expected: [
      'products/hypre.yml:12:9 "checks" must be off, or a section with keys (pool, required, tests, drafts, paths, pathsIgnore, compilers, targets, skipLabels, forceLabels, limits, needs, recipe, policies), or a list -> null',
    ],
  },
  {
    title: 'wrong types say what is wanted and how to write it',
    changes: product(HYPRE.replace('name: hypre\nspokes: [fastmath, xsdk]', 'name: 5\nspokes: fastmath')),
    expected: [
      'products/hypre.yml:2:7 "name" must be text -> Put the value in quotes.',
      'products/hypre.yml:3:9 "spokes" must be a list -> [fastmath]',
    ],
  },
  {
    title: 'pasted addresses and @logins are turned into what belongs there',
    changes: product(
      `${HYPRE.replace('hypre-space/hypre', 'https://github.com/hypre-space/hypre.git')}owners: ['@octocat']\n`,
    ),
    expected: [
      'products/hypre.yml:4:13 "repository" must be OWNER/NAME, as in hypre-space/hypre -> hypre-space/hypre',
      'products/hypre.yml:12:10 "owners[0]" must be a GitHub login, without @ and without a team -> octocat',
    ],
  },
  {
    title: 'a key without a value is named',
    changes: product(`${HYPRE}triage:\n`),
    expected: ['products/hypre.yml:12:8 "triage" has no value -> Give it a value, or leave the key out.'],
  },
  {
    title: 'an unknown spoke gets the nearest spoke, at its place in the list',
    changes: product(HYPRE.replace('xsdk', 'xdsk')),
    expected: ['products/hypre.yml:3:20 No spoke has the id "xdsk" -> xsdk'],
  },
  {
    title: 'a product without a spoke is refused',
    changes: product(HYPRE.replace('[fastmath, xsdk]', '[]')),
    expected: ['products/hypre.yml:3:9 "spokes" must name at least one spoke; the first is accountable -> null'],
  },
  {
    title: 'a product without the key spokes is refused',
    changes: product(HYPRE.replace('spokes: [fastmath, xsdk]\n', '')),
    expected: ['products/hypre.yml:1:1 "spokes" is missing -> Add the key "spokes".'],
  },
  {
    title: 'an unknown product among the dependencies gets the nearest',
    changes: product(`${HYPRE}dependsOn: [zpf]\n`),
    expected: ['products/hypre.yml:12:13 No product has the id "zpf" -> zfp'],
  },
  {
    title: 'two products cannot have one repository, one package or one name, however it is written',
    changes: {
      'products/rival.yml':
        'id: rival\nname: BOOMERAMG\nspokes: [xsdk]\nrepository: Hypre-Space/HYPRE\nspack: { packages: [{ name: py-hypre }] }\n',
    },
    expected: [
      'products/rival.yml:2:7 The alias "BOOMERAMG" belongs to the product "hypre" already -> Put it under "ambiguousAliases" of both.',
      'products/rival.yml:4:13 The repository "Hypre-Space/HYPRE" belongs to the product "hypre" already -> Leave it to one of the two.',
      'products/rival.yml:5:29 The Spack package "py-hypre" belongs to the product "hypre" already -> Leave it to one of the two.',
    ],
  },
  {
    title: 'a name that is ambiguous in one of two products is no clash',
    changes: { 'products/rival.yml': 'id: rival\nname: AMS\nspokes: [xsdk]\nrepository: octo/ams\n' },
    expected: [],
  },
  {
    title: 'an id twice and a file named otherwise are both said',
    changes: { 'products/other.yml': 'id: hypre\nname: Other\nspokes: [xsdk]\nrepository: octo/other\n' },
    expected: [
      'products/other.yml:1:5 The id "hypre" is taken: products/hypre.yml has it -> null',
      'products/other.yml:1:5 The id "hypre" differs from the file\'s name "other" -> other',
    ],
  },
  {
    title: 'a product that is not on GitHub needs a homepage',
    changes: { 'products/far.yml': 'id: far\nname: Far\nspokes: [xsdk]\nrepository: null\n' },
    expected: [
      'products/far.yml:4:13 A product without "repository" needs a "homepage" -> Add "homepage" with the address of its site.',
    ],
  },
  {
    title: 'broken YAML is one problem and no others follow from it',
    changes: { 'spokes/xsdk.yml': 'id: xsdk\nname: [x\n' },
    expected: [
      'spokes/xsdk.yml:3:1 Not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] -> null',
    ],
  },
  {
    title: 'a key that stands twice is found with the rest of the problems',
    changes: product(`${HYPRE}name: again\ntriage: { policy: on }\n`),
    expected: [
      'products/hypre.yml:12:1 This key stands here twice -> Keep one of them.',
      'products/hypre.yml:13:19 "triage.policy" must be one of off, shadow, suggest, act -> off',
    ],
  },
  {
    title: 'problems between files are found in a file that has others too',
    changes: product(`${HYPRE.replace('xsdk', 'xdsk')}homepge: x\n`),
    expected: [
      'products/hypre.yml:3:20 No spoke has the id "xdsk" -> xsdk',
      'products/hypre.yml:12:1 Unknown key "homepge" -> homepage',
    ],
  },
  {
    title: 'checks name an unknown pool, a pool not opened, a package of another product and a version',
    changes: {
      'products/zfp.yml': `id: zfp
name: zfp
spokes: [xsdk]
repository: LLNL/zfp
spack: { packages: [{ name: zfp }] }
checks:
  - { spec: zfp+cuda, pool: linx }
  - { spec: zfp+hip, pool: gpu }
  - spec: hypre
  - spec: zfp@1.0+python
  - spec: zfp; rm
`,
    },
    expected: [
      'products/zfp.yml:7:29 No pool has the id "linx" -> linux',
      'products/zfp.yml:8:28 The hub has not opened the pool "gpu" to "zfp" -> Pools open here: linux.',
      'products/zfp.yml:9:11 "hypre" is no Spack package of "zfp" -> Its packages: zfp.',
      'products/zfp.yml:10:11 The spec must not fix the version: the commit of the pull request is built -> zfp+python',
      'products/zfp.yml:11:11 The spec holds ";", which is not allowed in a check -> Use variants, compilers (%gcc) and dependencies (^mpich) only.',
    ],
  },
  {
    title: 'two checks of one name are refused',
    changes: product(`${HYPRE}checks:\n  - {}\n  - spec: hypre\n`),
    expected: ['products/hypre.yml:14:5 Two checks have the name "hypre" -> Give one of them a "name" of its own.'],
  },
  {
    title: 'ci R24: a pool that does not say to whom it is open is open to nobody',
    changes: {
      'hub.yml': HUB.replace('    open: { spokes: [fastmath] }\n', ''),
      ...product(`${HYPRE}checks: { pool: gpu }\n`),
    },
    expected: ['products/hypre.yml:12:17 The hub has not opened the pool "gpu" to "hypre" -> Pools open here: linux.'],
  },
  {
    title: 'checks need a pool when no upper level names one',
    changes: {
      'hub.yml': HUB.replace('checks:\n  pool: linux\n  required: true\n', ''),
      ...product(`${HYPRE}checks: {}\n`),
    },
    expected: [
      'products/hypre.yml:12:9 Checks need a "pool", and no upper level names one -> Pools open here: linux, gpu.',
    ],
  },
  {
    title: 'an unknown label gets the nearest of the taxonomy',
    changes: product(`${HYPRE}labels: { without: ['kind: bugg'] }\n`),
    expected: ['products/hypre.yml:12:21 The hub has no label "kind: bugg" -> kind: bug'],
  },
  {
    title: 'a label that changed files would bring has to be one of the taxonomy, and its files patterns of CODEOWNERS',
    changes: product(`${HYPRE}labels: { paths: { 'kind: bugg': ['*'] } }\n`),
    expected: ['products/hypre.yml:12:20 The hub has no label "kind: bugg" -> kind: bug'],
  },
  {
    title: 'a pattern is no gitignore',
    changes: product(`${HYPRE}labels: { paths: { 'kind: bug': ['!*.c'] } }\n`),
    expected: [
      'products/hypre.yml:12:34 "labels.paths.kind: bug[0]" must be a pattern as in CODEOWNERS, of at most 100 signs, without "!", brackets and blanks -> null',
    ],
  },
  {
    title: 'a pattern is no longer than a path that people write',
    changes: product(`${HYPRE}labels:\n  paths:\n    'kind: bug': ['${'a'.repeat(101)}']\n`),
    expected: [
      'products/hypre.yml:14:19 "labels.paths.kind: bug[0]" must be a pattern as in CODEOWNERS, of at most 100 signs, without "!", brackets and blanks -> null',
    ],
  },
  {
    title: 'patterns of all labels are no more than anybody reads',
    changes: product(
      `${HYPRE}labels:\n  paths:\n    'kind: bug': ['*.c']\n    'spoke: xsdk': [${'a, '.repeat(100)}]\n`,
    ),
    expected: ['products/hypre.yml:14:5 "labels.paths" must have at most 100 patterns, of all labels together -> null'],
  },
  {
    title: 'globs of a check are no more and no longer than anybody reads',
    changes: product(
      `${HYPRE}checks: [{ name: a, paths: [${'a, '.repeat(101)}] }, { name: b, pathsIgnore: [${'b'.repeat(201)}] }]\n`,
    ),
    expected: [
      'products/hypre.yml:12:28 "checks[0].paths" must have at most 100 patterns -> null',
      'products/hypre.yml:12:362 "checks[1].pathsIgnore[0]" must have at most 200 characters -> null',
    ],
  },
  {
    title: 'a check may have any name that is no other’s',
    changes: product(`${HYPRE}checks: [{ name: constructor }]\n`),
    expected: [],
  },
  {
    title: 'a locked key is refused below the hub, once, where it stands',
    changes: {
      'hub.yml': `${HUB}lock: [triage, checks.required]\n`,
      'spokes/xsdk.yml': 'id: xsdk\nname: xSDK\ntriage: { policy: act }\n',
      ...product(`${HYPRE}checks:\n  - spec: hypre\n    required: false\n`),
    },
    expected: [
      'products/hypre.yml:14:5 The hub has locked "checks.required"; it cannot be set here -> Leave the key out, or ask the hub to unlock it.',
      'spokes/xsdk.yml:3:1 The hub has locked "triage"; it cannot be set here -> Leave the key out, or ask the hub to unlock it.',
    ],
  },
  {
    title: 'ci R29: a pool without sandbox cannot trust everyone',
    changes: { 'hub.yml': HUB.replace('sandbox: none', 'sandbox: none\n    trust: everyone') },
    expected: ['hub.yml:13:12 The pool "linux" would run the code of strangers without a sandbox -> write'],
  },
  {
    title: 'a matrix that does nothing, one that is too large, and a name of ours are told',
    changes: product(
      `${HYPRE}checks:\n  - spec: hypre%gcc target=zen3\n    compilers: [llvm]\n    targets: [zen4]\n  - name: config\n    compilers: [a, b, c, d, e]\n    targets: [a, b, c, d, e]\n`,
    ),
    expected: [
      'products/hypre.yml:14:5 The spec names its compiler already, so "compilers" would do nothing -> Take the compiler out of the spec, or leave "compilers" out.',
      'products/hypre.yml:15:5 The spec names its target already, so "targets" would do nothing -> Take the target out of the spec, or leave "targets" out.',
      'products/hypre.yml:16:5 With this one there are 26 checks; a pull request gets 24 at most -> Test fewer compilers or targets, or leave a check out.',
      'products/hypre.yml:16:11 The name "config" belongs to the check of this file -> Give the check another name.',
    ],
  },
  {
    title: 'the fallback has to be a spoke, and labels have names of their own',
    changes: {
      'hub.yml': HUB.replace('fallback: peso', 'fallback: pesto').replace(
        'labels:\n',
        "labels:\n  - { name: 'Kind: Bug', color: '000000' }\n  - { name: 'x: {prodct}', color: '000000' }\n",
      ),
    },
    expected: [
      'hub.yml:2:11 No spoke has the id "pesto" -> peso',
      'hub.yml:22:13 A label name knows {spoke} and {product}, not {prodct} -> product',
      'hub.yml:23:13 The label name "kind: bug" is taken by "Kind: Bug" (GitHub compares without case) -> null',
    ],
  },
  {
    title: 'a colour that YAML reads as a number is explained',
    changes: { 'hub.yml': HUB.replace("'5319e7'", '531907') },
    expected: ['hub.yml:22:38 "labels[1].color" must be text -> Put the value in quotes.'],
  },
  {
    title: 'a hub without hub.yml says so',
    changes: { 'hub.yml': null },
    expected: [
      'hub.yml:1:1 A hub needs the file hub.yml, and there is none -> Add hub.yml with at least "name" and "fallback".',
    ],
  },
  {
    title: 'a file with the other ending is not silently left out',
    changes: { 'products/new.yaml': 'id: new\n' },
    expected: [
      'products/new.yaml:1:1 This file is no part of a hub, which holds hub.yml, spokes/<id>.yml, products/<id>.yml and dependencies.yml -> products/new.yml',
    ],
  },
  {
    title: 'a build cache that could not be what its keys say is refused where it says so',
    changes: {
      'hub.yml': HUB.replace(
        '    open: { spokes: [fastmath] }\n',
        `    open: { spokes: [fastmath] }
    mirrors:
      - { name: unknown-key, url: 'https://cache.example.org' }
      - { name: oci, url: 'oci://registry.example.org/cache' }
      - { name: oci, url: 'oci://registry.example.org/other', signed: false }
    publish: unknown-key
`,
      ),
    },
    expected: [
      'hub.yml:20:9 It is not said who signs "unknown-key" -> Add key: { fingerprint, url }.',
      'hub.yml:21:9 Spack signs nothing in an OCI registry -> Add signed: false, if its writers are trusted.',
      'hub.yml:22:17 The pool "gpu" has two mirrors "oci" -> null',
      'hub.yml:23:14 Spack cannot write to an https address -> Name a mirror with file://, s3:// or oci://.',
    ],
  },
  {
    title: 'ci R28: what builds write to needs a sandbox, and the trusted cache a signature',
    changes: {
      'hub.yml': HUB.replace(
        '    sandbox: none\n',
        `    sandbox: none
    mirrors: [{ name: site, url: 'file:///srv/cache', signed: false }]
    publish: site
    pullCache: file:///srv/pulls
`,
      ),
    },
    expected: [
      'hub.yml:14:14 "site" is not signed, so nobody could tell what is in it -> Give it a key.',
      'hub.yml:14:14 Without a sandbox every build could write there -> Give the pool sandbox: bubblewrap.',
      'hub.yml:15:16 Without a sandbox every build could write there -> Give the pool sandbox: bubblewrap.',
    ],
  },
  {
    title: 'addresses of caches carry no password, fingerprints are whole, environments have their digest',
    changes: {
      'hub.yml': HUB.replace(
        '    sandbox: none\n',
        `    sandbox: none
    mirrors:
      - { name: a, url: 's3://me:secret@cache', signed: false }
      - { name: b, url: 'file:///srv/b', key: { fingerprint: 'ABCD1234', url: 'file:///srv/b.asc' } }
    pullCache: https://cache.example.org
    environment: { name: E4S 25.06, url: 'https://e4s.example.org/spack.yaml' }
`,
      ),
    },
    expected: [
      'hub.yml:14:25 "pools.linux.mirrors[0].url" must begin with file:///, https://, s3:// or oci://, without password and question mark -> null',
      'hub.yml:15:62 "pools.linux.mirrors[1].key.fingerprint" must be the whole fingerprint of a key: 40 hex digits, in quotes -> null',
      'hub.yml:16:16 "pools.linux.pullCache" must begin with file:/// (the sandbox holds each build to its own part of it), without password and question mark -> null',
      'hub.yml:17:18 "pools.linux.environment.sha256" is missing -> Add the key "sha256".',
    ],
  },
  {
    title: 'YAML that refers to itself is wrong where it does so',
    changes: product(`${HYPRE}dependsOn: &a [*a]\n`),
    expected: ['products/hypre.yml:12:16 "*a" stands inside what it names -> Write the value out.'],
  },
];

describe('problems of a hub', () => {
  test.each(ROWS)('$title', ({ changes, expected }) => {
    expect(lines(hubWith(changes).problems)).toEqual(expected);
  });

  test('a file with a problem of its own counts for nothing, and its repository is no member', () => {
    const { registry } = hubWith(product(`${HYPRE}homepge: x\n`));
    expect(registry.products.has('hypre')).toBe(false);
    expect(registry.isMember('hypre-space/hypre')).toBe(false);
    expect(registry.isMember('LLNL/zfp')).toBe(true);
  });

  test('a hub whose hub.yml is wrong is paused and has no pools', () => {
    const { registry } = hubWith({ 'hub.yml': `${HUB}pasued: true\n` });
    expect(registry.hub.paused).toBe(true);
    expect(registry.pools.size).toBe(0);
  });
});
