/**
 * Comments with commands: who said what new -> facts -> decision -> performed, then the issue is triaged anew with what people said.
 * Only the sender of the delivery counts; who wrote the comment does not, since others may have edited it.
 */
import { createHash } from 'node:crypto';
import type { IssueRef } from '../actions.js';
import type { Identity } from '../app.js';
import { StaleFacts } from '../perform.js';
import type { CommandsSection } from '../registry/commands-section.js';
import type { EffectiveConfig } from '../registry/model.js';
import { findComment, noteComment, wordOf } from '../store/commands.js';
import { noteHappenings } from '../store/conversations.js';
import { findSubject } from '../store/subjects.js';
import { type Asked, VERB_RULES } from '../triage/commands/command.js';
import { decideCommands } from '../triage/commands/decide.js';
import { newCommands, parseCommands } from '../triage/commands/parse.js';
import { decideAnswered } from '../triage/commands/reporter-answered.js';
import { gatherFacts, triageDecisions } from './command-facts.js';
import { hear, type NewComment } from './hear.js';
import { triageIssue } from './issues.js';
import { CommentPayload, readPayload, repoRef } from './payload.js';
import { type HandlerPorts, MOST_ROUNDS } from './ports.js';
import { planPull } from './pulls.js';
import { whereNow } from './transfers.js';

/** Content of the delivery that tells of a new comment. */
const CREATED = 'created';

/** A comment as one delivery tells of it. */
interface Said {
  readonly ref: IssueRef;
  readonly isPull: boolean;
  readonly commentId: number;
  readonly sender: string;
  readonly asked: readonly Asked[];
  /** Keys of the commands before an edit; null when the delivery does not say. */
  readonly before: readonly string[] | null;
  /** The same for every delivery that tells of the same change. */
  readonly content: string;
  /** Set for a new comment on an issue. */
  readonly fresh: Pick<NewComment, 'association' | 'at' | 'words'> | null;
}

/** `issue_comment.created` and `.edited`, of issues and pull requests. */
export async function onComment(
  payload: unknown,
  delivery: string,
  ports: HandlerPorts,
  identity: Identity,
): Promise<void> {
  const data = readPayload(CommentPayload, payload);
  // What any bot writes is data, whoever made it write that.
  if (data.sender.type !== 'User' && data.sender.type !== undefined) return;
  const told = saidIn(data, ['spokebot', identity.slug]);
  // A comment on an issue that has moved since is one on the issue where it lies now.
  const said = { ...told, ref: await whereNow(told.ref, ports) };
  const talk = said.asked.length === 0 && !said.before?.length;
  // Most comments are talk among people; only a reporter who was asked something makes a difference by it.
  const answers = said.fresh !== null && (await hear({ ...said, ...said.fresh }, ports));
  if (talk && !answers) return;
  const { registry } = ports.hub();
  const rules = registry.hub.commands;
  if ((rules === null && !answers) || !registry.isMember(said.ref.fullName)) return;
  const config = await ports.config(said.ref);
  if (config.paused || (config.triage.policy === 'off' && !(said.isPull && config.checks.length > 0))) return;
  for (let round = 1; ; round++) {
    try {
      if (!talk && rules !== null) await obey(said, delivery, config, rules, ports);
      if (answers) await noteAnswer(said, delivery, config, ports);
      break;
    } catch (error) {
      if (!(error instanceof StaleFacts) || round >= MOST_ROUNDS) throw error;
    }
  }
  // What was asked for is part of the plan; after a crash between the two the next look at the pull request finds it.
  if (said.isPull && said.asked.some(isAboutBuilds)) await planPull(said.ref, delivery, ports);
  // Labels, comment and assignment follow from what people have said now. After a crash between the two this is what is left to do.
  if (!said.isPull) await triageIssue(said.ref, delivery, ports);
}

