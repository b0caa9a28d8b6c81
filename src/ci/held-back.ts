/** People who want no build, or one in any case: by a label, or by `[skip spokebot]`. */
import type { PullFacts } from './facts.js';
import type { WantedCheck } from './wishes.js';

/** A person's wish that this check is not built, by label or by `[skip spokebot]`; null when there is none. */
export function whyHeld({ check, askedBy }: WantedCheck, facts: PullFacts): string | null {
  const label = labelOf(check.skipLabels, facts);
  if (label !== null) return `The label ${label} is set: nothing is built until somebody takes it off.`;
  if (facts.skipMarker === null || askedBy !== null || labelOf(check.forceLabels, facts) !== null) return null;
  const where = {
    title: 'The title of the pull request says',
    body: 'The description of the pull request says',
    commit: 'The message of the head commit says',
  }[facts.skipMarker];
  const instead = check.forceLabels[0] === undefined ? '' : `, or the label ${check.forceLabels[0]} is set`;
  return `${where} [skip spokebot]: nothing is built until that is changed${instead}.`;
}

/** The first of these labels that the pull request carries, as the configuration writes it. */
export function labelOf(labels: readonly string[], facts: PullFacts): string | null {
  const present = facts.labels.map((label) => label.toLowerCase());
  return labels.find((label) => present.includes(label.toLowerCase())) ?? null;
}
