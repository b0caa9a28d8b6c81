/** Issues: what is on GitHub now -> facts -> decision -> performed. The payload only says where to look. */
import type { IssueRef } from '../actions.js';
import type { IssueNow } from '../github/forge.js';
import { isAboutPause } from '../outbox/intent.js';
import { StaleFacts } from '../perform.js';
import { forgetOverruled, mutedPeople, wordOf } from '../store/commands.js';
import { afterAll, onTheWay } from '../store/on-the-way.js';
import { isPauseIssue } from '../store/pauses.js';
import { ensureSubject, findRepository, findSubject, type Subject } from '../store/subjects.js';
import type { IssueFacts } from '../triage/facts.js';
import type { TriageOutcome } from '../triage/outcome.js';
import { recordOf } from '../triage/replay.js';
import type { Word } from '../triage/word.js';
import { backfillPorts } from './backfill.js';
import { isHubRepository } from './hub.js';
import { gatherKnown, keepKnown, noLongerSuggested } from './known-issues.js';
import { lastOutcome } from './last-outcome.js';
import { withOwnLabels } from './own-labels.js';
import { decideWithPeople } from './owners.js';
import { IssuePayload, movedIn, readPayload, repoRef } from './payload.js';
import { type HandlerPorts, MOST_ROUNDS } from './ports.js';
import { noteTakenOff, notingTakenOff } from './taken-off.js';
import { adoptMove, adoptUntold, issueHere } from './transfers.js';

/** `issues.opened`, `.edited`, `.reopened`, `.closed` and the reconciler's own. */
export async function onIssue(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(IssuePayload, payload);
  if (data.issue.pull_request) return;
  const { backfill, issue, searchAgain = false } = data;
  const used = backfill === undefined ? ports : backfillPorts(ports, backfill.labelsOnly);
  // One that was opened by moving it here: the new place may be told of it before the old one.
  const moved = movedIn(data);
  if (moved !== null) await adoptMove(moved, ports);
  const ref = { ...repoRef(data), number: issue.number };
  // Also where nothing is triaged now: a closed issue is nobody's older one.
  if (issue.state === 'closed') await noLongerSuggested(ref, ports);
  await triageIssue(ref, delivery, used, data.sender?.login ?? null, searchAgain);
}

/** `issues.deleted`: nothing of it is left to look at. */
export async function onDeleted(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(IssuePayload, payload);
  if (data.issue.pull_request) return;
  await takeBackSuggestions({ ...repoRef(data), number: data.issue.number }, delivery, ports);
}

/** `issues.transferred` comes only from where the issue was, and tells where it is. What is known goes there first. */
export async function onTransferred(payload: unknown, delivery: string, ports: HandlerPorts): Promise<void> {
  const told = movedIn(readPayload(IssuePayload, payload));
  if (told === null) return;
  const known = await findRepository(ports.db, told.to.repositoryId);
  // Inside one account the installation is the same; elsewhere only a repository that told us of its own counts.
  const moved = known === null ? told : { ...told, to: { ...told.to, installationId: known.installationId } };
  await adoptMove(moved, ports);
  await takeBackSuggestions({ ...moved.from, installationId: moved.to.installationId }, delivery, ports);
  const { installationId, repositoryId, fullName, number } = moved.to;
  await triageIssue({ installationId, repositoryId, fullName, number }, delivery, ports);
}

/** `issues.unlabeled` by a person: a label of ours that was taken off stays off. */
export async function onUnlabeled(payload: unknown, _delivery: string, ports: HandlerPorts): Promise<void> {
  const data = readPayload(IssuePayload, payload);
  if (data.label === undefined) return;
  await noteTakenOff({ repositoryId: data.repository.id, number: data.issue.number }, data.label.name, ports);
}

/** Comments that name it as the older one are written anew. */
async function takeBackSuggestions(ref: IssueRef, delivery: string, ports: HandlerPorts): Promise<void> {
  for (const other of await noLongerSuggested(ref, ports)) await triageIssue(other, delivery, ports);
}

/**
 * Decides about one issue as it is now and performs what follows. Safe to call any number of times. `by` is who made the change, as
 * far as a delivery tells; with `searchAgain` older issues that say the same are looked for although its text is no other.
 */
export async function triageIssue(
  ref: IssueRef,
  delivery: string,
  ports: HandlerPorts,
  by: string | null = null,
  searchAgain = false,
): Promise<void> {
  const { registry } = ports.hub();
  if (!registry.isMember(ref.fullName)) return;
  // What spokebot itself tells the hub is nobody's to route: a pause would feed on the issue about it.
  if (isHubRepository(ref.fullName, ports) && (await isPauseIssue(ports.db, ref))) return;
  for (let round = 1; ; round++) {
    try {
      return await triageOnce(ref, delivery, ports, by, searchAgain);
    } catch (error) {
      if (!(error instanceof StaleFacts) || round >= MOST_ROUNDS) throw error;
    }
  }
}

