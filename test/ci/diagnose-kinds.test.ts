/** Kinds of failure beside the recorded ones: other tools, other languages, parts that are missing, text made to mislead or to hurt. */
import { describe, expect, it } from '@jest/globals';
import { type DiagnoseInput, diagnose, verdictOf } from '../../src/ci/diagnose.js';
import { BLANK_RESULT } from '../../src/protocol.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const HASH = 'abcdefghijklmnopqrstuvwxyz234567';
const OTHER = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const STAGE = `/spack/stage/user/spack-stage-amrex-git.${SHA}_26.01-${HASH}`;
const ROOT = `amrex-git.${SHA}=26.01-${HASH}`;
const BLAS = `openblas-0.3.29-${OTHER}`;

const empty: DiagnoseInput = {
  stdout: '',
  stderr: '',
  buildLog: '',
  testLog: '',
  exitCode: 1,
  signal: null,
  timedOut: false,
  cancelled: false,
  trouble: null,
  product: 'amrex',
};
type Part = Partial<DiagnoseInput>;

/** Spack's progress: installs `id` and begins its phases. */
function begun(phases: readonly string[], id = ROOT, name = 'amrex', place = '[9/9]'): string {
  return [
    `==> Installing ${id} ${place}`,
    `==> No patches needed for ${name}`,
    ...phases.map((phase) => `==> ${name}: Executing phase: '${phase}'\n`),
  ].join('\n');
}

/** Spack's report of a failed command with its excerpt; lines with `!` are the marked ones. */
function failed(command: string, excerpt: readonly string[], stage = STAGE, after = ''): string {
  const lines = excerpt.map((line, at) =>
    line.startsWith('!') ? `  >> ${60 + at}    ${line.slice(1)}` : `     ${60 + at}    ${line}`,
  );
  return [
    '==> Error: ProcessError: Command exited with status 2:',
    `    ${command}`,
    '',
    `${lines.length} errors found in build log:`,
    ...lines,
    '',
    'See build log for details:',
    `  ${stage}/spack-build-out.txt`,
    after,
  ].join('\n');
}
const make = "'/usr/bin/make' '-j2'";
const inBuild = (...excerpt: string[]): Part => ({ stdout: begun(['cmake', 'build']), stderr: failed(make, excerpt) });
const inPhase = (phase: string, command: string, ...excerpt: string[]): Part => ({
  stdout: begun([phase]),
  stderr: failed(command, excerpt),
});
const tested = (testLog: string, command = "'/usr/bin/ctest'"): Part => ({
  stdout: begun(['cmake', 'build']),
  stderr: failed(command, ['ok'], STAGE, `See test log for details:\n  ${STAGE}/install-time-test-log.txt\n`),
  testLog,
});

/** `category fault package phase`, then the first annotation. */
const short = (part: Part) => {
  const { category, fault, package: name, phase, annotations } = diagnose({ ...empty, ...part });
  const first = annotations[0];
  return `${category} ${fault} ${name} ${phase}${first === undefined ? '' : ` ${first.path}:${first.line}`}`;
};

