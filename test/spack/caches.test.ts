/** Build caches and published environments on a worker, as far as no Spack is needed for them. */
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { pullPrefix } from '../../src/ci/build-caches.js';
import { viewOf } from '../../src/spack/bubblewrap/views.js';
import { binariesOf } from '../../src/spack/caches/arguments.js';
import { constraintsOf } from '../../src/spack/caches/constraints.js';
import { loadEnvironment } from '../../src/spack/caches/environment-file.js';
import { mirrorsOf, ownMirrorOf, publishScopeOf } from '../../src/spack/caches/mirrors-scope.js';
import { createOriginReader } from '../../src/spack/caches/origins.js';
import { ageOut, ownPlace } from '../../src/spack/caches/pull-caches.js';
import { publish, publishingOf, pushedIn } from '../../src/spack/caches/push.js';
import { readSpecLists } from '../../src/spack/caches/spec-lists.js';
import { type Gpg, gatherKeys, primaryFingerprints } from '../../src/spack/caches/trusted-keys.js';
import { placesOf } from '../../src/spack/places.js';
import { planOf, temporaryDirectory } from './product.js';

const FINGERPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';
const never = new AbortController().signal;

describe('where packages came from', () => {
  const hash = (letter: string) => letter.repeat(32);
  const read = (...lines: string[]) => {
    const reader = createOriginReader();
    // In pieces that end anywhere.
    for (const piece of `${lines.join('\n')}\n`.match(/.{1,17}|\n/g) ?? []) reader.write(piece);
    return reader.origins();
  };

  test('is read from what Spack prints, the site’s own software left out', () => {
    expect(
      read(
        `[+] /usr (external glibc-2.36-${hash('x')})`,
        `==> Extracting gcc-runtime-12.2.0-${hash('a')} from binary cache`,
        `==> gcc-runtime: Successfully installed gcc-runtime-12.2.0-${hash('a')}`,
        `[+] /store/linux-x86_64_v3/gcc-runtime-12.2.0-${hash('a')}`,
        `[+] /store/linux-x86_64_v3/zlib-ng-2.2.1-${hash('b')}`,
        `==> zfp: Executing phase: 'build'`,
        `==> zfp: Successfully installed zfp-git.0=1.0.1-${hash('c')}`,
        `[+] /own/linux-x86_64_v3/zfp-git.0_1.0.1-${hash('c')}`,
      ),
    ).toEqual({ cache: 1, built: 1, present: 1 });
  });

  test('counts a package once, however many steps name it, and what was taken as taken', () => {
    expect(
      read(
        `==> Extracting zlib-1-${hash('a')} from binary cache`,
        `==> zlib: Successfully installed zlib-1-${hash('a')}`,
        `[+] /store/zlib-1-${hash('a')}`,
        `[+] /store/zlib-1-${hash('a')}`,
      ),
    ).toEqual({ cache: 1, built: 0, present: 0 });
  });

  test('does not count what could not be unpacked, and says nothing where nothing was installed', () => {
    expect(
      read(`==> Extracting zlib-1-${hash('a')} from binary cache`, '==> Error: relocation failed'),
    ).toBeUndefined();
  });

  test('of recorded runs of Spack', () => {
    const recorded = (name: string) =>
      read(...readFileSync(join(import.meta.dirname, '../fixtures/recordings', name), 'utf8').split('\n'));
    expect(recorded('install-use-buildcache.stdout.log')).toEqual({ cache: 3, built: 0, present: 0 });
    expect(recorded('fmt-pr-install-git-sha.stdout.log')).toMatchObject({ cache: 0 });
  });
});

describe('mirrors', () => {
  const signed = { name: 'trusted', url: 's3://cache/t', key: { fingerprint: FINGERPRINT, url: 'file:///k.asc' } };
  const open = { name: 'site', url: 'file:///srv/cache', key: null };

  test('are read as binaries only, signed ones with their signature', () => {
    expect(mirrorsOf([signed, open])).toEqual({
      mirrors: {
        'spokebot-trusted': { url: 's3://cache/t', binary: true, source: false, signed: true },
        'spokebot-site': { url: 'file:///srv/cache', binary: true, source: false, signed: false },
      },
    });
  });

  test('the one that is filled takes its login from variables, never from the file', () => {
    const scope = JSON.stringify(publishScopeOf(signed, true));
    expect(scope).toContain('"id_variable":"SPOKEBOT_CACHE_USER"');
    expect(JSON.stringify(publishScopeOf(signed, false))).not.toContain('SPOKEBOT_CACHE');
  });

  test('a pull request’s own takes the place of all others', () => {
    expect(ownMirrorOf('/srv/pulls/a+b+1')).toEqual({
      'mirrors:': {
        'spokebot-own': { url: 'file:///srv/pulls/a+b+1', binary: true, source: false, signed: false },
      },
    });
  });
});

