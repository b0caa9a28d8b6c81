/** What holds of every output of a build: a failure is the same one elsewhere, and what a worker cuts and sends can be kept. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzLogs } from '../../bench/fuzz/logs.js';
import { signatureOf } from '../../src/ci/diagnose/signature.js';
import { diagnose } from '../../src/ci/diagnose.js';
import { buildSpec } from '../../src/ci/spec.js';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const place = fc.record({
  root: fc.constantFrom('/spack/stage/user', '/scratch/ci-7/work', '/tmp/a', '/home/octocat/spack-stage'),
  sha: hex(40),
  hash: fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: 32, maxLength: 32 }),
  lines: fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 3, maxLength: 3 }),
  column: fc.integer({ min: 1, max: 200 }),
});
const errors = fc.uniqueArray(
  fc.constantFrom(
    "'x' undeclared",
    'no member named y',
    'expected ; before }',
    'unknown type name z',
    'cannot convert a to b',
  ),
  { minLength: 1, maxLength: 3 },
);

function failed(messages: readonly string[], at: typeof place extends fc.Arbitrary<infer T> ? T : never) {
  const stage = `${at.root}/spack-stage-heat3d-git.${at.sha}_1.4-${at.hash}/spack-src`;
  return diagnose({
    stdout: `==> Installing heat3d-git.${at.sha}=1.4-${at.hash} [7/7]\n==> heat3d: Executing phase: 'build'\n`,
    stderr: `==> Error: ProcessError: Command exited with status 2:\n    '/usr/bin/make' '-j8'\n`,
    buildLog: messages.map((said, n) => `${stage}/src/f${n}.c:${at.lines[n]}:${at.column}: error: ${said}\n`).join(''),
    ...{ testLog: '', exitCode: 1, signal: null, timedOut: false, cancelled: false, trouble: null, product: 'heat3d' },
  });
}

describe('properties', () => {
  test('a failure has one signature, wherever it was built, of which commit, and on which line', () => {
    fc.assert(
      fc.property(errors, place, place, (said, here, there) => {
        expect(signatureOf(failed(said, here))).toBe(signatureOf(failed(said, there)));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  test('another error is another failure', () => {
    fc.assert(
      fc.property(errors, errors, place, (one, other, here) => {
        fc.pre([...one].sort().join() !== [...other].sort().join());
        expect(signatureOf(failed(one, here))).not.toBe(signatureOf(failed(other, here)));
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  test('what may stand in a spec is one argument and one line, and says the same when it is read again', () => {
    const part = fc.constantFrom(
      '+mpi',
      '~cuda',
      'precision=double',
      '%gcc@12',
      '^openblas@0.3:',
      ' ',
      '\n',
      ';',
      '$(id)',
      '"',
      '@1',
      'dev_path=/x',
      '--',
      '^',
      '%',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const request = { package: 'hypre', headSha: 'a'.repeat(40), version: null };
        const built = buildSpec({ ...request, constraints: parts.join('') });
        if (!built.ok) return expect(built.problem).toMatch(/^[\x20-\x7e…]+$/);
        expect(built.spec).toMatch(/^hypre@git\.a{40}[A-Za-z0-9_@:=,.+~%^* /-]*$/);
        expect(built.spec).not.toMatch(/dev_path| -/);
        const again = buildSpec({ ...request, constraints: built.spec.slice(`hypre@git.${'a'.repeat(40)}`.length) });
        expect(again).toEqual(built);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test('output of any kind leaves the worker in chunks that can be kept, and is never taken for a success', async () => {
    const { failures } = await fuzzLogs({ megabytes: 1, program: false });
    expect(failures.filter((each) => !each.includes('of the processor'))).toEqual([]);
  });
});
