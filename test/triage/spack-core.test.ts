import { expect, test } from '@jest/globals';
import {
  blamedSpack,
  coreTrace,
  curedBySpack,
  internalError,
  lostPackage,
  setUpAtFault,
} from '../../src/triage/spack-core.js';

test.each([
  ['File "lib/spack/spack/concretize.py", line 3', 'lib/spack/spack/concretize.py'],
  ['File "C:\\spack\\lib\\spack\\llnl\\util\\tty\\log.py", line 816', 'lib/spack/llnl/util/tty/log.py'],
  ['==> Error: Unknown namespace: 64bit', '==> Error: Unknown namespace: '],
  ['a.cpp:1: error: unknown namespace: std', null],
  ['File "lib/spack/spack/build_environment.py", line 3', null],
  ['==> Error: maximum recursion depth exceeded while calling', '==> Error: maximum recursion depth exceeded'],
  ["==> Error: 'NoneType' object has no attribute 'spec'\npackages/boost/package.py:552, in _args", null],
  ["  File pip: Error: 'Extension' object has no attribute 'x'", null],
  ['/tmp/cc.s:12: Error: unsupported relocation against r1', null],
  ['==> Error: AttributeError: no mpicc\n\nlib/spack/spack/build_environment.py:500, in _main:', null],
  ["==> Error: 'Hypre' object has no attribute 'git'\nspack install hypre", null],
  [
    '==> Error: TypeError: expected str, not NoneType\n\n/home/me/lib/spack/spack/package.py:991, in do_patch:\n  989  # …',
    '==> Error: TypeError: expected str, not NoneType',
  ],
  ['==> Error: ProcessError: make\n\n/home/me/lib/spack/spack/package.py:991, in do_install:', null],
  [
    "==> Error: AttributeError: 'str' object has no attribute 'x'\n\nlib/spack/spack/build_environment.py:1075, in _setup_pkg_and_run:",
    "==> Error: AttributeError: 'str' object has no attribute 'x'",
  ],
  ['==> Error: JSONDecodeError: x\n\nrepos/builtin/packages/cmake/package.py:123, in install:', null],
  ['==> Error: LockTimeoutError: x', '==> Error: LockTimeoutError'],
  ['==> Error: JSONDecodeError: Expecting value', '==> Error: JSONDecodeError'],
  [
    'spack install py-h5py ^/abcdefg\n==> Error: Package py-h5py does not depend on lz4',
    '==> Error: Package py-h5py does not depend on',
  ],
  ['spack install hdf5 ^zsh\n==> Error: Package hdf5 does not depend on zsh', null],
  ['lib/spack/spack/config.py:986 ==> Reading config from file config.yaml', null],
  ['the build of libspack', null],
])('a frame or message of Spack’s own code: %s', (text, expected) => {
  expect(coreTrace('', text)).toBe(expected);
});

test.each([
  ["==> Error: Package 'iconv' not found", true],
  ["==> Error: Package 'spack.pkg.builtin.py-pil' not found", true],
  ["==> Error: Package 'wibble' not found", false],
  ["  >> 12 Error: Package 'blaspp' not found", false],
  ["==> Error: Package 'iconv' not found\nThe recipe names an old package.", false],
])('%s: Spack’s repositories do not fit together: %j', (text, expected) => {
  expect(lostPackage(text, (name) => name === 'wibble') !== null).toBe(expected);
});

test.each([
  ['Installing CDO: Internal solver error: the specs', true],
  ['Perl has a limit: long shebang lines are cut', false],
])('%s: an internal error: %j', (text, expected) => {
  expect(internalError(text) !== null).toBe(expected);
});

test.each([
  ['`spack clean -m` resolved it.', true],
  ['It was solved by running `spack compiler find`.', true],
  ['spack clean -m did not help', false],
  ['It was not fixed by running spack clean -a.', false],
  ['This never worked after running spack clean -a', false],
  ['`spack external find` works, and petsc fails in its configure.', false],
  ['spack reindex: would that have fixed it?', false],
  ['I did spack repo update and tried the fixed recipe.', false],
  ['Please try spack clean -a and build again', false],
])('%s: Spack’s own state was wrong: %j', (text, expected) => {
  expect(curedBySpack(text) !== null).toBe(expected);
});

test('the same in a title, and not of a recipe; a name as long as a book is read as any other', () => {
  const title = "hypre with Python: Spack says Error: 'Call' object has no attribute 'id'";
  expect(coreTrace(title, '')).toBe("Error: 'Call' object has no attribute");
  expect(coreTrace(title, 'repos/builtin/packages/hypre/package.py:101, in install:')).toBeNull();
  expect(coreTrace("hypre: Error: 'Hypre' object has no attribute 'id'", '')).toBeNull();
  expect(coreTrace('', `==> Error: '${'A_'.repeat(40_000)}' object has no attribute 'x'`)).toBeNull();
  expect(coreTrace('', `==> Error: TypeError: x\n${'lib/spack/spack/'.repeat(20_000)}`)).toBeNull();
});

test.each([
  ['As far as we can see it is a known concretization bug.', true],
  ["That's another instance of an old concretizer issue", true],
  ['a known limitation of the original concretizer', true],
  ['I do not think this is a Spack bug.', false],
  ['If this is a Spack issue please tell me', false],
  ['Could it be that this is a Spack bug?', false],
  ['Perhaps this is a concretizer issue', false],
  ['that is the Spack issue template', false],
  ['it is the Spack issue #123 that I meant', false],
  ['The concretizer chose another version', false],
  ['I believe this is a bug in Spack', true],
  ["It is a problem with Spack's package", false],
  ["This is a bug in Spack's petsc recipe", false],
  ['This is a problem with Spack-installed openmpi only', false],
])('%s: puts it down to Spack: %j', (prose, expected) => {
  expect(blamedSpack(prose) !== null).toBe(expected);
});

test.each([
  ["The 'petsc' package cannot find an attribute. This might be due to a change in Spack's package format.", true],
  ["when setting environment variable SPACK_FC=None: value is of type 'NoneType'", true],
  ['petsc/package.py:618, in configure_args: self.compiler.implicit_rpaths()', true],
  ['use self.compiler.implicit_rpaths() in package', false],
  ['`spack install --dirty petsc` works, as it should', true],
  ['Please check that f77 and fc are set in compilers.yaml', true],
  ['==> Warning: Dependency missing due to corrupt install directory:', true],
  ['I ran spack install --dirty petsc and it fails', false],
  ['compilers: fc: /usr/bin/gfortran', false],
])('%j: the set-up may be at fault: %j', (text, expected) => {
  expect(setUpAtFault(text) !== null).toBe(expected);
});
