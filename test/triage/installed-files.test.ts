/** Errors that stand in, or miss, what another package installed. */
import { expect, test } from '@jest/globals';
import { brokenFile } from '../../src/triage/installed-files.js';

const isOurs = (name: string) => name === 'fluidcode';
const HASH = 'abcdefghijklmnopqrstuvwxyz234567';

test.each([
  [
    'CMake Error at /views/dev/lib/cmake/Wibble/WibbleConfig-targets.cmake:1276: The imported target "Wibble::core"',
    'wibble',
    'WibbleConfig-targets.cmake:1276',
  ],
  ['CMake Error at /opt/w/cmake/wibble-targets.cmake:68 (set_target_properties):', 'wibble', 'wibble-targets.cmake:68'],
  [
    `make: *** [/spack/gcc-8.3.1/wibble-4.2.0-${HASH}/etc/Makeconf:177: api.o] Error 127`,
    'wibble',
    `*** [/spack/gcc-8.3.1/wibble-4.2.0-${HASH}/`,
  ],
  [
    "chmod: cannot access '.../wibble-6.10.2-gq7vrz5.../bin/../include/OPTS': No such file or directory",
    'wibble',
    "cannot access '.../wibble-6.10.2-gq7vrz5.../",
  ],
  [
    `ld: /spack/wibble-2.24-${HASH}/lib/libwib.so: undefined reference to \`gettext'`,
    'wibble',
    `/wibble-2.24-${HASH}/lib/libwib.so: undefined reference to`,
  ],
  [
    "ld: .../wibble-3.5.1_2020-12-22-abcdefg/lib64/libwib.a(part.c.o): relocation R_X86_64_32 against symbol `x' can not be used; recompile with -fPIC",
    'wibble',
    "/wibble-3.5.1_2020-12-22-abcdefg/lib64/libwib.a(part.c.o): relocation R_X86_64_32 against symbol `x' can not be used; recompile with -fPIC",
  ],
  // The first one that is another's.
  ['FluidcodeConfig.cmake:12 (include)\nWibbleConfig.cmake:3 (include)', 'wibble', 'WibbleConfig.cmake:3'],
])('%s', (text, name, seen) => {
  expect(brokenFile(text, isOurs)).toEqual({ name, seen });
});

test.each([
  'CMake Error at /opt/f/lib/cmake/fluidcode/fluidcodeConfig.cmake:12 (include):',
  'names: WibbleConfig.cmake wibble-config.cmake',
  '-- Found Wibble: /opt/wibble-1.70.0/lib/cmake/WibbleConfig.cmake (found suitable version "1.70.0")',
  'CMake Error at CMakeLists.txt:150 (find_package): Found package configuration file',
  `make: *** [Makefile:12: all] Error 2 in /spack/wibble-1.2-${HASH}/`,
  `-I/spack/wibble-1.2-${HASH}/include`,
  'make: *** [/home/octocat/fluid-2024/src/all] Error 2',
  `part.c: undefined reference to \`wib' with -L/spack/wibble-1.2-${HASH}/lib`,
  `cc -fPIC /spack/wibble-1.2-${HASH}/lib/libwib.a(part.o)`,
])('is nothing: %s', (text) => {
  expect(brokenFile(text, isOurs)).toBeNull();
});

test('tells whether the package has a place of its own, so that it is no part of another', () => {
  const seen: [string, boolean][] = [];
  const look = (text: string) => brokenFile(text, (name, apart) => seen.push([name, apart]) > 0);
  look('WibbleConfig.cmake:3 (include)');
  look(`cannot open /spack/wibble-1.2-${HASH}/include/w.h`);
  expect(seen).toEqual([
    ['wibble', false],
    ['wibble', true],
  ]);
});
