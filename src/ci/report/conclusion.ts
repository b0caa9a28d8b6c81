/**
 * The one table from how a build ended to GitHub's conclusion. GitHub lets `neutral` and `skipped` pass a required check, so they are
 * not in it: what was not checked asks for an action instead, and what is not known is never green.
 */

import type { EndReason } from '../../actions.js';
import type { DependentFinding } from '../downstream/finding.js';
import type { KnownFailure } from '../known-failure.js';
import type { ReachedLimit } from '../phase-limits.js';
import type { Verdict } from '../verdict.js';

/** An earlier build of the very same concrete spec, which stands for this one. */
export interface Proof {
  readonly buildId: string;
  /** `owner/name`, and the pull request; null where the head of a branch was built. */
  readonly repository: string;
  readonly number: number | null;
  readonly headSha: string;
  readonly dagHash: string;
  readonly tests: boolean;
  /** ISO 8601. */
  readonly at: string;
  /** When it was taken for proof. */
  readonly secondsAgo: number;
}

/** How often a check changed its mind about the same inputs. */
export interface Flakes {
  /** Of so many builds of it on the pool that told something. */
  readonly builds: number;
  readonly flaky: number;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'timed_out' | 'action_required' | 'skipped';

/** How a build ended for good. `detail` is one line for people. */
export type BuildEnd =
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      /** The limit that it ran into; left out when it was stopped by none, and in rows of older versions. */
      readonly limit?: ReachedLimit;
      /** Left out where the verdict is that of a build of its own. */
      readonly proof?: Proof;
      /** The base branch fails in the same way, so the failure is not the change's. */
      readonly onBase?: KnownFailure;
      /** Left out where none is known. */
      readonly flakes?: Flakes;
      /** Set where a dependent was built and failed. */
      readonly dependent?: DependentFinding;
    }
  | { readonly kind: 'ended'; readonly why: EndReason; readonly detail: string; readonly bySha: string | null }
  /** Its worker fell silent and no attempt is left. */
  | { readonly kind: 'lost'; readonly detail: string }
  /** What is to be built cannot be read, by the hub or by a worker. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** No worker took it before its deadline. */
  | { readonly kind: 'expired'; readonly detail: string };

/** A person's word that a build which did not pass may stand; for this head only. */
export interface Waiver {
  readonly by: string;
  readonly reason: string;
}

export type Ending =
  | 'passed'
  | 'change'
  /** It fails on the base branch already. */
  | 'base'
  /** A dependent builds with the base and not with the head. */
  | 'breaks'
  /** A dependent failed, and not by the change; nothing is held back by it. */
  | 'advice'
  /** The same where the dependent is required: whether the change breaks it is not known. */
  | 'dependent'
  | 'recipe'
  | 'dependency'
  | 'environment'
  | 'infrastructure'
  | 'unknown'
  | 'timeout'
  | EndReason
  | 'lost'
  | 'unreadable'
  | 'expired'
  | 'waiting-approval';

const CONCLUSIONS: Readonly<Record<Ending, Conclusion>> = {
  passed: 'success',
  change: 'failure',
  base: 'failure',
  breaks: 'failure',
  advice: 'neutral',
  dependent: 'action_required',
  recipe: 'failure',
  dependency: 'failure',
  timeout: 'timed_out',
  superseded: 'cancelled',
  closed: 'cancelled',
  removed: 'cancelled',
  unplanned: 'cancelled',
  cancelled: 'cancelled',
  environment: 'action_required',
  infrastructure: 'action_required',
  unknown: 'action_required',
  lost: 'action_required',
  unreadable: 'action_required',
  expired: 'action_required',
  'waiting-approval': 'action_required',
};

/** Which row of the table an end belongs to. */
export function endingOf(end: BuildEnd): Ending {
  if (end.kind === 'ended') return end.why;
  if (end.kind !== 'verdict') return end.kind;
  const { verdict } = end;
  if (verdict.outcome === 'passed') return 'passed';
  if (verdict.outcome === 'unknown') return 'unknown';
  if (end.dependent)
    return end.dependent.found === 'broken' ? 'breaks' : end.dependent.advisory ? 'advice' : 'dependent';
  if (end.onBase) return 'base';
  if (verdict.category === 'timeout') return 'timeout';
  return verdict.fault ?? 'unknown';
}

/** Ends of builds that workers can't do: they wait until the hub's operators have them tried again. */
export const SET_ASIDE: readonly BuildEnd['kind'][] = ['lost', 'unreadable'];

/** Whether a check that ended so stands in nobody's way; false while it has not ended. */
export function isGreen(ending: Ending | null): boolean {
  return ending === 'passed';
}

/** Whether a waiver changes anything: a build that has passed, or that is open again (`end` null), stands for itself. */
export function isWaived(end: BuildEnd | null, waiver: Waiver | null): boolean {
  return waiver !== null && end !== null && !isGreen(endingOf(end));
}

/** Whether "run again what did not pass" means it: it ended, is still wanted, and nobody answers for it as it is. */
export function isToRepeat(end: BuildEnd | null, waiver: Waiver | null): boolean {
  if (end === null || isWaived(end, waiver)) return false;
  return end.kind === 'ended' ? end.why === 'cancelled' : !isGreen(endingOf(end));
}

export function conclusionOf(ending: Ending): Conclusion {
  return CONCLUSIONS[ending];
}
