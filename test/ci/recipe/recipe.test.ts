/** Changes of build files held against a recipe: what is told, where, and above all what is not. */
import { describe, expect, test } from '@jest/globals';
import { adviceFor, type ChangedFile, lineAfter } from '../../../src/ci/recipe/compare.js';
import { buildSystemOf, readBuildFile } from '../../../src/ci/recipe/read-build-file.js';
import { MOST_ADVICE, reportRecipe } from '../../../src/ci/recipe/report.js';
import { knowsOption, readRecipe } from '../../../src/ci/recipe/spack-recipe.js';

const RECIPE = `from spack.package import *

class Frob(CMakePackage, CudaPackage):
    """Frobs."""
    version("1.1.0", sha256="aa")
    version("1.0", sha256="bb")
    variant("shared", default=True, description="Shared")
    variant("old", default=True, when="@:1.0", description="Old things")
    variant("new", default=True, when="@1.0:", description="New things")
    variant("python", default=False, description="Bindings")
    depends_on("cmake@3.14:", type="build")
    depends_on("mpi")
    with when("+python"):
        depends_on("py-numpy@1.20:")

    def cmake_args(self):
        args = [
            self.define_from_variant("BUILD_SHARED_LIBS", "shared"),
            self.define_from_variant("FROB_OLD", "old"),
            self.define_from_variant("FROB_NEW", "new"),
            self.define("FROB_FAST", True),  # FROB_NOTED is best left alone
            "-DFROB_LEVEL:STRING=3",
        ]
        for solver in ("a", "b"):
            args.append(f"-DFROB_SOLVER_{solver.upper()}=ON")
        if self.spec.satisfies("@:1.0"):
            args.append(self.define("FROB_LEGACY", True))
        return args

    def test_run(self):
        pass
`;
const recipe = readRecipe('frob', RECIPE);
const TOP = 'cmake_minimum_required(VERSION 3.14)\nproject(Frob VERSION 1.1.0)\nset(CMAKE_CXX_STANDARD 14)\n';

function told(before: string, after: string, path = 'CMakeLists.txt', text = RECIPE): string[] {
  const file: ChangedFile = { path, base: before, head: after };
  return adviceFor([file], readRecipe('frob', text)).map(
    ({ kind, line, what }) => `${kind} ${line}: ${what.split(':')[0]}`,
  );
}

describe('recipes', () => {
  test('a recipe is read as text: versions, variants, lower bounds, what it passes and when', () => {
    expect([...recipe.systems]).toEqual(['cmake']);
    expect(recipe.versions).toEqual(['1.1.0', '1.0']);
    expect(recipe.dependencies).toEqual([
      { name: 'cmake', low: '3.14' },
      { name: 'mpi', low: null },
      { name: 'py-numpy', low: '1.20' },
    ]);
    expect(Object.fromEntries(recipe.passed.map(({ name, bounded }) => [name, bounded]))).toEqual({
      FROB_LEVEL: false,
      BUILD_SHARED_LIBS: false,
      FROB_OLD: true,
      FROB_NEW: false,
      FROB_FAST: false,
      FROB_LEGACY: true,
    });
    expect(recipe).toMatchObject({ smokeTests: true, license: false, partial: false, asksForStandard: false });
  });

  test.each([
    ['FROB_FAST', true],
    ['FROB_NOTED', true],
    ['FROB_SOLVER_QR', true],
    ['FROB_ENABLE_CUDA', true],
    ['FROB_WITH_PYTHON', true],
    ['FROB_TURBO', false],
  ])('the recipe knows %s: %s', (name, knows) => {
    expect(knowsOption(recipe, name, 'Frob')).toBe(knows);
  });

  test('a text that is no Python is read without failing', () => {
    for (const text of ['', '"""', "version(1, '", 'depends_on(((((', 'class X(', '\\', 'f"{']) {
      expect(readRecipe('x', text).versions).toEqual([]);
    }
  });
});

