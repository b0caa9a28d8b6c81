/** What pip, R, PETSc's configure and CMake say of the package that stops them. */
import { expect, test } from '@jest/globals';
import { stoppedAt } from '../../src/triage/other-installers.js';

const isHost = (name: string) => name === 'fluidcode';

test.each([
  ['ERROR: Failed building wheel for wibble', 'Failed building wheel for wibble'],
  ['  Building wheel for wibble (pyproject.toml) ... error', 'Building wheel for wibble (pyproject.toml) ... error'],
  ['Running setup.py install for wibble ... error', 'Running setup.py install for wibble ... error'],
  [
    'C:\\Temp\\pip-install-ab12cd\\wibble_0123456789abcdef0123456789abcdef\\setup.py:12',
    'pip-install-ab12cd\\wibble_0123456789abcdef0123456789abcdef\\setup.py',
  ],
  ['ERROR: configuration failed for package ‘wibble’', 'configuration failed for package ‘wibble'],
  [
    'ERROR: dependencies ‘wibble’, ‘wobble’ are not available for package ‘fluidcode’',
    'dependencies ‘wibble’, ‘wobble’ are not available for package',
  ],
  [
    'installation of package ‘wibble’ had non-zero exit status',
    'installation of package ‘wibble’ had non-zero exit status',
  ],
  ['*** ERROR: Error building WIBBLE. Check the log', 'Error building WIBBLE'],
  ['Error running make on WIBBLE:', 'Error running make on WIBBLE'],
  [
    'CMake Error at /b/Stamp/wibble/wibble-build-Release.cmake:37 (message):',
    '/wibble/wibble-build-Release.cmake:37 (message)',
  ],
  ['make[2]: *** [deps/src/wibble-stamp/wibble-build] Error 2', '*** [deps/src/wibble-stamp/'],
  // The first one stops the others.
  ['Failed building wheel for fluidcode\nFailed building wheel for wibble', null],
  ['Failed building wheel for wibble\nFailed building wheel for fluidcode', 'Failed building wheel for wibble'],
  ['Failed building wheel for python-fluidcode', null],
  ['Building wheel for wibble (pyproject.toml) ... done', null],
  ['There was an error building it, on Linux', null],
  ['installing wibble failed', null],
  ['Error on installation', null],
  ['CMake Error at cmake/wibble-install.cmake:12 (message):', null],
  ['it is in deps/src/wibble-stamp/ now', null],
  ['Failed building wheel for fluid-code', null],
  ['error: while trying to install package.\n> wibble', 'while trying to install package. > wibble'],
])('%j: %j', (text, expected) => {
  expect(stoppedAt(text, isHost)).toBe(expected);
});
