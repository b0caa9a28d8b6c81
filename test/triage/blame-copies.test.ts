import { expect, test } from '@jest/globals';
import { failingCopies } from '../../src/triage/blame-copies.js';
import { nameOf } from '../../src/triage/target.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

test.each([
  ['build/_deps/kokkos-src/core/View.hpp:12:5: error: no such type', ['kokkos']],
  ['build/_deps/fetchedkokkos-src/core/View.hpp(12): error: no such type', ['kokkos']],
  ['fetchedkokkos-src/src/extern/hypre/View.hpp(12): error: no such type', ['kokkos']],
  ['extern/hypre/src/ij.c:9:1: fatal error: mpi.h', ['hypre']],
  ['-- Using build/_deps/kokkos-src', []],
  ['src/ours.cpp:3:1: error: bad\nbuild/_deps/kokkos-src is there', []],
  ['third_party/unheardof/a.c:1: error: x', []],
])('%s', (text, expected) => {
  expect(failingCopies(text, catalogue).map(({ target }) => nameOf(target))).toEqual(expected);
});

test('reads a long text of paths without delay', () => {
  expect(failingCopies('extern/a/'.repeat(8000), catalogue)).toEqual([]);
});