async function triageOnce(
  ref: IssueRef,
  delivery: string,
  ports: HandlerPorts,
  by: string | null,
  searchAgain: boolean,
): Promise<void> {
  const config = await ports.config(ref);
  if (config.paused || config.triage.policy === 'off') return;
  // Read before GitHub is: a label that we add between the two must not look as if a person had taken it off.
  let before = await findSubject(ports.db, ref.repositoryId, ref.number);
  if (before !== null && before.movedTo !== null) return;
  // Also before: what is sent meanwhile is seen in one of the two, and what is decided meanwhile makes these facts stale.
  const { labels, people } = await onTheWay(ports.db, ref);
  const now = await issueHere(ref, ports);
  if (now === null || now.isPull) return;
  // Also where it lies elsewhere by now, or GitHub's answer to its creation was lost and nothing here knows its number yet.
  if (now.ours && isAboutPause(now.body)) return;
  const repository = await findRepository(ports.db, ref.repositoryId);
  if (before === null) {
    await adoptUntold(ref, now, repository?.private ?? true, ports);
    before = await findSubject(ports.db, ref.repositoryId, ref.number);
  }
  before = await withOwnLabels(ref, now, before, delivery, ports);
  const subject = await subjectOf(ref, now, before?.ourLabels ?? [], ports);
  const last = await lastOutcome(ref, ports.db);
  const seen: IssueFacts = {
    ...factsOf(ref, now, subject, last, repository?.private ?? true),
    labels: afterAll(now.labels, labels),
    labelsWeAdded: afterAll(subject.ourLabels, labels),
    assignees: afterAll(now.assignees, people),
    word: await wordNow(ref, now, subject, ports),
    ...(await mutedPeople(ports.db, ports.now())),
    question: null,
    alike: [],
  };
  const facts = { ...seen, ...(await gatherKnown(seen, ref, now, config, ports, searchAgain)) };
  const { catalogue, digest } = ports.hub();
  const decided = await decideWithPeople(facts, ref, catalogue, config, ports);
  await ports.perform({
    kind: 'triage',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: recordOf({ facts, ...decided, hub: digest, weights: catalogue.kinds?.version ?? null }),
    // The decision before is no fact of this one for telling repeats: after the first it would always be new. Nor is what changes
    // with every other issue.
    sameIf: {
      ...facts,
      sticky: null,
      // What is asked follows from the text; only the answer is news.
      question: facts.question?.answered ?? false,
      hub: digest,
      config: {
        policy: decided.config.triage.policy,
        owners: config.owners,
        kindThreshold: config.kindThreshold,
      },
      weights: catalogue.kinds?.version ?? null,
    },
    // As known before GitHub was read: an older answer must not overrule a newer decision.
    revision: before?.revision ?? 0,
    delivery,
    decision: decided.decision,
  });
  await keepKnown({ facts, ref, now, outcome: decided.decision.outcome, by }, ports);
  if (!now.open) await takeBackSuggestions(ref, delivery, ports);
}

/** Our row of the issue, with labels that somebody took off although no delivery told us. */
function subjectOf(ref: IssueRef, now: IssueNow, ours: readonly string[], ports: HandlerPorts): Promise<Subject> {
  const seen = { isPull: false, title: now.title, author: now.author, open: now.open, headSha: null };
  const at = { repositoryId: ref.repositoryId, number: ref.number };
  return notingTakenOff(ref, { ours, now: now.labels }, () => ensureSubject(ports.db, at, seen, ports.now()), ports);
}

/** What people said by command. A label that was overruled and is gone counts again when somebody puts it back. */
async function wordNow(ref: IssueRef, now: IssueNow, subject: Subject, ports: HandlerPorts): Promise<Word> {
  const word = wordOf(subject);
  const overruled = word.overruled.filter((label) => now.labels.includes(label));
  if (overruled.length === word.overruled.length) return word;
  const current = { ...word, overruled };
  await forgetOverruled(ports.db, ref, subject.revision, current);
  return current;
}

function factsOf(
  ref: IssueRef,
  now: IssueNow,
  subject: Subject,
  last: TriageOutcome | null,
  isPrivate: boolean,
): Omit<IssueFacts, 'word' | 'muted' | 'question' | 'alike'> {
  return {
    repository: ref.fullName,
    number: ref.number,
    title: now.title,
    body: now.body,
    author: now.author,
    authorAssociation: now.authorAssociation,
    labels: now.labels,
    labelsWeAdded: subject.ourLabels,
    labelsPeopleRemoved: subject.removedLabels,
    assignees: now.assignees,
    // Said only when it is closed, so that records of open issues stay what they were.
    ...(now.open ? {} : { open: false }),
    sticky:
      last === null && subject.commentBody === null
        ? null
        : { body: subject.commentBody, outcome: last, confirmed: subject.removedLabels.length > 0 },
    private: isPrivate,
    ref,
  };
}
