import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/cli/command.js';
import { modelCommand } from '../../src/cli/model.js';
import { smallIssues } from '../triage/model/small-issues.js';

const jsonLines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

let folder: string;
let trained: string;
let unseen: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spokebot-model-'));
  trained = path.join(folder, 'train.jsonl');
  unseen = path.join(folder, 'unseen.jsonl');
  model = path.join(folder, 'model.json');
  await writeFile(trained, jsonLines(smallIssues(8, 1)));
  await writeFile(unseen, jsonLines(smallIssues(3, 2)));
  await run(['train', trained, '--out', model]);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], input = '', isTTY = false) {
  const out: string[] = [];
  const err: string[] = [];
  const sink = (lines: string[]) => ({ write: (text: string) => lines.push(text) });
  const io = {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { ...sink(out), isTTY },
    stderr: sink(err),
    env: {},
  };
  const code = await modelCommand.run(args, io);
  return { code, out: out.join(''), err: err.join('') };
}

const parsed = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('train writes a model and says what it learnt from', async () => {
  const again = path.join(folder, 'again.json');
  const { code, out, err } = await run(['train', trained, '--out', again]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^48 issues, 3 labels \(bug, feature, question\), \d+ features: /);
  expect(await readFile(again, 'utf8')).toBe(await readFile(model, 'utf8'));
});

describe('predict', () => {
  test('prints repository, label and probabilities of every line, in order', async () => {
    const { code, out, err } = await run(['predict', unseen, '--model', model, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const answers = parsed(out);
    expect(answers.map(({ repo, label }) => ({ repo, label }))).toEqual(
      smallIssues(3, 2).map(({ repo, label }) => ({ repo, label })),
    );
    expect(Object.keys(answers[0]!)).toEqual(['repo', 'label', 'probabilities']);
    expect(Object.keys(answers[0]!.probabilities as object)).toEqual(['bug', 'feature', 'question']);
  });

  test('does not read the label', async () => {
    const wrong = jsonLines(smallIssues(3, 2).map((issue) => ({ ...issue, label: 42 })));
    const right = await run(['predict', unseen, '--model', model, '--json']);
    expect(await run(['predict', '-', '--model', model, '--json'], wrong)).toEqual(right);
  });

  test('takes a missing body and a repository that is new', async () => {
    const input = jsonLines([
      { repo: 'octocat/new', title: 'how to use it?' },
      { repo: 'octocat/new', title: 'a', body: null },
    ]);
    const { code, out } = await run(['predict', '-', '--model', model, '--json'], input);
    expect(code).toBe(0);
    expect(parsed(out)[0]).toMatchObject({ repo: 'octocat/new', label: 'question' });
    expect(parsed(out)).toHaveLength(2);
  });

  test('reports a bad line with its number, skips it and exits with 1', async () => {
    const input = `${jsonLines([{ repo: 'octocat/new', title: 'a' }])}\n{"repo"\n${jsonLines([{ repo: 'octocat/new' }, [], { repo: 'octocat/new', title: 'b' }])}`;
    const { code, out, err } = await run(['predict', '-', '--model', model, '--json'], input);
    expect(code).toBe(1);
    expect(parsed(out)).toHaveLength(2);
    expect(err.replace(/\(.*\)/, '(…)').split('\n')).toEqual([
      'line 3: not JSON (…); write one object per line; skipped',
      'line 4: "title" is missing; skipped',
      'line 5: the line must be an object, not a list; skipped',
      '',
    ]);
  });

  test('at a terminal a person can read it, and control characters stay out; elsewhere it is JSON', async () => {
    const input = jsonLines([{ repo: 'octocat/new', title: 'how to \u001b[31muse it?', body: 'Does anyone know?' }]);
    const { out } = await run(['predict', '-', '--model', model], input, true);
    const [elsewhere] = parsed((await run(['predict', '-', '--model', model], input)).out);
    expect(elsewhere).toMatchObject({ repo: 'octocat/new', label: 'question' });
    expect(parsed((await run(['predict', '-', '--model', model, '--json'], input, true)).out)).toEqual([elsewhere]);
    expect(out).toMatch(/^question \(\d+ %\) {2}octocat\/new {2}how to {2}\[31muse it\?\n$/);
  });
});

describe('evaluate', () => {
  test('judges a model by the keys of the contract', async () => {
    const { code, out } = await run(['evaluate', unseen, '--model', model, '--json']);
    expect(code).toBe(0);
    const [figures] = parsed(out);
    expect(Object.keys(figures!)).toEqual(['macroF1', 'perRepo', 'ece', 'n', 'msPerIssue']);
    expect(figures).toMatchObject({
      macroF1: 1,
      n: 18,
      perRepo: { 'octocat/alpha': { macroF1: 1, f1: { bug: 1, feature: 1, question: 1 }, n: 9 } },
    });
    expect(figures!.msPerIssue).toBeGreaterThan(0);
  });

  test('without a model it cross-validates within the file and says so', async () => {
    const { code, out } = await run(['evaluate', trained]);
    expect(code).toBe(0);
    expect(out).toMatch(/^repository +issues +macro-F1 +bug +feature +question\n/);
    expect(out).toContain('48 issues');
    expect(out).toContain('5-fold cross-validation: each issue by a model that never saw it');
  });

  test('a line without a label is a bad line', async () => {
    const input = jsonLines([{ repo: 'octocat/new', title: 'a' }, ...smallIssues(2, 4)]);
    const { code, out, err } = await run(['evaluate', '-', '--model', model, '--json'], input);
    expect(code).toBe(1);
    expect(err).toContain('line 1: "label"');
    expect(parsed(out)[0]).toMatchObject({ n: 12 });
  });
});

describe('wrong use', () => {
  test.each([
    [[], 'Say what to do'],
    [['guess'], 'There is no "model guess"'],
    [['train'], 'Name one file'],
    [['train', 'a', 'b'], 'Name one file'],
    [['train', 'FILE'], '--out M'],
    [['predict', 'FILE'], '--model M'],
    [['predict', 'FILE', '--wrong'], 'Unknown option'],
    [['train', '/does/not/exist', '--out', 'OUT'], 'Cannot read /does/not/exist'],
    [['train', 'FILE', '--out', '/does/not/exist/m'], 'Cannot write /does/not/exist/m'],
    [['predict', 'FILE', '--model', '/does/not/exist'], 'Cannot read the model /does/not/exist'],
    [['predict', 'FILE', '--model', 'FILE'], 'it is not JSON'],
    [['train', '-', '--out', 'OUT'], 'at least two labels'],
    [['evaluate', '-'], 'no labelled issue'],
  ])('%j is told in words', async (args, message) => {
    const real = args.map((arg) => (arg === 'FILE' ? trained : arg === 'OUT' ? path.join(folder, 'out.json') : arg));
    await expect(run(real)).rejects.toThrow(UsageError);
    await expect(run(real)).rejects.toThrow(message);
  });
});
