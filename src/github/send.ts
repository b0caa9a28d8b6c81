/**
 * Carries one intent to GitHub, through a client without throttling and retry: waiting and repeating are the outbox's. Knows the
 * API and nothing of the state except what it is told.
 */
import type { Octokit } from '@octokit/rest';
import type { CheckRunContent } from '../check-run.js';
import { annotationBatches } from '../ci/report.js';
import { type Intent, stickyKey } from '../outbox/intent.js';
import type { Attempt, Effect, Sent } from '../outbox/outbox.js';
import { classifyFailure } from './failure.js';
import { moveIssue } from './move-issue.js';
import { Moved, renamedTo, staying } from './moved.js';
import { findOwnComment, writeMention } from './own-comment.js';

export interface SendPorts {
  /** Client of an installation. */
  readonly client: (installationId: number) => Promise<Pick<Octokit, 'request' | 'paginate'>>;
  readonly now: () => Date;
  /** Who we are, to know our own comments and check runs. */
  readonly identity: () => { readonly appId: number; readonly slug: string };
  readonly state: {
    /** Our comment; `former` are the places where the issue was before it was moved. */
    comment(
      repositoryId: number,
      number: number,
    ): Promise<{ id: number | null; gone: boolean; former?: readonly { repositoryId: number; number: number }[] }>;
    checkRun(buildId: string): Promise<number | null>;
    knownLabels(repositoryId: number): Promise<readonly string[]>;
    /** What the repository is called now and who may write there; `taken`: the name is another one's by now; null: not known. */
    place(
      repositoryId: number,
      fullName: string,
    ): Promise<{ readonly fullName: string; readonly installationId: number } | 'taken' | null>;
    /** Those of the people who may still be called; `since` is when it was decided. */
    callable(call: Call, since: Date): Promise<readonly string[]>;
  };
}

type Client = Pick<Octokit, 'request' | 'paginate'>;
type Call = Extract<Intent, { logins: string[] }>;
/** The intent as it is written, the effect of that, and what of it was not taken. */
type Written = Pick<Extract<Sent, { kind: 'done' }>, 'effect' | 'wrote' | 'trouble'>;

export function createSender(ports: SendPorts): (attempt: Attempt) => Promise<Sent> {
  return async (attempt) => {
    try {
      const { intent } = attempt;
      if (intent.kind === 'transfer' || intent.kind === 'link-issue')
        return await moveIssue({ ...attempt, intent }, ports);
      const { repositoryId, repository } = intent;
      const place = await ports.state.place(repositoryId, repository);
      if (place === 'taken') return dropped(`${repository} is another repository by now`);
      const client = staying(await ports.client(place?.installationId ?? attempt.installationId), attempt.signal);
      const called = await stillCalled(attempt, ports);
      if (called === null) return dropped('whom it would call wants to be left alone, or is not to be called any more');
      const some = { ...attempt, intent: { ...called, repository: place?.fullName ?? repository } };
      const written = await writeHere(client, some, ports);
      return called === attempt.intent ? { kind: 'done', ...written } : { kind: 'done', wrote: called, ...written };
    } catch (error) {
      if (error instanceof Moved) return dropped(`${error.message}; nothing is written there`);
      return classifyFailure(error, ports.now());
    }
  };
}

function dropped(why: string): Sent {
  return { kind: 'dropped', why };
}

/** The intent with those people only who may still be called; null when nobody is left of them. */
async function stillCalled({ intent, createdAt }: Attempt, { state }: SendPorts): Promise<Intent | null> {
  if (intent.kind !== 'assign' && intent.kind !== 'mention-comment') return intent;
  const logins = await state.callable(intent, createdAt);
  if (logins.length === intent.logins.length) return intent;
  return logins.length === 0 ? null : { ...intent, logins: [...logins] };
}

/** Writes, under its new name if GitHub knows the repository by another one. */
async function writeHere(client: Client, attempt: Attempt, ports: SendPorts): Promise<Written> {
  try {
    return await write(client, attempt, ports);
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    const name = await renamedTo(error, attempt.intent.repositoryId, client);
    if (name === null) throw error;
    return await write(client, { ...attempt, intent: { ...attempt.intent, repository: name } }, ports);
  }
}

