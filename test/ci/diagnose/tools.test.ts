/** What compilers, linkers, configure scripts and build tools write, one line or a few for each voice, with the verdict that follows. */
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../src/ci/diagnose.js';

const SOURCE = '/spack/stage/user/spack-stage-heat3d-1.4.0-abcdefghijklmnopqrstuvwxyz234567/spack-src';
const COMMANDS: Readonly<Record<string, string>> = {
  cmake: "'/usr/bin/cmake' '-G' 'Unix Makefiles' '..'",
  configure: `'${SOURCE}/configure' '--prefix=/p'`,
  autoreconf: "'/usr/bin/autoreconf' '-ivf'",
  meson: "'/usr/bin/meson' 'setup' '..'",
  build: "'/usr/bin/make' '-j8'",
  install: "'/usr/bin/make' '-j8' 'install'",
  pip: "'/usr/bin/python3' '-m' 'pip' 'install' '.'",
};

/** The verdict on a build log whose last step said `lines`; `@` stands for the root of the source. */
function verdict(step: string, lines: readonly string[]) {
  const phase = step === 'pip' ? 'install' : step;
  return diagnose({
    stdout: `==> Installing heat3d-1.4.0-abcdefghijklmnopqrstuvwxyz234567 [7/7]\n==> heat3d: Executing phase: '${phase}'\n`,
    stderr: [
      '==> Error: ProcessError: Command exited with status 1:',
      `    ${COMMANDS[step]}`,
      'See build log for details:',
      `  ${SOURCE.replace('spack-src', 'spack-build-out.txt')}`,
    ].join('\n'),
    buildLog: [
      `==> heat3d: Executing phase: '${phase}'`,
      ...lines.map((line) => line.replaceAll('@', SOURCE)),
      '',
    ].join('\n'),
    testLog: '',
    exitCode: 1,
    signal: null,
    timedOut: false,
    cancelled: false,
    trouble: null,
    product: 'heat3d',
  });
}

/** `category fault`, then the place of the first annotation. */
function short(step: string, lines: readonly string[]): string {
  const { category, fault, annotations } = verdict(step, lines);
  const first = annotations[0];
  return `${category} ${fault}${first === undefined ? '' : ` ${first.path}:${first.line}`}`;
}

type Row = readonly [name: string, expected: string, lines: readonly string[]];

