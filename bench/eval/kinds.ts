/** Kinds: F1 by kind, and what is taken for what. */
import { f1ByLabel } from '../../src/triage/model/scores.js';
import type { Judged } from './judge.js';

export interface KindScore {
  readonly n: number;
  /** Answered at all. */
  readonly answered: number;
  readonly accuracy: number | null;
  /** Mean over the kinds that occur. */
  readonly macroF1: number | null;
  readonly f1: Readonly<Record<string, number>>;
  /** True kind -> answered kind -> how often; `none` where no kind was given. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const NONE = 'none';

export function scoreKinds(judged: readonly Judged[]): KindScore {
  const pairs = judged
    .filter(({ issue }) => issue.kind !== null)
    .map(({ issue, outcome }) => ({ repo: '', truth: issue.kind!, predicted: outcome.kind?.id ?? NONE }));
  const all = f1ByLabel(pairs);
  const f1 = Object.fromEntries(Object.entries(all).filter(([kind]) => pairs.some(({ truth }) => truth === kind)));
  const values = Object.values(f1);
  return {
    n: pairs.length,
    answered: pairs.filter(({ predicted }) => predicted !== NONE).length,
    accuracy: pairs.length === 0 ? null : pairs.filter((pair) => pair.truth === pair.predicted).length / pairs.length,
    macroF1: values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length,
    f1,
    confusion: confusionOf(pairs),
  };
}

export function confusionOf(
  pairs: readonly { readonly truth: string; readonly predicted: string }[],
): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  for (const { truth, predicted } of pairs) {
    table[truth] ??= {};
    table[truth][predicted] = (table[truth][predicted] ?? 0) + 1;
  }
  return table;
}
