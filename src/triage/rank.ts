/** Orders the answers: weights of the evidence for one answer add up, and its share is taken of all. */
import { type Evidence, WEIGHTS } from './evidence.js';
import { type Target, targetKey } from './target.js';

/** What "none of them" weighs. */
const NOBODY = 0;

export interface Ranked {
  readonly target: Target;
  /** Share of the evidence in [0, 1]. */
  readonly score: number;
  readonly sum: number;
  /** For this answer, heaviest first. */
  readonly evidence: readonly Evidence[];
}

/** Best first. */
export function rank(evidence: readonly Evidence[]): Ranked[] {
  const groups = new Map<string, Evidence[]>();
  for (const one of evidence) {
    const key = targetKey(one.target);
    const group = groups.get(key) ?? [];
    // The same kind of evidence twice says nothing new.
    if (!group.some((other) => other.kind === one.kind)) group.push(one);
    groups.set(key, group);
  }
  const sums = [...groups.values()].map((group) => {
    const sorted = group.sort((a, b) => WEIGHTS[b.kind].weight - WEIGHTS[a.kind].weight);
    return { target: sorted[0]!.target, evidence: sorted, sum: sumOf(sorted) };
  });
  const total = sums.reduce((all, { sum }) => all + Math.exp(sum), Math.exp(NOBODY));
  return sums.map((one) => ({ ...one, score: Math.exp(one.sum) / total })).sort((a, b) => b.score - a.score);
}

function sumOf(evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, one) => sum + WEIGHTS[one.kind].weight, 0);
}
