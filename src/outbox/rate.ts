/**
 * GitHub's budget of requests, and who has to wait when it gets short: first what looks around by itself, then what talks to people, then
 * labels and assignees, and checks last of all. Pure; the numbers come from the answers' headers.
 */
import type { Intent } from './intent.js';

/** What an installation may still ask, as last told. */
export interface Rate {
  /** Requests of a window, and those left of it. */
  readonly most: number;
  readonly left: number;
  readonly resetAt: Date;
  /** GitHub asked for a pause until then. */
  readonly pausedUntil: Date | null;
}

export const USES = ['look-around', 'talk', 'triage', 'check'] as const;
/** What a request is for; a later one of the list goes on longer. */
export type Use = (typeof USES)[number];

/** Share of the window that a use leaves to those that matter more. What handlers read may use up everything. */
const LEAVES: Readonly<Record<Use, number>> = { 'look-around': 0.3, talk: 0.2, triage: 0.1, check: 0.02 };

const USE_OF: Readonly<Record<Intent['kind'], Use>> = {
  'sticky-comment': 'talk',
  'mention-comment': 'talk',
  react: 'talk',
  'link-issue': 'talk',
  'open-issue': 'talk',
  'edit-issue': 'talk',
  'add-labels': 'triage',
  'remove-labels': 'triage',
  assign: 'triage',
  unassign: 'triage',
  transfer: 'triage',
  'check-run': 'check',
};

export function useOf(kind: Intent['kind']): Use {
  return USE_OF[kind];
}

/** Seconds until there is room for such a request; null when there is room now, which nobody knows better than GitHub. */
export function secondsToRoom(rate: Rate | null, use: Use | 'read', now: Date): number | null {
  if (rate === null) return null;
  const until = (at: Date) => Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000));
  if (rate.pausedUntil !== null && rate.pausedUntil > now) return until(rate.pausedUntil);
  const leaves = use === 'read' ? 0 : Math.floor(rate.most * LEAVES[use]);
  return rate.resetAt > now && rate.left <= leaves ? until(rate.resetAt) : null;
}

/** Uses that have to wait now. */
export function waitingUses(rate: Rate, now: Date): Use[] {
  return USES.filter((use) => secondsToRoom(rate, use, now) !== null);
}
