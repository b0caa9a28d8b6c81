import { describe, expect, test } from '@jest/globals';
import { decideTriage, OFFLINE } from '../../src/triage/decide.js';
import { bareFacts } from '../../src/triage/facts.js';
import { decideKind } from '../../src/triage/kind.js';
import type { KindJudge } from '../../src/triage/model/judge.js';
import { readIssue } from '../../src/triage/reading.js';
import { smallCatalogue } from './small-catalogue.js';

const catalogue = smallCatalogue();

function kind(issue: { title: string; body?: string; labels?: string[]; repository?: string; ours?: string[] }) {
  const facts = { ...bareFacts({ repository: 'hypre-space/hypre', ...issue }), labelsWeAdded: issue.ours ?? [] };
  const sign = decideKind(readIssue(facts, catalogue), facts);
  return sign && `${sign.id} ${sign.confidence}`;
}

describe('decideKind', () => {
  test.each([
    [['bug'], 'bug 0.95'],
    [['build-error'], 'build 0.95'],
    [['bug', 'build'], 'bug 0.95'],
    [['type: bug', 'impacting: performance'], 'performance 0.95'],
    [['question', 'install'], 'question 0.95'],
    [['Documentation'], 'docs 0.95'],
    [['enhancement', 'CMake'], 'feature 0.95'],
    [['task'], 'other 0.95'],
    [['linear solvers'], null],
  ])('labels %j say %j', (labels, expected) => {
    expect(kind({ title: 'Zzz', labels })).toBe(expected);
  });

  test.each([
    ['[BUG] zzz', 'bug 0.9'],
    ['Installation issue: zzz', 'build 0.9'],
    ['Feature request: zzz', 'feature 0.9'],
    ['Docs: zzz', 'docs 0.9'],
    ['Cannot compile on my machine', 'build 0.85'],
    ['GMRES hangs on two nodes', 'bug 0.7'],
    ['Add support for complex numbers', 'feature 0.75'],
    ['Slower than last year', 'performance 0.65'],
    ['How do I set a tolerance?', 'question 0.7'],
    ['Typo in the user guide', 'docs 0.65'],
    ['[Help] zzz', 'question 0.9'],
    ['Support: zzz', 'question 0.9'],
    ['Failed to build zzz', 'build 0.85'],
    ['zzz does not build from main', 'build 0.85'],
    ['Error building zzz', 'build 0.85'],
    ['Installing zzz with MPI fails', 'build 0.85'],
    ['Convergence tests failing in build Zzz', 'bug 0.7'],
    ['The solver ignores the tolerance', 'bug 0.65'],
    ['The wrapper does not pick the newest', 'bug 0.65'],
    ['Add sparse matrix assembly', 'feature 0.7'],
    ['[ENH] MueLu: use a factory of solvers', 'feature 0.9'],
    ['MueLu: use a factory of solvers', 'feature 0.7'],
    ['Bump zzz to v3.0', 'feature 0.7'],
    ['Update to 24.05 breaks restart', 'bug 0.7'],
    ['How does it handle missing attributes?', 'question 0.7'],
    ['Documentation for installing zzz on macOS', 'docs 0.65'],
    ['Installing plugins from the menu crashes', 'bug 0.7'],
    ['Use of a variable that nobody sets', null],
    ['It repeatedly tries to add a plot', null],
    ['PAPI performance counters', null],
    ['Support zzz', null],
    ['Zzz', null],
  ])('the title %j says %j', (title, expected) => {
    expect(kind({ title })).toBe(expected);
  });

  test('what the form asks says what it is', () => {
    expect(kind({ title: 'Zzz', body: '### Rationale\n\nIt would help.\n' })).toBe('feature 0.85');
    expect(kind({ title: 'Zzz', body: '### Issue type\n\nQuestion\n' })).toBe('question 0.95');
  });

  test.each([
    ['The linker stops: undefined reference to foo', 'build 0.6'],
    ['It hangs on two nodes.', 'bug 0.6'],
    ['Please add complex numbers.', 'feature 0.7'],
    ['The documentation and the performance are fine.', null],
  ])('the text %j says %j', (body, expected) => {
    expect(kind({ title: 'Zzz', body })).toBe(expected);
  });

  test('a failing build log in a repository of packages is a build failure', () => {
    const body = '```\n==> Error: Failed to install hypre due to ChildError: ProcessError\n```';
    expect(kind({ repository: 'spack/spack-packages', title: 'Zzz', body })).toBe('build 0.85');
  });

  test('our own label is no evidence', () => {
    expect(kind({ title: 'Zzz', labels: ['kind: bug', 'bug'], ours: ['kind: bug', 'bug'] })).toBe(null);
  });
});

