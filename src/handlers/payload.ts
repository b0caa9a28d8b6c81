/** The few fields that handlers take from a payload. Lenient: GitHub adds fields, older servers leave some out. */
import { z } from 'zod';
import type { RepoRef } from '../actions.js';
import { UnusablePayload } from '../for-good.js';
import type { Moved } from './transfers.js';

/** As GitHub numbers what it has. */
const id = z.number().int().positive();
const Id = z.object({ id });
/** Also a part of addresses that we ask with our token: nothing in it leads elsewhere. */
const fullName = z.string().regex(/^[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/, 'this is no OWNER/NAME');
const Repository = z.object({ id, full_name: fullName, private: z.boolean().default(true) });
const ListedRepository = Repository;

const Labels = z
  .array(z.object({ name: z.string() }))
  .nullish()
  .catch(null);

/** What is looked at of every delivery, also of one that has no handler. */
export const Envelope = z.object({ action: z.string().nullish(), installation: Id.nullish() });

export const RepositoryPayload = z.object({ installation: Id, repository: Repository });

export const IssuePayload = RepositoryPayload.extend({
  action: z.string().nullish(),
  sender: z.object({ login: z.string(), type: z.string().optional() }).optional(),
  issue: z.object({
    number: z.number().int().positive(),
    pull_request: z.unknown().optional(),
    labels: Labels,
    state: z.string().optional(),
    updated_at: z.iso.datetime({ offset: true }).nullish().catch(null),
  }),
  assignee: z.object({ login: z.string() }).nullish(),
  label: z.object({ name: z.string() }).optional(),
  /** Set in deliveries that `backfill` makes, never by GitHub. */
  backfill: z.object({ labelsOnly: z.boolean() }).optional(),
  /** Set where an older issue that says the same came late, never by GitHub. */
  searchAgain: z.boolean().optional(),
  changes: z
    .object({
      new_issue: z.object({ number: z.number().int() }).nullish(),
      new_repository: Repository.nullish(),
      old_issue: z.object({ number: z.number().int(), labels: Labels }).nullish(),
      old_repository: Repository.nullish(),
    })
    .optional(),
});

export const CommentPayload = RepositoryPayload.extend({
  action: z.string(),
  sender: z.object({ login: z.string(), type: z.string().optional() }),
  issue: z.object({ number: z.number().int().positive(), pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.number().int(),
    body: z.string().nullish(),
    created_at: z.string().nullish(),
    updated_at: z.string().nullish(),
    author_association: z.string().nullish(),
  }),
  changes: z.object({ body: z.object({ from: z.string() }).optional() }).optional(),
});

export const PullPayload = RepositoryPayload.extend({
  pull_request: z.object({ number: z.number().int().positive() }),
  label: z.object({ name: z.string() }).optional(),
});

const Sender = z.object({ login: z.string() });

export const CheckRunPayload = RepositoryPayload.extend({
  sender: Sender,
  check_run: z.object({ id: z.number().int(), external_id: z.string().nullish(), app: Id.nullish() }),
  requested_action: z.object({ identifier: z.string() }).optional(),
});

export const CheckSuitePayload = RepositoryPayload.extend({
  sender: Sender,
  check_suite: z.object({ head_sha: z.string(), app: Id.nullish() }),
});

export const PushPayload = RepositoryPayload.extend({
  ref: z.string(),
  repository: Repository.extend({ default_branch: z.string().optional() }),
});

export const InstallationPayload = z.object({
  installation: Id.extend({ account: z.object({ login: z.string() }).nullish() }),
  repositories: z.array(ListedRepository).default([]),
  repositories_added: z.array(ListedRepository).default([]),
  repositories_removed: z.array(ListedRepository).default([]),
});

/** Throws `UnusablePayload` that names every field which is not as it has to be. */
export function readPayload<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UnusablePayload(`the payload cannot be used: ${problems.slice(0, 5).join('; ')}`.slice(0, 1000));
}

export function repoRef(payload: z.infer<typeof RepositoryPayload>): RepoRef {
  return {
    installationId: payload.installation.id,
    repositoryId: payload.repository.id,
    fullName: payload.repository.full_name,
  };
}

/** The move that a delivery about an issue tells of, from either end; null when it tells of none. */
export function movedIn(payload: z.infer<typeof IssuePayload>): Moved | null {
  const { changes, issue, repository, sender, installation } = payload;
  const by = sender !== undefined && (sender.type ?? 'User') === 'User' ? sender.login : null;
  const here = { ...placeOf(repository, issue.number), private: repository.private };
  const end = (other: z.infer<typeof Repository>, number: number) => ({
    ...placeOf(other, number),
    private: other.private,
  });
  if (changes?.new_issue && changes.new_repository) {
    const to = { installationId: installation.id, ...end(changes.new_repository, changes.new_issue.number) };
    return { from: here, to, by, before: namesOf(issue.labels) };
  }
  if (changes?.old_issue && changes.old_repository) {
    const from = end(changes.old_repository, changes.old_issue.number);
    return { from, to: { installationId: installation.id, ...here }, by, before: namesOf(changes.old_issue.labels) };
  }
  return null;
}

function placeOf(repository: z.infer<typeof Repository>, number: number) {
  return { repositoryId: repository.id, fullName: repository.full_name, number };
}

function namesOf(labels: z.infer<typeof Labels>): string[] | null {
  return labels?.map(({ name }) => name) ?? null;
}
