/** Learns a model from labelled issues: features, weights, and the calibration from issues that the weights had not seen. */
import { fitCalibration } from './calibration.js';
import type { KindModel } from './kind-model.js';
import { stratifiedFolds } from './random.js';
import type { IssueText } from './read-text.js';
import { fitRidge, scoresInto } from './ridge.js';
import { findTemplates } from './templates.js';
import { buildVectorizer, buildVocabulary } from './vectors.js';
import type { Scope } from './views.js';

export interface LabelledIssue extends IssueText {
  readonly label: string;
}

export class NothingToLearn extends Error {}

const FOLDS = 5;
const RIDGE = { penalty: 0.5, seed: 20 };

/**
 * Throws `NothingToLearn` when there are fewer than two labels. The same issues in the same order give the same model. For `any`
 * repository nothing is learnt that only one has, and the calibration is that of a repository which the weights had not seen.
 */
export function trainModel(issues: readonly LabelledIssue[], scope: Scope = 'trained'): KindModel {
  const labels = [...new Set(issues.map(({ label }) => label))].sort();
  if (labels.length < 2)
    throw new NothingToLearn(
      `Training needs issues of at least two labels; ${issues.length} issues with ${labels.length} label(s) were read.`,
    );
  const templates = findTemplates(issues);
  const vocabulary = buildVocabulary(issues, templates, scope);
  const vectors = issues.map(buildVectorizer(vocabulary, templates));
  const targets = issues.map(({ label }) => labels.indexOf(label));
  const size = vocabulary.hashes.length;
  const folds = scope === 'any' ? foldPerRepo(issues) : mixedFolds(issues);
  const unseen: Float64Array[] = issues.map(() => new Float64Array(labels.length));
  for (const fold of new Set(folds)) {
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
  return {
    labels,
    // The lines helped to tell the reporters' words from the forms'; elsewhere there are other forms.
    templates: scope === 'any' ? new Set() : templates,
    vocabulary,
    linear,
    calibration: fitCalibration(unseen, targets),
    measured: null,
  };
}

function mixedFolds(issues: readonly LabelledIssue[]): Int32Array {
  return stratifiedFolds(
    issues.map(({ repo, label }) => `${repo} ${label}`),
    FOLDS,
    RIDGE.seed,
  );
}

function foldPerRepo(issues: readonly LabelledIssue[]): Int32Array {
  const repos = [...new Set(issues.map(({ repo }) => repo))];
  if (repos.length < 3)
    throw new NothingToLearn(
      `What holds in any repository is learnt from issues of at least three; there are ${repos.length}.`,
    );
  return Int32Array.from(issues, ({ repo }) => repos.indexOf(repo));
}