function saidIn(data: ReturnType<typeof CommentPayload.parse>, names: readonly string[]): Said {
  const { comment, issue, sender, action, changes } = data;
  const body = comment.body ?? '';
  const edited = action === 'edited';
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 32);
  const isPull = issue.pull_request !== undefined && issue.pull_request !== null;
  const asked = parseCommands(body, names);
  const lines = body.split('\n').filter((line) => line.trim() !== '').length;
  return {
    ref: { ...repoRef(data), number: issue.number },
    isPull,
    commentId: comment.id,
    sender: sender.login,
    asked,
    before: edited
      ? changes?.body === undefined
        ? null
        : parseCommands(changes.body.from, names).map(({ key }) => key)
      : [],
    // A comment is created once; the same edit is one that led to the same text at the same time.
    content: edited ? `${comment.updated_at ?? ''} ${digest}` : CREATED,
    fresh:
      edited || isPull
        ? null
        : {
            association: comment.author_association ?? null,
            at: comment.created_at ?? null,
            words: lines > asked.length,
          },
  };
}

async function noteAnswer(
  { ref, sender, commentId }: Said,
  delivery: string,
  config: EffectiveConfig,
  ports: HandlerPorts,
): Promise<void> {
  const subject = await findSubject(ports.db, ref.repositoryId, ref.number);
  if (subject === null) return;
  const facts = { ref, sender, author: subject.author, word: wordOf(subject) };
  const decision = decideAnswered(facts, config);
  if (decision === null) return;
  await ports.perform({
    kind: 'command',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: { ...facts, commentId },
    revision: subject.revision,
    delivery,
    decision,
  });
}

async function obey(
  said: Said,
  delivery: string,
  config: EffectiveConfig,
  rules: CommandsSection,
  ports: HandlerPorts,
): Promise<void> {
  const { ref, commentId, content } = said;
  const noted = await findComment(ports.db, commentId);
  if (noted?.dealtWith.includes(content)) return;
  const asked = newCommands(said.asked, said.before ?? noted?.commands ?? []);
  const note = { issue: ref, commentId, content, commands: said.asked.map(({ key }) => key) };
  if (asked.length === 0) {
    if (noted !== null || note.commands.length > 0) await noteComment(ports.db, note);
    return;
  }
  // A command on an issue that was never looked at is about what triage says of it.
  if (!said.isPull && (await triageDecisions(ref, ports)).length === 0) await triageIssue(ref, delivery, ports);
  // What is built, again or no longer, is about the head as it is now.
  const aboutBuilds = said.isPull && asked.some(isAboutBuilds);
  if (aboutBuilds) await planPull(ref, delivery, ports);
  const gathered = await gatherFacts({ ...said, asked }, config, ports);
  if (gathered === null) return;
  const { facts, revision } = gathered;
  const decision = decideCommands(asked, facts, commentId, ports.hub().catalogue, config, rules);
  await ports.perform({
    kind: 'command',
    subject: { repositoryId: ref.repositoryId, repository: ref.fullName, number: ref.number },
    facts: { ...facts, commentId, content, asked: asked.map(({ key }) => key), hub: ports.hub().digest },
    revision,
    delivery,
    decision: { ...decision, actions: [{ kind: 'note-comment', ...note }, ...decision.actions] },
  });
  const { commands } = decision.outcome;
  const off = asked.some(
    ({ reading }, index) =>
      reading.kind === 'command' &&
      reading.command.verb === 'needs-info' &&
      reading.command.words === null &&
      commands[index]?.result === 'done',
  );
  // What spokebot itself asked for is settled with it.
  if (off) {
    const at = ports.now().toISOString();
    await noteHappenings(ports.db, ref, null, [{ kind: 'settled', by: said.sender, at }]);
  }
}

function isAboutBuilds({ reading }: Asked): boolean {
  return (
    reading.kind === 'command' && VERB_RULES.some(({ verb, on }) => verb === reading.command.verb && on === 'pulls')
  );
}