describe('compilers', () => {
  it.each<Row>([
    [
      'LLVM flang, semantics',
      'compile change a.f90:5',
      [
        'error: Semantic errors in @/a.f90',
        "@/a.f90:5:3: error: No explicit type declared for 'y'",
        '    y = 1',
        '    ^',
      ],
    ],
    [
      'LLVM flang, syntax',
      'compile change a.f90:3',
      ['error: Could not parse @/a.f90', '@/a.f90:3:1: error: expected end of statement'],
    ],
    [
      'ifort',
      'compile change src/a.f90:7',
      [
        '@/src/a.f90(7): error #6404: This name does not have a type, and must have an explicit type.   [Y]',
        '  y = 1',
        '--^',
        'compilation aborted for @/src/a.f90 (code 1)',
      ],
    ],
    [
      'ifx, a missing module',
      'compile change src/a.f90:2',
      ['@/src/a.f90(2): error #7002: Error in opening the compiled module file.  Check INCLUDE paths.   [NETCDF]'],
    ],
    [
      'nvfortran, severe',
      'compile change a.f90:5',
      [
        'NVFORTRAN-S-0038-Symbol, y, has not been explicitly declared (@/a.f90: 5)',
        '  0 inform,   0 warnings,   1 severes, 0 fatal for s',
      ],
    ],
    [
      'nvfortran, fatal',
      'compile change a.f90:2',
      [
        'NVFORTRAN-F-0004-Unable to open MODULE file netcdf.mod (@/a.f90: 2)',
        'NVFORTRAN/x86-64 Linux 23.7-0: compilation aborted',
      ],
    ],
    [
      'nvc++',
      'compile change k.cpp:12',
      ['"@/k.cpp", line 12: error: identifier "x" is undefined', '    x = 1;', '    ^'],
    ],
    [
      'nvcc',
      'compile change k.cu:12',
      ['@/k.cu(12): error: identifier "x" is undefined', '', '1 error detected in the compilation of "@/k.cu".'],
    ],
    ['nvcc, with a column', 'compile change k.cu:12', ['@/k.cu(12,7): error: identifier "x" is undefined']],
    [
      'ptxas',
      'compile change',
      ["ptxas error   : Entry function '_Z1kv' uses too much shared data (0x10000 bytes, 0xc000 max)"],
    ],
    [
      'a host compiler too new for CUDA',
      'compile environment',
      [
        '/opt/cuda/include/crt/host_config.h:132:2: error: #error -- unsupported GNU version! gcc versions later than 12 are not supported!',
      ],
    ],
    [
      'a GPU that nvcc does not know',
      'compile environment',
      ["nvcc fatal   : Unsupported gpu architecture 'compute_35'"],
    ],
    [
      'HIP',
      'compile change k.hip.cpp:4',
      [
        "@/k.hip.cpp:4:3: error: no matching function for call to 'hipLaunchKernel'",
        '1 error generated when compiling for gfx90a.',
      ],
    ],
    [
      'HIP without its device library',
      'compile environment',
      [
        "clang++: error: cannot find ROCm device library; provide its path via '--rocm-path' or '--rocm-device-lib-path'",
      ],
    ],
    [
      'SYCL',
      'compile change s.cpp:9',
      [
        "@/s.cpp:9:13: error: no member named 'usm' in namespace 'sycl'",
        '1 error generated.',
        'icpx: error: clang frontend command failed with exit code 1',
      ],
    ],
    [
      'Cray C++',
      'compile change src/a.cpp:12',
      [
        'CC-20 crayc++: ERROR File = @/src/a.cpp, Line = 12',
        '  The identifier "x" is undefined.',
        '',
        'Total errors detected in @/src/a.cpp: 1',
      ],
    ],
    [
      'IBM XL Fortran',
      'compile change a.f90:7',
      [
        '"@/a.f90", line 7.9: 1516-036 (S) Entity y has undefined type.',
        '1501-511  Compilation failed for file a.f90.',
      ],
    ],
    ['IBM XL C', 'compile change a.c:3', ['"@/a.c", line 3.5: 1506-045 (S) Undeclared identifier x.']],
    [
      'NAG, module',
      'compile change a.f90:2',
      ['Fatal Error: @/a.f90, line 2: Cannot find module NETCDF', '             detected at NETCDF@<end-of-statement>'],
    ],
    [
      'Fujitsu Fortran',
      'compile change a.f90:5',
      ['jwd1751i-s  "@/a.f90", line 5, column 3: The type of the name \'y\' must be declared explicitly.'],
    ],
    [
      'old gfortran',
      'compile change a.f90:12',
      ['@/a.f90:12.10:', '', '   x = y', '          1', "Error: Symbol 'y' at (1) has no IMPLICIT type"],
    ],
    [
      'gfortran without an included file',
      'compile change a.f:12',
      ["@/a.f:12: Error: Can't open included file 'mpif.h'"],
    ],
    [
      'an assembler reading a pipe',
      'compile change',
      ['{standard input}: Assembler messages:', "{standard input}:123: Error: no such instruction: `vfoo %ymm0'"],
    ],
    [
      'Go',
      'compile change cmd/main.go:5',
      ['# example.org/heat/cmd', '@/cmd/main.go:5:2: undefined: x', 'make: *** [Makefile:3: all] Error 1'],
    ],
    ['Java', 'compile change A.java:3', ['@/A.java:3: error: cannot find symbol']],
    [
      'Rust, below the root',
      'compile change rs/src/main.rs:2',
      [
        '   Compiling heat v0.1.0 (@/rs)',
        'error[E0308]: mismatched types',
        ' --> src/main.rs:2:18',
        '  |',
        'error: could not compile `heat` (bin "heat") due to 1 previous error',
      ],
    ],
    [
      'Rust, in a workspace',
      'compile change crates/core/src/lib.rs:7',
      [
        '   Compiling core v0.1.0 (@/crates/core)',
        'error[E0425]: cannot find value `x` in this scope',
        '  --> crates/core/src/lib.rs:7:3',
        'error: could not compile `core`',
      ],
    ],
    [
      'Rust without a code',
      'compile change src/lib.rs:7',
      ['   Compiling core v0.1.0 (@)', 'error: expected `;`, found `}`', '  --> src/lib.rs:7:3'],
    ],
    [
      'Cython',
      'compile change pkg/x.pyx:12',
      [
        'Error compiling Cython file:',
        '------------------------------------------------------------',
        '...',
        '    foo()',
        '   ^',
        '------------------------------------------------------------',
        '',
        '@/pkg/x.pyx:12:4: undeclared name not builtin: foo',
      ],
    ],
    [
      'a source that is not there',
      'compile change',
      ['cc1plus: fatal error: @/src/gone.cpp: No such file or directory', 'compilation terminated.'],
    ],
    [
      'another job’s text before the error',
      'compile change src/a.cpp:12',
      ['[ 12%] Building CXX object CMakeFiles/x.dir/b.cpp.o@/src/a.cpp:12:5: error: expected primary-expression'],
    ],
    [
      'a header of another package, from the file that includes it',
      'compile change src/x.cpp:3',
      [
        'In file included from /spack/store/boost-1.86-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/include/boost/a.hpp:3,',
        '                 from @/src/x.cpp:3:',
        '/usr/include/c++/12/bits/foo.hpp:12:3: error: static assertion failed',
      ],
    ],
    [
      'a template of another package, from the line that asks for it',
      'compile change src/x.cpp:31',
      [
        "/usr/include/c++/12/bits/foo.hpp: In instantiation of 'void f(T) [with T = int]':",
        '@/src/x.cpp:31:5:   required from here',
        '/usr/include/c++/12/bits/foo.hpp:12:3: error: static assertion failed: no',
      ],
    ],
    [
      'a shell that finds no tool',
      'compile change',
      ['swig -python x.i', '/bin/sh: 1: swig: not found', 'make: *** [Makefile:3: x_wrap.c] Error 127'],
    ],
    [
      'a crash of clang',
      'compile environment',
      [
        'PLEASE submit a bug report to https://github.com/llvm/llvm-project/issues/ and include the crash backtrace.',
        'clang++: error: clang frontend command failed with exit code 139 (use -v to see invocation)',
      ],
    ],
    [
      'clang’s missing include',
      'compile change src/a.cpp:1',
      [
        "@/src/a.cpp:1:10: fatal error: 'gone.h' file not found",
        '#include "gone.h"',
        '         ^~~~~~~~',
        '1 error generated.',
      ],
    ],
  ])('%s', (_name, expected, lines) => {
    expect(short('build', lines)).toBe(expected);
  });
});