async function write(client: Client, attempt: Attempt, ports: SendPorts): Promise<Written> {
  if (attempt.intent.kind === 'add-labels') return writeLabels(client, attempt.intent, ports);
  return { effect: await writeOther(client, { ...attempt, intent: attempt.intent }, ports) };
}

type OtherAttempt = Attempt & { readonly intent: Exclude<Intent, { kind: 'add-labels' }> };

async function writeOther(
  client: Client,
  { intent, maybeSent }: OtherAttempt,
  ports: SendPorts,
): Promise<Effect | null> {
  const { owner, repo } = split(intent.repository);
  switch (intent.kind) {
    case 'remove-labels':
      for (const name of intent.labels)
        await client
          .request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
            owner,
            repo,
            issue_number: intent.number,
            name,
          })
          .catch(unless(404));
      return { kind: 'labels-removed', labels: intent.labels };
    case 'assign':
      await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
        owner,
        repo,
        issue_number: intent.number,
        assignees: [...intent.logins],
      });
      return null;
    case 'unassign':
      await client.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
        owner,
        repo,
        issue_number: intent.number,
        assignees: [...intent.logins],
      });
      return null;
    case 'transfer':
    case 'link-issue':
      throw new Error('moves have a sender of their own');
    case 'react':
      // A comment that is gone needs no answer, and some servers have no reactions.
      await client
        .request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
          owner,
          repo,
          comment_id: intent.commentId,
          content: intent.content,
        })
        .catch(unless(404));
      return null;
    case 'sticky-comment':
      return writeComment(client, intent, maybeSent, ports);
    case 'mention-comment':
      await writeMention(client, { owner, repo, issue_number: intent.number }, intent, maybeSent, ports.identity());
      return null;
    case 'check-run':
      return writeCheckRun(client, intent, maybeSent, ports);
  }
}

/** A label that cannot be made is left out and told of; the others are put all the same. */
async function writeLabels(
  client: Client,
  intent: Extract<Intent, { kind: 'add-labels' }>,
  ports: SendPorts,
): Promise<Written> {
  const { owner, repo } = split(intent.repository);
  const known = new Set(await ports.state.knownLabels(intent.repositoryId));
  const refused: { name: string; error: unknown }[] = [];
  for (const label of intent.labels) {
    if (known.has(label.name)) continue;
    try {
      await client
        .request('POST /repos/{owner}/{repo}/labels', { owner, repo, ...label })
        .catch(unless(422, 'already_exists'));
      known.add(label.name);
    } catch (error) {
      if (error instanceof Moved || classifyFailure(error, ports.now()).kind === 'later') throw error;
      refused.push({ name: label.name, error });
    }
  }
  const labels = intent.labels.map(({ name }) => name).filter((name) => !refused.some((each) => each.name === name));
  if (labels.length === 0 && refused.length > 0) throw refused[0]!.error;
  await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
    owner,
    repo,
    issue_number: intent.number,
    labels,
  });
  const effect: Effect = { kind: 'labels-added', labels, known: [...known] };
  if (refused.length === 0) return { effect };
  const why = refused.map(({ name, error }) => `"${name}" ${classifyFailure(error, ports.now()).why}`).join('; ');
  return { effect, trouble: `not put: ${why}`.slice(0, 500) };
}