describe('keys', () => {
  const shows = (...fingerprints: string[]): Gpg => {
    const stdout = fingerprints.map(
      (one) => `pub:-:255:22:X:1:::\nfpr:::::::::${one}:\nsub:-:255:18:Y:1:::\nfpr:::::::::SUB:\n`,
    );
    return async (args) => ({ exitCode: 0, stdout: args.includes('show-only') ? stdout.join('') : '', stderr: '' });
  };
  const mirrorOf = (url: string) => ({ name: 'trusted', url: 'https://cache', key: { fingerprint: FINGERPRINT, url } });
  async function gather(gpg: Gpg) {
    const home = temporaryDirectory();
    const file = join(home, 'key.asc');
    writeFileSync(file, 'a key');
    return gatherKeys([mirrorOf(pathToFileURL(file).href)], join(home, 'ring'), gpg, never);
  }

  test('ci R28 only the key with the fingerprint that the hub names is taken', async () => {
    expect((await gather(shows(FINGERPRINT))).problems).toEqual([]);
    const other = 'F'.repeat(40);
    for (const [gpg, problem] of [
      [shows(other), `there is ${other}`],
      [shows(FINGERPRINT, other), 'there are 2'],
      [shows(), 'there are 0'],
    ] as const) {
      const { usable, problems } = await gather(gpg);
      expect(usable).toEqual([]);
      expect(problems).toEqual([`build cache trusted is not used: its key should be ${FINGERPRINT}, but ${problem}`]);
    }
  });

  test('a key that is not to be had leaves its cache out, and the others in', async () => {
    const open = { name: 'site', url: 'file:///srv/cache', key: null };
    const found = await gatherKeys([mirrorOf('file:///nowhere'), open], temporaryDirectory(), shows(), never);
    expect(found.usable).toEqual([open]);
    expect(found.problems[0]).toMatch(
      /^build cache trusted is not used: its key could not be read from file:\/\/\/nowhere: ENOENT/,
    );
  });

  test('fingerprints of subkeys are no keys', () => {
    expect(primaryFingerprints('pub:u:::\nfpr:::::::::ONE:\nsub:u:::\nfpr:::::::::TWO:\n')).toEqual(['ONE']);
  });
});

describe('filling the trusted cache', () => {
  const mirror = { name: 'trusted', url: 'file:///t', key: { fingerprint: FINGERPRINT, url: 'file:///k' } };
  const product = { directory: '/', url: 'file:///x', push: () => '', land: () => {} };
  const plan = { ...planOf(product, '1'.repeat(40), 'none'), sandbox: 'bubblewrap' as const };
  const input = {
    plan: { ...plan, pull: null, branch: { name: 'main', headSha: '1'.repeat(40) } },
    places: placesOf('/data', { attempt: 'one' }),
    record: { note: () => {} },
    publishing: publishingOf({ SPOKEBOT_CACHE_KEY: '/keys' }),
    dagHash: 'a'.repeat(32),
    signal: never,
  };
  const tell = async (change: object) => (await publish(mirror, { ...input, ...change } as never)).problem;

  test('ci R28 is refused to every build of a pull request, whatever its plan says', async () => {
    expect(await tell({ plan })).toBe('only builds of branches fill it');
  });

  test('ci R28 is refused where the build could have read the key', async () => {
    expect(await tell({ plan: { ...input.plan, sandbox: 'none' } })).toContain('could have read the key');
  });

  test('asks for a key that this worker has', async () => {
    expect(await tell({ publishing: publishingOf({}) })).toContain('SPOKEBOT_CACHE_KEY');
  });

  test('says how many packages it holds', () => {
    expect(pushedIn('==> Selected 14 specs to push to file:///t\n==> [1/14] Pushed zlib@1/abc\n')).toBe(14);
    expect(pushedIn('==> The spec is already in the buildcache. Use --force to overwrite it.\n')).toBe(1);
  });

  test('a trusted build finds nothing that a pull request’s left', () => {
    const [trusted, usual] = [placesOf('/data', { trusted: true }), placesOf('/data')];
    expect(trusted.store).not.toBe(usual.store);
    expect(placesOf('/data', { trusted: true }).store).toBe(trusted.store);
  });
});

