/**
 * Moves an issue to another repository, or makes one elsewhere that points to it. GraphQL is GitHub's only way to move one. Each try
 * begins by looking where the issue lies, so that a move whose answer was lost, or that somebody else made, is found and never
 * made again.
 */
import type { Octokit } from '@octokit/rest';
import { type Intent, pointerKey } from '../outbox/intent.js';
import type { Attempt, Effect, IssuePlace, Sent } from '../outbox/sent.js';
import { classifyFailure } from './failure.js';
import { graphql } from './graphql.js';

type Client = Pick<Octokit, 'request' | 'paginate'>;
type Transfer = Extract<Intent, { kind: 'transfer' }>;
type Link = Extract<Intent, { kind: 'link-issue' }>;

/** Clocks differ; an issue of ours that was made a little before the intent is none of another's. */
const SINCE_MS = 10 * 60_000;

/** So long a move is tried again when GitHub does not answer. */
const PATIENCE_MS = 24 * 3600_000;

const MUTATION = 'mutation ($input: TransferIssueInput!) { transferIssue(input: $input) { issue { number } } }';

/** An issue where it lies now. */
interface Found {
  readonly place: IssuePlace;
  readonly private: boolean;
  readonly nodeId: string;
  readonly labels: readonly string[];
}

export interface MovePorts {
  readonly client: (installationId: number) => Promise<Client>;
  readonly now: () => Date;
  readonly identity: () => { readonly appId: number; readonly slug: string };
}

/** Carries such an intent to GitHub. What GitHub refuses is an effect too: whoever asked for it is told. */
export async function moveIssue(
  attempt: Attempt & { readonly intent: Transfer | Link },
  ports: MovePorts,
): Promise<Sent> {
  try {
    const { request, paginate } = await ports.client(attempt.installationId);
    const { signal, intent } = attempt;
    // Redirects are followed here: they tell where the issue is.
    const client = { request: request.defaults({ request: { signal } }), paginate };
    const effect =
      intent.kind === 'transfer'
        ? await transferIssue(client, intent)
        : await linkIssue(client, intent, attempt, ports.identity());
    return { kind: 'done', effect };
  } catch (error) {
    const failure = classifyFailure(error, ports.now());
    // Until it has ended triage holds still, and whoever asked hears nothing: that is not for days.
    const over = ports.now().getTime() - attempt.createdAt.getTime() > PATIENCE_MS;
    return failure.kind === 'refused' || over
      ? { kind: 'done', effect: notMoved(failure.why), trouble: failure.why }
      : failure;
  }
}

async function transferIssue(client: Client, intent: Transfer): Promise<Effect> {
  const before = await findIssue(client, intent.repository, intent.number, intent.repositoryId);
  if (before.place.repositoryId !== intent.repositoryId || before.place.number !== intent.number)
    return movedTo(before, null);
  const target = (await client.request('GET /repos/{owner}/{repo}', names(intent.to.repository))).data;
  const not = whyNotInto(target, intent);
  if (not !== null) return notMoved(not);
  const answer = (await graphql(client, MUTATION, {
    input: { issueId: before.nodeId, repositoryId: target.node_id, createLabelsIfMissing: false },
  })) as Answer;
  const number = answer.data?.transferIssue?.issue?.number;
  if (number !== undefined)
    return movedTo(await findIssue(client, target.full_name, number, Number(target.id)), before.labels);
  // Somebody may have moved it between the two requests.
  const now = await findIssue(client, intent.repository, intent.number, intent.repositoryId);
  if (now.place.repositoryId !== intent.repositoryId || now.place.number !== intent.number)
    return movedTo(now, before.labels);
  const errors = answer.errors ?? [];
  const why = errors.map(({ message }) => message).join('; ') || 'GitHub gave no reason';
  if (!errors.some(({ type }) => type !== undefined && REFUSALS.has(type)))
    throw Object.assign(new Error(why), { status: errors.some(({ type }) => type === 'RATE_LIMITED') ? 429 : 502 });
  return notMoved(why);
}

/** What was looked at when the command was given may be another thing now. */
function whyNotInto(
  target: {
    readonly id: number | bigint;
    readonly private: boolean;
    readonly has_issues?: boolean;
    readonly full_name: string;
  },
  { to }: Transfer | Link,
): string | null {
  if (Number(target.id) !== to.repositoryId) return `${to.repository} is another repository now`;
  if (target.private) return `${target.full_name} is private`;
  return target.has_issues ? null : `${target.full_name} takes no issues`;
}

/** Kinds of GraphQL errors that asking again does not mend. */
const REFUSALS: ReadonlySet<string> = new Set(['FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE', 'BAD_INPUT', 'UNSUPPORTED']);

/** Makes the issue that points here; one that is there already is found by its hidden key. */
async function linkIssue(
  client: Client,
  intent: Link,
  { maybeSent, createdAt }: { readonly maybeSent: boolean; readonly createdAt: Date },
  { appId, slug }: ReturnType<MovePorts['identity']>,
): Promise<Effect> {
  const place = names(intent.to.repository);
  const key = pointerKey(intent.repositoryId, intent.number);
  if (maybeSent) {
    const since = new Date(createdAt.getTime() - SINCE_MS).toISOString();
    const made = await client.paginate('GET /repos/{owner}/{repo}/issues', {
      ...place,
      state: 'all',
      since,
      per_page: 100,
    });
    const ours = made.find(
      (each) =>
        (each.performed_via_github_app?.id === appId || each.user?.login === `${slug}[bot]`) &&
        each.body?.includes(key),
    );
    if (ours !== undefined) return { kind: 'linked', number: ours.number };
  }
  const { title } = intent;
  const target = (await client.request('GET /repos/{owner}/{repo}', place)).data;
  const not = whyNotInto(target, intent);
  if (not !== null) return notMoved(not);
  const made = await client.request('POST /repos/{owner}/{repo}/issues', {
    ...place,
    title,
    body: `${intent.body}\n\n${key}`,
  });
  return { kind: 'linked', number: made.data.number };
}

/** Follows GitHub's redirects to where the issue lies now. A repository that was only renamed keeps its id. */
async function findIssue(client: Client, fullName: string, number: number, repositoryId: number): Promise<Found> {
  const { data } = await client.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
    ...names(fullName),
    issue_number: number,
  });
  const labels = data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
  const seen = /\/repos\/([^/]+\/[^/]+)$/.exec(data.repository_url ?? '')?.[1] ?? fullName;
  const found = { nodeId: data.node_id, labels };
  if (seen.toLowerCase() === fullName.toLowerCase() && data.number === number)
    return { ...found, place: { repositoryId, repository: seen, number }, private: false };
  const repository = (await client.request('GET /repos/{owner}/{repo}', names(seen))).data;
  const place = { repositoryId: Number(repository.id), repository: repository.full_name, number: data.number };
  return { ...found, place, private: repository.private };
}

function movedTo({ place: to, private: isPrivate, labels }: Found, before: readonly string[] | null): Effect {
  return { kind: 'moved', to, private: isPrivate, before, after: labels };
}

function notMoved(why: string): Effect {
  return { kind: 'not-moved', why };
}

interface Answer {
  readonly data?: { readonly transferIssue?: { readonly issue?: { readonly number?: number } | null } | null } | null;
  readonly errors?: readonly { readonly type?: string; readonly message: string }[];
}

function names(fullName: string): { owner: string; repo: string } {
  const [owner, repo] = fullName.split('/') as [string, string];
  return { owner, repo };
}
