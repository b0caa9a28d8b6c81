/** The issues that people file in the story, with the labels that each must get. */

export interface Filed {
  readonly repo: string;
  readonly title: string;
  readonly body: string;
  /** Labels that must be there. */
  readonly expect: readonly string[];
  readonly because: string;
}

export const ISSUES: readonly Filed[] = [
  {
    repo: 'hypre-space/hypre',
    title: 'Segmentation fault in BoomerAMG setup with 64-bit integers',
    body: 'Since 2.32.0 the setup phase crashes when the matrix has more than 2^31 entries. Expected: it works, as in 2.31.0.',
    expect: ['kind: bug', 'spoke: fastmath'],
    because: 'a bug in its own repository',
  },
  {
    repo: 'spack/spack-packages',
    title: 'Installation issue: trilinos',
    body: [
      '### Steps to reproduce',
      '',
      '```console',
      '$ spack install trilinos+mpi',
      '==> Installing hdf5-1.14.5-abcdefghijklmnopqrstuvwxyz234567 [41/64]',
      "==> hdf5: Executing phase: 'cmake'",
      '==> Error: ProcessError: Command exited with status 1:',
      "    '/usr/bin/cmake' '-G' 'Unix Makefiles'",
      'See build log for details:',
      '  /tmp/octocat/spack-stage/spack-stage-hdf5-1.14.5-abcdefghijklmnopqrstuvwxyz234567/spack-build-out.txt',
      '==> Warning: Skipping build of trilinos-16.1.0-zyxwvutsrqponmlkjihgfedcba765432 since hdf5-1.14.5 failed',
      '```',
    ].join('\n'),
    expect: ['kind: build', 'spoke: dav'],
    because: 'the title says trilinos, the log says hdf5',
  },
  {
    repo: 'kokkos/kokkos',
    title: '[Feature request] A reducer for complex numbers',
    body: '### Describe the feature\n\nIt would be nice to have a built-in reducer for Kokkos::complex.\n',
    expect: ['kind: feature', 'spoke: s4pst'],
    because: 'a wish',
  },
  {
    repo: 'HDFGroup/hdf5',
    title: 'How do I choose a chunk size for parallel writes?',
    body: 'I have 4096 ranks that each write a slab. Is there a rule of thumb?',
    expect: ['kind: question'],
    because: 'a question',
  },
  {
    repo: 'LLNL/zfp',
    title: 'Documentation: the page on fixed-accuracy mode has a broken link',
    body: 'The documentation of the fixed-accuracy mode links to a page that does not exist. There is a typo in the example as well.',
    expect: ['kind: docs'],
    because: 'documentation',
  },
  {
    repo: 'trilinos/Trilinos',
    title: 'Performance regression: MueLu setup is 3x slower than in 15.0',
    body: 'The setup is three times slower since the upgrade. Profiles show the time in the smoother; memory is the same.',
    expect: ['kind: performance', 'spoke: xsdk'],
    because: 'something became slow',
  },
  {
    repo: 'spack/spack-packages',
    title: 'It does not work on our cluster',
    body: 'Somebody please have a look.',
    expect: ['needs: routing'],
    because: 'nobody can know from this: it waits for a person at the hub',
  },
];
