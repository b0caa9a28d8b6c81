/**
 * Triage of issues that were there before spokebot: what may be asked for, and what is left of a decision then. Nobody is assigned
 * and nobody mentioned: such an issue has waited long, and a whole repository's worth of pings helps no one.
 */
import { z } from 'zod';
import type { Action, Decision } from '../actions.js';

/** One issue to be taken on. */
export const BackfillRequest = z.object({
  installationId: z.number().int(),
  repositoryId: z.number().int(),
  fullName: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  private: z.boolean(),
  number: z.number().int().positive(),
  /** Labels without the comment: a comment notifies everybody who takes part in the issue. */
  labelsOnly: z.boolean(),
});
export type BackfillRequest = z.infer<typeof BackfillRequest>;

/** `handed`: taken on now; `waiting`: taken on earlier and not decided yet; `done`: decided before; `refused`: no member. */
export const BACKFILL_ANSWERS = ['handed', 'waiting', 'done', 'refused'] as const;
export type BackfillAnswer = (typeof BACKFILL_ANSWERS)[number];

/** The actions that stay: an allow list, so that whatever else triage learns to do is not done in bulk. */
export function backfillActions(actions: readonly Action[], labelsOnly: boolean): Action[] {
  return actions.filter(
    ({ kind }) => kind === 'add-labels' || kind === 'remove-labels' || (kind === 'sticky-comment' && !labelsOnly),
  );
}

/** The decision with only those actions; outcome and reasons stay what they are. */
export function quietDecision<Outcome>(decision: Decision<Outcome>, labelsOnly: boolean): Decision<Outcome> {
  return { ...decision, actions: backfillActions(decision.actions, labelsOnly) };
}
