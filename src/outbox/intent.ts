/** What is to be written to GitHub, as values: each has a key (it is written once in effect) and a lane (order within it is kept). */
import { z } from 'zod';
import { CheckRunContent } from '../check-run.js';

const target = { repositoryId: z.number(), repository: z.string() };
const Label = z.object({ name: z.string(), color: z.string(), description: z.string() });

export const Intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add-labels'), ...target, number: z.number(), labels: z.array(Label) }),
  z.object({ kind: z.literal('remove-labels'), ...target, number: z.number(), labels: z.array(z.string()) }),
  z.object({ kind: z.literal('assign'), ...target, number: z.number(), logins: z.array(z.string()) }),
  z.object({ kind: z.literal('unassign'), ...target, number: z.number(), logins: z.array(z.string()) }),
  z.object({
    kind: z.literal('react'),
    ...target,
    number: z.number(),
    commentId: z.number(),
    content: z.enum(['+1', '-1', 'confused']),
  }),
  z.object({ kind: z.literal('sticky-comment'), ...target, number: z.number(), body: z.string() }),
  z.object({
    kind: z.literal('check-run'),
    ...target,
    buildId: z.string(),
    headSha: z.string(),
    content: CheckRunContent,
  }),
]);
export type Intent = z.infer<typeof Intent>;

export interface NewIntent {
  readonly key: string;
  readonly lane: string;
  readonly installationId: number;
  readonly intent: Intent;
}

/** Of these only the newest in a lane is worth sending. */
export const REPLACED_BY_NEWER: readonly Intent['kind'][] = ['sticky-comment', 'check-run'];

export function issueLane(repositoryId: number, number: number): string {
  return `issue-${repositoryId}-${number}`;
}

export function checkLane(buildId: string): string {
  return `check-${buildId}`;
}

/** Hidden in our sticky comment, so that one whose answer was lost is found again. It holds no state. */
export function stickyKey(repositoryId: number, number: number): string {
  return `<!-- spokebot:sticky:${repositoryId}:${number} -->`;
}
