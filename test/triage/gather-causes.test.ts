/** Who answers where an issue says whose fault it is: in a product's repository, outside the catalogue, among packages. */
import { describe, expect, test } from '@jest/globals';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

interface Filed {
  readonly repository: string;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
}

/** `mode answer`; the best guess where there is no answer. */
function answer(filed: Filed): string {
  const { outcome } = decideTriage(bareFacts(filed), catalogue, OFFLINE);
  return `${outcome.mode} ${outcome.product?.id ?? outcome.outside ?? `${outcome.candidates[0]?.product}?`}`;
}

const failing = (name: string) => `\`\`\`
==> Installing ${name}-1.2.3-abcdefg [2/9]
==> ${name}: Executing phase: 'cmake'
==> Error: ProcessError: Command exited with status 1:
\`\`\``;

describe("in a product's own repository", () => {
  const own = { repository: 'hypre-space/hypre', title: 'The example stops' };
  test.each<[string, Filed, string]>([
    [
      'one remark that it is another makes it a question',
      { ...own, body: 'I think the problem lies in HDF5.' },
      'suggest hypre?',
    ],
    [
      'a change of its own answers that',
      { ...own, body: 'I think the problem lies in HDF5. Worked around in #12.\nFixed by #12.' },
      'act hypre',
    ],
    ['two signs take it there', { ...own, body: 'The problem lies in HDF5. This is not a hypre bug.' }, 'act hdf5'],
    [
      'what points at the cause, and the title, which names it anyway',
      { ...own, title: 'Slow output with HDF5', body: 'It is due to https://github.com/HDFGroup/hdf5/issues/12.' },
      'act hdf5',
    ],
    [
      'errors in a copy that the build fetched, and a label',
      {
        ...own,
        labels: ['third party'],
        body: 'build/_deps/kokkos-src/core/View.hpp:12:5: error: no such type',
      },
      'act kokkos',
    ],
    ['a build of what is built on it', { ...own, body: failing('petsc') }, 'act hypre'],
    ['a build of something else', { ...own, body: failing('adios2') }, 'act adios2'],
    [
      'a label that leaves it to others, and a title that names one',
      { ...own, title: 'Two tests stop with HDF5 1.14', labels: ['upstream bug'] },
      'suggest hypre?',
    ],
    [
      'that label, and two others in the title',
      { ...own, title: 'Two tests stop with HDF5 1.14 and Boost 1.83', labels: ['upstream bug'] },
      'suggest hypre?',
    ],
    [
      'a label for what comes from third parties, which the repository has to deal with',
      { ...own, title: 'Two tests stop with HDF5 1.14', labels: ['component: third party'] },
      'suggest hypre?',
    ],
    [
      'somebody closes it with where it was solved',
      { ...own, body: 'It was fixed in https://github.com/HDFGroup/hdf5/issues/12, so I am closing this.' },
      'act hdf5',
    ],
    [
      'it was moved to another tracker',
      {
        ...own,
        body: 'So likely their code is wrong. Moved to their bug tracker: https://github.com/HDFGroup/hdf5/issues/12',
      },
      'act hdf5',
    ],
    [
      'with a blame somebody closes it',
      { ...own, body: 'I think the problem lies in HDF5. Closing this.' },
      'act hdf5',
    ],
    [
      'that it was installed by Spack says nothing, nor does a link there',
      {
        ...own,
        title: 'Error when building it using Spack',
        body: 'See this issue (https://github.com/spack/spack/issues/7).',
      },
      'suggest hypre?',
    ],
    [
      'to be sent to Spack by an address is one sign',
      { ...own, body: 'You can report it at https://github.com/spack/spack/issues' },
      'suggest hypre?',
    ],
    [
      'asked why it is theirs, what is pointed at is meant',
      { ...own, body: 'See https://github.com/HDFGroup/hdf5/issues/7. Why is this a hypre issue?' },
      'act hdf5',
    ],
    [
      'what is to stand in its own docs is its own',
      { ...own, title: 'HDF5 stops', body: 'The error comes from HDF5. Shall I add that to the docs?' },
      'act hypre',
    ],
    [
      'a copy that it carries is its own',
      { repository: 'lammps/lammps', title: 'KOKKOS runs slowly', body: 'A bug in Kokkos, I think.' },
      'act lammps',
    ],
    [
      'a copy whose own tracker has the cause is not',
      {
        repository: 'lammps/lammps',
        title: 'KOKKOS runs slowly',
        body: 'It is due to https://github.com/kokkos/kokkos/issues/12.',
      },
      'act kokkos',
    ],
    [
      "Spack's setting, offered as the remedy",
      { ...own, labels: ['third party'], body: '`spack install hypre` stops. Reply: run `spack compiler find` first.' },
      'act spack',
    ],
    [
      'examples of a bundle are its own',
      { repository: 'xsdk-project/xsdk-examples', title: 'hypre + PETSc example stops' },
      'act xsdk',
    ],
    [
      'a label with the name of the other is a part of its own',
      { ...own, labels: ['HDF5'], body: 'I think the problem lies in HDF5.' },
      'suggest hypre?',
    ],
    [
      'what a program prints blames nobody',
      { ...own, title: 'Reading stops with HDF5', body: 'It says "abort: Error in HDF5".' },
      'act hypre',
    ],
    [
      'a package in Spack that is one of its names is its own',
      { repository: 'trilinos/Trilinos', title: 'No build due to seacas', body: 'It appears to be a seacas issue.' },
      'act trilinos',
    ],
    [
      'a word behind "fails:" is no package',
      { ...own, title: 'spack test fails: potential flags ignored?', labels: ['spack'] },
      'act hypre',
    ],
    ['a known package there is one', { ...own, title: 'Installation issue: libfabric' }, 'act libfabric'],
    [
      'what cannot be downloaded is nobody\u2019s fault',
      { ...own, body: '==> Error: FetchError: All fetchers failed for spack-stage-metis-5.1.0-abcdefg' },
      'act hypre',
    ],
    [
      'a recipe of its own is its own work, whatever fails on the way',
      { ...own, title: 'Add hypre to Spack', body: `The bug is in HDF5.\n${failing('adios2')}` },
      'act hypre',
    ],
  ])('%s', (_, filed, expected) => {
    expect(answer(filed)).toBe(expected);
  });
});