describe('compilers', () => {
  it.each<[string, Part, string]>([
    [
      'gfortran',
      inBuild(
        `${STAGE}/spack-src/Src/a.F90:45:11:`,
        '',
        '   45 |   x = y',
        '      |       1',
        "!Error: Symbol 'y' at (1) has no IMPLICIT type",
      ),
      'Src/a.F90:45',
    ],
    [
      'a missing Fortran module',
      inBuild(
        `${STAGE}/spack-src/a.f90:3:7:`,
        '',
        "!Fatal Error: Cannot open module file 'mpi.mod' for reading at (1)",
      ),
      'a.f90:3',
    ],
    ['nvcc', inBuild(`!${STAGE}/spack-src/Src/k.cu(52): error: identifier "x" is undefined`), 'Src/k.cu:52'],
    ['Intel Fortran', inBuild(`!${STAGE}/spack-src/a.f90(7): error #5082: Syntax error`), 'a.f90:7'],
    [
      'NVIDIA Fortran',
      inBuild(`!NVFORTRAN-S-0034-Syntax error at or near x (${STAGE}/spack-src/a.f90: 12)`),
      'a.f90:12',
    ],
    ['clang with typographic quotes', inBuild(`!${STAGE}/spack-src/a.cpp:7:3: error: ‘x’ was not declared`), 'a.cpp:7'],
    [
      'ninja, relative to the build directory',
      inBuild('!FAILED: a.o', '!../spack-src/Src/a.cpp:7:3: error: no'),
      'Src/a.cpp:7',
    ],
    [
      'Cray Fortran',
      inBuild(`!ftn-113 ftn: ERROR SUB, File = ${STAGE}/spack-src/a.f90, Line = 9, Column = 3`),
      'a.f90:9',
    ],
    [
      '-Werror',
      inBuild(
        `!${STAGE}/spack-src/a.cpp:1:2: error: unused [-Werror=unused]`,
        '!cc1plus: all warnings being treated as errors',
      ),
      'a.cpp:1',
    ],
    [
      'a target that make does not know',
      inBuild("!make: *** No rule to make target 'src/gone.c', needed by 'gone.o'.  Stop."),
      '',
    ],
    ['an unknown option', inBuild("!g++: error: unrecognized command-line option '-mfoo'"), ''],
  ])('%s', (_name, part, place) => {
    expect(short(part)).toBe(`compile change amrex build ${place}`.trimEnd());
  });

  it('relative paths are found through make’s directories', () => {
    const buildLog = [
      "==> amrex: Executing phase: 'build'",
      `make[1]: Entering directory '${STAGE}/spack-src/src/sub'`,
      'par.c:12:10: fatal error: missing.h: No such file or directory',
      'make[1]: *** [Makefile:3: par.o] Error 1',
    ].join('\n');
    expect(short({ buildLog, stdout: begun(['build']) })).toBe('compile change amrex build src/sub/par.c:12');
  });

  it('relative paths in an excerpt are found by the directory that make leaves', () => {
    const excerpt = [
      '!par.c:12:10: error: x',
      '!make[1]: *** [Makefile:3: par.o] Error 1',
      `make[1]: Leaving directory '${STAGE}/spack-src/src/sub'`,
    ];
    expect(short(inBuild(...excerpt))).toBe('compile change amrex build src/sub/par.c:12');
  });

  it('relative paths of an autotools build start where configure lies', () => {
    const buildLog = [
      "==> amrex: Executing phase: 'configure'",
      `==> [2026-01-01-10:00:00.1] '${STAGE}/spack-src/src/configure' '--prefix=/x'`,
      "==> amrex: Executing phase: 'build'",
      'par.c:12:10: error: x',
      'make: *** [Makefile:3: par.o] Error 1',
    ].join('\n');
    expect(short({ buildLog, stdout: begun(['configure', 'build']) })).toBe('compile change amrex build src/par.c:12');
  });

  it('a header outside the product has no annotation', () => {
    expect(short(inBuild('!/usr/include/c++/12/bits/stl.h:12:3: error: static assertion failed'))).toBe(
      'compile change amrex build',
    );
  });

  it('a crash of the compiler is not the change’s', () => {
    expect(short(inBuild(`!${STAGE}/spack-src/a.cpp:1:2: internal compiler error: Segmentation fault`))).toBe(
      'compile environment amrex build a.cpp:1',
    );
  });

  it('at most 50 annotations, each place once', () => {
    const errors = Array.from(
      { length: 400 },
      (_, at) => `!${STAGE}/spack-src/a${at % 80}.c:${1 + (at % 80)}:1: error: x`,
    );
    const { annotations } = diagnose({ ...empty, ...inBuild(...errors) });
    expect(annotations).toHaveLength(50);
    expect(new Set(annotations.map(({ path }) => path)).size).toBe(50);
  });
});

