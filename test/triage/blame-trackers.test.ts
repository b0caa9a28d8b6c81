import { expect, test } from '@jest/globals';
import { findTrackers, fixedElsewhere } from '../../src/triage/blame-trackers.js';
import { nameOf } from '../../src/triage/target.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const pointed = (text: string) => findTrackers(text, catalogue).map(({ target, how }) => `${nameOf(target)} ${how}`);

test('knows the trackers of the catalogue only', () => {
  expect(
    pointed('See HDFGroup/hdf5#12, https://github.com/hypre-space/hypre/issues/3, openucx/ucx#5 and octo/other#4.'),
  ).toEqual(['hdf5 link', 'hypre link', 'ucx link']);
});

test.each([
  ['It got slower, due to https://github.com/kokkos/kokkos/issues/12.', ['kokkos cause']],
  ['This is HDFGroup/hdf5#12 again', ['hdf5 cause']],
  ['We reported it as HDFGroup/hdf5#12', ['hdf5 cause']],
  ['openucx/ucx/commit/0123456789abcdef seems to be the one that fixes it', ['ucx cause']],
  ['At https://github.com/HDFGroup/hdf5/issues/12 I see they fixed it', ['hdf5 cause']],
  ['https://gitlab.com/petsc/petsc/-/merge_requests/12 should fix that', ['petsc cause']],
  ['HDFGroup/hdf5#12 broke our build', ['hdf5 link']],
  ['Not sure whether this is HDFGroup/hdf5#12', ['hdf5 link']],
  ['This is not HDFGroup/hdf5#12', ['hdf5 link']],
  ['I have fixed it here: octo/Other/pull/4', ['other cause']],
  ['It was introduced in octo/other#4', ['other cause']],
  ['octo/other#4 has the same setting', []],
  ['The slow part is due to load/store 64 times', []],
  ['It was solved by I/O#2', []],
])('%s', (text, expected) => {
  expect(pointed(text)).toEqual(expected);
});

test('reads a long text of addresses without delay', () => {
  expect(pointed('github.com/a/b/commit/'.repeat(3500))).toEqual([]);
});

test.each([
  ['Fixed in pdf_calc in https://github.com/octo/wibblevm, commit 12ab', true],
  ['This is fixed by wibble#963', true],
  ['It was fixed by fluidcode#12', false],
  ['Fixed in https://github.com/octocat/FluidCode/pull/12', false],
  ['It is fixed by PR#12', false],
  ['Fixed by fluidcode-release#848', false],
  ['With fixed rate (see https://github.com/octo/wibble', false],
  ['This fixes rank#0 deadlock', false],
  ['The sizes are fixed: level#0', false],
  ['See wibble#963', false],
])('%s: mended elsewhere: %j', (text, expected) => {
  expect(fixedElsewhere(text, 'octo/FluidCode', () => false) !== null).toBe(expected);
});
