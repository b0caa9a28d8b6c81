/** How well a model does on labelled issues, or, without a model, how well one trained on the rest of the same file does. */
import { calibrationError } from './calibration.js';
import type { Prediction } from './predict.js';
import { buildPredictor } from './predict.js';
import { stratifiedFolds } from './random.js';
import type { IssueText } from './read-text.js';
import { meanOverRepos, type RepoScore, scoreByRepo } from './scores.js';
import { type LabelledIssue, trainModel } from './train.js';

export interface Evaluation {
  /** Mean over repositories. */
  readonly macroF1: number;
  readonly perRepo: Readonly<Record<string, RepoScore>>;
  readonly ece: number;
  readonly n: number;
}

/** `predictions[i]` is the answer for `issues[i]`. */
export function evaluate(issues: readonly LabelledIssue[], predictions: readonly Prediction[]): Evaluation {
  const perRepo = scoreByRepo(
    issues.map(({ repo, label }, at) => ({ repo, truth: label, predicted: predictions[at]!.label })),
  );
  const answers = issues.map(({ label: truth }, at) => {
    const { label, probabilities } = predictions[at]!;
    return { confidence: probabilities[label]!, right: label === truth };
  });
  return { macroF1: meanOverRepos(perRepo), perRepo, ece: calibrationError(answers), n: issues.length };
}

/**
 * Every issue predicted by a model that saw neither it nor one with the same text: features, templates, weights and calibration are
 * learnt anew for each fold. Folds are stratified by repository and label; copies of a text stay in one fold.
 */
export function crossPredict(
  issues: readonly LabelledIssue[],
  folds: number,
  seed: number,
  predicted: (predict: (issue: IssueText) => Prediction, issue: LabelledIssue) => Prediction,
): Prediction[] {
  const firsts = new Map<string, number>();
  const original = issues.map(({ title, body }, at) => {
    const key = JSON.stringify([title, body]);
    if (!firsts.has(key)) firsts.set(key, at);
    return firsts.get(key)!;
  });
  const parts = stratifiedFolds(
    issues.map(({ repo, label }) => `${repo} ${label}`),
    folds,
    seed,
  );
  const predictions: Prediction[] = new Array(issues.length);
  for (let fold = 0; fold < folds; fold += 1) {
    const isTest = (at: number) => parts[original[at]!] === fold;
    const predict = buildPredictor(trainModel(issues.filter((_, at) => !isTest(at))));
    for (const [at, issue] of issues.entries()) if (isTest(at)) predictions[at] = predicted(predict, issue);
  }
  return predictions;
}
