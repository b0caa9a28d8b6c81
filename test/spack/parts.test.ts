import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { safeCut } from '../../src/ci/cut.js';
import { scrubSecrets } from '../../src/ci/scrub.js';
import { LOG_CHUNK } from '../../src/protocol.js';
import { allowedEnvironment } from '../../src/spack/clean-environment.js';
import { findSpack } from '../../src/spack/installation.js';
import { createLiveLog } from '../../src/spack/live-log.js';
import { readRoot } from '../../src/spack/lockfile.js';
import { newestVersion, saysVersion, withVersion } from '../../src/spack/newest-version.js';
import { createPhaseClock, createPhaseReader } from '../../src/spack/phases.js';
import { placesOf } from '../../src/spack/places.js';
import { configOf, environmentOf, packagesOf } from '../../src/spack/scope.js';
import { readStageLogs } from '../../src/spack/stage.js';
import { createHeadTail, headAndTail } from '../../src/spack/text.js';
import { builtinPlace } from '../../src/spack/versions.js';
import { FAKE_SPACK, temporaryDirectory } from './product.js';

const SHA = 'b'.repeat(40);

test.each([
  ['  develop\n  1.0.1\n  1.0.0\n', '1.0.1'],
  ['  master\n  12.1.0\n', '12.1.0'],
  ['  develop-1.17\n  develop\n  1.14.6\n', '1.14.6'],
  ['  4.0-develop\n  v3.2\n', 'v3.2'],
  ['  2024-07-03\n', '2024-07-03'],
  ['  main\n', 'main'],
  ['==> Error: no such package\n', null],
  ['', null],
])('of the versions %j a commit is built as %j', (output, version) => {
  expect(newestVersion(output)).toBe(version);
});

test('a version is put right behind the commit, unless there is one', () => {
  expect(withVersion(`zfp@git.${SHA}+openmp ^hdf5@1.14`, '1.0.1')).toBe(`zfp@git.${SHA}=1.0.1+openmp ^hdf5@1.14`);
  expect(saysVersion(`zfp@git.${SHA}=1.0.1+openmp`)).toBe(true);
  expect(saysVersion(`zfp@git.${SHA} fake=on`)).toBe(false);
});

test('phase lines are found however the output is cut', () => {
  const seen: string[] = [];
  const read = createPhaseReader(({ package: name, phase }) => seen.push(`${name} ${phase}`));
  const text =
    "==> Installing x\n==> py-numpy: Executing phase: 'install'\n  ==> a: Executing phase: 'no'\n==> zfp: Executing phase: 'cmake'\n";
  for (const character of text) read(character);
  read(text);
  expect(seen).toEqual(['py-numpy install', 'zfp cmake', 'py-numpy install', 'zfp cmake']);
});

test('phases last until the next begins, and one that comes twice is added up', () => {
  let now = 0;
  const clock = createPhaseClock(() => now);
  for (const [name, at] of [
    ['fetch', 0],
    ['build', 1000],
    ['install', 4000],
    ['build', 4500],
  ] as const) {
    now = at;
    clock.begin(name);
  }
  now = 6000;
  clock.end();
  clock.end();
  expect(clock.phases).toEqual([
    { name: 'fetch', seconds: 1 },
    { name: 'build', seconds: 4.5 },
    { name: 'install', seconds: 0.5 },
  ]);
});

