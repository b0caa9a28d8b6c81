import { describe, expect, test } from '@jest/globals';
import { calibrationError } from '../../../src/triage/model/calibration.js';
import { crossPredict } from '../../../src/triage/model/evaluate.js';
import { buildJudge } from '../../../src/triage/model/judge.js';
import { crossRepositories, measure, measuredTable, precisionFrom } from '../../../src/triage/model/measure.js';
import { seededRandom } from '../../../src/triage/model/random.js';
import { BadModel, parseModel, serialiseModel } from '../../../src/triage/model/serialise.js';
import { NothingToLearn, trainModel } from '../../../src/triage/model/train.js';
import { VIEWS } from '../../../src/triage/model/views.js';
import { smallIssues } from './small-issues.js';

const REPOS = ['octocat/alpha', 'octocat/beta', 'octocat/gamma', 'octocat/delta'];
const ISSUES = smallIssues(8, 1, REPOS);

describe('a model for any repository', () => {
  test('holds nothing that only one repository has', () => {
    const habit = ISSUES.map((issue) =>
      issue.repo === 'octocat/alpha' ? { ...issue, body: `frobnicate ${issue.body}` } : issue,
    );
    const plain = trainModel(ISSUES, 'any');
    const model = trainModel(habit, 'any');
    expect(model.templates.size).toBe(0);
    expect([...model.vocabulary.views].filter((view) => !VIEWS[view]!.anywhere)).toEqual([]);
    const known = new Set(plain.vocabulary.hashes);
    // Lengths change with the habit; its words are not learnt.
    const signs = VIEWS.findIndex(({ name }) => name === 'signs');
    const learnt = [...model.vocabulary.hashes].filter(
      (hash, at) => !known.has(hash) && model.vocabulary.views[at] !== signs,
    );
    expect(learnt).toEqual([]);
    expect(trainModel(habit).vocabulary.hashes.length).toBeGreaterThan(trainModel(ISSUES).vocabulary.hashes.length);
  });

  test('needs three repositories, since it is calibrated on one that the weights have not seen', () => {
    expect(() => trainModel(smallIssues(8, 1), 'any')).toThrow(NothingToLearn);
  });

  test('answers for each repository by what the others taught', () => {
    // The labels of one repository are turned round: only who learnt from it could know.
    const turned = ISSUES.map((issue) =>
      issue.repo === 'octocat/delta' ? { ...issue, label: issue.label === 'bug' ? 'feature' : 'bug' } : issue,
    );
    const delta = (_: unknown, at: number) => turned[at]!.repo === 'octocat/delta';
    const right = crossRepositories(turned).map(({ label }, at) => label === turned[at]!.label);
    expect(right.filter(delta).filter(Boolean).length).toBeLessThan(right.filter(delta).length / 2);
  });
});

describe('what is measured', () => {
  const answers = [0.95, 0.9, 0.85, 0.8, 0.7, 0.4].map((confidence, at) => ({
    confidence,
    right: at !== 2 && at !== 5,
  }));
  const measured = measure(answers, 3);

  test('counts the answers from each step on', () => {
    expect(measured).toMatchObject({ issues: 6, repositories: 3 });
    expect(measured.at.find(({ from }) => from === 0.8)).toEqual({ from: 0.8, answered: 4, right: 3 });
    expect(measured.at[0]).toEqual({ from: 0, answered: 6, right: 4 });
  });

  test('is told for a threshold by the step at or below it', () => {
    expect(precisionFrom(measured, 0.8)).toBe(3 / 4);
    expect(precisionFrom(measured, 0.84)).toBe(3 / 4);
    expect(precisionFrom(measured, 0.99)).toBe(1);
    expect(precisionFrom(measure([], 0), 0.8)).toBeNull();
  });

  test('fills a table', () => {
    expect(measuredTable(measured).split('\n').slice(2)).toContain('| 80 % | 67 %     | 0.75      |');
  });

  test('stays with the weights, and a judge needs it', () => {
    const model = { ...trainModel(ISSUES, 'any'), measured };
    expect(buildJudge(parseModel(serialiseModel(model)), 'v').measured).toEqual(measured);
    expect(() => buildJudge({ ...model, measured: null }, 'v')).toThrow(BadModel);
    expect(() => buildJudge({ ...model, labels: ['bug', 'Defekt', 'other'] }, 'v')).toThrow(
      /"Defekt", which is no kind/,
    );
  });
});

test('probabilities of noisy issues are calibrated: the expected error over 15 bins is small', () => {
  // A quarter of the labels is drawn by lot: who says 95 % is wrong, and who says 40 % too.
  const random = seededRandom(9);
  const labels = ['bug', 'feature', 'question'];
  const noisy = smallIssues(24, 3, REPOS).map((issue) =>
    random() < 0.25 ? { ...issue, label: labels[Math.floor(random() * 3)]! } : issue,
  );
  const predictions = crossPredict(noisy, 4, 1, (predict, issue) => predict(issue));
  const answers = predictions.map(({ label, probabilities }, at) => ({
    confidence: probabilities[label]!,
    right: label === noisy[at]!.label,
  }));
  expect(calibrationError(answers)).toBeLessThan(0.07);
});