describe('the model', () => {
  /** Always says `question` with this probability, and counts how often it is asked. */
  function judgeThatSays(share: number) {
    const asked: string[] = [];
    const judge: KindJudge = {
      version: 'test',
      kinds: ['bug', 'question'],
      measured: {
        issues: 20,
        repositories: 2,
        at: [
          { from: 0, answered: 20, right: 12 },
          { from: 0.8, answered: 10, right: 9 },
        ],
      },
      ask: ({ title }) => {
        asked.push(title);
        return { id: 'question', share };
      },
    };
    return { judge, asked };
  }
  const ask = (title: string, share: number, threshold = 0.8) => {
    const facts = bareFacts({ repository: 'hypre-space/hypre', title });
    const { judge, asked } = judgeThatSays(share);
    return { sign: decideKind(readIssue(facts, catalogue), facts, { judge, threshold }), asked };
  };

  test('is asked only where no rule knows the kind', () => {
    expect(ask('[BUG] zzz', 0.99)).toMatchObject({ sign: { id: 'bug', by: 'rule' }, asked: [] });
    expect(ask('Zzz', 0.99)).toMatchObject({ sign: { id: 'question', confidence: 0.99, by: 'model' }, asked: ['Zzz'] });
  });

  test.each([
    [0.8, 0.8, true],
    [0.7999, 0.8, false],
    [0.7999, 0.75, true],
    [1, 1, false],
    [0.99, Number.NaN, false],
  ])('that gives %d is believed from %d: %j', (share, threshold, believed) => {
    expect(ask('Zzz', share, threshold).sign !== null).toBe(believed);
  });

  test('is not even asked where 1 is wanted', () => {
    expect(ask('Zzz', 1, 1).asked).toEqual([]);
  });

  test('tells how sure it is, from where it answers, and what was measured there', () => {
    expect(ask('Zzz', 0.87654).sign).toEqual({
      id: 'question',
      confidence: 0.877,
      by: 'model',
      reason: 'the model, 87 % sure; it answers from 80 %, measured precision there 0.90',
    });
    // Measured is what lies at or below the threshold: more cannot be promised.
    expect(ask('Zzz', 0.7, 0.65).sign?.reason).toContain('it answers from 65 %, measured precision there 0.60');
  });

  test('gives the kind of a decision, its label and its reason; of a private issue it tells the same', () => {
    const { judge } = judgeThatSays(0.87);
    const facts = bareFacts({ repository: 'hypre-space/hypre', title: 'Zzz' });
    const withModel = { ...catalogue, kinds: judge };
    const { outcome } = decideTriage(facts, withModel, OFFLINE);
    expect([outcome.kind, outcome.labels.add.includes('kind: question')]).toEqual([
      { id: 'question', confidence: 0.87 },
      true,
    ]);
    const told = 'kind question: the model, 87 % sure; it answers from 80 %, measured precision there 0.90';
    expect(outcome.reasons).toContain(told);
    expect(decideTriage({ ...facts, private: true }, withModel, OFFLINE).outcome.reasons).toContain(told);
    expect(decideTriage(facts, withModel, { ...OFFLINE, kindThreshold: 0.9 }).outcome.kind).toBeNull();
    expect(decideTriage(facts, catalogue, OFFLINE).outcome.kind).toBeNull();
  });
});
