/** Which failures the hub tries again by itself, and how often. A failure of the commit is never among them. */
import type { Verdict } from './verdict.js';

/** Why a build is tried again without being asked. */
export type RetryCause = 'infrastructure' | 'out-of-memory';

/** Of its own kind: a machine's failure may strike twice, a build that needs too much memory needs it again. */
const MOST: Readonly<Record<RetryCause, number>> = { infrastructure: 2, 'out-of-memory': 1 };

/** The reason for another try after this verdict; `tries` are those made so far since somebody asked for the build. Null when there is none. */
export function nextTry(verdict: Verdict, tries: readonly RetryCause[]): RetryCause | null {
  const cause = causeOf(verdict);
  if (cause === null || tries.length >= MOST.infrastructure) return null;
  return tries.filter((one) => one === cause).length < MOST[cause] ? cause : null;
}

function causeOf({ outcome, category, fault, retryable }: Verdict): RetryCause | null {
  if (outcome === 'passed') return null;
  if (category === 'out-of-memory') return 'out-of-memory';
  return fault === 'infrastructure' && retryable ? 'infrastructure' : null;
}
