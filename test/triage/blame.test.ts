import { describe, expect, test } from '@jest/globals';
import { findBlame, saysNotOurs } from '../../src/triage/blame.js';
import { nameOf } from '../../src/triage/target.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();
const blame = (text: string, packages = false) =>
  findBlame(text, catalogue, packages).map(({ target, how }) => `${nameOf(target)} ${how}`);

describe('findBlame', () => {
  test.each([
    ['This is a bug in HDF5', ['hdf5 cause']],
    ['HDF5 1.14.9 is broken', ['hdf5 cause']],
    ['It was fixed in hypre 2.31', ['hypre cause']],
    ['Slower due to Trilinos changes', ['trilinos cause']],
    ['A nasty bug in h5py', ['py-h5py cause']],
    ['Solved with UCX 1.9', ['ucx cause']],
    ['building openmpi fails', ['openmpi fails']],
    ['error while installing hypre', ['hypre fails']],
    ['openmpi is built as a dependency', ['openmpi dependency']],
    ['hdf5-1.14.3 and zlib fail', ['hdf5 fails']],
    ['It is hypre that fails', ['hypre fails']],
    ['The error is in the hypre dependency', ['hypre dependency']],
    ['hypre cannot be built', ['hypre fails']],
    ['configure says that mpich fails to link', []],
  ])('%s', (text, expected) => {
    expect(blame(text)).toEqual(expected);
  });

  test.each([
    'We use hypre and HDF5 together',
    'It works with hypre 2.31',
    'lammps with python3 and hdf5 fails',
    'wibble +hdf5 fails',
    'cmake failure in our code',
    'It is already fixed in Git',
    'error with CUDA 12',
    'WIBBLE abort: Error in HDF5. See above.',
    'hypre_parcsr.cpp fails to compile',
    'dependencies hdf5 and zlib are installed',
  ])('blames nobody: %s', (text) => {
    expect(blame(text)).toEqual([]);
  });

  test('an everyday word is a package only among packages', () => {
    expect(blame('building slate fails')).toEqual([]);
    expect(blame('building slate fails', true)).toEqual(['slate fails']);
  });
});

test.each([
  [['upstream'], true],
  [['component: third party'], true],
  [['library bug', 'x'], true],
  [['bug', 'dependent'], false],
])('labels %j say that it is not ours: %j', (labels, expected) => {
  expect(saysNotOurs(labels)).toBe(expected);
});