describe('linkers', () => {
  it.each<Row>([
    [
      'a library that is not linked',
      'link change',
      [
        "/usr/bin/ld: a.o: undefined reference to symbol 'dlsym@@GLIBC_2.2.5'",
        '/usr/bin/ld: /lib/libdl.so.2: error adding symbols: DSO missing from command line',
        'collect2: error: ld returned 1 exit status',
      ],
    ],
    [
      'a missing object',
      'link change',
      ['/usr/bin/ld: cannot find solver.o: No such file or directory', 'collect2: error: ld returned 1 exit status'],
    ],
    [
      'a relocation that does not reach',
      'link change',
      [
        "a.f90:(.text+0x7): relocation truncated to fit: R_X86_64_PC32 against `.bss'",
        'collect2: error: ld returned 1 exit status',
      ],
    ],
    [
      'a hidden symbol',
      'link change',
      [
        "/usr/bin/ld: x: hidden symbol `f' in libq.a(q.o) is referenced by DSO",
        '/usr/bin/ld: final link failed: bad value',
        'collect2: error: ld returned 1 exit status',
      ],
    ],
    [
      'mold without a library',
      'link change',
      ['mold: fatal: library not found: gone', 'collect2: error: ld returned 1 exit status'],
    ],
    [
      'mold with a duplicate',
      'link change',
      ['mold: error: duplicate symbol: a.o: b.o: k', 'collect2: error: ld returned 1 exit status'],
    ],
    [
      'lld with a duplicate',
      'link change',
      [
        'ld.lld: error: duplicate symbol: k',
        '>>> defined at a.c',
        'clang: error: linker command failed with exit code 1 (use -v to see invocation)',
      ],
    ],
    [
      'gold',
      'link change',
      ["/tmp/a.o:a.c:function main: error: undefined reference to 'f'", 'collect2: error: ld returned 1 exit status'],
    ],
    [
      'macOS, no library',
      'link change',
      [
        'ld: library not found for -lgone',
        'clang: error: linker command failed with exit code 1 (use -v to see invocation)',
      ],
    ],
    [
      'macOS, no symbol',
      'link change',
      [
        'Undefined symbols for architecture arm64:',
        '  "_f", referenced from:',
        '      _main in a.o',
        'ld: symbol(s) not found for architecture arm64',
        'clang: error: linker command failed with exit code 1 (use -v to see invocation)',
      ],
    ],
    [
      'libtool',
      'link change',
      [
        "libtool:   error: cannot find the library '../lib/libq.la' or unhandled argument '../lib/libq.la'",
        'make[2]: *** [Makefile:400: prog] Error 1',
      ],
    ],
    ['nvlink', 'link change', ["nvlink error   : Undefined reference to '_Z3foov' in 'CMakeFiles/k.dir/a.o'"]],
    ['a device function without its body', 'link change', ["ptxas fatal   : Unresolved extern function '_Z3foov'"]],
    [
      'icpx',
      'link change',
      [
        '/usr/bin/ld: cannot find -lsycl9: No such file or directory',
        'icpx: error: linker command failed with exit code 1 (use -v to see invocation)',
      ],
    ],
    [
      'nothing but the driver’s word',
      'link change',
      ['collect2: error: ld returned 1 exit status', 'make: *** [Makefile:3: a] Error 1'],
    ],
    [
      'Fortran’s main program',
      'link change',
      [
        "/usr/bin/ld: /usr/lib/crt1.o: in function `_start':",
        "(.text+0x1b): undefined reference to `main'",
        'collect2: error: ld returned 1 exit status',
      ],
    ],
    [
      'objects of another LTO version',
      'link environment',
      [
        "lto1: fatal error: bytecode stream in file 'x.o' generated with LTO version 11.0 instead of the expected 12.0",
        'compilation terminated.',
        'lto-wrapper: fatal error: /usr/bin/gcc returned 1 exit status',
        '/usr/bin/ld: error: lto-wrapper failed',
        'collect2: error: ld returned 1 exit status',
      ],
    ],
  ])('%s', (_name, expected, lines) => {
    expect(short('build', lines)).toBe(expected);
  });
});