test('text within the limit stays as it is; beyond it head and tail stay, and nothing is longer than the limit', () => {
  expect(headAndTail('abc', 1000)).toBe('abc');
  const keeper = createHeadTail(1000);
  for (let i = 0; i < 5000; i++) keeper.push(`${i}\n`);
  const text = keeper.text();
  expect(text.length).toBeLessThanOrEqual(1000);
  expect(text.startsWith('0\n1\n2\n')).toBe(true);
  expect(text.endsWith('\n4998\n4999\n')).toBe(true);
  const missing = Number(/\[\.\.\. (\d+) characters left out here/.exec(text)?.[1]);
  expect(text.replace(/\n\[\.\.\..*\]\n/, '').length + missing).toBe(23_890);
});

test('text of exactly the limit is whole, in one piece or in many', () => {
  const exact = 'x'.repeat(1000);
  expect(headAndTail(exact, 1000)).toBe(exact);
  const keeper = createHeadTail(1000);
  for (const character of exact) keeper.push(character);
  expect(keeper.text()).toBe(exact);
});

test('no cut splits a character, and no NUL is kept', () => {
  const smile = '\u{1F600}';
  expect(safeCut(`a${smile}`, 2)).toBe(1);
  for (let limit = 101; limit < 140; limit++)
    expect(headAndTail(smile.repeat(200), limit)).not.toMatch(/\p{Surrogate}/u);
  expect(headAndTail('a\0b', 1000)).toBe('a\uFFFDb');
});

test('live log chunks are no larger than the protocol allows', () => {
  const chunks: string[] = [];
  const log = createLiveLog((text) => chunks.push(text), 10_000_000);
  log.write('\u{1F600}'.repeat(LOG_CHUNK));
  log.close();
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(LOG_CHUNK);
  for (const chunk of chunks) expect(/\p{Surrogate}/u.test(chunk)).toBe(false);
  expect(chunks.join('')).toBe('\u{1F600}'.repeat(LOG_CHUNK));
});

test('the live log is cut once, at whole characters', () => {
  const chunks: string[] = [];
  const log = createLiveLog((text) => chunks.push(text), 10);
  log.write('12345678');
  log.write('äöü');
  log.write('more');
  log.close();
  expect(chunks.join('')).toBe(
    '12345678ä\n[log cut here: this pool keeps 10 bytes of a live log; the build goes on]\n',
  );
});

test('the concrete root is read from lockfile and output', () => {
  const hash = 'uetzxx6w75u7z3zkztxaz27bdnvlgllz';
  const lockfile = JSON.stringify({
    roots: [{ hash, spec: 'fmt' }],
    concrete_specs: { [hash]: { name: 'fmt', version: 'git.0=12.1.0' } },
  });
  const printed =
    '==> Concretized 1 spec:\n[+]  uetzxx6  fmt@git.0=12.1.0~ipo %c,cxx=gcc@12.2.0\n[e]  igklqxx      ^cmake@3.25.1\n';
  expect(readRoot(lockfile, printed)).toEqual({ dagHash: hash, spec: 'fmt@git.0=12.1.0~ipo %c,cxx=gcc@12.2.0' });
  expect(readRoot(lockfile, '')).toEqual({ dagHash: hash, spec: 'fmt@git.0=12.1.0' });
  expect(readRoot('{}', printed)).toBeNull();
  expect(readRoot('', printed)).toBeNull();
});

test('the scope moves everything that a build writes into the worker’s directory', () => {
  const places = placesOf('/data', { attempt: 'one' });
  expect(configOf(places, 1)).toMatchObject({ config: { build_jobs: 1 } });
  expect(configOf(places)).toEqual({
    config: {
      install_tree: { root: '/data/store' },
      'build_stage:': ['/data/attempts/one/stage'],
      test_stage: '/data/attempts/one/test',
      source_cache: '/data/sources',
      misc_cache: '/data/recipe-index',
    },
  });
  expect(packagesOf({ zfp: '/data/mirrors/zfp.git' })).toEqual({
    packages: { zfp: { package_attributes: { git: 'file:///data/mirrors/zfp.git' } } },
  });
  expect(environmentOf('zfp@1')).toEqual({ spack: { specs: ['zfp@1'], view: false } });
});

test('the place of the recipes is found in what `spack repo list` prints', () => {
  expect(builtinPlace('[+] mine    v1.0    /site/mine\n[+] builtin    v2.2    /site/repos/builtin\n')).toBe(
    '/site/repos/builtin',
  );
  expect(builtinPlace('[ ] builtin\n')).toBeUndefined();
});

function stageWith(root: string, name: string, files: Record<string, string>, time: number): void {
  const stage = join(root, 'user', name);
  mkdirSync(stage, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(stage, file), text);
    utimesSync(join(stage, file), time, time);
  }
}