describe('in a repository outside the catalogue', () => {
  const other = { repository: 'octo/FluidCode', title: 'Crash at the end' };
  test.each<[string, Filed, string]>([
    [
      'its people put it down to a product, once',
      { ...other, body: 'In the end the cause was HDF5.' },
      'suggest hdf5?',
    ],
    [
      'its people put it down to a product, more than once',
      { ...other, title: 'Slow with HDF5', body: 'In the end the cause was HDF5. It was fixed in HDF5 1.14.' },
      'act hdf5',
    ],
    [
      'what stands beside the code in an organisation of one product is that product\u2019s',
      { repository: 'visit-dav/tutorials', title: 'Second chapter is out of date' },
      'act visit',
    ],
    [
      'what has a name of its own there is not',
      { repository: 'visit-dav/wibbletool', title: 'Second chapter is out of date' },
      'act wibbletool',
    ],
    [
      'its own name in Spack is no other',
      { repository: 'octo/h5py', title: 'Bug in h5py', body: 'The cause is h5py.' },
      'act h5py',
    ],
    [
      'its own name in Spack at the beginning of a title is no other',
      { repository: 'octo/h5py', title: 'h5py stops at import' },
      'act h5py',
    ],
    [
      'what is said to be built on it was brought there because of it',
      { ...other, body: `I install adios2, which depends on fluidcode.\n${failing('adios2')}` },
      'act fluidcode',
    ],
    ['another package whose build fails there', { ...other, body: failing('adios2') }, 'act adios2'],
    [
      'where people of one product ask for help that product is meant',
      { repository: 'visit-dav/user-support', title: 'Cannot open my file' },
      'act visit',
    ],
    [
      'a package that is called after it or its people is theirs',
      { ...other, repository: 'octolabs/solver', body: failing('py-octolabs-mesh') },
      'act solver',
    ],
    [
      'another name of the product in its own organisation is a repository of it',
      { repository: 'trilinos/MueLu', title: 'It stops' },
      'act trilinos',
    ],
    ['the same name elsewhere is not', { repository: 'octo/MueLu', title: 'It stops' }, 'act muelu'],
    ['a title that says whose bug it is', { ...other, title: 'Another nasty bug in h5py' }, 'suggest py-h5py?'],
    [
      'a dependency that does not install makes it a question',
      { ...other, title: 'Cannot install it', body: '```\nERROR: Failed building wheel for wibble\n```' },
      'suggest fluidcode?',
    ],
    [
      'its own wheel does not',
      { ...other, title: 'Cannot install it', body: '```\nERROR: Failed building wheel for fluidcode\n```' },
      'act fluidcode',
    ],
    [
      'a title that quotes R says it, too',
      { ...other, title: 'ERROR: dependency ‘wibblelib’ is not available for package ‘fluidcode’' },
      'suggest fluidcode?',
    ],
    ['an error on a system is none', { ...other, title: 'Error on installation' }, 'act fluidcode'],
    [
      'a compiler that ends before its time makes it a question',
      { ...other, body: '```\nf.f90:12: internal compiler error: in gfc_conv\n```' },
      'suggest fluidcode?',
    ],
    ['ice is none', { ...other, body: 'It stops at an ice shelf.' }, 'act fluidcode'],
    [
      'what is mended in another repository makes it a question',
      { ...other, body: 'It was fixed in https://github.com/octo/wibblevm, commit 12ab.' },
      'suggest fluidcode?',
    ],
    [
      'so does a title at whose step another package stops',
      { ...other, title: 'Installation failure during the hdf5 build' },
      'suggest fluidcode?',
    ],
    [
      'a wrapper of R bears the name of what it wraps',
      {
        repository: 'octo/rwibble',
        title: 'It stops',
        body: '```\nERROR: compilation failed for package ‘wibble’\n```',
      },
      'act rwibble',
    ],
    ['an action has a version, too', { ...other, title: 'Bump actions/checkout@v4' }, 'act fluidcode'],
    [
      'a log of Spack in which another package was last, too',
      { ...other, body: '==> Error: wibblefix-2.4-abcdefg: Package was not installed' },
      'suggest fluidcode?',
    ],
    [
      'a spec of another package in the title makes it a question, whoever knows it',
      { ...other, title: 'wibble@2.12.3 stops on our machine' },
      'suggest fluidcode?',
    ],
    ['its own does not', { ...other, title: 'fluidcode@2.12.3 stops on our machine' }, 'act fluidcode'],
    [
      'what packs a product is asked for its releases',
      {
        repository: 'octo/hdf5-feedstock',
        title: 'HDF5 1.14.4',
        body: 'Is there a build? It is due to https://github.com/HDFGroup/hdf5/issues/12.',
      },
      'act hdf5-feedstock',
    ],
    [
      'its people may still blame it',
      {
        repository: 'octo/hdf5-feedstock',
        title: 'Crash at the end',
        body: 'This is a bug in HDF5, please report it to HDF5.',
      },
      'act hdf5',
    ],
    [
      'a build error with another package tells a setting',
      { ...other, title: 'Build error with HDF5 2', body: 'A name is missing. Build error with HDF5 2.0.' },
      'act fluidcode',
    ],
    [
      'a label that puts it down to a package makes it a question',
      { ...other, labels: ['bug', 'hdf5-issue'] },
      'suggest fluidcode?',
    ],
    ['a label of another word does not', { ...other, labels: ['docs-issue', 'fluidcode-bug'] }, 'act fluidcode'],
    [
      'that it was merged into another says nothing',
      { ...other, title: '#12 broke the LAMMPS build', body: 'FluidCode 3 was only recently merged into LAMMPS.' },
      'act fluidcode',
    ],
    ['a name is no cause', { ...other, body: 'We use HDF5 1.14.' }, 'act fluidcode'],
    [
      'a build that fails there may be how it is packed',
      { ...other, title: 'hdf5 fails to build' },
      'suggest fluidcode?',
    ],
    [
      'its own change makes a remark a question',
      { ...other, body: 'Perhaps we should look; the cause is HDF5. Fixed in #12.' },
      'suggest hdf5?',
    ],
  ])('%s', (_, filed, expected) => {
    expect(answer(filed)).toBe(expected);
  });
});

