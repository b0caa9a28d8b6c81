import { describe, expect, test } from '@jest/globals';
import { readBuildLog } from '../../src/triage/build-log.js';

/** `package sign phase` of each failure, best first. */
function failures(text: string): string[] {
  return readBuildLog(text).failures.map(({ package: name, sign, phase }) => `${name} ${sign} ${phase ?? '-'}`);
}

describe('readBuildLog', () => {
  test('takes the error behind a phase for the package that Spack was at', () => {
    const log = `==> Installing zlib-ng-2.1.6-qq2e5pgzcx3w7a6h [3/9]
==> zlib-ng: Executing phase: 'install'
==> zlib-ng: Successfully installed zlib-ng-2.1.6-qq2e5pgzcx3w7a6h
[+] /apps/spack/linux-zen3/zlib-ng-2.1.6-qq2e5pgzcx3w7a6h
==> Installing netcdf-c-4.9.2-r3dzkq7vnl5m2y4t [8/9]
==> netcdf-c: Executing phase: 'configure'
==> Error: ProcessError: Command exited with status 1:
    '/tmp/spack-stage/configure' '--enable-netcdf-4'`;
    expect(failures(log)).toEqual(['netcdf-c reported configure']);
  });

  test('takes the error behind a test for the package that was tested', () => {
    const log = `==> Testing package slate-2021.05.02-eh6rahv
==> [2022-11-02] test: cmake: expect command status in [0]
==> Error: TestFailure: 1 test failed.`;
    expect(failures(log)).toEqual(['slate reported test']);
  });

  test('takes the verdict on a test', () => {
    const results = '==>   slate-2021.05.02-eh6rahv FAILED\n==>   blaspp-2021.04.01-abcdefg PASSED';
    expect(failures(results)).toEqual(['slate reported -']);
    expect(failures('==> the build of slate FAILED')).toEqual([]);
  });

  test("takes what the compiler's own log is called after for what was built", () => {
    const log = '`spack -d install mysql` wrote spack-cc-boost-jppggf3.out.log, whose end is an error';
    expect(failures(log)).toEqual(['boost stage -']);
  });

  test('a test that passes says nothing', () => {
    expect(failures('==> Testing package slate-2021.05.02-eh6rahv\n1 passed of 1 spec')).toEqual([]);
  });

  test('quotes what the compiler said, once it is shown', () => {
    const log = `==> hypre: Executing phase: 'build'
==> Error: ProcessError: Command exited with status 2:
    'make' '-j8'
2 errors found in build log:
     411    CC a.c
  >> 412    a.c:3:1: error: unknown type name 'HYPRE_Int'
  >> 500    make: *** [a.o] Error 1`;
    const [failure] = readBuildLog(log).failures;
    expect([failure?.sign, failure?.line]).toEqual([
      'reported',
      ">> 412    a.c:3:1: error: unknown type name 'HYPRE_Int'",
    ]);
  });

  test('reads lines that ran together in one', () => {
    const log =
      "==> Installing zlib-1.3-aaaaaaa ==> zlib: Executing phase: 'install' [+] /apps/zlib-1.3-aaaaaaa ==> Installing " +
      "expat-2.6.2-bbbbbbb ==> expat: Executing phase: 'build' ==> Error: ProcessError: Command exited with status 2: 'make'";
    expect(failures(log)).toEqual(['expat reported build']);
  });

  test('finds the first cause in a chain of skipped builds', () => {
    const log = `==> Warning: Skipping build of ncview-2.1.9-aaaaaaa since udunits-2.2.28-bbbbbbb failed
==> Warning: Skipping build of udunits-2.2.28-bbbbbbb since expat-2.6.2-ccccccc failed
==> Error: ncview-2.1.9-aaaaaaa: Package was not installed`;
    expect(failures(log)).toEqual(['expat reported -']);
  });

  test.each([
    ['==> Error: Failed to install mesa due to ChildError: FileNotFoundError', 'mesa reported -'],
    ['==> Error: FetchError: All fetchers failed for spack-stage-metis-5.1.0-abcdefg', 'metis reported -'],
    ['==> Error: FetchError: All fetchers failed for spack-stage-patch-0123456789abcdef', ''],
    ['==> Failed to fetch file from URL: https://mirror/linux-hypre-2.31.spec.yaml was not found', ''],
    ['==> Error: Package PyScipy has no version with a URL.', 'py-scipy reported -'],
    ["==> Error: Query of package 'scotch' for 'libs' failed", 'scotch reported -'],
    ['==> Error: NoLibrariesError: Unable to recursively locate hpcx libraries in /opt/hpcx', 'hpcx reported -'],
    ['==> Error: variant "header_only" not found in package "cgal"', 'cgal spec -'],
    ['==> Error: gromacs+cuda cuda_arch=90 is unsatisfiable, conflicts are:', 'gromacs spec -'],
    ["==> Error: Package 'conduit' has no variant 'shared'", 'conduit spec -'],
    ['     >> 88    /tmp/u/spack-stage-raja-2024.02-xyz1234/spack-src/a.cpp:3: error: x', 'raja stage -'],
    ['/tmp/spack-stage/spack-stage-Y6MwhV/hwloc-1.11.8/src/a.c:1: error: x', 'hwloc stage -'],
    ['/tmp/spack-stage-Y6MwhV/src/a.c:1: error: x', ''],
    ['==> Error: sha256 checksum failed for /tmp/spack-stage-3ngsa7kj/4075.patch', ''],
    ['/tmp/spack-stage-853rvo1/intel-oneapi-mkl-2021.1/a.c:1: error: x', 'intel-oneapi-mkl stage -'],
    ['/tmp/spack-stage-853rvo/qt-everywhere-opensource-src-5.9.1/a.cpp:1: error: x', ''],
    ['/src/repos/builtin/packages/py_scipy/package.py:31, in setup_build_environment:', 'py-scipy stage -'],
    ['==> Error: umpire-6.0.0-abcdefg: ProcessError: Command exited with status 2:', 'umpire reported -'],
    ["==> lua: Executing phase: 'build'\n  >> 33    CMake Error at CMakeLists.txt:54", 'lua stage build'],
    [
      '==> Error: failed to concretize `silo+x` for the following reasons:\n  1. qt: conflicts with gcc',
      'qt spec -,silo not-installed -',
    ],
    ['==> Warning: setting up openmpi: No such variant x in package openmpi', ''],
    ['abcdefg fmt@11.0.2: failed', 'fmt reported -'],
    ['==> Installing openblas-0.3.26-abcdefg [2/4]', 'openblas last -'],
  ])('reads %s', (line, expected) => {
    expect(failures(line).join()).toBe(expected);
  });

  test('prefers the stage in which errors stand over one that is only on a path', () => {
    const log = `>> 10 /tmp/spack-stage-dakota-6.19-aaaaaaa/spack-src/x.cpp:1: error: 'foo' was not declared
-I/tmp/spack-stage-boost-1.84-bbbbbbb/include`;
    expect(failures(log)).toEqual(['dakota stage -']);
  });

  test('takes no package from a spec tree', () => {
    const tree = `-   abcdefg  hypre@2.31.0%gcc@13.2.0+mpi
[+]  hijklmn      ^openblas@0.3.26%gcc@13.2.0
 -   opqrstu      ^openmpi@5.0.3%gcc@13.2.0`;
    expect(failures(tree)).toEqual([]);
  });

  test('lists the roots that were asked for, without options and English', () => {
    const text =
      '$ spack install -j 8 --fresh hdf5@1.14+fortran ^mpich\n`spack spec -I py-torch`\nThen spack install fails with an error.\n$ spack -e prod add vtk';
    expect(readBuildLog(text).requested).toEqual(['hdf5', 'py-torch', 'vtk']);
  });
});