describe('configure steps', () => {
  it.each<readonly [name: string, step: string, expected: string, lines: readonly string[]]>([
    [
      'no C compiler',
      'configure',
      'configure environment',
      ['checking for gcc... no', 'configure: error: no acceptable C compiler found in $PATH'],
    ],
    [
      'programs that do not run',
      'configure',
      'configure environment',
      ["configure: error: in `/b':", 'configure: error: cannot run C compiled programs.'],
    ],
    [
      'missing auxiliary files',
      'configure',
      'configure change',
      ['configure: error: cannot find required auxiliary files: install-sh config.guess config.sub'],
    ],
    [
      'shell syntax',
      'configure',
      'configure change configure:2345',
      ["@/configure: line 2345: syntax error near unexpected token `FOO,'"],
    ],
    [
      'an indented message of PETSc’s kind',
      'configure',
      'configure change',
      [
        '*******************************************************************************',
        '         UNABLE to CONFIGURE with GIVEN OPTIONS    (see configure.log for details):',
        '-------------------------------------------------------------------------------',
        'Unable to find parmetis in default locations!',
        '*******************************************************************************',
      ],
    ],
    [
      'aclocal',
      'autoreconf',
      'configure change',
      [
        "aclocal: error: couldn't open directory 'm4': No such file or directory",
        'autoreconf: error: aclocal failed with exit status: 1',
      ],
    ],
    [
      'automake',
      'autoreconf',
      'configure change src/Makefile.am:4',
      ["src/Makefile.am:4: error: Libtool library used but 'LIBTOOL' is undefined"],
    ],
    [
      'no Fortran compiler',
      'cmake',
      'configure environment CMakeLists.txt:3',
      ['CMake Error at CMakeLists.txt:3 (project):', '  No CMAKE_Fortran_COMPILER could be found.'],
    ],
    [
      'variables that are not found',
      'cmake',
      'configure change',
      [
        'CMake Error: The following variables are used in this project, but they are set to NOTFOUND.',
        'Please set them or make sure they are set and tested correctly in the CMake files:',
        'FFTW_LIB',
      ],
    ],
    [
      'an error in a directory',
      'cmake',
      'configure change',
      ['CMake Error in src/CMakeLists.txt:', '  Imported target "X::x" includes non-existent path'],
    ],
    [
      'a parse error',
      'cmake',
      'configure change CMakeLists.txt:9',
      [
        'CMake Error at CMakeLists.txt:9:',
        '  Parse error.  Function missing ending ")".  Instead found unterminated',
        '  bracket with text "x".',
      ],
    ],
    [
      'the unquoted old form',
      'cmake',
      'configure change cmake/x.cmake:9',
      [
        'CMake Error: Error in cmake code at',
        '@/cmake/x.cmake:9:',
        'Parse error.  Expected a newline, got identifier with text "y".',
      ],
    ],
    [
      'a config file that refuses',
      'cmake',
      'configure change CMakeLists.txt:20',
      [
        'CMake Error at /spack/store/hdf5-1.14-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/cmake/hdf5-config.cmake:12 (message):',
        '  HDF5 was built without MPI',
        'Call Stack (most recent call first):',
        '  CMakeLists.txt:20 (find_package)',
      ],
    ],
    [
      'Meson, a program',
      'meson',
      'configure change meson.build:7',
      ["@/meson.build:7:0: ERROR: Program 'swig' not found or not executable"],
    ],
    [
      'Meson, below the root',
      'meson',
      'configure change lib/meson.build:3',
      ['../spack-src/lib/meson.build:3:4: ERROR: Unknown variable "x".'],
    ],
    [
      'Meson without a place',
      'meson',
      'configure change',
      ['ERROR: Neither source directory nor build directory contain a build file meson.build.'],
    ],
    [
      'a compiler check that Meson cannot pass',
      'meson',
      'configure environment',
      ['../spack-src/meson.build:1:0: ERROR: Compiler cc cannot compile programs.'],
    ],
  ])('%s', (_name, step, expected, lines) => {
    expect(short(step, lines).replace(/^(configure environment) meson\.build:1$/, '$1')).toBe(expected);
  });
});