describe('linkers, configure steps, installs, recipes', () => {
  it.each<[string, Part, string]>([
    [
      'a missing library',
      inBuild(
        '!/usr/bin/ld: cannot find -lfoo: No such file or directory',
        '!collect2: error: ld returned 1 exit status',
      ),
      'link change amrex build',
    ],
    [
      'lld',
      inBuild('!ld.lld: error: undefined symbol: foo(int)', '!clang++: error: linker command failed with exit code 1'),
      'link change amrex build',
    ],
    [
      'a missing library in configure',
      inPhase('configure', `'${STAGE}/spack-src/configure' '--prefix=/x'`, '!configure: error: libfoo is required'),
      'configure change amrex configure',
    ],
    [
      'a compiler that does not work',
      inPhase(
        'configure',
        `'${STAGE}/spack-src/configure'`,
        "!configure: error: in `/x':",
        '!configure: error: C compiler cannot create executables',
      ),
      'configure environment amrex configure',
    ],
    [
      'autoreconf',
      inPhase(
        'autoreconf',
        "'/usr/bin/autoreconf' '-ivf'",
        '!configure.ac:12: error: possibly undefined macro: AC_FOO',
      ),
      'configure change amrex autoreconf configure.ac:12',
    ],
    [
      'Meson',
      inPhase('meson', "'meson' 'setup'", '!../spack-src/meson.build:12:0: ERROR: Dependency "x" not found'),
      'configure change amrex meson meson.build:12',
    ],
    [
      'a CMake module, at the project’s own line',
      inPhase(
        'cmake',
        "'/usr/bin/cmake' '-G' 'Ninja'",
        '!CMake Error at /usr/share/cmake/Modules/FindX.cmake:230 (message):',
        '  Could NOT find X',
        'Call Stack (most recent call first):',
        '  /usr/share/cmake/Modules/FindX.cmake:600 (_FAIL)',
        '  Tools/deps.cmake:33 (find_package)',
        '  CMakeLists.txt:12 (include)',
      ),
      'configure change amrex cmake Tools/deps.cmake:33',
    ],
    [
      'a download while configuring',
      inPhase(
        'cmake',
        "'/usr/bin/cmake'",
        '!fatal: unable to access https://x/: Could not resolve host: x',
        '!CMake Error at fetch/CMakeLists.txt:20 (message):',
      ),
      'fetch infrastructure amrex cmake',
    ],
    [
      'a file missing at install',
      inPhase(
        'install',
        "'/usr/bin/make' 'install'",
        '!CMake Error at cmake_install.cmake:46 (file):',
        '  file INSTALL cannot find "/x/y.so"',
      ),
      'install change amrex install',
    ],
    [
      'nothing installed',
      {
        stdout: begun(['install']),
        stderr: '==> Error: InstallError: Install failed for amrex.  Nothing was installed!\n',
      },
      'install change amrex install',
    ],
    [
      'a file that the recipe installs',
      {
        stdout: begun(['install']),
        stderr: `==> Error: FileNotFoundError: [Errno 2] No such file or directory: '${STAGE}/spack-src/bin/tool'\n\n/r/packages/amrex/package.py:50, in install:\n`,
      },
      'install change amrex install',
    ],
    [
      'a recipe’s mistake',
      {
        stdout: begun(['cmake']),
        stderr:
          "==> Error: AttributeError: 'NoneType' object has no attribute 'prefix'\n\n/r/packages/amrex/package.py:20, in cmake_args:\n",
      },
      'recipe recipe amrex cmake',
    ],
    [
      'a recipe that does not parse',
      { stderr: '==> Error: invalid syntax (package.py, line 12)\n' },
      'recipe recipe null null',
    ],
    [
      'a patch',
      {
        stdout: `==> Installing ${ROOT} [9/9]\n`,
        stderr:
          "==> Error: ProcessError: Command exited with status 1:\n    '/usr/bin/patch' '-s' '-i' '/r/packages/amrex/fix.patch'\n",
      },
      'patch recipe amrex patch',
    ],
    [
      'a wheel',
      {
        product: 'py-amrex',
        stdout: begun(['install'], ROOT.replace('amrex', 'py-amrex'), 'py-amrex'),
        stderr: failed(
          "'/usr/bin/python3' '-m' 'pip' 'install' '.'",
          [
            '!src/a.cpp:5:10: fatal error: pybind11.h: No such file or directory',
            "!error: command '/usr/bin/g++' failed",
          ],
          STAGE.replace('amrex', 'py-amrex'),
        ),
      },
      'compile change py-amrex install src/a.cpp:5',
    ],
  ])('%s', (_name, part, expected) => {
    expect(short(part)).toBe(expected);
  });
});

