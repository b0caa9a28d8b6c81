/** Duplicates: is the older issue that means the same among the first ten, and how many suggestions are wrong. */
import { createDuplicateIndex, type IndexedIssue } from '../../src/triage/duplicates/index.js';
import { rankDuplicates, suggestDuplicates } from '../../src/triage/duplicates/suggest.js';
import type { Judged } from './judge.js';

export interface DuplicateScore {
  /** Issues that are known to repeat an older one. */
  readonly n: number;
  readonly recallAt10: number | null;
  /** Suggestions that are made, and those of them that are right. */
  readonly suggested: number;
  readonly right: number;
}

/** Null where no duplicate is marked: then nothing can be said. */
export function scoreDuplicates(judged: readonly Judged[]): DuplicateScore | null {
  const marked = judged.filter(({ issue }) => issue.duplicateOf !== null);
  if (marked.length === 0) return null;
  const issues = judged.map(indexed);
  const index = createDuplicateIndex(issues);
  const name = ({ repository, number }: { repository: string; number: number }) => `${repository}#${number}`;
  let [found, suggested, right] = [0, 0, 0];
  for (const [at, { issue }] of judged.entries()) {
    const made = suggestDuplicates(issues[at]!, index);
    suggested += made.length;
    right += made.filter((one) => name(one) === issue.duplicateOf).length;
    if (
      issue.duplicateOf !== null &&
      rankDuplicates(issues[at]!, index, 10).some((one) => name(one) === issue.duplicateOf)
    )
      found += 1;
  }
  return { n: marked.length, recallAt10: found / marked.length, suggested, right };
}

/** The family is what triage makes of it, as it will be in the running hub. */
function indexed({ issue, outcome }: Judged, at: number): IndexedIssue {
  return {
    repository: issue.repository,
    number: issue.number ?? 1_000_000 + at,
    title: issue.title,
    body: issue.body,
    createdAt: issue.created,
    open: true,
    private: false,
    family: [outcome.product?.id ?? outcome.outside, ...outcome.candidates.map(({ product }) => product)].filter(
      (name) => name !== null,
    ),
  };
}
