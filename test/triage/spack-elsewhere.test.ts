import { expect, test } from '@jest/globals';
import { spackSigns } from '../../src/triage/spack-elsewhere.js';

const signs = (text: string) =>
  Object.entries(spackSigns(text, text))
    .filter(([, seen]) => seen !== null)
    .map(([sign]) => sign);

test.each([
  ['The problem is in the Spack recipe.', ['cause']],
  ['It is related to external Spack packaging.', ['cause']],
  ['This feels more Spack-y', ['cause']],
  ['The Spack package is broken', ['cause']],
  ['The Spack package needs an update', []],
  ['Spack package has been updated', []],
  ['See this issue (https://github.com/spack/spack/issues/7)', ['tracker']],
  ['Please report this to Spack', ['sent']],
  ['You can report it at github.com/spack/spack/issues', ['sent', 'tracker']],
  ['It was merged in Spack, see spack/spack#12', ['cause', 'tracker']],
  ['/home/x/spack/var/spack/repos/builtin/packages/hdf5/package.py:12', ['recipe']],
  ['`spack install hypre` stops. Reply: run `spack compiler find` first.', ['remedy']],
  ['I ran spack external find before spack install hypre', []],
  ['Not sure if this is an issue with Spack or with us', []],
  ['It is so if the problem is with the Spack recipe', []],
  ['I used spack install hypre and it fails', []],
  ['The error with spack install is below', []],
])('%s', (text, expected) => {
  expect(signs(text)).toEqual(expected);
});

test('looks through a long text without delay', () => {
  const text = `${'repos/'.repeat(12_000)} ${'report '.repeat(10_000)}`;
  expect(signs(text)).toEqual([]);
});