describe('tests', () => {
  it.each([
    [
      'ctest',
      tested(
        '1/2 Test #2: bad ....***Exception: SegFault  0.10 sec\nThe following tests FAILED:\n\t  2 - bad (SEGFAULT)\n',
      ),
      'bad',
    ],
    ['automake', tested('PASS: t1\nFAIL: t2\nFAIL: t3 (exit status: 139)\n', "'make' 'check'"), 't2, t3'],
    [
      'GoogleTest',
      tested('[  FAILED  ] Suite.Name (3 ms)\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] Suite.Name\n'),
      'Suite.Name',
    ],
    [
      'pytest',
      tested('FAILED tests/a_test.py::test_x - assert 1 == 2\n', "'python3' '-m' 'pytest'"),
      'tests/a_test.py::test_x',
    ],
  ])('%s names what failed', (_name, part, names) => {
    const verdict = diagnose({ ...empty, ...part });
    expect([verdict.category, verdict.fault, verdict.phase]).toEqual(['test', 'change', 'test']);
    expect(verdict.summary).toMatch(new RegExp(`: (?:test|\\d tests:) ${names}$`));
  });

  it('a test that does not compile is a compile error', () => {
    const part = tested(`${STAGE}/spack-src/tests/t.cpp:4:1: error: bad\nmake: *** Error 1\n`, "'make' 'check'");
    expect(short(part)).toBe('compile change amrex test tests/t.cpp:4');
  });

  it('without a test log Spack’s own message is shown', () => {
    const { summary, excerpt } = diagnose({ ...empty, ...tested(''), testLog: '' });
    expect(summary).toBe('amrex fails its tests');
    expect(excerpt).toBe("==> Error: ProcessError: Command exited with status 2:\n    '/usr/bin/ctest'\n");
  });

  it('a test that speaks of memory and disks is still a test', () => {
    expect(
      short(tested('checks that out of memory is told\nThe following tests FAILED:\n\t  2 - oom (Failed)\n')),
    ).toBe('test change amrex test');
  });
});

describe('ci R32: causes beat symptoms, and no machine’s failure is the change’s', () => {
  it.each<[string, Part, string]>([
    [
      'a full disk while linking',
      inBuild(
        '!/usr/bin/ld: final link failed: No space left on device',
        '!collect2: error: ld returned 1 exit status',
      ),
      'disk-full infrastructure amrex build',
    ],
    [
      'a killed compiler',
      inBuild('!g++: fatal error: Killed signal terminated program cc1plus', '!make[2]: *** [x] Error 1'),
      'out-of-memory infrastructure amrex build',
    ],
    [
      'a killed compiler, old gcc',
      inBuild('!g++: internal compiler error: Killed (program cc1plus)'),
      'out-of-memory infrastructure amrex build',
    ],
    [
      'a lock of the database',
      { exitCode: 3, stderr: '==> Error: Timed out waiting for a read lock after 60.0s.\n' },
      'lock infrastructure null null',
    ],
    [
      'a signal in the middle of an error',
      { ...inBuild(`!${STAGE}/spack-src/a.c:1:1: error: x`), exitCode: null, signal: 'SIGKILL' },
      'killed infrastructure amrex build',
    ],
    [
      'a time-out in the middle of an error',
      { ...inBuild(`!${STAGE}/spack-src/a.c:1:1: error: x`), timedOut: true },
      'timeout unknown amrex build',
    ],
    [
      'a full disk that ended in a signal',
      { ...inBuild('!x: No space left on device'), exitCode: null, signal: 'TERM' },
      'disk-full infrastructure amrex build',
    ],
    [
      'words in the source that a compiler shows',
      inBuild(`!${STAGE}/spack-src/a.c:1:1: error: x`, '   12 |   die("No space left on device");'),
      'compile change amrex build a.c:1',
    ],
    [
      'a probe of configure',
      inPhase(
        'cmake',
        "'/usr/bin/cmake'",
        '-- Looking for ENOSPC: No space left on device',
        '!CMake Error at CMakeLists.txt:3 (x):',
      ),
      'configure change amrex cmake CMakeLists.txt:3',
    ],
    [
      'bootstrapping',
      { exitCode: 3, stderr: '==> Error: bootstrapping is currently disabled\n' },
      'spack-internal environment null null',
    ],
    [
      'an option that Spack lacks',
      { exitCode: 2, stderr: 'usage: spack install [-h]\nspack install: error: unrecognized arguments: --foo\n' },
      'spack-internal environment null null',
    ],
  ])('%s', (_name, part, expected) => {
    expect(short(part)).toBe(expected);
  });
});