async function writeComment(
  client: Client,
  intent: Extract<Intent, { kind: 'sticky-comment' }>,
  maybeSent: boolean,
  ports: SendPorts,
): Promise<Effect | null> {
  const { owner, repo } = split(intent.repository);
  const key = stickyKey(intent.repositoryId, intent.number);
  const body = `${intent.body}\n\n${key}`;
  const known = await ports.state.comment(intent.repositoryId, intent.number);
  if (known.gone) return null;
  const place = { owner, repo, issue_number: intent.number };
  let id = known.id;
  const former = (known.former ?? []).map((each) => stickyKey(each.repositoryId, each.number));
  const find = async () => {
    for (const one of [key, ...former]) {
      const found = await findOwnComment(client, place, one, ports.identity());
      if (found !== null) return found;
    }
    return null;
  };
  if (id === null && (maybeSent || former.length > 0)) id = await find();
  if (id === null) {
    const made = await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...place, body });
    return { kind: 'comment', id: Number(made.data.id) };
  }
  const edit = (comment: number) =>
    client
      .request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { owner, repo, comment_id: comment, body })
      .then(() => true, unless([404, 410]));
  if (await edit(id)) return { kind: 'comment', id };
  // A comment that came along with its issue may have another number now.
  const other = former.length > 0 ? await find() : null;
  if (other !== null && (await edit(other))) return { kind: 'comment', id: other };
  // A person deleted it: that is an answer, and it holds.
  return { kind: 'comment', id: null };
}

async function writeCheckRun(
  client: Client,
  intent: Extract<Intent, { kind: 'check-run' }>,
  maybeSent: boolean,
  ports: SendPorts,
): Promise<Effect> {
  const { owner, repo } = split(intent.repository);
  let id = await ports.state.checkRun(intent.buildId);
  let first = true;
  if (id === null && maybeSent) {
    const found = await client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      owner,
      repo,
      ref: intent.headSha,
      app_id: ports.identity().appId,
      check_name: intent.content.name,
      filter: 'all',
      per_page: 100,
    });
    const ours = found.data.check_runs.find((run) => run.external_id === intent.buildId);
    id = ours === undefined ? null : Number(ours.id);
  }
  const known = id === null ? [] : await knownAnnotations(client, intent, id);
  for (const body of requestsOf(intent.content, known)) {
    if (id === null) {
      const made = await client.request('POST /repos/{owner}/{repo}/check-runs', {
        owner,
        repo,
        head_sha: intent.headSha,
        external_id: intent.buildId,
        ...body,
      } as never);
      id = Number(made.data.id);
    } else {
      await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        owner,
        repo,
        check_run_id: id,
        // Later requests only append annotations.
        ...(first ? body : { output: body.output }),
      } as never);
    }
    first = false;
  }
  if (id === null) throw new Error('a check run without content');
  return { kind: 'check-run', id };
}

/** What a check run already shows, read only when there is something to add to it. */
async function knownAnnotations(
  client: Client,
  intent: Extract<Intent, { kind: 'check-run' }>,
  id: number,
): Promise<Shown[]> {
  if (intent.content.output.annotations.length === 0) return [];
  return client.paginate('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
    ...split(intent.repository),
    check_run_id: id,
    per_page: 100,
  });
}

/** As much of an annotation as tells it from others. */
interface Shown {
  readonly path?: string;
  readonly start_line?: number;
  readonly message?: string | null;
}

function sameness({ path, start_line, message }: Shown): string {
  return JSON.stringify([path, start_line, message]);
}

/**
 * GitHub takes 50 annotations a request and appends them to those of earlier ones, also when a request is repeated or a check is
 * run again; so what is shown already is left out. The first request always goes out, for the rest of the content.
 */
function requestsOf(content: CheckRunContent, known: readonly Shown[]): CheckRunContent[] {
  const shown = new Set(known.map(sameness));
  const all = content.output.annotations.filter((each) => !shown.has(sameness(each)));
  const [first = [], ...rest] = annotationBatches(all);
  return [first, ...rest].map((annotations) => ({ ...content, output: { ...content.output, annotations } }));
}

export function split(fullName: string): { owner: string; repo: string } {
  const [owner, repo] = fullName.split('/') as [string, string];
  return { owner, repo };
}

/** Swallows an answer of this status (and, if given, with this word in it); anything else is thrown on. */
function unless(status: number | readonly number[], word?: string): (error: unknown) => undefined {
  return (error) => {
    const { status: got, response } = error as { status?: number; response?: { data?: unknown } };
    if (
      ![status].flat().includes(got ?? 0) ||
      (word !== undefined && !JSON.stringify(response?.data ?? '').includes(word))
    )
      throw error;
    return undefined;
  };
}
