/**
 * A build step that wanted the network in a sandbox that has none. Trying again would not help, and the change may be blameless: the
 * product downloads something while it builds, which Spack can't fetch beforehand.
 */
import type { Verdict } from '../verdict.js';

/** What was fetched beforehand fails in the phase `fetch`, or in none; everything later ran without a network. */
export function asOffline(verdict: Verdict): Verdict {
  if (verdict.category !== 'fetch' || verdict.phase === null || verdict.phase === 'fetch') return verdict;
  return {
    ...verdict,
    fault: 'environment',
    retryable: false,
    summary: `${verdict.summary}; this pool builds without a network, so whatever is downloaded during the build has to be fetched by the recipe`,
  };
}