describe('advice', () => {
  test('a new option is told at its line, with what to write in the recipe', () => {
    const head = `${TOP}option(Frob_TURBO "Go \\"faster\\"" ON)\n`;
    const [one, ...rest] = adviceFor([{ path: 'CMakeLists.txt', base: TOP, head }], recipe);
    expect(rest).toEqual([]);
    expect(one).toMatchObject({ kind: 'option', path: 'CMakeLists.txt', line: 4 });
    expect(one?.what).toMatch(/^New option Frob_TURBO: the recipe frob does not pass it, .* default \(ON\)/);
    expect(one?.write).toEqual([
      'variant("turbo", default=True, when="@1.1.0:", description="Go faster")',
      'self.define_from_variant("Frob_TURBO", "turbo")',
    ]);
  });

  test.each([
    ['one that the recipe passes', 'option(FROB_FAST "Fast" ON)'],
    ['one for tests', 'option(FROB_BUILD_TESTING "x" ON)'],
    ['one for examples', 'option(FROB_EXAMPLES "x" ON)'],
    ['one whose help speaks of tests', 'option(FROB_MANY "Adds more tests" ON)'],
    ['one under a condition of tests', 'if(FROB_ENABLE_TESTS)\noption(FROB_MANY "x" ON)\nendif()'],
    ['one for Windows', 'if(WIN32)\n  option(FROB_DLL "x" ON)\nendif()'],
    ['an advanced one', 'option(FROB_TURBO "x" ON)\nmark_as_advanced(FROB_TURBO)'],
    ['an internal value', 'set(FROB_TURBO ON CACHE INTERNAL "x")'],
    ['a forced value', 'set(FROB_TURBO ON CACHE BOOL "x" FORCE)'],
    ['a directory', 'set(FROB_DATA share CACHE PATH "x")'],
    ['a text without choices', 'set(FROB_NAME abc CACHE STRING "x")'],
    ["CMake's own", 'set(CMAKE_BUILD_TYPE Release CACHE STRING "x")'],
    ['a name that is put together', 'option($' + '{prefix}_TURBO "x" ON)'],
    ['a comment', '# option(FROB_TURBO "x" ON)\n#[[ option(FROB_TURBO "x" ON)\n]]'],
    ['words in quotes', 'message("option(FROB_TURBO x ON)")'],
    ['a plain variable', 'set(FROB_TURBO ON)'],
    ['a package that is known', 'find_package(MPI REQUIRED)'],
    ['one that a mixed-in class brings', 'find_package(CUDAToolkit REQUIRED)'],
    ['what comes with the compiler', 'find_package(OpenMP REQUIRED)\nfind_package(Threads REQUIRED)'],
    ['an unknown package that need not be there', 'find_package(Wobble)'],
    ['an unknown package on a condition', 'if(FROB_X)\nfind_package(Wobble REQUIRED)\nendif()'],
    ['itself', 'find_package(Frob REQUIRED)'],
    ['a version of CMake that is asked for', 'cmake_minimum_required(VERSION 3.14...3.30)'],
    ['a compiler that somebody gave', 'set(CMAKE_CXX_COMPILER $' + '{MPI_CXX_COMPILER})'],
  ])('nothing is told of %s', (_, added) => {
    expect(told(TOP, `${TOP}${added}\n`)).toEqual([]);
  });

  test.each([
    [
      'a choice',
      'set(FROB_KIND a CACHE STRING "x")\nset_property(CACHE FROB_KIND PROPERTY STRINGS a b)',
      'option 4: New option FROB_KIND',
    ],
    [
      'an option that depends',
      'cmake_dependent_option(FROB_TURBO "x" ON "FROB_FAST" OFF)',
      'option 4: New option FROB_TURBO',
    ],
    [
      'an option outside of Windows',
      'if(NOT WIN32)\noption(FROB_TURBO "x" ON)\nendif()',
      'option 5: New option FROB_TURBO',
    ],
    ['a dependency', 'find_package(HDF5 1.12 REQUIRED)', 'dependency 4: New dependency HDF5'],
    ['an optional one', 'find_package(HDF5)', 'dependency 4: New optional dependency HDF5'],
    ['one that nobody knows', 'find_package(Wobble 2 REQUIRED)', 'dependency 4: New dependency Wobble'],
    [
      'a compiler that is set',
      'set(CMAKE_CXX_COMPILER g++)',
      'compiler 4: CMAKE_CXX_COMPILER is set here over whatever was given',
    ],
  ])('told is %s', (_, added, said) => {
    expect(told(TOP, `${TOP}${added}\n`)).toEqual([said]);
  });

  test('an option that only moves, or gets another form, is not new', () => {
    const other = { path: 'cmake/opt.cmake', base: 'option(FROB_TURBO "x" ON)\n', head: '' };
    const moved = { path: 'CMakeLists.txt', base: TOP, head: `${TOP}option(FROB_TURBO "x" ON)\n` };
    expect(adviceFor([other, moved], recipe)).toEqual([]);
    expect(told(`${TOP}frob_option(FROB_TURBO)\n`, `${TOP}option(FROB_TURBO "x" ON)\n`)).toEqual([]);
  });

  test('an option that is gone is told only where the recipe passes it to every version', () => {
    const with_ = (name: string) => `${TOP}# frobbing\noption(${name} "x" ON)\n`;
    expect(told(with_('FROB_FAST'), `${TOP}# frobbing\n`)).toEqual(['removed 4: Option FROB_FAST is gone from here']);
    for (const name of ['FROB_OLD', 'FROB_LEGACY', 'FROB_UNKNOWN']) expect(told(with_(name), TOP)).toEqual([]);
    expect(told(with_('FROB_FAST'), `${TOP}frob_option(FROB_FAST)\n`)).toEqual([]);
    const gone = adviceFor([{ path: 'CMakeLists.txt', base: with_('FROB_FAST'), head: null }], recipe);
    expect(gone.map(({ line }) => line)).toEqual([null]);
  });

  test('a higher requirement is told when the recipe is content with less', () => {
    const after = TOP.replace('VERSION 3.14', 'VERSION 3.20').replace('STANDARD 14', 'STANDARD 17');
    expect(told(TOP, after)).toEqual([
      'need 1: CMake 3.20 is needed now (before',
      'need 3: C++ 17 is needed now (before',
    ]);
    expect(told(after, TOP)).toEqual([]);
    const knowing = RECIPE.replace('cmake@3.14:', 'cmake@3.21:').replace('"mpi"', '"mpi")\n    conflicts("%gcc@:6"');
    expect(told(TOP, after, 'CMakeLists.txt', knowing)).toEqual([]);
  });

  test('a version is told when it is one that is released, and the recipe has none like it', () => {
    const to = (version: string) => told(TOP, TOP.replace('VERSION 1.1.0', `VERSION ${version}`));
    expect(to('1.2.0')).toEqual(['version 2: The version becomes 1.2.0']);
    expect(to('1.0.0')).toEqual([]);
    expect(to('1.2.99')).toEqual([]);
    expect(to('1.2.0-dev')).toEqual([]);
  });

  test('a recipe that builds in another way, or takes itself from another one, has nothing to be told', () => {
    const added = `${TOP}option(FROB_TURBO "x" ON)\n`;
    expect(told(TOP, added, 'CMakeLists.txt', RECIPE.replace('CMakePackage', 'AutotoolsPackage'))).toEqual([]);
    const partial = `from spack_repo.builtin.packages.nob.package import Nob\n${RECIPE}`;
    expect(told(TOP, added, 'CMakeLists.txt', partial)).toEqual([]);
  });

  test('configure.ac: a new switch and version are told, those of libtool and tests are not', () => {
    const text = RECIPE.replace('CMakePackage', 'AutotoolsPackage').replace('"mpi"', '"mpi")\n    conflicts("+x"');
    const base = 'AC_INIT([frob], [1.1.0])\n';
    const head = `AC_INIT([frob], [1.2.0])
dnl AC_ARG_ENABLE([commented])
AC_ARG_ENABLE([turbo], AS_HELP_STRING([--enable-turbo], [x]))
AC_ARG_ENABLE(shared)
AC_ARG_ENABLE([tests])
AC_ARG_WITH([python])
`;
    expect(told(base, head, 'configure.ac', text)).toEqual([
      'option 3: New option --enable-turbo',
      'version 1: The version becomes 1.2.0',
    ]);
  });

  test('Meson: options, dependencies and its own version', () => {
    const text = RECIPE.replace('CMakePackage', 'MesonPackage');
    const base = "project('frob', 'c', version: '1.1.0', meson_version: '>=0.56')\n";
    const head = `project('frob', 'c', version: '1.1.0', meson_version: '>=1.1')
hdf = dependency('hdf5', version: '>=1.12')
mpi = dependency('mpi')
if get_option('x')
  z = dependency('wobble')
endif
`;
    expect(told(base, head, 'meson.build', text)).toEqual([
      'dependency 2: New dependency hdf5',
      'need 1: Meson 1.1 is needed now (before',
    ]);
    const options =
      "option('turbo', type: 'boolean', value: true,\n  description: 'Fast')\noption('tests', type: 'boolean')\n";
    expect(told('', options, 'meson_options.txt', text)).toEqual(['option 1: New option turbo']);
  });

  test('pyproject.toml: dependencies and their lower bounds, without extras and markers', () => {
    const text = RECIPE.replace('CMakePackage', 'PythonPackage');
    const base =
      '[project]\nname = "frob"\nversion = "1.1.0"\nrequires-python = ">=3.8"\ndependencies = ["numpy>=1.20"]\n';
    const head = `[build-system]
requires = ["hatchling"]
[project]
name = "frob"  # "x"
version = "1.1.0"
requires-python = ">=3.10"
dependencies = [
  "numpy >= 1.26",
  "pandas[fast]>=2,<3",
  "tomli; python_version < '3.11'",
]
[project.optional-dependencies]
test = ["pytest"]
`;
    expect(told(base, head, 'pyproject.toml', text)).toEqual([
      'dependency 2: New dependency hatchling',
      'need 8: numpy is now needed from 1.26 on',
      'dependency 9: New dependency pandas',
      'need 6: Python 3.10 is needed now (before',
    ]);
  });

  test.each([
    ['CMakeLists.txt', 'cmake'],
    ['src/cmake/Options.cmake', 'cmake'],
    ['configure.ac', 'autotools'],
    ['sub/meson.build', 'meson'],
    ['pyproject.toml', 'python'],
    ['python/pyproject.toml', null],
    ['tests/CMakeLists.txt', null],
    ['third_party/fmt/CMakeLists.txt', null],
    ['cmake/FindHDF5.cmake', null],
    ['src/main.cpp', null],
  ])('%s is a build file of %s', (path, system) => {
    expect(buildSystemOf(path)).toBe(system);
  });

  test('no text makes the readers fail, and long ones take no long time', () => {
    for (const system of ['cmake', 'autotools', 'meson', 'python'] as const)
      for (const text of ['(', 'if(', '"', '[[', '#[[', 'option(', "option('", 'endif()\nendif()', '[', 'a = [', '\\'])
        expect(readBuildFile(system, text).options).toEqual([]);
    const long = `${'if(A)\n'.repeat(20_000)}option(FROB_TURBO "x" ON)\n${'('.repeat(100_000)}`;
    expect(readBuildFile('cmake', long).options).toHaveLength(1);
  });

  test('where a line is gone, the nearest one above that stayed takes the word', () => {
    expect(lineAfter('aaaa\nbbbb\ncccc\n', 'zzzz\naaaa\nbbbb\n', 3)).toBe(3);
    expect(lineAfter('aaaa\nbbbb\n', 'zzzz\n', 2)).toBe(1);
  });
});

