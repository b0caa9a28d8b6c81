import { describe, expect, test } from '@jest/globals';
import { bareFacts } from '../../src/triage/facts.js';
import { decideKind } from '../../src/triage/kind.js';
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
