import { describe, expect, test } from '@jest/globals';
import { clearedIn, leftToOthers, saysNeverOurs, saysNotHome, saysNotOurs } from '../../src/triage/not-ours.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

test.each([
  [['upstream'], true],
  [['component: third party'], true],
  [['library bug', 'x'], true],
  [['but definitely not our fault'], true],
  [['Compiler Issue'], true],
  [['Bug in other software'], true],
  [['Compile & Docs & Dependencies'], false],
  [['coupling to other software'], false],
  [['bug', 'dependent'], false],
  [['compiler: gcc'], false],
])('labels %j say that it is not ours: %j', (labels, expected) => {
  expect(saysNotOurs(labels)).toBe(expected);
});

test.each([
  [['bug', 'upstream'], 'upstream'],
  [['bug-in-external-lib'], 'bug-in-external-lib'],
  [['but definitely not our fault'], 'but definitely not our fault'],
  [['compiler bug'], 'compiler bug'],
  [['component: third party', 'Compiler Issue', 'dependencies'], null],
  [['needs upstream PR', 'upstream sync', 'not our bug? check'], null],
])('labels %j leave it to others for certain: %j', (labels, expected) => {
  expect(saysNeverOurs(labels)).toBe(expected);
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

test('what frees it is quoted as written', () => {
  expect(saysNotHome('It has nothing to do with hypre', 'hypre', catalogue)).toBe('nothing to do with hypre');
  expect(saysNotHome("It isn't really a hypre problem", 'hypre', catalogue)).toBe("isn't really a hypre problem");
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
    ['AMD compiler issues on Crusher', true],
    ['Please open a support ticket with LUMI', true],
    ['The patch was supplied to the vendor', true],
    ['There is nothing hypre can do about it', true],
    ['Assuming it was a bug in Wibble MPI', true],
    ['The hang is a bug in MKL', true],
    ['This is due to a bug present in Lapack 3.4.2', true],
    ['The latest `pywibble` release seems to have broken our CI', true],
    ['ngsWibble update broke things', true],
    ['CI broken due to conda-forge wibble update', true],
    ['It was reduced to pure MPI code', true],
    ['A program that only calls MPI_File_open shows it', true],
    ['The latest release seems to have broken it', false],
    ['The hypre release broke things', false],
    ['A recent Spack update breaks our script', false],
    ['Compile a simple MPI program first', false],
    ['Residual update is broken', false],
    ['The bugfix release broke restart', false],
    ['There is nothing users can do but wait', false],
    ['Please file a ticket with GitHub', false],
    ['We opened a ticket with the details', false],
    ['It is a hypre bug', false],
    ['This is a bug in hypre', false],
    ['We built it with NVIDIA compilers', false],
    ['Fixed in upstream master', false],
    ['It is a known problem', false],
    ['This is a Windows problem', false],
    ['It is a Stokes problem', false],
    ['This is an MPI issue with more than 8 ranks', false],
    ['This is a CUDA bug', false],
    ['This is a BoomerAMG bug', false],
    ['The race is reported by Intel Inspector', false],
    ['Restart files written by IBM XL', false],
    ['I filed an issue with Intel compilers', false],
    ['I rebased it from upstream', false],
    ['The value is taken from the upstream cells', false],
    ['It differs from upstream HDF5 1.10', false],
    ['I merged upstream changes into my fork', false],
    ['The domain has an open upstream boundary', false],
    ['It uses a fixed upstream velocity', false],
    ['I compiled the file with Intel 2021.4', false],
    ['I submitted the job to AMD nodes', false],
    ['It is a NaN problem', false],
    ['This is a GitHub issue to track the work', false],
    ['It was fixed upstream.', true],
    ['They reported it upstream already', true],
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
  ['It is not a problem with hypre 2.30, only 2.31 fails', []],
  ['There was not an issue with hypre before the last update', []],
  ['Is it not a bug in hypre?', []],
])('clearedIn: %s', (text, expected) => {
  expect([...clearedIn(text, catalogue)].map((key) => key.replace(/^outside:/, ''))).toEqual(expected);
});
