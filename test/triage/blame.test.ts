import { describe, expect, test } from '@jest/globals';
import { findBlame } from '../../src/triage/blame.js';
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
    ['Error when building Qt', ['qt fails']],
    ['Slices do not work (likely slate bug)', ['slate cause']],
    ['Slices are wrong (see slate)', []],
    ['The bug is in qt, the water content', []],
    ['In the end the building of the hdf5 library failed', ['hdf5 fails']],
    ['configure fails when hdf5 is found without zlib', []],
    ['HPX which triggers the scheduler, with Kokkos', []],
    ['The reason is that the hypre package is bad', ['hypre cause']],
    ['It is likely a problem in the current version of HDF5', ['hdf5 cause']],
    ['Can you report the issue to the friendly folks at Trilinos?', ['trilinos cause']],
    ['A change in `hypre` that is causing this came last week', ['hypre cause']],
    ['hypre that is built with CUDA', []],
    ['error while installing hypre', ['hypre fails']],
    ['openmpi is built as a dependency', ['openmpi dependency']],
    ['hdf5-1.14.3 and zlib fail', ['hdf5 fails']],
    ['It is hypre that fails', ['hypre fails']],
    ['The error is in the hypre dependency', ['hypre dependency']],
    ['hypre cannot be built', ['hypre fails']],
    ['configure says that mpich fails to link', []],
    ['The HDF5 package refuses to build', ['hdf5 fails']],
    ['hypre was not built', ['hypre fails']],
    ['A HDF5 release fixed this', ['hdf5 cause']],
    ['HDF5 1.14.6 has the fix', ['hdf5 cause']],
    ['I can reproduce it with plain HDF5', ['hdf5 cause']],
    ['I opened a ticket at HDF5', ['hdf5 cause']],
    ["That is HDF5's problem", ['hdf5 cause']],
    ['A bug in our `hypre` makes it crash', ['hypre cause']],
    ['I believe this to be a bug in the spack recipe for hypre', ['hypre cause']],
    ['you need to add a custom `libs()` to hypre', ['hypre cause']],
    ['The wrong headers property of the hypre package is to blame', ['hypre cause']],
  ])('%s', (text, expected) => {
    expect(blame(text)).toEqual(expected);
  });

  test.each([
    'We use hypre and HDF5 together',
    'HDF5 was not built with the parallel option',
    "See HDF5's issue tracker",
    'It works with hypre 2.31',
    'lammps with python3 and hdf5 fails',
    'wibble +hdf5 fails',
    'cmake failure in our code',
    'It is already fixed in Git',
    'error with CUDA 12',
    'Same problem with hypre',
    'It looks like a bug in hypre or its interface',
    'WIBBLE abort: Error in HDF5. See above.',
    'hypre_parcsr.cpp fails to compile',
    'dependencies hdf5 and zlib are installed',
    'add libs to hypre',
    'It needs headers for hypre',
  ])('blames nobody: %s', (text) => {
    expect(blame(text)).toEqual([]);
  });

  test('"with cuda" is a setting, "with the cuda package" is the package where packages are the subject', () => {
    expect(blame('The problem is with cuda', true)).toEqual([]);
    expect(blame('The problem is with the cuda package', true)).toEqual(['cuda cause']);
    expect(blame('The problem is with the cuda package')).toEqual([]);
  });

  test('an everyday word is a package only among packages', () => {
    expect(blame('building slate fails')).toEqual([]);
    expect(blame('building slate fails', true)).toEqual(['slate fails']);
  });
});

test.each([
  'The build gets stuck at hdf5',
  'It dies while compiling hdf5',
  'The failure occurs in the hdf5 build',
  'The error occurs when Spack tries to build hdf5',
  'Python cannot work with GCC to compile hdf5',
  'I am not able to install hdf5',
  'It failed in the configure phase of hdf5',
  'Everything builds except hdf5',
  'I cannot get past hdf5',
  'I get errors from hdf5',
  'The actual problem is hdf5',
  'hdf5 seems to be the problem',
  'hdf5 is what fails',
  'hdf5 crashes during the build',
])('among packages "%s" says that it fails', (text) => {
  expect(blame(text, true)).toEqual(['hdf5 fails']);
});

test('of "A error when trying to install B" A is told', () => {
  expect(blame('hypre error when I am trying to install petsc', true)).toEqual(['hypre fails']);
});

test('an everyday word is a name where the text has the address of its repository', () => {
  const said = 'This is a legion issue';
  expect(blame(said)).toEqual([]);
  expect(blame(`${said}, see https://github.com/StanfordLegion/legion/issues/7`)).toEqual(['legion cause']);
});
