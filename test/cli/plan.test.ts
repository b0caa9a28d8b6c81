import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { plan } from '../../src/cli/plan.js';
import { run } from './run-command.js';

const HEAD = '1234567890abcdef1234567890abcdef12345678';
const pull = {
  repository: 'hypre-space/hypre',
  number: 12,
  baseSha: 'fedcba0987654321fedcba0987654321fedcba09',
  headSha: HEAD,
  baseRef: 'master',
  draft: false,
  fork: false,
  author: 'octocat',
  permission: 'write',
  labels: [],
  files: ['src/a.c'],
};

const root = mkdtempSync(path.join(os.tmpdir(), 'spokebot-plan-'));
afterAll(() => rmSync(root, { recursive: true }));
let files = 0;
function fileOf(...lines: readonly unknown[]): string {
  const file = path.join(root, `${files++}.jsonl`);
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return file;
}

describe('plan', () => {
  it('answers with the documented keys and nothing else', async () => {
    const { code, stdout, stderr } = await run(plan, [fileOf(pull), '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      repository: 'hypre-space/hypre',
      number: 12,
      checks: [
        {
          name: 'spokebot / install hypre',
          spec: `hypre@git.${HEAD}`,
          pool: 'linux',
          required: true,
          needsApproval: false,
          reasons: [
            expect.stringContaining('hypre-space/hypre is where hypre'),
            'It runs because src/a.c changed.',
            'The author may write to hypre-space/hypre.',
          ],
        },
      ],
      skipped: [],
    });
    expect(Object.keys(JSON.parse(stdout).checks[0])).toEqual([
      'name',
      'spec',
      'pool',
      'required',
      'needsApproval',
      'reasons',
    ]);
  });

  it('answers in order, and a bad line is told with its number and left out', async () => {
    const file = fileOf(pull, '{"repository": ', '', { ...pull, headSha: 'main' }, { ...pull, number: 13, extra: 1 });
    const { code, stdout, stderr } = await run(plan, [file, '--json']);
    expect(code).toBe(1);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).number),
    ).toEqual([12, 13]);
    expect(stderr).toMatch(
      /^line 2: not JSON .*; skipped\nline 4: "headSha" must be a full commit SHA \(40 hex digits\); skipped\n$/,
    );
  });

  it.each([
    ['a fork', { fork: true }, true],
    ['a reader', { permission: 'read' }, true],
    ['an unknown permission', { permission: null }, true],
    ['an unknown origin', { fork: null }, true],
    ['a maintainer', { permission: 'maintain' }, false],
  ])('%s needs approval: where a pool has no sandbox', async (_name, change, needs) => {
    const { stdout } = await run(plan, [fileOf({ ...pull, ...change }), '--json']);
    expect(JSON.parse(stdout).checks.map((check: { needsApproval: boolean }) => check.needsApproval)).toEqual([needs]);
  });

  it.each([
    [
      'a stranger',
      { repository: 'octocat/hello-world' },
      "The hub's catalogue does not name octocat/hello-world, so nothing is checked here.",
    ],
    [
      'a draft',
      { draft: true },
      'Drafts are not built; the check runs when the pull request is marked ready for review.',
    ],
  ])('%s gets no check and a reason, which is no failure of the command', async (_name, change, reason) => {
    const { code, stdout } = await run(plan, [fileOf({ ...pull, ...change }), '--json']);
    const answer = JSON.parse(stdout);
    expect([code, answer.checks, answer.skipped.map((one: { reason: string }) => one.reason)]).toEqual([
      0,
      [],
      [reason],
    ]);
  });

  it('every product of the packaged hub with a package on GitHub can be planned', async () => {
    const { stdout } = await run(plan, [
      fileOf({ ...pull, repository: 'KOKKOS/kokkos' }, { ...pull, repository: 'HDFGroup/hdf5' }),
      '--json',
    ]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).checks[0].spec),
    ).toEqual([`kokkos@git.${HEAD}`, `hdf5@git.${HEAD}`]);
  });

  it('reads standard input, and is for people at a terminal only', async () => {
    const out: string[] = [];
    const sink = (isTTY: boolean) => ({ write: (text: string) => out.push(text), isTTY });
    const io = (isTTY: boolean) => ({
      stdin: Readable.from([`\ufeff${JSON.stringify(pull)}\r\n`]),
      stdout: sink(isTTY),
      stderr: sink(isTTY),
      env: {},
    });
    expect(await plan.run(['-'], io(false))).toBe(0);
    expect(JSON.parse(out.splice(0).join(''))).toMatchObject({ repository: 'hypre-space/hypre', number: 12 });
    expect(await plan.run(['-'], io(true))).toBe(0);
    expect(out.join('')).toMatch(
      /^hypre-space\/hypre#12\n {2}spokebot \/ install hypre {2}\(required\)\n {4}hypre@git\.[0-9a-f]{40} on pool linux\n {4}- /,
    );
  });

  it.each([
    [['a', 'b'], /One file at most/],
    [['--nope'], /Unknown option '--nope'/],
    [['/nonexistent'], /Cannot read \/nonexistent/],
    [['.'], /Cannot read \.: it is a directory/],
    [['--hub', '/nonexistent'], /\/nonexistent is no hub/],
  ])('wrong use %j is told and exits 2', async (args, message) => {
    const { code, stderr } = await run(plan, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
