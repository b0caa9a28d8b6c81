import { expect, test } from '@jest/globals';
import { errorSignatures, normaliseLine } from '../../../src/triage/duplicates/signature.js';
import { readBlocks } from '../../../src/triage/markdown.js';

test.each([
  [
    "/home/octocat/spack/stage/src/amg.c:41:9: error: unknown type name 'HYPRE_BigInt'",
    "  >> 1207  /tmp/hubot/spack-stage-hypre-2.31.0-abcdefghijklmnopqrstuvwxyz234567/spack-src/src/amg.c:44: error: unknown type name 'HYPRE_BigInt'",
  ],
  [
    'CMake Error at /usr/a/lib/cmake/Kokkos/KokkosConfig.cmake:12 (find_package): Could not find HIP 5.4.3',
    'CMake Error at /b/lib64/cmake/Kokkos/KokkosConfig.cmake:19 (find_package): Could not find HIP v6.0',
  ],
  [
    '2026-01-02 03:04:05 [0x7ffde1] illegal access in apply_kernel',
    '2025-11-12T13:14:15Z [0xdeadbeef] illegal access in apply_kernel',
  ],
  [
    '\u001b[31mSolverError: no convergence in gmres after 120 steps\u001b[0m',
    'SolverError: no convergence in gmres after 99 steps',
  ],
])('%j and %j are the same error', (a, b) => {
  expect(normaliseLine(a)).toBe(normaliseLine(b));
  expect(normaliseLine(a)).not.toBe('');
});

test.each([
  ["error: unknown type name 'HYPRE_BigInt'", "error: unknown type name 'HYPRE_Complex'"],
  ['undefined reference to `dgemm_`', 'undefined reference to `zgemm_`'],
])('%j and %j are two errors', (a, b) => {
  expect(normaliseLine(a)).not.toBe(normaliseLine(b));
});

const signatures = (title: string, body: string) => errorSignatures(title, readBlocks(body)).map(({ text }) => text);

test('errors are read from logs and from what looks like a message, not from sentences and templates', () => {
  expect(signatures('Crash', '```\namg.c:1:2: error: unknown type name HYPRE_BigInt\n```')).toEqual([
    'amg.c error unknown type name hypre_bigint',
  ]);
  expect(signatures('ValueError: mesh has no boundary elements', '')).toEqual([
    'valueerror mesh has no boundary elements',
  ]);
  expect(signatures('Crash', 'It fails and an error is shown, see the traceback that I could not find.')).toEqual([]);
  expect(signatures('Crash', '> amg.c:1:2: error: unknown type name HYPRE_BigInt')).toEqual([]);
});

test('what every failing build says is left out, and each error stands once', () => {
  const log = [
    '==> Error: ProcessError: Command exited with status 2:',
    "ld: undefined reference to `foo_bar_baz'",
    'x.o: undefined reference to `foo_bar_baz_two`',
    'make[2]: *** [all] Error 2',
  ];
  expect(signatures('Crash', `\`\`\`\n${[...log, ...log].join('\n')}\n\`\`\``).length).toBeLessThanOrEqual(2);
});
