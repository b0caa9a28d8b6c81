/**
 * Whether spokebot may do all that the policy `act` allows. An owner who configures `act` says that it shall; the record says whether
 * it may: until the lower bound of the measured precision reaches the hub's target, it acts as under `suggest`.
 */
import type { Acting } from '../../registry/model.js';
import type { TriageOutcome } from '../outcome.js';
import { BY_PERSON } from '../word.js';
import type { Subject, TrackRecord } from './track-record.js';

/** Null: it may act. Otherwise why it does not, in words for people. */
export function heldBack(record: Pick<TrackRecord, 'right' | 'n' | 'lower'>, acting: Acting): string | null {
  if (acting.withoutRecord) return null;
  const { right, n, lower } = record;
  const { target, least } = acting;
  if (n < least) return `acts as suggest: too few judged answers to say (${n}, from ${least} on)`;
  if (lower >= target) return null;
  return `acts as suggest: ${right} of ${n} right, lower bound ${floored(lower)} < ${target.toFixed(2)}`;
}

/** Never rounded up to what it has not reached. */
function floored(share: number): string {
  return (Math.floor(share * 100) / 100).toFixed(2);
}

/** Whose record an answer is measured by; null where a person has decided, since then nothing of spokebot's is to be measured. */
export function measuredBy(
  outcome: Pick<TriageOutcome, 'product' | 'spokes' | 'reasons'>,
): Exclude<Subject, 'everything'> | null {
  if (outcome.reasons[0]?.startsWith(BY_PERSON)) return null;
  return outcome.product === null ? { spoke: outcome.spokes.accountable } : { product: outcome.product.id };
}
