/**
 * Whether figures would be of issues that were trained on. A model that has seen its test looks better than it is, and so does one
 * that learnt from what came later.
 */
import { type EvalIssue, nameOf, textDigest } from './issue.js';

export interface Overlap {
  /** Test issues that are in the training data too, each with how that was found. */
  readonly same: readonly { readonly issue: EvalIssue; readonly by: 'number' | 'text' }[];
  /** Set when both sides have dates and the test begins before the training ends. */
  readonly dates: { readonly lastTrained: string; readonly firstTested: string } | null;
}

export function findOverlap(training: readonly EvalIssue[], test: readonly EvalIssue[]): Overlap {
  const numbers = new Set(training.filter(({ number }) => number !== null).map(numbered));
  const texts = new Set(training.map(textDigest));
  const same = test.flatMap((issue): Overlap['same'] => {
    if (issue.number !== null && numbers.has(numbered(issue))) return [{ issue, by: 'number' }];
    return texts.has(textDigest(issue)) ? [{ issue, by: 'text' }] : [];
  });
  const trained = datesOf(training).at(-1);
  const tested = datesOf(test)[0];
  const mixed = trained !== undefined && tested !== undefined && tested < trained;
  return { same, dates: mixed ? { lastTrained: trained, firstTested: tested } : null };
}

/** Why the pair of files is refused, in words; null when it may be used. */
export function refusal({ same, dates }: Overlap): string | null {
  if (same.length > 0) {
    const named = same.slice(0, 5).map(({ issue, by }) => `${nameOf(issue)} (by ${by})`);
    const more = same.length > 5 ? ` and ${same.length - 5} more` : '';
    return `${same.length} test issues are in the training data: ${named.join(', ')}${more}. Take them out of one of the two (--drop-overlap takes them out of the training data).`;
  }
  if (dates !== null)
    return `The test begins on ${dates.firstTested}, before the training data ends on ${dates.lastTrained}: a model must not learn from what came later. Split by date.`;
  return null;
}

/** The training data without what is tested. */
export function withoutTested(training: readonly EvalIssue[], test: readonly EvalIssue[]): EvalIssue[] {
  const { same } = findOverlap(test, training);
  const dropped = new Set(same.map(({ issue }) => issue));
  return training.filter((issue) => !dropped.has(issue));
}

function numbered({ repository, number }: EvalIssue): string {
  return `${repository.toLowerCase()}#${number}`;
}

/** Days of those that have one, in order. */
function datesOf(issues: readonly EvalIssue[]): string[] {
  return issues
    .map(({ created }) => (created !== null && /^\d{4}-\d\d-\d\d/.test(created) ? created.slice(0, 10) : null))
    .filter((day) => day !== null)
    .sort();
}
