/** What an answer rests on, and how sure that makes it. */
import { describe, expect, test } from '@jest/globals';
import { doubtsIn } from '../../src/triage/doubts-told.js';
import { bareFacts } from '../../src/triage/facts.js';
import { gatherEvidence } from '../../src/triage/gather-evidence.js';
import { rank } from '../../src/triage/rank.js';
import { readIssue } from '../../src/triage/reading.js';
import { DOUBTS, GROUNDS, type Signs, SUPPORTS, signsOf, sureness } from '../../src/triage/sureness.js';
import { SURENESS } from '../../src/triage/sureness-weights.js';
import { surroundingsOf } from '../../src/triage/surroundings.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

interface Filed {
  readonly repository: string;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
}

function look(filed: Filed) {
  const facts = bareFacts(filed);
  const reading = readIssue(facts, catalogue);
  const around = surroundingsOf(reading, facts, catalogue);
  return { around, signs: signsOf(rank(gatherEvidence(reading, facts, catalogue)), around) };
}

/** The names of the signs; how close the next answer comes, and what speaks for staying, is left out. */
function names(filed: Filed): string {
  const { rival: _, stays: __, ...signs } = look(filed).signs;
  return Object.entries(signs)
    .map(([sign, strength]) => (strength === 1 ? sign : `${sign} ${strength}`))
    .join(', ');
}

const home = { repository: 'hypre-space/hypre', title: 'It stops' };
const spack = { repository: 'spack/spack', title: 'Installation issue: petsc', labels: ['build-error'] };

test('a word that may mean a product competes with nothing at all', () => {
  const tracker = { repository: 'octo/tracker' };
  expect(look({ ...tracker, title: 'We want to visit you' }).signs.rival).toBeGreaterThan(0.3);
  expect(look({ ...tracker, title: 'visit@3.4 stops' }).signs.rival).toBeUndefined();
});

test('a tool or a GPU back end that a title only mentions is no rival', () => {
  for (const title of ['hdf5 with HIP on Frontier', 'hdf5 using cuda', 'hdf5 fails to build with CUDA 12'])
    expect(look({ repository: 'spack/spack', title: `Installation issue: ${title}` }).signs.rival).toBeUndefined();
  expect(look({ ...spack, title: 'Installation issue: hdf5 with openmpi' }).signs.rival).toBeGreaterThan(0);
});

