/** A delivery read from a file, in the forms that deliveries are recorded in. */
import { readFileSync } from 'node:fs';
import { emitterEventNames } from '@octokit/webhooks';
import { z } from 'zod';
import { nearest } from '../../registry/nearest.js';
import { ownValue } from '../../registry/own-value.js';
import { UsageError } from '../command.js';
import { misfit } from '../misfit.js';
import { whyUnreadable } from '../read-failure.js';
import { onOneLine } from '../text.js';

export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

const payloadObject = z.record(z.string(), z.unknown());

/** The forms that deliveries are recorded in: GitHub's own delivery API, Probot's, and a bare payload with `--event`. */
const Recorded = z.union([
  z
    .object({ guid: z.string(), event: z.string(), request: z.object({ payload: payloadObject }) })
    .transform(({ guid, event, request }) => ({ guid, event, payload: request.payload })),
  z
    .object({
      id: z.string().default('replayed'),
      name: z.string().optional(),
      event: z.string().optional(),
      payload: payloadObject,
    })
    .transform(({ id, name, event, payload }) => ({ guid: id, event: name ?? event ?? '', payload })),
]);

/** Throws `UsageError` with what to mend. */
export function readDelivery(file: string | undefined, event: string | undefined): Delivery {
  if (file === undefined) throw new UsageError('Which recorded delivery? Name a JSON file.');
  const content = contentOf(file);
  const recorded = Recorded.safeParse(content);
  if (recorded.success && (event ?? recorded.data.event) !== '')
    return { ...recorded.data, event: event ?? recorded.data.event };
  const bare = payloadObject.safeParse(content);
  if (bare.success && event !== undefined) return { guid: 'replayed', event, payload: bare.data };
  throw new UsageError(
    `${file} holds no recorded delivery: it needs {"event", "payload"}, or a bare payload together with --event NAME.`,
  );
}

function contentOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${whyUnreadable(error)}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** As much of an issue and of a pull request as a replay reads; everything else may be missing. */
const id = z.number().int();
const user = z.object({ login: z.string() }).nullish();
const named = z.object({ name: z.string() });
const Subjects = z.object({
  repository: z.object({ id, full_name: z.string() }).optional(),
  installation: z.object({ id }).nullish(),
  issue: z
    .object({ number: id, user, author_association: z.string().nullish(), labels: z.array(named).optional() })
    .optional(),
  pull_request: z
    .object({
      number: id,
      user,
      labels: z.array(named).optional(),
      head: z.object({ sha: z.string(), repo: z.object({ id }).nullish() }),
      base: z.object({
        sha: z.string(),
        ref: z.string(),
        repo: z.object({ id, default_branch: z.string(), clone_url: z.string(), private: z.boolean() }),
      }),
    })
    .optional(),
});

/** What a delivery of an event is about; without it there is nothing that could be decided on. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  issues: ['repository', 'issue'],
  issue_comment: ['repository', 'issue', 'comment'],
  pull_request: ['repository', 'pull_request'],
  check_run: ['repository', 'check_run'],
  check_suite: ['repository', 'check_suite'],
};

/** Throws `UsageError` for an event that GitHub does not have, and for a payload that lacks what a replay reads of it. */
export function checkDelivery({ event, payload }: Delivery): void {
  const events = emitterEventNames.filter((name) => !name.includes('.'));
  if (!events.some((name) => name === event)) {
    const meant = nearest(event, events);
    const hint = meant === null ? 'The name is the one of the header X-GitHub-Event.' : `Did you mean "${meant}"?`;
    throw new UsageError(`No event of GitHub that is known here is called "${onOneLine(event).slice(0, 80)}". ${hint}`);
  }
  checkSubjects(payload);
  const lacks = (ownValue(ABOUT, event) ?? []).filter((key) => !Object.hasOwn(payload, key));
  if (lacks.length > 0)
    throw new UsageError(
      `The payload is not whole: a delivery of ${event} has ${lacks.map((key) => `"${key}"`).join(' and ')}. Take it as GitHub sent it.`,
    );
}

function checkSubjects(payload: Record<string, unknown>): void {
  const parsed = Subjects.safeParse(payload);
  if (parsed.success) return;
  throw new UsageError(`The payload is not whole: ${misfit(parsed.error, payload, 'it')}. Take it as GitHub sent it.`);
}
