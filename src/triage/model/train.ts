/** Learns a model from labelled issues: features, weights, and the calibration from issues that the weights had not seen. */
import { fitCalibration } from './calibration.js';
import type { KindModel } from './kind-model.js';
import { stratifiedFolds } from './random.js';
import type { IssueText } from './read-text.js';
import { fitRidge, scoresInto } from './ridge.js';
import { findTemplates } from './templates.js';
import { buildVectorizer, buildVocabulary } from './vectors.js';

export interface LabelledIssue extends IssueText {
  readonly label: string;
}

export class NothingToLearn extends Error {}

const FOLDS = 5;
const RIDGE = { penalty: 0.5, seed: 20 };

/** Throws `NothingToLearn` when there are fewer than two labels. The same issues in the same order give the same model. */
export function trainModel(issues: readonly LabelledIssue[]): KindModel {
  const labels = [...new Set(issues.map(({ label }) => label))].sort();
  if (labels.length < 2)
    throw new NothingToLearn(
      `Training needs issues of at least two labels; ${issues.length} issues with ${labels.length} label(s) were read.`,
    );
  const templates = findTemplates(issues);
  const vocabulary = buildVocabulary(issues, templates);
  const vectors = issues.map(buildVectorizer(vocabulary, templates));
  const targets = issues.map(({ label }) => labels.indexOf(label));
  const size = vocabulary.hashes.length;
  const folds = stratifiedFolds(
    issues.map(({ repo, label }) => `${repo} ${label}`),
    FOLDS,
    RIDGE.seed,
  );
  const unseen: Float64Array[] = issues.map(() => new Float64Array(labels.length));
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const learn = issues.map((_, at) => at).filter((at) => folds[at] !== fold);
    const linear = fitRidge(
      learn.map((at) => vectors[at]!),
      learn.map((at) => targets[at]!),
      labels.length,
      size,
      RIDGE,
    );
    for (const [at, scores] of unseen.entries()) if (folds[at] === fold) scoresInto(linear, vectors[at]!, scores);
  }
  const linear = fitRidge(vectors, targets, labels.length, size, RIDGE);
  return { labels, templates, vocabulary, linear, calibration: fitCalibration(unseen, targets) };
}
