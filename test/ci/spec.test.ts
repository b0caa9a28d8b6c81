import { describe, expect, it } from '@jest/globals';
import { buildSpec, parseConstraints } from '../../src/ci/spec.js';
import { HEAD } from './builders.js';

describe('spec of a check', () => {
  it.each([
    ['', ''],
    ['+mpi', '+mpi'],
    ['+mpi ~cuda', '+mpi~cuda'],
    ['+mpi~cuda precision=double', '+mpi~cuda precision=double'],
    ['cuda_arch=80,90 +cuda', ' cuda_arch=80,90+cuda'],
    ['%gcc@12:', ' %gcc@12:'],
    ['%c,cxx=gcc@13.2', ' %c,cxx=gcc@13.2'],
    ['^openblas@0.3:+shared  ^cmake@3.25', ' ^openblas@0.3:+shared ^cmake@3.25'],
    ['++shared', '++shared'],
    ['target=x86_64_v3', ' target=x86_64_v3'],
  ])('takes "%s"', (constraints, written) => {
    expect(parseConstraints(constraints)).toEqual({ ok: true, spec: written });
  });

  it.each([
    '@1.2',
    '=1.2',
    '--fresh',
    '-j99',
    '/abcdef',
    '+mpi;touch pwned',
    '$(touch pwned)',
    '`id`',
    'cflags="-O2"',
    "x='y'",
    'name=value\u0000',
    'dev_path=/etc',
    'commit=abc',
    '+mpi@1.2',
    'Größe=1',
    '^',
    '%',
    '+',
    'a=b&c',
    '^../x',
    '+mpi #comment',
    `+${'a'.repeat(2000)}`,
  ])('ci R23: refuses %j and says so', (constraints) => {
    const result = parseConstraints(constraints);
    const built = buildSpec({ package: 'hypre', headSha: HEAD, version: null, constraints });
    expect(built.ok).toBe(false);
    if (!result.ok) expect(result.problem).toMatch(/use \+variant, ~variant, name=value/);
  });

  it('puts the commit first, then the version that it is taken for, then the rest', () => {
    expect(buildSpec({ package: 'hypre', headSha: HEAD, version: '2.32.0', constraints: '+mpi int64=1' })).toEqual({
      ok: true,
      spec: `hypre@git.${HEAD}=2.32.0+mpi int64=1`,
    });
    expect(buildSpec({ package: 'hypre', headSha: HEAD, version: null, constraints: '' })).toEqual({
      ok: true,
      spec: `hypre@git.${HEAD}`,
    });
  });

  it.each([
    ['package', { package: 'Hypre; rm' }, '"Hypre; rm" is not the name of a Spack package'],
    ['SHA', { headSha: 'main' }, '"main" is not a full commit SHA'],
    ['version', { version: '1.0 --x' }, '"1.0 --x" is not a version'],
  ])('refuses a wrong %s', (_name, change, problem) => {
    const request = { package: 'hypre', headSha: HEAD, version: null, constraints: '', ...change };
    expect(buildSpec(request)).toEqual({ ok: false, problem });
  });
});
