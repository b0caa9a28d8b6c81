/**
 * Carries one intent to GitHub, through a client without throttling and retry: waiting and repeating are the outbox's. Knows the
 * API and nothing of the state except what it is told.
 */
import type { Intent } from '../outbox/intent.js';
import type { Attempt, Effect, Sent } from '../outbox/sent.js';
import { classifyFailure } from './failure.js';
import { moveIssue } from './move-issue.js';
import { Moved, renamedTo, staying } from './moved.js';
import { writeMention } from './own-comment.js';
import { editOwnIssue, openOwnIssue } from './own-issue.js';
import { type Client, split, unless } from './request.js';
import type { SendPorts } from './send-ports.js';
import { writeCheckRun } from './write-check-run.js';
import { writeComment } from './write-comment.js';

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
      if ((intent.kind === 'open-issue' || intent.kind === 'edit-issue') && !(await ports.state.tellable(intent)))
        return dropped('the repository that it names is private by now');
      const client = staying(await ports.client(place?.installationId ?? attempt.installationId), attempt.signal);
      const called = await stillCalled(attempt, ports);
      if (called === null) return dropped('whom it would call wants to be left alone, or is not to be called any more');
      const left = await stillWanted({ ...attempt, intent: called }, ports);
      if (left === null) return dropped('a person took off what may have been put already');
      const some = { ...attempt, intent: { ...left, repository: place?.fullName ?? repository } };
      const written = await writeHere(client, some, ports);
      return left === attempt.intent ? { kind: 'done', ...written } : { kind: 'done', wrote: left, ...written };
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

/** The intent without labels that an earlier try may have put and a person took off since; null when none is left. */
async function stillWanted({ intent, maybeSent }: Attempt, { state }: SendPorts): Promise<Intent | null> {
  if (intent.kind !== 'add-labels' || !maybeSent) return intent;
  const off = await state.takenOff(intent.repositoryId, intent.number);
  const labels = intent.labels.filter(({ name }) => !off.includes(name));
  if (labels.length === intent.labels.length) return intent;
  return labels.length === 0 ? null : { ...intent, labels };
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
    case 'open-issue':
      return openOwnIssue(client, intent, ports.identity());
    case 'edit-issue':
      return editOwnIssue(client, intent, ports.identity());
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
