import { describe, expect, test } from '@jest/globals';
import { nameOf } from '../../src/triage/target.js';
import { readTitle } from '../../src/triage/title.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

/** `name role` of each name, with `!` for firm and `?` for ambiguous. */
function read(title: string, where = { spack: true, core: false }): string {
  return readTitle(title, catalogue, where)
    .names.map((one) => `${nameOf(one.target)} ${one.role}${one.firm ? '!' : ''}${one.ambiguous ? '?' : ''}`)
    .join(', ');
}

describe('readTitle in a repository of packages', () => {
  test.each([
    ['a recipe, however it is spelt', 'WibCM recipe does not list mpi', 'wibcm subject!'],
    ['versions right behind names', 'hypre2.31 does not build with openmpi4.1', 'hypre subject!, openmpi named'],
    ['a version behind a dash', 'Installation issue: wibble-0.22.5', 'wibble subject!'],
    ["Spack's own form", 'Installation issue: LAMMPS with Kokkos on a laptop', 'lammps subject!, kokkos named'],
    ['a form with an outside package', 'Installation Issue: wibble', 'wibble subject!'],
    ['a version that is a word', 'Installation issue: swig@fortran', 'swig subject!'],
    ['a version between a package and what it does not do', 'wibtext 1.0 does not provide hypre', 'hypre subject'],
    ['the same of a package that is known', 'gettext 1.0 does not provide libintl', 'gettext subject!'],
    ['a package of one letter in the form', 'Installation issue: r +X, with hypre', 'r subject!, hypre named'],
    [
      'a symbol with its version',
      'hypre looks for gzopen64@ZLIB_1.2.3, xmlfree@LIBXML2_2.4 and memcpy@@GLIBC_2.14',
      'hypre subject',
    ],
    ['a system before a dash', 'centos7 - hypre is broken', 'hypre subject'],
    ['a package before a colon', 'legion: wrong dependency on Python', 'legion subject!, python named'],
    ['a package in brackets', '[slate] cannot be linked', 'slate subject!'],
    ['a spec', 'hypre@2.31+cuda build fails with cuda@12.4', 'hypre subject!, cuda named'],
    ['an outside package in a spec', 'frobnicate@1.2 build fails', 'frobnicate subject!'],
    ['what stops within another one', 'Installation issue within petsc: "trilinos"', 'trilinos subject!'],
    ['a compiler behind a percent sign', 'Installation issue: hypre % clang@12 stops', 'hypre subject!'],
    ['what is to be updated', 'Please upgrade packaging of wibble from 0.9 to 1.0', 'wibble subject!'],
    ['a version behind the word', 'librsb update to 1.3.0.1', 'librsb subject!'],
    ['what is to be added', 'TODO: add new package shadow', 'shadow subject'],
    [
      'a spec that begins with a capital, in the form',
      'Installation issue: OpenFoo+cxx build failure',
      'openfoo subject!',
    ],
    ['a package of two letters', 'Cannot fetch xz', 'xz subject'],
    ['a spec in brackets of another script', '【wibble@0.9-7】fails its tests', 'wibble subject!'],
    ['what there was an error in building', 'Error during wibble4 installation', 'wibble4 subject'],
    [
      'what it is not built on, of a package with a capital',
      'Wibble misses a dependency on hdf5',
      'wibble subject, hdf5 named',
    ],
    [
      'an everyday word at the place of a package',
      'Installation issue: Variant ~mpi of hypre is ignored',
      'hypre subject',
    ],
    ['the language', 'R installation fails on macOS', 'r subject!'],
    ['the language in the form', 'Installation issue: R and hypre', 'r subject!, hypre named'],
    ['what is written in the language', 'R packages with hypre are slow', 'hypre subject'],
    ['a letter', 'R is a variable of hypre', 'hypre subject'],
    ['what distributions call it', 'libxml2-dev is not detected', 'libxml2 subject'],
    ['a toolkit in full at the beginning', 'intel-oneapi-mpi wrappers are set wrong', 'intel-oneapi-mpi subject'],
    ['a package whose own name ends so', 'roctracer-dev has no checksum', 'roctracer-dev subject!'],
    ['a plain sentence about updates', 'Please update the manual to 1.0', ''],
    ['the same without an article', 'Bump container to 24.04', ''],
    ['a word that goes on', 'Request: new package manager for Windows', ''],
    ['a spec with a blank', 'amr-thing +hypre does not link', 'amr-thing subject!'],
    ['an outside package that leads and fails', 'wibble-tools fails to compile', 'wibble-tools subject!'],
    ['a word behind a word for building', 'error while installing legion', 'legion subject!'],
    ['a command', 'Problem: spack install -j4 hdf5+fortran stops', 'hdf5 subject!'],
    [
      'a blamed dependency',
      'Installation issue: ncthing, dependency netcdf-c finds no hdf5.h',
      'netcdf subject, ncthing named!, hdf5 named?',
    ],
    ['a hyphenated package as a whole', 'hdf5-squeeze: add version 2', 'hdf5-squeeze subject!'],
    ['a copy that the other one carries', 'Kokkos error when building Trilinos', 'kokkos named, trilinos subject'],
    ['nothing before the explanation', 'Problem with hypre', 'hypre subject'],
    ['a build tool, which is aside', 'Cannot find cmake for hdf5', 'cmake named, hdf5 subject'],
    ['a compiler behind "with"', 'Several fail with gcc@14', 'gcc subject'],
    ['a remark within the form', 'Installation issue (Spack 0.20): wibble', 'wibble subject!'],
    ['another recipe of the same', 'Testing issue: hypre-cmake', 'hypre subject!'],
    ['a sentence behind the form', 'Installation issue: brushing up the hypre recipe', 'hypre subject'],
    ['an outside package that lacks a dependency', 'wibble missing zlib dependency', 'wibble subject, zlib named'],
    ['a word with another', 'relocators need a rewrite', ''],
    ['a tool that is built', 'Failed to build rust due to a missing archiver', 'rust subject!'],
    ['a tool behind the form', 'Installation issue: installing cmake on delta', 'cmake subject!'],
    ['a tool with which something is built', 'Failed to build hypre with rust', 'hypre subject!, rust named'],
    ['what an option is given', 'spack concretize --test root stops', ''],
    ['what a command of its own works on', 'spack load hypre does not work', 'hypre subject'],
    ['a variant behind the name', 'hypre configured with precision=mixed stops', 'hypre subject!'],
    ['an error of its own', 'elfutils error', 'elfutils subject!'],
    ['an error with another', 'hypre error with openmpi', 'hypre subject, openmpi named'],
    [
      'a copy that does not compile in the other',
      'Kokkos does not compile in Trilinos',
      'kokkos named, trilinos subject',
    ],
    ['a tool that only belongs to what follows', 'building python bindings of hypre', 'python named, hypre subject'],
    ['no package but an example', 'Installation issue: sample programs stop', ''],
    ['no package at all', 'Nothing works any more', ''],
  ])('%s: %s', (_, title, expected) => {
    expect(read(title)).toBe(expected);
  });

  test('a part of Spack before a colon is no package in the repository of its code', () => {
    expect(read('relocator: wrong prefix', { spack: true, core: true })).toBe('');
    expect(read('relocator: wrong prefix')).toBe('relocator subject!');
  });
});

describe('readTitle elsewhere', () => {
  const product = { spack: false, core: false };
  test("outside packages are named in Spack's form only", () => {
    expect(read('Installation issue: libfabric', product)).toBe('libfabric subject!');
    expect(read('wibble-tools fails to compile', product)).toBe('');
  });

  test('an everyday word stays ambiguous', () => {
    expect(read('the flux is wrong', product)).toBe('flux subject?');
    expect(read('the legion of errors', product)).toBe('legion subject?');
  });
});
