import { describe, expect, test } from '@jest/globals';
import { beyondPool, lacking, type Promised } from '../../src/ci/capabilities.js';
import { planChecks } from '../../src/ci/plan.js';
import { runsTarget } from '../../src/ci/targets.js';
import { checkOf, configOf, factsOf, poolOf, registry } from './builders.js';

const PROMISED: Promised = {
  targets: ['zen3'],
  compilers: ['gcc@13.2', 'clang'],
  gpus: ['cuda'],
  memoryGigabytes: 256,
};

describe('what a check asks for beyond its pool', () => {
  test.each([
    ['', {}, null],
    ['+mpi target=zen3', {}, null],
    ['target=x86_64_v3', {}, null],
    ['target=zen4 +mpi', {}, 'target zen4; it has zen3'],
    ['%gcc@13', {}, null],
    ['%gcc', {}, null],
    ['%gcc@13.2.0', {}, null],
    ['%gcc@=13.2', {}, null],
    ['%gcc@12:', {}, null],
    ['%clang@18', {}, null],
    ['%gcc@14 ^mpich%clang', {}, 'compiler gcc@14; it has gcc@13.2, clang'],
    ['+cuda', { gpu: 'cuda' }, null],
    ['+rocm', { gpu: 'rocm' }, 'a GPU for rocm; it has cuda'],
    ['', { memoryGigabytes: 256 }, null],
    ['', { memoryGigabytes: 512 }, '512 GB of memory; it has 256 GB'],
  ] as const)('"%s" needing %j: %s', (variants, needs, expected) => {
    expect(beyondPool(PROMISED, variants, needs)).toBe(expected);
  });

  test('a pool that says nothing refuses nothing', () => {
    expect(beyondPool(null, 'target=zen4 %gcc@99', { gpu: 'rocm', memoryGigabytes: 9999 })).toBeNull();
    const silent = { targets: [], compilers: [], gpus: [], memoryGigabytes: null };
    expect(beyondPool(silent, 'target=zen4 %gcc@99', { memoryGigabytes: 9999 })).toBeNull();
    expect(beyondPool(silent, '', { gpu: 'rocm' })).toBe('a GPU for rocm; it has none');
  });

  test('its check is not run, and does not pass', () => {
    const pool = poolOf({ capabilities: PROMISED });
    const config = configOf({ checks: [checkOf({ spec: 'hypre target=zen4' })], pools: new Map([['default', pool]]) });
    expect(planChecks(factsOf(), config, registry)).toMatchObject({
      checks: [],
      skipped: [
        {
          kind: 'not-checked',
          reason: 'Pool default does not have what the check asks for: target zen4; it has zen3.',
        },
      ],
    });
  });
});

describe('what a worker lacks of what its pool promises', () => {
  test.each([
    [
      { target: 'zen2', compilers: ['gcc@13.2.0', 'clang@18.1.0'], gpus: ['cuda'], memoryGigabytes: 256 },
      ['target zen3 (it is zen2)'],
    ],
    [{ target: 'zen3', compilers: ['gcc@13.2.0', 'clang@18.1.0'], gpus: ['cuda'], memoryGigabytes: 300 }, []],
    [{ target: 'haswell' }, ['target zen3 (it is haswell)']],
    [{ compilers: ['gcc@12.2.0'] }, ['gcc@13.2', 'clang']],
    [{ gpus: [] }, ['a GPU for cuda']],
    [{ memoryGigabytes: 64 }, ['256 GB of memory (it has 64)']],
    [{}, []],
  ])('%j lacks %j', (has, expected) => {
    expect(lacking(PROMISED, has)).toEqual(expected);
  });

  test('one that says nothing, being of an older version, lacks nothing', () => {
    expect(lacking(PROMISED, null)).toEqual([]);
  });
});

test('a processor runs what was built for it and for every more general one', () => {
  expect(runsTarget('zen3', 'x86_64')).toBe(true);
  expect(runsTarget('constructor', 'x86_64')).toBe(false);
  expect(runsTarget('zen4', 'zen3')).toBe(true);
  expect(runsTarget('zen4', 'x86_64_v4')).toBe(true);
  expect(runsTarget('cascadelake', 'x86_64_v4')).toBe(true);
  expect(runsTarget('x86_64_v3', 'zen3')).toBe(false);
  expect(runsTarget('neoverse_v2', 'x86_64')).toBe(false);
  expect(runsTarget('some_new_chip', 'some_new_chip')).toBe(true);
});