describe('the check', () => {
  const about = { package: 'frob', repository: 'spack/spack-packages', path: 'repos/frob/package.py', ref: null };
  const head = `${TOP}option(FROB_TURBO "@everyone" ON)\n`;

  test('advice is neutral, at its lines, and says that it is no fault', () => {
    const advice = adviceFor([{ path: 'CMakeLists.txt', base: TOP, head }], recipe);
    const report = reportRecipe({ advice, policies: null, recipe: about });
    expect(report.conclusion).toBe('neutral');
    expect(report.title).toBe('1 hint for the Spack recipe frob, no fault of this change');
    expect(report.annotations).toMatchObject([{ path: 'CMakeLists.txt', line: 4, level: 'notice' }]);
    expect(report.annotations[0]?.message).toMatch(
      /^Advice, not a fault\. New option FROB_TURBO: [\s\S]*\nIn the recipe:\nvariant\("turbo"/,
    );
    expect(report.annotations[0]?.message).not.toContain('@everyone');
  });

  test('without advice it is green, and more than twenty hints are counted only', () => {
    expect(reportRecipe({ advice: [], policies: null, recipe: about })).toMatchObject({
      conclusion: 'success',
      title: 'Nothing that the Spack recipe frob does not know',
      annotations: [],
    });
    const many = TOP + Array.from({ length: 23 }, (_, n) => `option(FROB_TURBO${n} "x" ON)\n`).join('');
    const advice = adviceFor([{ path: 'CMakeLists.txt', base: TOP, head: many }], recipe);
    const report = reportRecipe({ advice, policies: null, recipe: about });
    expect(report.annotations).toHaveLength(MOST_ADVICE);
    expect(report.summary).toContain('And 3 more that are not listed.');
  });
});
