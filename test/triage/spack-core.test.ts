import { expect, test } from '@jest/globals';
import { coreTrace } from '../../src/triage/spack-core.js';

test.each([
  ['File "lib/spack/spack/concretize.py", line 3', 'lib/spack/spack/concretize.py'],
  ['File "C:\\spack\\lib\\spack\\llnl\\util\\tty\\log.py", line 816', 'lib/spack/llnl/util/tty/log.py'],
  ['==> Error: Unknown namespace: 64bit', 'Unknown namespace: '],
  ['File "lib/spack/spack/build_environment.py", line 3', null],
  ['==> Error: maximum recursion depth exceeded while calling', '==> Error: maximum recursion depth exceeded'],
  ["==> Error: 'NoneType' object has no attribute 'spec'\npackages/boost/package.py:552, in _args", null],
  ['the build of libspack', null],
])('a frame or message of Spack’s own code: %s', (text, expected) => {
  expect(coreTrace(text)).toBe(expected);
});