describe('the signs of an answer', () => {
  test.each<[string, Filed, string]>([
    ['at home', home, 'home'],
    ['in a repository outside the catalogue', { repository: 'octo/FluidCode', title: 'Crash' }, 'own'],
    ['labels that say no', { ...home, labels: ['third party'] }, 'home, notOurs'],
    ['a remark that leaves it to others', { ...home, body: 'We reported it to NVIDIA.' }, 'home, leftTo'],
    ['the titled one is cleared', { ...spack, body: 'This is not a PETSc bug.' }, 'titled, contradicted, buildForm'],
    ['a form field', { repository: 'octo/tracker', title: 'Zzz', body: '### Product\n\nhypre\n' }, 'titled, agrees'],
    [
      'a heading that has trouble with another one',
      { repository: 'spack/spack', title: 'petsc: problem with hypre', labels: ['build-error'] },
      'titled, buildForm',
    ],
    ['a version of another one in the title', { ...home, title: 'It stops with HDF5 1.14' }, 'home, version'],
    ['another one in the title, without', { ...home, title: 'It stops with HDF5' }, 'home'],
    ['another one that the title begins with', { ...home, title: 'HDF5 stops in it' }, 'home, version'],
    ['its part for another one', { ...home, title: 'HDF5 reader stops' }, 'home'],
    [
      'another one in the title, and a change of its own',
      { ...home, title: 'HDF5 stops', body: 'Fixed in #12.' },
      'home, agrees',
    ],
    ['a guess', { ...home, body: 'Perhaps this is related to a known UCX transport problem.' }, 'home, hinted, others'],
    [
      'a guess outside the catalogue',
      { repository: 'octo/code', title: 'It stops', body: 'Probably tied to a UCX transport problem.' },
      'own, hinted, others',
    ],
    ['a guess that is denied', { ...home, body: 'This is not related to a UCX problem.' }, 'home, others'],
    [
      'versions that are told apart',
      { ...home, body: 'It works with HDF5 1.12 and fails with HDF5 1.14.' },
      'home, hinted, others',
    ],
    ['versions in a list', { ...home, body: 'Modules: HDF5 1.12, HDF5 1.14.' }, 'home, others'],
    [
      'a crash in the library of another one',
      { ...home, body: '```\n/lib64/libucp.so.0(ucp_put+0x12)\n/lib64/libc.so.6(+0x1)\n```' },
      'home, hinted',
    ],
    [
      'a crash that another one only catches',
      { ...home, body: '```\nlibucs.so.0(ucs_handle_error+0x2)\nlibHYPRE.so(f+0x1)\n```' },
      'home',
    ],
    ['what is built on it', { repository: 'hypre-space/hypre', title: 'PETSc looks odd' }, 'home'],
    [
      'what is built on it and fails',
      { repository: 'hypre-space/hypre', title: 'PETSc does not compile' },
      'home, hinted',
    ],
    ['another one that is built', { ...home, title: 'Error building HDF5' }, 'home, hinted'],
    ['another one that is tied to it', { ...home, title: 'HDF5 does not compile with hypre' }, 'home'],
    ['a count behind another one', { ...home, title: 'It stops with HDF5 3D output' }, 'home'],
    ['a repository called after another one', { repository: 'octo/hypre.jl', title: 'hypre is slow' }, 'own'],
    ['a crash in its own library', { ...home, body: '```\nlibHYPRE.so(f+0x12)\nlibucp.so.0(g+0x1)\n```' }, 'home'],
    ['others in the text', { ...home, body: 'With HDF5 and PETSc, HDF5 first, and UCX.' }, 'home, others 2'],
    ['its own name in the text is no other', { ...home, body: 'hypre stops' }, 'home'],
    ['what it carries is no other', { repository: 'lammps/lammps', title: 'Crash', body: 'in Kokkos' }, 'home'],
    ['compilers are no others', { ...home, body: 'With gcc and CMake.' }, 'home'],
    ['Spack in the title', { ...home, title: 'It stops when Spack builds it' }, 'home, spackNamed'],
    ['a link elsewhere', { ...home, body: 'See petsc/petsc#9.' }, 'home, hinted, others'],
    ['one remark', { ...home, body: 'The cause is HDF5.' }, 'home, contradicted, others'],
    ['a change of its own', { ...home, body: 'The cause is HDF5. I fixed it in #12.' }, 'home, agrees, others'],
    ['two remarks', { ...home, title: 'HDF5 stops', body: 'The cause is HDF5, see HDFGroup/hdf5#9.' }, 'blamed'],
    [
      'one remark outside the catalogue',
      { repository: 'octo/FluidCode', title: 'Crash', body: 'The cause is HDF5.' },
      'blamed, once',
    ],
    ['a word that may be a product', { repository: 'octo/tracker', title: 'We visit you' }, 'named, vague'],
    [
      "Spack's title form elsewhere",
      { repository: 'hypre-space/hypre', title: 'Installation issue: libfabric' },
      'reported',
    ],
    ["Spack's title form", spack, 'titled, buildForm'],
    ['the same without labels', { ...spack, labels: [] }, 'titled, buildForm'],
    ['the same with a label of Spack’s own code', { ...spack, labels: ['bug'] }, 'titled'],
    [
      'what it was built with is not blamed',
      { repository: 'spack/spack', title: 'PETSc build error with openmpi', labels: ['build-error'] },
      'titled, buildForm',
    ],
    [
      "a label for recipes in the form for bugs of Spack's own code",
      { repository: 'spack/spack', title: 'hypre 2.31 error', labels: ['bug', 'package'] },
      'titled',
    ],
    [
      'its recipe, in the form for bugs of Spack itself',
      { repository: 'spack/spack', title: 'hypre has no BLAS', body: 'hypre/package.py lacks it.', labels: ['bug'] },
      'named, agrees',
    ],
    ['a request for a package', { ...spack, title: 'Package request: petsc', labels: [] }, 'titled'],
    ['a remark against the title', { ...spack, body: 'Building libfabric fails.' }, 'departs, buildForm'],
    ['Spack itself', { repository: 'spack/spack', title: 'Concretizer hangs' }, 'spack'],
    [
      'a log of what the title is about',
      { repository: 'spack/spack', title: 'hypre stops', body: '/tmp/spack-stage-hypre-2.31/x.c:1: error: no' },
      'titled, agrees',
    ],
    ['a subject only', { repository: 'spack/spack', title: 'hypre stops' }, 'named'],
  ])('%s', (_, filed, expected) => {
    expect(names(filed)).toBe(expected);
  });

  test('exactly one ground holds', () => {
    for (const filed of [home, spack, { ...spack, repository: 'octo/FluidCode' }])
      expect(Object.keys(look(filed).signs).filter((sign) => GROUNDS.includes(sign as never))).toHaveLength(1);
  });
});

describe('how sure an answer is', () => {
  const signs: Signs = { home: 1 };

  test('has a weight for every sign, on the side that the sign is on', () => {
    expect(Object.keys(SURENESS).sort()).toEqual(['base', ...GROUNDS, ...SUPPORTS, ...DOUBTS].sort());
    for (const sign of SUPPORTS) expect(SURENESS[sign]).toBeGreaterThanOrEqual(0);
    for (const sign of DOUBTS) expect(SURENESS[sign]).toBeLessThanOrEqual(0);
  });

  test('for one that leaves its repository falls with what speaks for staying', () => {
    expect(sureness({ blamed: 1, stays: 0.5 })).toBeLessThan(sureness({ blamed: 1 }));
    expect(sureness({ blamed: 1, once: 1 })).toBeLessThan(sureness({ blamed: 1 }));
    expect(sureness({ ...signs, leftTo: 1 })).toBeLessThan(sureness(signs));
  });

  test('falls with what speaks against it and rises with what agrees', () => {
    expect(sureness({ ...signs, contradicted: 1 })).toBeLessThan(sureness(signs));
    expect(sureness({ ...signs, rival: 0.5 })).toBeLessThan(sureness(signs));
    expect(sureness({ ...signs, agrees: 1 })).toBeGreaterThan(sureness(signs));
    expect(sureness({ left: 1 })).toBeLessThan(sureness(signs));
  });
});

test('people are told what made it unsure, and nothing is quoted of a private issue', () => {
  const title = 'Stops with HDF5 1.14';
  const { around, signs } = look({ ...home, title, labels: ['third party'], body: 'With PETSc. Reported to AMD.' });
  expect(doubtsIn(signs, around, false)).toEqual([
    'a label says that the fault lies elsewhere: "third party"',
    'somebody leaves the fault to others: "Reported to AMD"',
    'the title begins with another package, or names a version of one: "HDF5 1.14"',
    'the text names other packages as well: "petsc"',
  ]);
  expect(doubtsIn(signs, around, true)).toEqual([
    'a label says that the fault lies elsewhere',
    'somebody leaves the fault to others',
    'the title begins with another package, or names a version of one',
    'the text names other packages as well',
  ]);
});
