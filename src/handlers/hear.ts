/** A comment as a turn in the conversation: who spoke, and whether that answers what the reporter was asked. */
import type { IssueRef } from '../actions.js';
import type { Registry } from '../registry/model.js';
import { wordOf } from '../store/commands.js';
import { noteHappenings } from '../store/conversations.js';
import { findSubject } from '../store/subjects.js';
import type { Question, Speaker } from '../triage/conversation.js';
import type { HandlerPorts } from './ports.js';

export interface NewComment {
  readonly ref: IssueRef;
  readonly sender: string;
  /** What GitHub says of them in this repository; null when it says nothing. */
  readonly association: string | null;
  /** ISO date; null when unknown. */
  readonly at: string | null;
  /** Whether there is more in it than commands. */
  readonly words: boolean;
}

/** Notes who spoke. True when it is the reporter's reply to an open question, also when the same is told again. */
export async function hear(comment: NewComment, ports: Pick<HandlerPorts, 'db' | 'now' | 'hub'>): Promise<boolean> {
  const { ref, sender, words } = comment;
  const subject = await findSubject(ports.db, ref.repositoryId, ref.number);
  if (subject === null) return false;
  const byReporter = subject.author?.toLowerCase() === sender.toLowerCase();
  // A command of the reporter's is no reply.
  if (byReporter && !words) return false;
  const told = new Date(comment.at ?? Number.NaN);
  const at = (Number.isNaN(told.getTime()) ? ports.now() : told).toISOString();
  const by: Speaker = byReporter ? 'reporter' : isMaintainer(comment, ports.hub().registry) ? 'maintainer' : 'other';
  const talk = await noteHappenings(ports.db, ref, null, [{ kind: 'spoke', by, login: sender, at }]);
  if (!byReporter) return false;
  const replied = (question: Question | null | undefined) =>
    question?.answered?.how === 'comment' && question.answered.at === at;
  return replied(talk?.missing) || replied(talk?.needsInfo) || wordOf(subject).needsInfo !== null;
}

/** Whoever works on the repository, or is named in the hub's files as answering for something. */
function isMaintainer({ association, sender }: NewComment, registry: Registry): boolean {
  if (['OWNER', 'MEMBER', 'COLLABORATOR'].includes(association ?? '')) return true;
  const { keepers } = registry.hub.roles;
  const named = [
    keepers,
    ...[...registry.spokes.values()].map(({ leads }) => leads),
    ...[...registry.products.values()].map(({ owners }) => owners),
  ];
  return named.some((logins) => logins.some((login) => login.toLowerCase() === sender.toLowerCase()));
}