describe('installs and wheels', () => {
  it.each<readonly [name: string, step: string, expected: string, lines: readonly string[]]>([
    [
      'cp',
      'install',
      'install change',
      ["cp: cannot stat 'build/x.so': No such file or directory", 'make: *** [Makefile:9: install] Error 1'],
    ],
    [
      'a place outside the prefix',
      'install',
      'install change',
      [
        "install: cannot create regular file '/usr/local/bin/x': Permission denied",
        'make: *** [Makefile:9: install] Error 1',
      ],
    ],
    [
      'a compiler that runs only now',
      'install',
      'compile change src/a.c:3',
      ["@/src/a.c:3:1: error: unknown type name 'foo'", 'make: *** [Makefile:9: install] Error 1'],
    ],
    [
      'setup.py that imports what is not there',
      'pip',
      'install change',
      [
        '  Traceback (most recent call last):',
        '    File "@/setup.py", line 3, in <module>',
        '      import numpy',
        "  ModuleNotFoundError: No module named 'numpy'",
        '  error: subprocess-exited-with-error',
        'ERROR: Failed building wheel for heat3d',
      ],
    ],
    [
      'an extension that does not compile',
      'pip',
      'compile change src/a.c:3',
      [
        "  src/a.c:3:10: error: 'gone' undeclared (first use in this function)",
        "  error: command '/spack/store/gcc' failed with exit code 1",
        '  ERROR: Failed building wheel for heat3d',
      ],
    ],
    [
      'a wheel through CMake',
      'pip',
      'configure change CMakeLists.txt:5',
      [
        '  CMake Error at CMakeLists.txt:5 (find_package):',
        '    Could not find a package configuration file provided by "pybind11"',
        '',
        '  *** CMake configuration failed',
        '  ERROR: Failed building wheel for heat3d',
      ],
    ],
  ])('%s', (_name, step, expected, lines) => {
    expect(short(step, lines)).toBe(expected);
  });
});

