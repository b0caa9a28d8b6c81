/** How often a model is right from which probability on, in repositories that it was not trained on. */
import type { Judged } from './calibration.js';
import { buildPredictor, type Prediction } from './predict.js';
import { type LabelledIssue, trainModel } from './train.js';

/** Of the answers with at least this probability: how many there were, and how many of them were right. */
export interface MeasuredFrom {
  readonly from: number;
  readonly answered: number;
  readonly right: number;
}

/** Ships with the weights; what people are told about the model comes from here. */
export interface Measured {
  /** Issues that were asked about, answered or not. */
  readonly issues: number;
  readonly repositories: number;
  /** In order of `from`, the first from 0. */
  readonly at: readonly MeasuredFrom[];
}

const STEPS = [0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9];

/** The answer to each issue by a model that was trained on the other repositories alone. Throws `NothingToLearn`. */
export function crossRepositories(issues: readonly LabelledIssue[]): Prediction[] {
  const predictions: Prediction[] = new Array(issues.length);
  for (const left of new Set(issues.map(({ repo }) => repo))) {
    const predict = buildPredictor(
      trainModel(
        issues.filter(({ repo }) => repo !== left),
        'any',
      ),
    );
    for (const [at, issue] of issues.entries()) if (issue.repo === left) predictions[at] = predict(issue);
  }
  return predictions;
}

export function measure(answers: readonly Judged[], repositories: number): Measured {
  return {
    issues: answers.length,
    repositories,
    at: STEPS.map((from) => {
      const sure = answers.filter(({ confidence }) => confidence >= from);
      return { from, answered: sure.length, right: sure.filter(({ right }) => right).length };
    }),
  };
}

/** Precision of answers with at least this probability, by the nearest step below it; null where nothing was answered. */
export function precisionFrom({ at }: Measured, threshold: number): number | null {
  const step = at.findLast(({ from, answered }) => from <= threshold && answered > 0);
  return step === undefined ? null : step.right / step.answered;
}

/** The rows of a table in Markdown for docs/triage.md; one source with what the model tells people. */
export function measuredTable({ at, issues }: Measured): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const rows = at.map(({ from, answered, right }) => [
    from === 0 ? 'any' : percent(from),
    percent(answered / Math.max(1, issues)),
    answered === 0 ? '-' : (right / answered).toFixed(2),
  ]);
  return [['from', 'answered', 'precision'], ['----', '--------', '---------'], ...rows]
    .map(([from, answered, right]) => `| ${from!.padEnd(4)} | ${answered!.padEnd(8)} | ${right!.padEnd(9)} |`)
    .join('\n');
}
