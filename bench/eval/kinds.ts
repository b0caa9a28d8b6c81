/** Kinds: F1 by kind, what is taken for what, how far confidence can be believed, and what the model adds to the rules. */
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

/** Answers of about the same confidence: how many, how sure in the mean, and how many were right. */
export interface Bin {
  readonly from: number;
  readonly n: number;
  readonly sure: number;
  readonly right: number;
}

/** What the model answered where the rules left the kind open. */
export interface ModelScore {
  readonly open: number;
  readonly answered: number;
  readonly right: number;
}

export const NONE = 'none';
const BINS = 15;

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

/** The bins that hold something, of 15 equally wide ones: those that the calibration error is made of. */
export function binsOf(judged: readonly Judged[]): Bin[] {
  const answers = judged.flatMap(({ issue, outcome }) =>
    issue.kind === null || outcome.kind === null
      ? []
      : [{ confidence: outcome.kind.confidence, right: outcome.kind.id === issue.kind }],
  );
  return Array.from({ length: BINS }, (_, bin) => {
    const own = answers.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin);
    const sum = own.reduce((total, { confidence }) => total + confidence, 0);
    return {
      from: bin / BINS,
      n: own.length,
      sure: sum / Math.max(1, own.length),
      right: own.filter(({ right }) => right).length,
    };
  }).filter(({ n }) => n > 0);
}

/** `rules` and `both` are the answers to the same issues, without and with the model. */
export function scoreModel(rules: readonly Judged[], both: readonly Judged[]): ModelScore {
  const open = both.filter(({ issue }, at) => issue.kind !== null && rules[at]!.outcome.kind === null);
  const answered = open.filter(({ outcome }) => outcome.kind !== null);
  return {
    open: open.length,
    answered: answered.length,
    right: answered.filter(({ issue, outcome }) => outcome.kind?.id === issue.kind).length,
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
