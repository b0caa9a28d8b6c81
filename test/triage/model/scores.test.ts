import { expect, test } from '@jest/globals';
import { f1ByLabel, meanOverRepos, scoreByRepo } from '../../../src/triage/model/scores.js';

const pair = (repo: string, truth: string, predicted: string) => ({ repo, truth, predicted });

const PAIRS = [
  pair('b/b', 'bug', 'bug'),
  pair('b/b', 'bug', 'feature'),
  pair('b/b', 'feature', 'feature'),
  pair('b/b', 'question', 'feature'),
  pair('a/a', 'bug', 'bug'),
];

test('F1 of a label is twice the right ones over what was true and what was said', () => {
  expect(f1ByLabel(PAIRS.slice(0, 4))).toEqual({ bug: 2 / 3, feature: 2 / 4, question: 0 });
});

test('every repository counts the same, in order of its name', () => {
  const perRepo = scoreByRepo(PAIRS);
  expect(Object.keys(perRepo)).toEqual(['a/a', 'b/b']);
  expect(perRepo['a/a']).toEqual({ macroF1: 1, f1: { bug: 1 }, n: 1 });
  expect(perRepo['b/b']!.macroF1).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12);
  expect(meanOverRepos(perRepo)).toBeCloseTo((1 + 7 / 18) / 2, 12);
  expect(meanOverRepos({})).toBe(0);
});

test('a label that was only said, never true, costs the others and has no part in the mean', () => {
  const perRepo = scoreByRepo([pair('a/a', 'bug', 'bug'), pair('a/a', 'bug', 'docs')]);
  expect(perRepo['a/a']).toEqual({ macroF1: 2 / 3, f1: { bug: 2 / 3, docs: 0 }, n: 2 });
});
