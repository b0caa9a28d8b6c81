/** Two failures are the same when nothing but place and time differs. */
import { describe, expect, it } from '@jest/globals';
import { isSameFailure, signatureOf } from '../../../src/ci/diagnose/signature.js';
import { diagnose } from '../../../src/ci/diagnose.js';
import type { Verdict } from '../../../src/ci/verdict.js';

/** A failed build of heat3d at a commit, whose log said `lines`; `@` is the root of its source. */
function failure(
  lines: readonly string[],
  { sha = 'a'.repeat(40), hash = 'b'.repeat(32), root = '/spack/stage/user', testLog = '' } = {},
): Verdict {
  const stage = `${root}/spack-stage-heat3d-git.${sha}_1.4-${hash}`;
  return diagnose({
    stdout: `==> Installing heat3d-git.${sha}=1.4-${hash} [7/7]\n==> heat3d: Executing phase: 'build'\n`,
    stderr: `==> Error: ProcessError: Command exited with status 2:\n    '/usr/bin/make' '-j8'${testLog === '' ? '' : " 'test'"}\nSee build log for details:\n  ${stage}/spack-build-out.txt\n`,
    buildLog: [
      "==> heat3d: Executing phase: 'build'",
      ...lines.map((line) => line.replaceAll('@', `${stage}/spack-src`)),
      '',
    ].join('\n'),
    testLog,
    exitCode: 1,
    signal: null,
    timedOut: false,
    cancelled: false,
    trouble: null,
    product: 'heat3d',
  });
}
const elsewhere = { sha: '9'.repeat(40), hash: 'c'.repeat(32), root: '/scratch/ci-7/work' };
const same = (now: Verdict, before: Verdict) => isSameFailure(signatureOf(now)!, signatureOf(before)!);

describe('the same failure', () => {
  it.each<[string, string[], string[]]>([
    ['lines that have moved', ["@/src/a.c:12:3: error: 'x' undeclared"], ["@/src/a.c:340:9: error: 'x' undeclared"]],
    [
      'the order of a parallel build',
      ["@/a.c:1:3: error: 'x' undeclared", '@/b.c:2:1: error: no type'],
      ['@/b.c:9:1: error: no type', "@/a.c:1:3: error: 'x' undeclared"],
    ],
    [
      'a build that stopped earlier',
      ["@/a.c:1:3: error: 'x' undeclared"],
      ["@/a.c:1:3: error: 'x' undeclared", '@/b.c:2:1: error: no type'],
    ],
    [
      'addresses of an object',
      ["/tmp/ccA1.o: in function `main':", "a.c:(.text+0x1a): undefined reference to `solve'"],
      ["/tmp/ccB9.o: in function `main':", "a.c:(.text+0x5): undefined reference to `solve'"],
    ],
    ['quotes of another locale', ["@/src/a.c:12:3: error: 'x' undeclared"], ['@/src/a.c:12:3: error: ‘x’ undeclared']],
    [
      'a prefix with another hash',
      [`/usr/bin/ld: cannot find /p/mpi-4.1-${'d'.repeat(32)}/lib/libmpi.so: No such file or directory`],
      [`/usr/bin/ld: cannot find /q/mpi-4.1-${'e'.repeat(32)}/lib/libmpi.so: No such file or directory`],
    ],
    [
      'the step of make',
      ['make[2]: *** [Makefile:30: x] Error 1', "make[1]: *** No rule to make target 'gone.c', needed by 'x'.  Stop."],
      ['make[2]: *** [Makefile:77: x] Error 1', "make[1]: *** No rule to make target 'gone.c', needed by 'x'.  Stop."],
    ],
  ])('survives %s', (_name, now, before) => {
    expect(same(failure(now, elsewhere), failure(before))).toBe(true);
  });

  it.each<[string, string[], string[]]>([
    ['another message', ["@/src/a.c:12:3: error: 'y' undeclared"], ["@/src/a.c:12:3: error: 'x' undeclared"]],
    ['another file', ["@/src/b.c:12:3: error: 'x' undeclared"], ["@/src/a.c:12:3: error: 'x' undeclared"]],
    [
      'an error more',
      ["@/a.c:1:3: error: 'x' undeclared", '@/b.c:2:1: error: no type'],
      ["@/a.c:1:3: error: 'x' undeclared"],
    ],
    ['another category', ["a.c:(.text+0x1a): undefined reference to `x'"], ["@/src/a.c:12:3: error: 'x' undeclared"]],
    [
      'another symbol',
      ["a.c:(.text+0x1a): undefined reference to `solve'"],
      ["a.c:(.text+0x1a): undefined reference to `init'"],
    ],
  ])('is not one with %s', (_name, now, before) => {
    expect(same(failure(now), failure(before))).toBe(false);
  });

  it('tells tests by their names', () => {
    const log = (name: string, seconds: string) =>
      `1/2 Test #2: ${name} ....***Failed  ${seconds} sec\nThe following tests FAILED:\n\t  2 - ${name} (Failed)\n`;
    const now = failure([], { ...elsewhere, testLog: log('step1', '0.91') });
    expect(same(now, failure([], { testLog: log('step1', '12.00') }))).toBe(true);
    expect(same(now, failure([], { testLog: log('step2', '12.00') }))).toBe(false);
  });

  it('a pass, a machine’s failure and what nobody understands have no signature', () => {
    const broken = failure(["@/src/a.c:12:3: error: 'x' undeclared"]);
    expect(signatureOf({ ...broken, outcome: 'passed', category: null, fault: null })).toBeNull();
    expect(signatureOf({ ...broken, category: 'fetch', fault: 'infrastructure' })).toBeNull();
    expect(signatureOf({ ...broken, category: 'unknown', fault: 'unknown' })).toBeNull();
  });
});
