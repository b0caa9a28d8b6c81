/** A delivery read from a file, in the forms that deliveries are recorded in. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from '../command.js';

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
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  const recorded = Recorded.safeParse(content);
  if (recorded.success && (event ?? recorded.data.event) !== '')
    return { ...recorded.data, event: event ?? recorded.data.event };
  const bare = payloadObject.safeParse(content);
  if (bare.success && event !== undefined) return { guid: 'replayed', event, payload: bare.data };
  throw new UsageError(
    `${file} holds no recorded delivery: it needs {"event", "payload"}, or a bare payload together with --event NAME.`,
  );
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

/** Throws `UsageError` for a payload that lacks what a replay reads of it. */
export function checkSubjects(payload: Record<string, unknown>): void {
  const parsed = Subjects.safeParse(payload);
  if (parsed.success) return;
  const [first] = parsed.error.issues;
  throw new UsageError(
    `The payload is not whole: "${first?.path.join('.')}" ${first?.message ?? 'is not valid'}. Take it as GitHub sent it.`,
  );
}