describe('whose failure it is', () => {
  const error = `==> Error: ProcessError: Command exited with status 2:\n    ${make}\n`;
  const skip = `==> Warning: Skipping build of ${ROOT} since ${BLAS} failed\n==> Error: ${ROOT}: Package was not installed\n`;
  const blas = begun(['build'], BLAS, 'openblas', '[5/9]');
  const broken = failed(make, ['!/s/spack-src/kernel/a.c:5:1: error: unknown type'], `/s/spack-stage-${BLAS}`);
  it.each<[string, Part, string]>([
    ['a dependency', { stdout: blas, stderr: broken + skip }, 'compile dependency openblas build'],
    ['a dependency whose error is cut off', { stderr: skip }, 'dependency dependency amrex null'],
    [
      'a dependency that cannot be fetched',
      { stdout: blas, stderr: `==> Error: FetchError: All fetchers failed for spack-stage-${BLAS}\n` },
      'fetch infrastructure openblas fetch',
    ],
    [
      'no product known',
      { stdout: blas, stderr: broken, product: null },
      'compile unknown openblas build kernel/a.c:5',
    ],
    [
      'the product found by its commit',
      { ...inBuild(`!${STAGE}/spack-src/a.c:1:1: error: x`), product: null },
      'compile change amrex build a.c:1',
    ],
    [
      'a product with a dash in its name',
      {
        product: 'py-amrex',
        stdout: begun(['build'], `py-amrex-2024-01-${HASH}`, 'py-amrex'),
        stderr: `${error}\nSee build log for details:\n  /s/spack-stage-py-amrex-2024-01-${HASH}/spack-build-out.txt\n`,
        buildLog: 'a.c:1:1: error: x\n',
      },
      'compile change py-amrex build a.c:1',
    ],
  ])('%s', (_name, part, expected) => {
    expect(short(part)).toBe(expected);
  });
});

describe('specs', () => {
  it.each<[string, string, string]>([
    [
      'an unknown version of a dependency',
      "failed to concretize `hypre ^openblas@99` for the following reasons:\n     1. Cannot satisfy 'openblas@99' 1(0.3.29)\n        required because hypre ^openblas@99 requested explicitly",
      'invalid-spec environment hypre concretize',
    ],
    [
      'an unknown version, in the words of 0.22',
      "concretization failed for the following reasons:\n   1. Cannot satisfy 'fmt@99'\n        required because fmt@99 requested explicitly",
      'invalid-spec environment fmt concretize',
    ],
    [
      'a conflict, in the words of 0.22',
      "concretization failed for the following reasons:\n   1. fmt: 'cxxstd=98' conflicts with '@5:'",
      'concretization environment fmt concretize',
    ],
    [
      'a virtual without provider',
      'failed to concretize `hypre+mpi` for the following reasons:\n     1. Cannot find a valid provider for virtual mpi',
      'concretization environment hypre concretize',
    ],
    [
      'a solver that gives up',
      'Spack concretizer internal error. Please submit a bug report\n    [fmt ^zlib] is unsatisfiable',
      'concretization environment fmt concretize',
    ],
    [
      'a variant of a package in the graph',
      "No such variant {'x'} for spec: 'zlib-ng+x'",
      'invalid-spec environment zlib-ng concretize',
    ],
  ])('%s', (_name, message, expected) => {
    expect(short({ stderr: `==> Error: ${message}\n` })).toBe(expected);
  });
});

describe('what is not known is never green and blames nobody', () => {
  it.each<[string, Part, string]>([
    ['nothing at all', {}, 'failed unknown unknown'],
    ['only progress', { stdout: begun(['cmake', 'build']) }, 'failed unknown unknown'],
    ['no exit code and only progress', { stdout: begun(['build']), exitCode: null }, 'unknown unknown unknown'],
    ['no exit code and no text', { exitCode: null }, 'unknown unknown unknown'],
    ['an install phase and no error', { stdout: begun(['build', 'install']) }, 'failed unknown unknown'],
    [
      'a message cut short',
      { stderr: '==> Error: Failed to install amrex due to InstallError: No bin' },
      'failed unknown unknown',
    ],
    [
      'a list of failures and nothing else',
      { stderr: `==> Error: The following packages failed to install:\namrex@1.0/${HASH}: /x\n`, exitCode: null },
      'failed unknown unknown',
    ],
    ['exit 0 with errors', { ...inBuild('!x'), exitCode: 0 }, 'unknown unknown unknown'],
    ['a message nobody has seen', { stderr: '==> Error: the moon is in the wrong phase\n' }, 'failed unknown unknown'],
    [
      'no exit code but a finished root',
      { stdout: `${begun(['build'])}==> amrex: Successfully installed ${ROOT}\n`, exitCode: null },
      'passed null null',
    ],
    [
      'no exit code but an error',
      { ...inBuild(`!${STAGE}/spack-src/a.c:1:1: error: x`), exitCode: null },
      'failed compile change',
    ],
  ])('%s', (_name, part, expected) => {
    const { outcome, category, fault } = diagnose({ ...empty, ...part });
    expect(`${outcome} ${category} ${fault}`).toBe(expected);
  });
});

