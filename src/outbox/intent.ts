/** What is to be written to GitHub, as values: each has a key (it is written once in effect) and a lane (order within it is kept). */
import { z } from 'zod';
import { CheckRunContent } from '../check-run.js';
import { digest } from '../digest.js';
import { KINDS } from '../triage/outcome.js';

/** It may have been made before, by a state of ours that was lost: it is looked up first, as after an answer that was lost. */
const lookFirst = z.boolean().optional();
const target = { repositoryId: z.number(), repository: z.string() };
const Place = z.object({ installationId: z.number(), ...target });
const Routing = z.object({
  product: z.string().nullable(),
  outside: z.string().nullable(),
  spoke: z.string(),
  cc: z.array(z.string()),
  by: z.string(),
});
const Label = z.object({ name: z.string(), color: z.string(), description: z.string() });

/** What an issue of ours is about: a check of a default branch (the product's repository, name, pool), or a repository that pauses. */
export const Cause = z.union([
  z.object({ repositoryId: z.number(), name: z.string(), pool: z.string() }),
  z.object({ repositoryId: z.number(), pause: z.literal(true) }),
]);
export type Cause = z.infer<typeof Cause>;

export const Intent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add-labels'), ...target, number: z.number(), labels: z.array(Label) }),
  z.object({ kind: z.literal('remove-labels'), ...target, number: z.number(), labels: z.array(z.string()) }),
  z.object({
    kind: z.literal('assign'),
    ...target,
    number: z.number(),
    logins: z.array(z.string()),
    /** True: a person named them by command. */
    byPerson: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('unassign'), ...target, number: z.number(), logins: z.array(z.string()) }),
  z.object({
    kind: z.literal('react'),
    ...target,
    number: z.number(),
    commentId: z.number(),
    content: z.enum(['+1', '-1', 'confused']),
  }),
  z.object({ kind: z.literal('sticky-comment'), ...target, number: z.number(), body: z.string(), lookFirst }),
  z.object({
    kind: z.literal('mention-comment'),
    ...target,
    number: z.number(),
    /** Tells this comment from others of ours on the issue. */
    key: z.string(),
    logins: z.array(z.string()),
    because: z.string(),
    lookFirst,
  }),
  /** The issue goes to another repository of the same owner. */
  z.object({
    kind: z.literal('transfer'),
    ...target,
    number: z.number(),
    to: Place,
    by: z.string(),
    routing: Routing.nullable(),
  }),
  /** An issue of ours in another organisation that points to this one. */
  z.object({
    kind: z.literal('link-issue'),
    ...target,
    number: z.number(),
    to: Place,
    by: z.string(),
    title: z.string(),
    body: z.string(),
    routing: Routing,
    issueKind: z.enum(KINDS).nullable(),
  }),
  /** An issue of ours. */
  z.object({
    kind: z.literal('open-issue'),
    ...target,
    of: Cause,
    /** Counts the issues of this cause, so that an older one is not taken for it. */
    round: z.number(),
    title: z.string(),
    body: z.string(),
    label: Label.nullable(),
  }),
  /** The text of an issue that we opened. */
  z.object({
    kind: z.literal('edit-issue'),
    ...target,
    number: z.number(),
    /** The repository that it speaks of. */
    about: z.number().optional(),
    body: z.string(),
  }),
  z.object({
    kind: z.literal('check-run'),
    ...target,
    buildId: z.string(),
    headSha: z.string(),
    content: CheckRunContent,
    lookFirst,
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
export const REPLACED_BY_NEWER: readonly Intent['kind'][] = ['sticky-comment', 'check-run', 'edit-issue'];

/** While one of these has to wait, what comes after it in its lane goes on: an answer of courtesy holds no work up. */
export const HOLDS_NOTHING_UP: readonly Intent['kind'][] = ['react'];

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

/** The same for a comment that calls people. */
export function mentionKey(repositoryId: number, number: number, key: string): string {
  return `<!-- spokebot:mention:${repositoryId}:${number}:${key} -->`;
}

/** The same for the issue in another organisation that points to this one. */
export function pointerKey(repositoryId: number, number: number): string {
  return `<!-- spokebot:pointer:${repositoryId}:${number} -->`;
}

/** Intents about a cause before there is an issue. */
export function causeLane(of: Cause): string {
  if ('pause' in of) return `pause-${of.repositoryId}`;
  return `nightly-${of.repositoryId}-${digest([of.name, of.pool]).slice(0, 16)}`;
}

/** Hidden in the issue about it, so that one whose answer was lost is found again. It holds no state. */
export function causeKey(of: Cause, round: number): string {
  return `<!-- spokebot:${causeLane(of)}:${round} -->`;
}

/** Whether an issue of ours with this text is about a pause. */
export function isAboutPause(body: string): boolean {
  return CAUSE_KEY.exec(body)?.[0].startsWith('<!-- spokebot:pause-') ?? false;
}

/** Such a key in an issue's text. */
export const CAUSE_KEY = /<!-- spokebot:(?:nightly|pause)-[^>]*-->/;
