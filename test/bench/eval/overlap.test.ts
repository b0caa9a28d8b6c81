/** Figures of issues that were trained on are refused (R24). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EvalIssue, parseIssues } from '../../../bench/eval/issue.js';
import { findOverlap, refusal, withoutTested } from '../../../bench/eval/overlap.js';

function issue(change: Partial<EvalIssue>): EvalIssue {
  return {
    repository: 'octo/zfp',
    number: 1,
    title: 'Crash',
    body: 'It crashes.',
    labels: [],
    created: null,
    kind: 'bug',
    owner: null,
    hard: [],
    context: null,
    duplicateOf: null,
    asFiled: true,
    ...change,
  };
}
const refused = (training: Partial<EvalIssue>, tested: Partial<EvalIssue>) =>
  refusal(findOverlap([issue(training)], [issue(tested)]));

describe('triage R24', () => {
  test.each<[string, Partial<EvalIssue>, Partial<EvalIssue>]>([
    ['the same repository and number', { title: 'Old title' }, { repository: 'Octo/ZFP' }],
    ['the same text under another number', { number: 7 }, {}],
    [
      'the same text without numbers, in other letters and blanks',
      { number: null },
      { number: null, title: ' crash', body: 'It  CRASHES.\n' },
    ],
    [
      'a test from before the training ends',
      { number: 2, title: 'Other', created: '2026-05-02' },
      { created: '2026-05-01T10:00:00Z' },
    ],
  ])('%s is refused', (_, training, tested) => {
    expect(refused(training, tested)).not.toBeNull();
  });

  test.each<[string, Partial<EvalIssue>, Partial<EvalIssue>]>([
    ['other text and number', { number: 2, title: 'Other' }, {}],
    ['the number of another repository', { repository: 'octo/hypre', title: 'Other' }, {}],
    ['a test from after the training', { number: 2, title: 'Other', created: '2026-05-01' }, { created: '2026-05-01' }],
    ['dates on one side only', { number: 2, title: 'Other', created: '2026-05-02' }, {}],
  ])('%s is let through', (_, training, tested) => {
    expect(refused(training, tested)).toBeNull();
  });

  test('the refusal names what was found and how to mend it', () => {
    expect(refused({}, {})).toBe(
      '1 test issues are in the training data: octo/zfp#1 (by number). Take them out of one of the two (--drop-overlap takes them out of the training data).',
    );
  });

  test('what overlaps can be taken out of the training data, and nothing else is', () => {
    const tested = [issue({}), issue({ number: 2, title: 'Two' })];
    const training = [
      issue({ title: 'renamed' }),
      issue({ number: 3, title: 'two' }),
      issue({ number: 4, title: 'Four' }),
    ];
    expect(withoutTested(training, tested)).toEqual([training[2]]);
    expect(refusal(findOverlap(withoutTested(training, tested), tested))).toBeNull();
  });
});

describe('the command', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'eval-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const lines = (kinds: readonly string[], from: number) =>
    Array.from({ length: 24 }, (_, n) => {
      const kind = kinds[n % kinds.length]!;
      return JSON.stringify({
        repo: 'octo/zfp',
        title: `${kind} ${from + n}`,
        body: `This is a ${kind} indeed.`,
        label: kind,
      });
    }).join('\n');

  function evaluate(
    train: string,
    tested: string,
    ...more: string[]
  ): { code: number; stdout: string; stderr: string } {
    const [a, b] = [path.join(directory, 'train.jsonl'), path.join(directory, 'test.jsonl')];
    writeFileSync(a, train);
    writeFileSync(b, tested);
    const main = fileURLToPath(new URL('../../../bench/eval/main.ts', import.meta.url));
    try {
      const stdout = execFileSync(
        process.execPath,
        ['--import', 'tsx', main, '--train', a, '--test', b, '--json', ...more],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      );
      return { code: 0, stdout, stderr: '' };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, stdout, stderr };
    }
  }

  test('judges a model on what it has not seen, and refuses the rest', () => {
    const training = lines(['bug', 'question'], 0);
    const fair = evaluate(training, lines(['bug', 'question'], 100));
    expect([fair.code, JSON.parse(fair.stdout)]).toEqual([
      0,
      expect.objectContaining({ n: 24, macroF1: 1, dropped: 0 }),
    ]);
    const unfair = evaluate(training, lines(['bug', 'question'], 20));
    expect([unfair.code, unfair.stdout]).toEqual([1, '']);
    expect(unfair.stderr).toContain('4 test issues are in the training data');
    const mended = evaluate(training, lines(['bug', 'question'], 20), '--drop-overlap');
    expect([mended.code, JSON.parse(mended.stdout).dropped]).toEqual([0, 4]);
  });
});

test('a bad line is told with its place', () => {
  expect(() => parseIssues('{"repo":"a/b","title":"x"}\n\n{"title":1}', 'file.jsonl')).toThrow(
    'file.jsonl, line 3: title',
  );
  expect(() => parseIssues('{"title":"x"}', 'file.jsonl')).toThrow('neither "repository" nor "repo"');
  expect(() => parseIssues('{', 'file.jsonl')).toThrow('file.jsonl, line 1: not JSON');
});
