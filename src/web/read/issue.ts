/** An issue with its triage: the decision in force, those before it, and what people made of it. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { readCorrections } from '../../store/asked-lines.js';
import { wordOf } from '../../store/commands.js';
import { findConversation } from '../../store/conversations.js';
import type { Db } from '../../store/open.js';
import { type corrections, decisions, subjects } from '../../store/schema.js';
import type { Conversation } from '../../triage/conversation.js';
import { changesInWords, wordInWords } from '../../triage/in-words.js';
import type { Word } from '../../triage/word.js';
import { shown } from '../text.js';
import { parseTriage, type TriageView } from './triage-view.js';
import { readVisible, type Viewer, type Visible } from './visible.js';

export interface IssueDecision {
  readonly id: number;
  readonly at: Date;
  readonly version: string;
  readonly triage: TriageView;
  /** Policy in force at that time; null for a record that does not tell. */
  readonly policy: string | null;
  /** All reasons of the record, the deciding one first. */
  readonly reasons: readonly string[];
  /** What it says otherwise than the one before it; empty for the first. */
  readonly changes: readonly string[];
  /** What it had spokebot do, a line each. */
  readonly actions: readonly string[];
}

export interface IssueView {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly author: string | null;
  readonly open: boolean;
  /** Labels that spokebot put there and that are still there. */
  readonly labelsWeAdded: readonly string[];
  /** Labels of ours that a person took off; they never come back through us. */
  readonly labelsPeopleRemoved: readonly string[];
  readonly comment: 'written' | 'deleted by a person' | 'none';
  /** A move that waits for somebody to accept it; null when there is none. */
  readonly proposal: Word['proposal'];
  /** What stands by people's word, as sentences. */
  readonly word: readonly string[];
  /** Commands that changed something, newest first. */
  readonly commands: readonly SaidByPerson[];
  /** People who have it, as last seen. */
  readonly assignees: readonly string[];
  /** Who spoke and what the reporter was asked; null for an issue that nothing is known of, or that is closed. */
  readonly talk: Conversation | null;
  /** Newest first; the first is in force. */
  readonly decisions: readonly IssueDecision[];
}

export interface SaidByPerson {
  readonly verb: string;
  /** Verb and what followed it. */
  readonly line: string;
  readonly by: string;
  readonly role: string;
  readonly at: Date;
  /** Taken back since. */
  readonly undone: boolean;
  /** Where it stood before and after, where the command changed that. */
  readonly from: string | null;
  readonly to: string | null;
}

const MOST_DECISIONS = 50;
const MOST_COMMANDS = 30;

/** One that was moved is shown as it is in its new place. Null when nothing is known of it, it is a pull request, or nothing may be shown. */
export async function readIssue(db: Db, fullName: string, number: number, viewer: Viewer): Promise<IssueView | null> {
  const visible = await readVisible(db, viewer);
  const repository = visible.find(fullName);
  if (repository === null) return null;
  const [subject] = await db
    .select()
    .from(subjects)
    .where(and(eq(subjects.repositoryId, repository.id), eq(subjects.number, number), eq(subjects.isPull, false)));
  if (subject === undefined) return null;
  if (subject.movedTo !== null) {
    // All that is known is kept in the new place, which may not be one to be shown.
    const there = visible.names.get(subject.movedTo.repositoryId);
    return there === undefined ? null : readIssue(db, there, subject.movedTo.number, viewer);
  }
  const rows = await db
    .select({
      id: decisions.id,
      at: decisions.at,
      version: decisions.version,
      outcome: decisions.outcome,
      reasons: decisions.reasons,
      actions: decisions.actions,
      assignees: sql<unknown>`${decisions.facts} -> 'assignees'`,
      policy: sql<string | null>`${decisions.facts} -> 'config' -> 'triage' ->> 'policy'`,
    })
    .from(decisions)
    .where(and(eq(decisions.repositoryId, repository.id), eq(decisions.number, number), eq(decisions.kind, 'triage')))
    .orderBy(desc(decisions.id))
    .limit(MOST_DECISIONS);
  const told = rows.flatMap(({ outcome, ...row }) => {
    const triage = parseTriage(outcome);
    return triage === null ? [] : [{ ...row, triage: harmless(triage, visible) }];
  });
  return {
    repository: repository.fullName,
    number,
    title: shown(subject.title),
    author: subject.author,
    open: subject.open,
    labelsWeAdded: subject.ourLabels,
    labelsPeopleRemoved: subject.removedLabels,
    comment: subject.commentGone ? 'deleted by a person' : subject.commentId === null ? 'none' : 'written',
    proposal: wordOf(subject).proposal,
    word: wordInWords(wordOf(subject)).map((line) => shown(line)),
    commands: await readCommands(db, repository.id, number),
    assignees: namesIn(rows[0]?.assignees),
    talk: subject.open ? await findConversation(db, { repositoryId: repository.id, number }) : null,
    decisions: told.map(({ triage, actions, reasons, id, at, version, policy }, index) => {
      const before = told[index + 1];
      return {
        ...{ id, at, version, triage, policy },
        reasons: reasons.map((reason) => shown(reason, 600)),
        changes: before === undefined ? [] : changesInWords(before.triage, triage),
        actions: actions.map(describe),
      };
    }),
  };
}

async function readCommands(db: Db, repositoryId: number, number: number): Promise<SaidByPerson[]> {
  const rows = await readCorrections(db, { repositoryId, number }, MOST_COMMANDS);
  return rows.map(({ line, verb, by, role, at, undoneAt, said, became }) => {
    const [from, to] = [standing(said), standing(became)];
    const same = from === to;
    return {
      verb,
      line: shown(line),
      by,
      role,
      at,
      undone: undoneAt !== null,
      from: same ? null : from,
      to: same ? null : to,
    };
  });
}

function standing({ product, outside, spoke, kind }: (typeof corrections.$inferSelect)['said']): string {
  return `${product ?? outside ?? 'no product'}, ${spoke}${kind === null ? '' : `, ${kind}`}`;
}

/** Outside text made harmless, and nothing of a repository that is not to be shown. */
function harmless(triage: TriageView, visible: Visible): TriageView {
  return {
    ...triage,
    duplicates: triage.duplicates
      .filter(({ repository }) => visible.find(repository) !== null)
      .map((each) => ({ ...each, because: shown(each.because, 600) })),
  };
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

type StoredAction = (typeof decisions.$inferSelect)['actions'][number];

function describe(action: StoredAction): string {
  switch (action.kind) {
    case 'add-labels':
      return `added ${action.labels.map((label) => label.name).join(', ')}`;
    case 'remove-labels':
      return `took off ${action.labels.join(', ')}`;
    case 'assign':
      return `assigned ${action.logins.join(', ')}`;
    case 'unassign':
      return `took ${action.logins.join(', ')} off it`;
    case 'sticky-comment':
      return 'wrote its comment';
    default:
      return action.kind;
  }
}