describe('the places of pull requests', () => {
  const product = { directory: '/', url: 'file:///x', push: () => '', land: () => {} };
  function planIn(directory: string, number: number) {
    const plan = planOf(product, '1'.repeat(40), 'none');
    const caches = { read: [], pulls: pathToFileURL(directory).href, publish: null };
    return { ...plan, pull: { ...plan.pull!, number }, caches };
  }

  test('each has one, and those that nobody used for two weeks go', async () => {
    const base = temporaryDirectory();
    const first = await ownPlace(planIn(base, 1));
    const second = await ownPlace(planIn(base, 2));
    expect([first, second]).toEqual([1, 2].map((number) => join(base, pullPrefix('LLNL/zfp', number))));
    mkdirSync(join(base, 'somebody-elses'));
    const old = new Date(Date.now() - 15 * 24 * 3600 * 1000);
    for (const path of [first!, join(base, 'somebody-elses')]) utimesSync(path, old, old);
    expect(await ageOut(pathToFileURL(base).href, Date.now())).toBe(1);
    expect([first!, second!, join(base, 'somebody-elses')].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('those of pull requests that are over go at once, and nothing that only looks like one', async () => {
    const base = temporaryDirectory();
    const [first, second] = [(await ownPlace(planIn(base, 1)))!, (await ownPlace(planIn(base, 2)))!];
    mkdirSync(join(base, 'somebody-elses'));
    const over = [pullPrefix('LLNL/zfp', 1), 'somebody-elses', '..', '../elsewhere'];
    expect(await ageOut(pathToFileURL(base).href, Date.now(), over)).toBe(1);
    expect([existsSync(first), existsSync(second), existsSync(join(base, 'somebody-elses'))]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('what is built of a branch has none', async () => {
    expect(await ownPlace({ ...planIn(temporaryDirectory(), 1), pull: null })).toBeNull();
  });

  test('ci R28 a sandboxed build can write to no cache, and sees its own place only', async () => {
    const base = temporaryDirectory();
    const own = (await ownPlace(planIn(base, 1)))!;
    const foreign = (await ownPlace(planIn(base, 2)))!;
    const places = placesOf(temporaryDirectory(), { attempt: 'one' });
    const cache = join(base, 'cache');
    mkdirSync(cache);
    const nowhere = { read: [], mirrors: [], hide: [], mirrorFiles: [] };
    const bubblewrap = { system: { always: [], network: [], nothing: '/n' }, read: [], secret: [], enclose: () => [] };
    const common = {
      bubblewrap,
      site: nowhere,
      places,
      mirror: '/m',
      heads: [],
      externals: [],
      certificates: [],
      ownCache: own,
    };
    const of = async (step: 'fetch' | 'root', fillsCache = false) =>
      (await viewOf(step, { ...common, mirrors: [cache], fillsCache } as never)).mounts.filter(({ path }) =>
        path.startsWith(base),
      );
    expect(await of('fetch')).toEqual([{ kind: 'read', path: cache }]);
    expect(await of('root')).toEqual([{ kind: 'read', path: own }]);
    expect(await of('root', true)).toEqual([
      { kind: 'read', path: own },
      { kind: 'write', path: own },
    ]);
    expect(JSON.stringify([await of('fetch'), await of('root', true)])).not.toContain(foreign);
  });
});

const E4S = `spack:
  view: false
  concretizer: { unify: false }
  packages:
    all:
      require: ["target=x86_64_v3"]
      providers: { mpi: [mpich] }
    gcc:
      externals: [{ spec: gcc@13, prefix: /opt/gcc }]
      buildable: false
    hypre:
      version: [2.33.0]
      require: "@2.33.0+mpi"
    hdf5:
      variants: +fortran+hl
      externals: [{ spec: hdf5@1.14, prefix: /opt/hdf5 }]
  specs:
    - hypre
    - petsc +cuda ^mpich
    - zfp cxxstd=17
    - zfp +cuda
    - mfem
    - mfem +mpi
    - $cuda_specs
    - matrix: [[adios2], [+mpi]]
`;

describe('a published environment', () => {
  test('gives its constraints without the machine that it was written for', () => {
    const { packages, leftOut } = constraintsOf(E4S, 'petsc');
    expect(leftOut).toEqual(['$cuda_specs, which no definition without a condition names']);
    expect(packages).toEqual({
      adios2: { require: [{ spec: '+mpi' }] },
      all: { require: ['target=x86_64_v3'], providers: { mpi: ['mpich'] } },
      hypre: { version: ['2.33.0'], require: '@2.33.0+mpi' },
      hdf5: { variants: '+fortran+hl' },
      petsc: { require: [{ spec: '+cuda' }] },
      zfp: { require: [{ any_of: ['cxxstd=17', '+cuda'] }] },
    });
  });

  test('has definitions and matrices expanded as Spack expands them', () => {
    const definitions = [
      { compilers: ['%gcc@12', '%clang@15'] },
      { mpis: ['mpich', 'openmpi'] },
      {
        libs: [
          'zlib@1.3',
          {
            matrix: [
              ['hypre', 'petsc'],
              ['+mpi', '~mpi'],
            ],
            exclude: ['petsc~mpi'],
          },
        ],
      },
      { mine: ['hdf5'], when: 'arch.satisfies("x86_64:")' },
      { round: ['$round'] },
    ];
    const specs = [
      'zfp+cuda',
      '$libs',
      { matrix: [['trilinos@16'], ['$^mpis'], ['$compilers']], exclude: ['%clang@15 ^openmpi'] },
    ];
    // The order and the words are those of Spack 1.1.0 for the same file.
    expect(readSpecLists(specs, definitions)).toEqual({
      specs: [
        'zfp+cuda',
        'zlib@1.3',
        'hypre +mpi',
        'hypre ~mpi',
        'petsc +mpi',
        'trilinos@16 %gcc@12 ^mpich',
        'trilinos@16 %clang@15 ^mpich',
        'trilinos@16 %gcc@12 ^openmpi',
      ],
      leftOut: ['definition mine under the condition "arch.satisfies("x86_64:")"'],
    });
    expect(readSpecLists(['$mine', '$round', 7], definitions)).toMatchObject({ specs: [] });
    const many = Array.from({ length: 200 }, (_, n) => `p${n}`);
    expect(readSpecLists([{ matrix: [many, many] }], null)).toEqual({
      specs: [],
      leftOut: ['a matrix of more than 20000 specs'],
    });
  });

  test('asks no version of the package whose commit is built', () => {
    expect(constraintsOf(E4S, 'hypre').packages.hypre).toEqual({ require: '+mpi' });
  });

  test.each([
    ['spack: [', 'is no YAML'],
    ['packages: {}', 'has no section spack'],
  ])('%j is told as what it is', (text, problem) => {
    expect(() => constraintsOf(text, 'x')).toThrow(problem);
  });

  test('is had once, and only as the hub names it', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'spack.yaml');
    writeFileSync(file, E4S);
    const sha256 = (await import('node:crypto')).createHash('sha256').update(E4S).digest('hex');
    const named = { name: 'E4S 25.06', url: pathToFileURL(file).href, sha256 };
    expect(await loadEnvironment(named, join(directory, 'kept'), never)).toBe(E4S);
    writeFileSync(file, `${E4S}# changed\n`);
    expect(await loadEnvironment(named, join(directory, 'kept'), never)).toBe(E4S);
    await expect(loadEnvironment(named, join(directory, 'other'), never)).rejects.toThrow(
      /^the environment E4S 25.06 at file:.* is not the one that the hub names: its SHA-256 is [0-9a-f]{64}, not/,
    );
  });
});

test('in the step with network only binaries are taken, and none of a head or of what is built on one', () => {
  const graph = { root: 'r', externals: [], missing: ['a', 'b'], withHeads: [] };
  expect(binariesOf(graph)).toEqual(['--only=dependencies', '--use-buildcache=package:never,dependencies:only']);
  expect(binariesOf({ ...graph, withHeads: ['h'] })).toEqual(['/a', '/b', '--cache-only']);
});