describe("in Spack's repositories", () => {
  const asked = { repository: 'spack/spack', title: 'Installation issue: petsc' };
  test.each<[string, Filed, string]>([
    ['what the titled one is built on is said to fail', { ...asked, body: 'Building hypre fails.' }, 'act hypre'],
    ['so does a package outside the catalogue', { ...asked, body: 'The problem is with libfabric.' }, 'act libfabric'],
    [
      'what is built on the titled one only shows it',
      { ...asked, title: 'Installation issue: hypre', body: 'Building petsc fails.' },
      'act hypre',
    ],
    [
      'a step of a build that a recipe asks for is not Spack\u2019s fault, and the title may be mistyped',
      {
        repository: 'spack/spack',
        title: 'error building wibbelfrob with clang',
        labels: ['bug', 'triage'],
        body: [
          '  File "/x/lib/spack/spack/builder.py", line 433, in execute',
          '  File "/x/var/spack/repos/builtin/packages/wibblefrob/package.py", line 16, in install',
          '  File "/x/lib/spack/spack/util/executable.py", line 233, in __call__',
          'spack.util.executable.ProcessError: Command exited with status 2:',
        ].join('\n'),
      },
      'act wibblefrob',
    ],
    [
      'a log of the titled one outweighs the form for bugs of Spack',
      {
        repository: 'spack/spack',
        title: 'hypre error when trying to install petsc',
        labels: ['bug'],
        body: '==> Warning: Skipping build of petsc-3.17.2-aaaaaaa since hypre-2.31.0-bbbbbbb failed',
      },
      'act hypre',
    ],
    [
      'in the form for builds a command of Spack in the text is none of its faults',
      { repository: 'spack/spack', title: 'Something is missing', labels: ['build-error'], body: 'See spack info.' },
      'abstain undefined?',
    ],
    [
      'another name of the titled one in a log is the titled one',
      { ...asked, title: 'Spack install hdf5 fails', body: failing('hdf5-dev') },
      'act hdf5',
    ],
    [
      'a longer name is another package',
      { ...asked, title: 'Installation issue: hdf5', labels: ['build-error'], body: failing('hdf5-blosc') },
      'act hdf5-blosc',
    ],
    [
      'in the form for builds "external" tells how the titled one was built',
      { ...asked, title: 'hypre@2.31 w/ ROCm 6.1 external: no such file', labels: ['build-error'] },
      'act hypre',
    ],
    [
      'versions right behind the names',
      { ...asked, title: 'petsc3.19 ucx1.14 prerequisite fails', labels: ['build-error'] },
      'act ucx',
    ],
    [
      'what Spack itself lacks is Spack’s',
      { ...asked, title: 'Cannot build wibble', body: "==> Installing gmp\n==> Error: spack requires 'curl'." },
      'act spack',
    ],
    [
      'a package that nobody knows is told by its library',
      {
        repository: 'spack/spack',
        title: 'Wibblemat library has undefined symbols',
        body: '```\n$ ldd -r libwibblemat.so\nundefined symbol: zvout_ (./libwibblemat.so)\n```',
      },
      'act wibblemat',
    ],
    [
      'a compiler behind a percent sign is none',
      { repository: 'spack/spack', title: 'Why does wibcc turn MPI off?', body: 'spack spec hypre %wibcc@7.1' },
      'act spack',
    ],
    [
      'a word before "installation" is none',
      { repository: 'spack/spack', title: 'Error during first installation' },
      'act spack',
    ],
    [
      'a build that fails with what Spack got for itself is not Spack’s',
      {
        ...asked,
        body: "==> petsc: Executing phase: 'build'\n==> Error: ProcessError: /root/.spack/bootstrap/store/linux/patchelf: failed",
      },
      'act petsc',
    ],
    [
      'where Spack’s settings may be at fault, another answer than the title’s is likely enough to ask',
      { ...asked, title: 'petsc does not build', body: 'With SPACK_FC=None in the log, `spack install petsc` stops.' },
      'suggest petsc?',
    ],
    [
      'what Spack gets for itself is its own matter',
      {
        repository: 'spack/spack',
        title: 'Install fails as root',
        body: "==> Error: Failed to install patchelf due to OSError: [Errno 22]: '/root/.spack/bootstrap/store/linux'",
      },
      'act spack',
    ],
    ['a bundle is where it shows', { ...asked, body: 'It fails in the xSDK.' }, 'act petsc'],
    [
      'an internal error of the concretizer is Spack\u2019s, whatever was asked for',
      { ...asked, body: '==> Error: Spack concretizer internal error. Please submit a bug report' },
      'act spack',
    ],
  ])('%s', (_, filed, expected) => {
    expect(answer(filed)).toBe(expected);
  });
});