describe('text as it comes', () => {
  const { stdout = '', stderr = '' } = inBuild(`!${STAGE}/spack-src/a.cpp:28:61: error: expected`);
  it.each<[string, Part]>([
    ['carriage returns', { stdout: stdout.replaceAll('\n', '\r\n'), stderr: stderr.replaceAll('\n', '\r\n') }],
    [
      'colours',
      {
        stdout,
        stderr: stderr
          .replace('error:', '\u001b[31m\u001b[Kerror:\u001b[m\u001b[K')
          .replace('==>', '\u001b[1;31m==>\u001b[0m'),
      },
    ],
    ['a cut in the middle of the excerpt', { stdout, stderr: stderr.slice(0, stderr.indexOf('expected') + 4) }],
    ['errors before the progress', { stdout: stderr + stdout }],
    ['no progress', { stderr }],
  ])('%s changes nothing', (_name, part) => {
    expect(short(part)).toBe('compile change amrex build a.cpp:28');
  });

  it('a log of any size is read in proportion to its size', () => {
    const line = `${'g++ -I/x '.repeat(20)}\n`.repeat(60_000);
    const buildLog = `==> amrex: Executing phase: 'build'\n${line}${STAGE}/spack-src/a.c:7:1: error: x\n${line}make: *** Error 1\n`;
    expect(short({ buildLog, stdout: begun(['build']) })).toBe('compile change amrex build a.c:7');
  });

  it.each([
    ':',
    'error: ',
    "'",
    'a-',
    'git.',
    '(',
    '==> Error: ',
    ' ',
    '.',
    '\u001b[',
    '\u001b]',
    '\r',
    '1 ',
    '/a',
    'make[1]: *** ',
    'Killed ',
  ])('lines made of %j end', (piece) => {
    const text = `${`${piece.repeat(2000 / piece.length)}\nx error ${piece.repeat(2000 / piece.length)}\n`.repeat(300)}`;
    expect(diagnose({ ...empty, stderr: text, buildLog: text, testLog: text }).outcome).toBe('failed');
  });
});

describe('what a worker sends', () => {
  const result = { ...BLANK_RESULT, seconds: 1 };
  it.each([
    ['a pass', { exitCode: 0 }, 'passed null null false'],
    ['a cancelled build', { signal: 'SIGTERM', cancelled: true }, 'unknown interrupted unknown false'],
    [
      'a full disk before Spack',
      { trouble: 'cannot write: No space left on device' },
      'failed disk-full infrastructure true',
    ],
    [
      'a git that did not answer',
      { trouble: 'git fetch failed: could not resolve host' },
      'failed fetch infrastructure true',
    ],
    ['any other trouble', { trouble: 'head moved' }, 'failed unknown infrastructure true'],
  ])('%s', (_name, change, expected) => {
    const { outcome, category, fault, retryable } = verdictOf({ ...result, ...change }, 'amrex');
    expect(`${outcome} ${category} ${fault} ${retryable}`).toBe(expected);
  });

  it('in a sandbox without network a download during the build is neither tried again nor blamed on the change', () => {
    const told = {
      ...result,
      exitCode: 1,
      stdout: "==> amrex: Executing phase: 'cmake'\n",
      stderr: "==> Error: ProcessError: Command exited with status 1:\n    '/usr/bin/cmake' '..'\n",
      buildLog:
        "==> amrex: Executing phase: 'cmake'\nfatal: unable to access 'https://example.org/': Could not resolve host: example.org\n",
    };
    expect(verdictOf(told, 'amrex', 'none')).toMatchObject({ category: 'fetch', retryable: true });
    const offline = verdictOf(told, 'amrex', 'bubblewrap');
    expect(offline).toMatchObject({ outcome: 'failed', category: 'fetch', fault: 'environment', retryable: false });
    expect(offline.summary).toContain('this pool builds without a network');
    const before = {
      ...told,
      stdout: '',
      buildLog: '',
      stderr: '==> Error: FetchError: All fetchers failed for spack-stage-amrex-1\n',
    };
    expect(verdictOf(before, 'amrex', 'bubblewrap')).toMatchObject({ fault: 'infrastructure', retryable: true });
  });
});