test('the log of the package that stderr names is taken, not of another that was left', async () => {
  const root = temporaryDirectory();
  stageWith(root, 'spack-stage-zlib-1-a', { 'spack-build-out.txt': 'dependency' }, 100);
  stageWith(root, 'spack-stage-zfp-1-b', { 'spack-build-out.txt': 'root', 'install-time-test-log.txt': 'tests' }, 200);
  const stderr = 'See build log for details:\n  /elsewhere/user/spack-stage-zlib-1-a/spack-build-out.txt\n';
  expect(await readStageLogs(root, stderr, scrubSecrets)).toEqual({ buildLog: 'dependency', testLog: '' });
  expect(await readStageLogs(root, '', scrubSecrets)).toEqual({ buildLog: 'root', testLog: 'tests' });
});

test('phase files stand in for the build log that a killed Spack did not join', async () => {
  const root = temporaryDirectory();
  stageWith(
    root,
    'spack-stage-zfp-1-b',
    {
      'spack-build-02-build-out.txt': 'two\n',
      'spack-build-01-cmake-out.txt': 'one\n',
      'spack-build-env.txt': 'SECRET',
    },
    100,
  );
  expect(await readStageLogs(root, '', scrubSecrets)).toEqual({ buildLog: 'one\ntwo\n', testLog: '' });
  expect(await readStageLogs(temporaryDirectory(), '', scrubSecrets)).toEqual({ buildLog: '', testLog: '' });
});

test('of the worker’s environment only what a build needs is handed on', () => {
  const env = {
    PATH: '/bin',
    SPACK_PYTHON: '/usr/bin/python3',
    SPACK_ENV: '/somebody/env',
    DATABASE_URL: 'postgres://secret',
    SPOKEBOT_POOL_TOKEN: 'secret',
    https_proxy: 'http://user:secret@proxy',
    http_proxy: 'http://proxy:3128',
  };
  expect(allowedEnvironment(env)).toEqual({
    LC_ALL: 'C',
    LANG: 'C',
    GIT_TERMINAL_PROMPT: '0',
    PATH: '/bin',
    SPACK_PYTHON: '/usr/bin/python3',
    http_proxy: 'http://proxy:3128',
  });
});

test.each([
  [{ SPOKEBOT_SPACK: '/nowhere/spack' }, 'SPOKEBOT_SPACK leads to /nowhere/spack, which is not an executable file'],
  [{ SPACK_ROOT: '/nowhere' }, 'SPACK_ROOT leads to /nowhere/bin/spack'],
  [{ PATH: '/nowhere' }, 'no Spack was found: set SPOKEBOT_SPACK'],
  [{ SPOKEBOT_SPACK: FAKE_SPACK, SPOKEBOT_SPACK_SCOPE: '/nowhere' }, 'SPOKEBOT_SPACK_SCOPE names /nowhere'],
  [{ SPOKEBOT_SPACK: '/bin/false' }, '/bin/false --version failed'],
  [{ SPOKEBOT_SPACK: '/bin/echo' }, 'which is no version of Spack'],
  [
    { SPOKEBOT_SPACK: FAKE_SPACK, SPOKEBOT_RECORDED_FAKE_VERSION: '0.23.1' },
    'is Spack 0.23.1; spokebot needs Spack 1.0 or newer',
  ],
])('without a usable Spack (%j) the problem says how to mend it', async (env, problem) => {
  expect(await findSpack({ PATH: process.env.PATH, ...env })).toEqual({ problem: expect.stringContaining(problem) });
});

test('Spack is found by its path, by SPACK_ROOT and on the PATH, with the operator’s scope', async () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'spack'), '#!/bin/sh\necho 1.2.0.dev0\n', { mode: 0o755 });
  const found = { executable: join(root, 'bin', 'spack'), version: '1.2.0.dev0', commit: null, recorded: false };
  const PATH = process.env.PATH ?? '';
  expect(await findSpack({ PATH, SPOKEBOT_SPACK: join(root, 'bin', 'spack') })).toMatchObject(found);
  expect(await findSpack({ PATH, SPOKEBOT_SPACK: root })).toMatchObject(found);
  expect(await findSpack({ PATH, SPACK_ROOT: root })).toMatchObject(found);
  expect(await findSpack({ PATH: `${join(root, 'bin')}:${PATH}`, SPOKEBOT_SPACK_SCOPE: root })).toMatchObject({
    ...found,
    scopes: [root],
  });
});
