/**
 * Linear scores for all labels at once by ridge regression on (1 for its label, 0 for others), solved by dual coordinate ascent: every
 * issue in turn gets the exact answer that the others leave it. Least squares did as well as logistic regression here and is
 * several times faster; probabilities come from the calibration.
 */
import { shuffled } from './random.js';
import type { SparseVector } from './vectors.js';

/** `weights[feature * labels + label]`; the intercept of each label stands behind the last feature. */
export interface LinearScores {
  readonly labels: number;
  readonly weights: Float32Array;
}

/** The vectors have length one; the intercept is to be bent by them, not to stand in for them. */
const INTERCEPT = 0.22;

export interface RidgeOptions {
  /** Strength of the pull towards zero, relative to the mean squared length of the vectors. */
  readonly penalty: number;
  readonly seed: number;
}

/** `targets[i]` is the number of the label of vector i. */
export function fitRidge(
  vectors: readonly SparseVector[],
  targets: readonly number[],
  labels: number,
  features: number,
  options: RidgeOptions,
): LinearScores {
  const shares = new Float64Array(labels);
  for (const target of targets) shares[target]! += 1 / targets.length;
  const wanted = new Float64Array(vectors.length * labels);
  for (const [at, target] of targets.entries())
    for (let label = 0; label < labels; label += 1)
      wanted[at * labels + label] = (target === label ? 1 : 0) - shares[label]!;
  return fitRidgeTo(vectors, wanted, labels, features, options);
}

/** The same for any scores: `wanted[i * labels + label]` is what vector i is to have. */
export function fitRidgeTo(
  vectors: readonly SparseVector[],
  wanted: Float64Array,
  labels: number,
  features: number,
  { penalty, seed }: RidgeOptions,
): LinearScores {
  const weights = new Float32Array((features + 1) * labels);
  const squares = vectors.map(({ values }) => values.reduce((sum, value) => sum + value * value, INTERCEPT ** 2));
  const pull = (penalty * squares.reduce((sum, one) => sum + one, 0)) / Math.max(1, squares.length);
  const duals = new Float64Array(vectors.length * labels);
  const changes = new Float64Array(labels);
  const scores = new Float64Array(labels);
  for (let round = 0; round < 60; round += 1) {
    let largest = 0;
    for (const at of shuffled(vectors.length, seed + round)) {
      const vector = vectors[at]!;
      scoresInto({ labels, weights }, vector, scores);
      for (let label = 0; label < labels; label += 1) {
        const dual = duals[at * labels + label]!;
        const change = (wanted[at * labels + label]! - scores[label]! - pull * dual) / (squares[at]! + pull);
        duals[at * labels + label] = dual + change;
        changes[label] = change;
        largest = Math.max(largest, Math.abs(change) * squares[at]!);
      }
      addInto(weights, labels, vector, changes);
    }
    if (largest < 0.005) break;
  }
  return { labels, weights };
}

/** Writes the score of every label into `scores`. */
export function scoresInto(
  { labels, weights }: LinearScores,
  { indices, values }: SparseVector,
  scores: Float64Array,
): void {
  const intercept = weights.length - labels;
  for (let label = 0; label < labels; label += 1) scores[label] = weights[intercept + label]! * INTERCEPT;
  for (let at = 0; at < indices.length; at += 1) {
    const base = indices[at]! * labels;
    const value = values[at]!;
    for (let label = 0; label < labels; label += 1) scores[label]! += weights[base + label]! * value;
  }
}

function addInto(
  weights: Float32Array,
  labels: number,
  { indices, values }: SparseVector,
  changes: Float64Array,
): void {
  for (let at = 0; at < indices.length; at += 1) {
    const base = indices[at]! * labels;
    const value = values[at]!;
    for (let label = 0; label < labels; label += 1) weights[base + label]! += changes[label]! * value;
  }
  const intercept = weights.length - labels;
  for (let label = 0; label < labels; label += 1) weights[intercept + label]! += changes[label]! * INTERCEPT;
}
