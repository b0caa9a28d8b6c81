import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/cli/command.js';
import { triage } from '../../src/cli/triage.js';

const HUB = `name: Small hub
fallback: peso
labels:
  - { name: 'kind: bug', color: 'd73a4a' }
  - { name: 'spoke: {spoke}', color: '5319e7' }
`;
const PRODUCT = `id: hypre
name: hypre
spokes: [fastmath, xsdk]
repository: hypre-space/hypre
spack: { packages: [{ name: hypre }] }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spokebot-triage-'));
  await mkdir(path.join(folder, 'hub/spokes'), { recursive: true });
  await mkdir(path.join(folder, 'hub/products'));
  await writeFile(path.join(folder, 'hub/hub.yml'), HUB);
  for (const id of ['peso', 'fastmath', 'xsdk'])
    await writeFile(path.join(folder, `hub/spokes/${id}.yml`), `id: ${id}\nname: ${id}\n`);
  await writeFile(path.join(folder, 'hub/products/hypre.yml'), PRODUCT);
  await writeFile(
    path.join(folder, 'hub/products/spack.yml'),
    'id: spack\nname: Spack\nspokes: [peso]\nrepository: spack/spack\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** With the small hub, unless the arguments name one. `env` null means the packaged hub. */
async function run(
  args: readonly string[],
  input = '',
  env: Record<string, string> | null = { SPOKEBOT_HUB: path.join(folder, 'hub') },
  isTTY = false,
) {
  const out: string[] = [];
  const err: string[] = [];
  const sink = (lines: string[]) => ({ write: (text: string) => lines.push(text) });
  const io = {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { ...sink(out), isTTY },
    stderr: sink(err),
    env: env ?? {},
  };
  const code = await triage.run(args, io);
  return { code, out: out.join(''), err: err.join('') };
}

const line = (issue: Record<string, unknown>) => `${JSON.stringify(issue)}\n`;
const ISSUE = { repository: 'hypre-space/hypre', number: 5, title: 'Solver crashes on two ranks' };

describe('spokebot triage --json', () => {
  test('answers a line with the keys of the contract in their order', async () => {
    const { code, out, err } = await run(['--json'], line(ISSUE));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      line({
        repository: 'hypre-space/hypre',
        number: 5,
        product: { id: 'hypre', confidence: 0.965 },
        outside: null,
        spokes: { accountable: 'fastmath', cc: ['xsdk'] },
        kind: { id: 'bug', confidence: 0.7 },
        labels: { add: ['kind: bug', 'spoke: fastmath', 'spoke: xsdk'] },
        owners: [],
        missing: ['version', 'reproducer'],
        mode: 'act',
        candidates: [{ product: 'hypre', score: 0.985 }],
        reasons: ['the issue is in the repository of hypre: "hypre-space/hypre"', 'kind bug: the title says "crashes"'],
      }),
    );
  });

  test('keeps the order, takes null for absent and ignores other keys', async () => {
    const input = [
      line({ ...ISSUE, number: 1, body: null, author: null, labels: null, authorAssociation: null, extra: { a: 1 } }),
      '\n',
      line({ repository: 'spack/spack', title: 'Installation issue: wibble' }),
      line({ ...ISSUE, number: 3 }).trimEnd(),
    ].join('');
    const { code, out } = await run(['--json', '-'], input);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(code).toBe(0);
    expect(answers.map(({ number, product, outside }) => [number, product?.id ?? outside])).toEqual([
      [1, 'hypre'],
      [null, 'wibble'],
      [3, 'hypre'],
    ]);
  });

  test('reports a bad line with its number, skips it and exits with 1', async () => {
    const input = `\ufeff${line(ISSUE)}{"repository": \n${line({ repository: 'x', title: 'a' })}${line({ ...ISSUE, labels: [1] })}[]\n${line(ISSUE)}`;
    const { code, out, err } = await run(['--json'], input);
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(err.split('\n').map((text) => text.replace(/\(.*\)/, '(…)'))).toEqual([
      'line 2: not JSON (…); write one object per line; skipped',
      'line 3: "repository" must be OWNER/NAME; skipped',
      'line 4: "labels.0" must be a string, not the number 1; skipped',
      'line 5: the line must be an object, not a list; skipped',
      '',
    ]);
  });

  test('prints nothing for nothing, and says so beside it', async () => {
    const err = 'There is no line in standard input, so there is nothing to answer.\n';
    for (const input of ['', '\n \n']) expect(await run(['--json'], input)).toEqual({ code: 0, out: '', err });
    const file = path.join(folder, 'empty.jsonl');
    await writeFile(file, '');
    expect((await run([file])).err).toContain(`There is no line in ${file}, so`);
  });

  test('an object that is laid out over several lines is told once how it is to stand', async () => {
    const { code, out, err } = await run(['--json'], JSON.stringify(ISSUE, null, 2));
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n').length).toBeGreaterThan(4);
    expect(err.match(/write one object per line/g)).toHaveLength(1);
  });

  test('a person at a terminal is told that it waits for lines', async () => {
    const stdin = Object.assign(Readable.from([line(ISSUE)]), { isTTY: true });
    const err: string[] = [];
    const io = { stdin, stdout: { write: () => true }, stderr: { write: (text: string) => err.push(text) } };
    expect(await triage.run(['--json'], { ...io, env: { SPOKEBOT_HUB: path.join(folder, 'hub') } })).toBe(0);
    expect(err).toEqual(['Reading JSON lines from the terminal, one object per line; Ctrl-D ends them.\n']);
  });
});

test('at a terminal a person can read it, elsewhere it is JSON', async () => {
  const input = line(ISSUE) + line({ repository: 'spack/spack', title: 'hypre concretizer is slow\u001b[31m' });
  expect(await run([], input)).toEqual(await run(['--json'], input, undefined, true));
  const { out } = await run([], input, undefined, true);
  expect(out).toBe(`hypre-space/hypre#5  Solver crashes on two ranks
  act      hypre (97 %) -> fastmath + xsdk  [bug]
  because  the issue is in the repository of hypre: "hypre-space/hypre"
spack/spack  hypre concretizer is slow [31m
  suggest  hypre or spack -> peso  [performance]
  because  hypre, spack are possible, none is certain
`);
});

describe('files and options', () => {
  test('reads a file', async () => {
    const file = path.join(folder, 'issues.jsonl');
    await writeFile(file, line(ISSUE));
    expect((await run([file, '--json'])).out).toContain('"id":"hypre"');
  });

  test('--hub comes before the environment, whose hub comes before the packaged one', async () => {
    await mkdir(path.join(folder, 'mine'));
    await writeFile(path.join(folder, 'mine/hub.yml'), 'name: Mine\nfallback: here\n');
    const named = await run(['--hub', path.join(folder, 'mine'), '--json'], line(ISSUE));
    expect(JSON.parse(named.out)).toMatchObject({
      outside: 'hypre',
      spokes: { accountable: 'here' },
      labels: { add: [] },
    });
    expect(named.err).toContain('hub.yml:2:');
    const packaged = await run(['--json'], line({ repository: 'kokkos/kokkos', title: 'Crash' }), null);
    expect(JSON.parse(packaged.out)).toMatchObject({ product: { id: 'kokkos' }, mode: 'act' });
  });

  test.each([
    [['--wrong'], 'Unknown option'],
    [['a', 'b'], 'One file at most'],
    [['--hub'], '--hub'],
    [['--hub', '/does/not/exist'], 'is no hub'],
    [['/does/not/exist.jsonl'], 'Cannot read /does/not/exist.jsonl: there is no such file. Name a file'],
  ])('%j is wrong use', async (args, message) => {
    await expect(run(args)).rejects.toThrow(UsageError);
    await expect(run(args)).rejects.toThrow(message);
  });
});
