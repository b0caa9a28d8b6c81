/**
 * Weights that start from given ones and are bent by further issues: ridge regression on what the given weights leave unexplained. The
 * issues that those were learnt from are not needed for it; they are in the weights. Features stay the same, so nothing that only one
 * repository has gets in.
 */
import type { KindModel } from './kind-model.js';
import { fitRidgeTo, scoresInto } from './ridge.js';
import type { LabelledIssue } from './train.js';
import { buildVectorizer } from './vectors.js';

/** Twice that of training for any repository: a few dozen issues are to move what over a thousand have taught only where they agree. */
const BEND = { penalty: 1, seed: 21 };

/** The same issues in the same order give the same weights. Every label has to be one of the model's; without issues it is the same model. */
export function adaptModel(model: KindModel, issues: readonly LabelledIssue[]): KindModel {
  const { labels, vocabulary, templates, linear } = model;
  const vectors = issues.map(buildVectorizer(vocabulary, templates));
  const wanted = new Float64Array(issues.length * labels.length);
  const scores = new Float64Array(labels.length);
  for (const [at, { label: truth }] of issues.entries()) {
    scoresInto(linear, vectors[at]!, scores);
    for (const [number, label] of labels.entries())
      wanted[at * labels.length + number] = (label === truth ? 1 : 0) - 1 / labels.length - scores[number]!;
  }
  const bent = fitRidgeTo(vectors, wanted, labels.length, vocabulary.hashes.length, BEND);
  return {
    ...model,
    linear: {
      labels: labels.length,
      weights: linear.weights.map((weight, at) => weight + bent.weights[at]!),
    },
  };
}
