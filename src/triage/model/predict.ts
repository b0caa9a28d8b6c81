/** Asks a model what an issue is. */
import { probabilitiesInto } from './calibration.js';
import type { KindModel } from './kind-model.js';
import type { IssueText } from './read-text.js';
import { scoresInto } from './ridge.js';
import { buildVectorizer } from './vectors.js';

export interface Prediction {
  readonly label: string;
  /** Of every label of the model, in its order; they add up to one. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Prepares the look-up tables once. Repositories that the model has not seen are judged by what all have in common. */
export function buildPredictor(model: KindModel): (issue: IssueText) => Prediction {
  const { labels, linear, calibration } = model;
  const vectorOf = buildVectorizer(model.vocabulary, model.templates);
  const scores = new Float64Array(labels.length);
  const shares = new Float64Array(labels.length);
  return (issue) => {
    scoresInto(linear, vectorOf(issue), scores);
    const best = probabilitiesInto(scores, calibration, shares);
    return { label: labels[best]!, probabilities: Object.fromEntries(labels.map((label, at) => [label, shares[at]!])) };
  };
}
