import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/cli/diagnose.js';
import { run } from './run-command.js';

const recording = (name: string) => fileURLToPath(new URL(`../fixtures/recordings/${name}`, import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), 'spokebot-diagnose-'));
afterAll(() => rmSync(root, { recursive: true }));

const compile = ['--stdout', recording('fail-compile.stdout.log'), '--stderr', recording('fail-compile.stderr.log')];

describe('diagnose', () => {
  it('answers with the documented keys and exits 1 for a failure', async () => {
    const { code, stdout, stderr } = await run(diagnose, [...compile, '--exit-code', '1', '--json']);
    expect([code, stderr]).toEqual([1, '']);
    const verdict = JSON.parse(stdout);
    expect(Object.keys(verdict)).toEqual([
      'outcome',
      'category',
      'fault',
      'package',
      'phase',
      'summary',
      'excerpt',
      'annotations',
      'retryable',
    ]);
    expect(verdict).toMatchObject({
      outcome: 'failed',
      category: 'compile',
      fault: 'change',
      package: 'fmt',
      phase: 'build',
      summary: "fmt fails to compile: src/format.cc:28: expected ';' before 'static'",
      annotations: [
        { path: 'src/format.cc', line: 28, column: 61, level: 'failure', message: "expected ';' before 'static'" },
      ],
      retryable: false,
    });
    expect(verdict.excerpt).toContain("spack-src/src/format.cc:28:61: error: expected ';' before 'static'");
  });

  it.each([
    ['an empty log', '', []],
    ['no log at all', '# A project\n\nSome words about it.\n', ['--exit-code', '1']],
  ])('does not guess whether a second try would end otherwise: %s', async (_name, text, more) => {
    const file = path.join(root, 'empty.log');
    writeFileSync(file, text);
    const { code, stdout } = await run(diagnose, [file, ...more]);
    expect(code).toBe(1);
    expect(stdout).toContain('  again  not known\n');
  });

  it('exits 0 for a run that passed', async () => {
    const { code, stdout } = await run(diagnose, [
      recording('hypre-install.stdout.log'),
      '--exit-code',
      '0',
      '--product',
      'hypre',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'passed',
      category: null,
      fault: null,
      package: null,
      phase: null,
      retryable: false,
    });
  });

  it('takes one combined log in either order of its streams', async () => {
    const parts = ['fail-compile.stdout.log', 'fail-compile.stderr.log'].map((name) =>
      readFileSync(recording(name), 'utf8'),
    );
    for (const order of [parts, [...parts].reverse()]) {
      const file = path.join(root, 'combined.log');
      writeFileSync(file, order.join(''));
      const { stdout } = await run(diagnose, [file, '--exit-code', '1', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        category: 'compile',
        fault: 'change',
        package: 'fmt',
        phase: 'build',
        annotations: [{ line: 28 }],
      });
    }
  });

  it.each([
    [['--signal', 'SIGKILL'], 'killed'],
    [['--signal', 'KILL'], 'killed'],
    [['--signal', 'term'], 'killed'],
    [['--signal', 'INT'], 'interrupted'],
    [['--exit-code', '-15'], 'killed'],
    [['--exit-code', '137'], 'killed'],
    [['--timed-out', '--signal', 'TERM'], 'timeout'],
    [['--timed-out'], 'timeout'],
  ])('%j is %s', async (flags, category) => {
    const { stdout } = await run(diagnose, [recording('fail-killed-sigkill-group.stdout.log'), ...flags, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', category, package: 'fmt', phase: 'build' });
  });

  it('reads standard input', async () => {
    const out: string[] = [];
    const sink = { write: (text: string) => out.push(text) };
    const io = {
      stdin: Readable.from([readFileSync(recording('fail-lock-timeout.stderr.log'))]),
      stdout: sink,
      stderr: sink,
      env: {},
    };
    expect(await diagnose.run(['-', '--exit-code', '1', '--json'], io)).toBe(1);
    expect(JSON.parse(out.join(''))).toMatchObject({ category: 'lock', fault: 'infrastructure', retryable: true });
  });

  it('without --json it is for people, and shows no control characters', async () => {
    const file = path.join(root, 'colours.log');
    writeFileSync(
      file,
      readFileSync(compile[3]!, 'utf8').replace('error: expected', '\u001b[31merror:\u001b[0m \u0007expected'),
    );
    const { stdout } = await run(diagnose, ['--stderr', file, '--exit-code', '1']);
    expect(stdout).toMatch(
      /^failed: fmt fails to compile: src\/format\.cc:28: .*\n {2}what {3}compile\n {2}whose {2}change\n {2}where {2}fmt, phase build\n/,
    );
    expect(stdout).not.toMatch(/(?![\n\t])\p{Cc}/u);
  });

  it.each([
    [[], /Name a log/],
    [['a', 'b'], /One combined log at most/],
    [['-', '--stderr', '-'], /Standard input can be one/],
    [['/nonexistent'], /Cannot read \/nonexistent/],
    [['--exit-code', 'x'], /--exit-code needs a whole number/],
    [['--exit-code', '1', '--signal', 'TERM'], /not both/],
    [['--signal', 'SIGNOPE'], /--signal needs the name of a signal/],
    [['--product', 'A B', '--exit-code', '0'], /--product needs the name of a Spack package/],
    [['--nope'], /Unknown option '--nope'/],
  ])('wrong use %j is told and exits 2', async (args, message) => {
    const { code, stdout, stderr } = await run(diagnose, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
