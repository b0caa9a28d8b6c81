import { describe, expect, test } from '@jest/globals';
import {
  clearedIn,
  fixedHere,
  leftToOthers,
  ownVersion,
  saysNotHome,
  wishesRecipe,
} from '../../src/triage/home-blame.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

describe('fixedHere finds a change of the repository itself', () => {
  test.each([
    ['This was fixed by #12.', true],
    ['Will be fixed by PR #12', true],
    ['It was introduced in #7', true],
    ['#12 should solve this', true],
    ['It is fixed in the current main', true],
    ['I will submit a PR for it', true],
    ['It may come from our recent changes', true],
    ['They directed me here', true],
    ['I will shortly open PR with a fix', true],
    ['Should I add this to the hypre docs?', true],
    ['I read this in the docs', false],
    ['Fixed in octo/other#12', false],
    ['It is not completely resolved by #12', false],
    ['See #12', false],
    ['We use main', false],
  ])('%s', (text, expected) => {
    expect(fixedHere(text) !== null).toBe(expected);
  });
});

describe('ownVersion ties the fault to a version of the product', () => {
  test.each([
    ['It works with hypre 2.20', true],
    ["It doesn't happen on hypre v2.20", true],
    ['It fails since updating to hypre 2.31', true],
    ['In the new hypre version it fails', true],
    ['I use hypre 2.31', false],
    ['It works with PETSc 3.20', false],
  ])('%s', (text, expected) => {
    expect(ownVersion(text, 'hypre', catalogue) !== null).toBe(expected);
  });
});

describe('saysNotHome', () => {
  test.each([
    ['This is not a hypre bug', true],
    ["It isn't really a hypre problem.", true],
    ["So it doesn't look like a hypre issue after all", true],
    ['So this is not related to hypre', true],
    ['It was an upstream bug', true],
    ['We can do nothing: reported upstream', true],
    ['This is not our fault', true],
    ['It looks like a hypre issue', false],
    ['It is related to hypre', false],
    ['We pull from upstream', false],
    ['This is not a PETSc bug', false],
    ['This is a hypre bug', false],
  ])('%s', (text, expected) => {
    expect(saysNotHome(text, 'hypre', catalogue) !== null).toBe(expected);
  });
});

describe('wishesRecipe finds work on the own recipe in Spack', () => {
  test.each([
    ['create spack recipe', true],
    ['Dependencies from the path - add fluidcode to Spack', true],
    ['Spack package for version 3', true],
    ['Adding to spack fails', false],
    ["spack can't install perl", false],
    ['Builds with spack', false],
  ])('%s', (title, expected) => {
    expect(wishesRecipe(title) !== null).toBe(expected);
  });
});

describe('leftToOthers', () => {
  const isHost = (name: string) => name === 'hypre';
  test.each([
    ['This is not a hypre bug', true],
    ['I will submit a bug report to NVIDIA', true],
    ['Please contact Intel for their MPI', true],
    ['PGI confirms it', true],
    ['It is being fixed in upstream clang', true],
    ['This is a WibViewer problem', true],
    ['It was caused by a bug in the Wibble library', true],
    ['It is a hypre bug', false],
    ['This is a bug in hypre', false],
    ['We built it with NVIDIA compilers', false],
    ['Fixed in upstream master', false],
    ['It is a known problem', false],
    ['This is a Windows problem', false],
  ])('%s', (text, expected) => {
    expect(leftToOthers(text, 'hypre', isHost, catalogue) !== null).toBe(expected);
  });

  test('outside the catalogue, too', () => {
    const own = (name: string) => name === 'fluidcode';
    expect(leftToOthers('It was an upstream bug', null, own, catalogue)).toBe('upstream bug');
    expect(leftToOthers('This is a FluidCode bug', null, own, catalogue)).toBe(null);
  });
});

test.each([
  ['This is not a defect in openblas, but of the setting', ['openblas']],
  ["It isn't a HDF5 bug", ['hdf5']],
  ['It is not really an issue with `hypre`', ['hypre']],
  ['It is a defect in openblas', []],
])('clearedIn: %s', (text, expected) => {
  expect([...clearedIn(text, catalogue)].map((key) => key.replace(/^outside:/, ''))).toEqual(expected);
});