describe('ci R32: a step that fails without a word', () => {
  it.each<readonly [name: string, step: string, expected: string, lines: readonly string[]]>([
    [
      'is nobody’s: it may have been the machine',
      'build',
      'compile unknown',
      ['make[1]: *** [Makefile:4: data] Error 6', 'make: *** [Makefile:2: all] Error 2'],
    ],
    ['is nobody’s at install either', 'install', 'install unknown', ['make: *** [Makefile:2: install] Error 1']],
    [
      'is nobody’s with ninja',
      'build',
      'compile unknown',
      ['FAILED: x.h', 'python3 gen.py x.h', 'ninja: build stopped: subcommand failed.'],
    ],
    [
      'but what a step of ninja writes after its name counts',
      'build',
      'compile change',
      ['FAILED: x.h', 'python3 gen.py x.h', "KeyError: 'schema'", 'ninja: build stopped: subcommand failed.'],
    ],
    ['but a missing program is a word', 'build', 'compile change', ['make: *** [Makefile:2: all] Error 127']],
    [
      'but what its tool says counts',
      'build',
      'compile change',
      ["KeyError: 'schema'", 'make: *** [Makefile:2: all] Error 1'],
    ],
  ])('%s', (_name, step, expected, lines) => {
    expect(short(step, lines)).toBe(expected);
  });
});

describe('ci R32: no memory, no disk, no network, in the words of many tools', () => {
  it.each<Row>([
    [
      'clang',
      'out-of-memory infrastructure',
      [
        'clang++: error: unable to execute command: Killed',
        'clang++: error: clang frontend command failed due to signal (use -v to see invocation)',
      ],
    ],
    ['LLVM', 'out-of-memory infrastructure', ['LLVM ERROR: out of memory', 'make: *** [x] Error 1']],
    [
      'cc1plus',
      'out-of-memory infrastructure',
      ['cc1plus: out of memory allocating 65536 bytes after a total of 1048576 bytes'],
    ],
    [
      'the linker',
      'out-of-memory infrastructure',
      ['collect2: fatal error: ld terminated with signal 9 [Killed]', 'compilation terminated.'],
    ],
    ['nvcc', 'out-of-memory infrastructure', ["nvcc error   : 'cicc' died due to signal 9 (Kill signal)"]],
    [
      'ifort',
      'out-of-memory infrastructure',
      ['ifort: error #10106: Fatal error in /opt/intel/bin/fortcom, terminated by kill signal'],
    ],
    [
      'rustc',
      'out-of-memory infrastructure',
      [
        'error: could not compile `heat`',
        'Caused by:',
        "  process didn't exit successfully: `rustc --crate-name heat` (signal: 9, SIGKILL: kill)",
      ],
    ],
    [
      'Java',
      'out-of-memory infrastructure',
      ['Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'],
    ],
    ['ninja', 'out-of-memory infrastructure', ['ninja: fatal: posix_spawn: Cannot allocate memory']],
    [
      'a compiler’s temporary file',
      'disk-full infrastructure',
      ['@/a.c:12:1: fatal error: error writing to /tmp/cc1.s: No space left on device'],
    ],
    ['a quota', 'disk-full infrastructure', ['ar: libx.a: Disk quota exceeded', 'make: *** [x] Error 1']],
    [
      'git',
      'fetch infrastructure',
      [
        "fatal: unable to access 'https://example.org/x.git/': Could not resolve host: example.org",
        'make: *** [Makefile:4: deps] Error 128',
      ],
    ],
    [
      'pip',
      'fetch infrastructure',
      [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/x/",
        'ERROR: Could not find a version that satisfies the requirement x',
        'make: *** [Makefile:4: deps] Error 1',
      ],
    ],
    [
      'cargo',
      'fetch infrastructure',
      [
        '    Updating crates.io index',
        'error: failed to get `serde` as a dependency of package `heat v0.1.0 (@)`',
        'Caused by:',
        '  download of config.json failed',
        '  [6] Could not resolve hostname (Could not resolve host: index.crates.io)',
      ],
    ],
    [
      'too many processes',
      'unknown infrastructure',
      ['make: fork: Resource temporarily unavailable', 'make: *** [Makefile:4: x] Error 2'],
    ],
    [
      'a file system that went away',
      'unknown infrastructure',
      ['cc1: fatal error: /spack/stage/x.c: Stale file handle'],
    ],
    [
      'a disk that fails',
      'unknown infrastructure',
      ['/usr/bin/ld: libx.a: Input/output error', 'collect2: error: ld returned 1 exit status'],
    ],
  ])('%s', (_name, expected, lines) => {
    expect(short('build', lines)).toBe(expected);
  });
});
