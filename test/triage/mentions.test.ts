import { describe, expect, test } from '@jest/globals';
import { findMentions } from '../../src/triage/mentions.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

describe('findMentions', () => {
  test.each([
    ['HDF5 and hypre', ['hdf5 word', 'hypre word']],
    ['Open MPI, openmpi, Open-MPI', ['openmpi word', 'openmpi word', 'openmpi word']],
    ['UPC++ over PETSc/TAO', ['upcxx word', 'petsc word']],
    ['hypre@2.31 ^openmpi +hdf5 ~kokkos', ['hypre spec', 'openmpi dependency', 'hdf5 variant', 'kokkos variant']],
    ['hypre_parcsr.cpp and Kokkos::View', ['hypre identifier', 'kokkos identifier']],
    ['kokkos-tools', ['kokkos word']],
    ['libhypre and hypres', []],
  ])('%s', (text, expected) => {
    expect(findMentions(text, catalogue).map(({ product, shape }) => `${product} ${shape}`)).toEqual(expected);
  });

  test.each([
    ['please visit us', true],
    ['VisIt crashes', false],
    ['visit@3.4', false],
    ['a flux of particles', true],
    ['flux-core', false],
    ['PETSc', false],
    ['TAO', true],
  ])('%s is ambiguous: %j', (text, ambiguous) => {
    expect(findMentions(text, catalogue)[0]?.ambiguous).toBe(ambiguous);
  });
});
