/** An issue with its triage: the decision in force, those before it, and what people made of it. */
import { and, desc, eq } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { decisions, subjects } from '../../store/schema.js';
import { shown } from '../text.js';
import { parseTriage, type TriageView } from './triage-view.js';
import { readVisible } from './visible.js';

export interface IssueDecision {
  readonly id: number;
  readonly at: Date;
  readonly version: string;
  readonly triage: TriageView;
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
  /** Newest first; the first is in force. */
  readonly decisions: readonly IssueDecision[];
}

const MOST_DECISIONS = 50;

/** Null when nothing is known of it, it is a pull request, or nothing may be shown. */
export async function readIssue(db: Db, fullName: string, number: number): Promise<IssueView | null> {
  const repository = (await readVisible(db)).find(fullName);
  if (repository === null) return null;
  const [subject] = await db
    .select()
    .from(subjects)
    .where(and(eq(subjects.repositoryId, repository.id), eq(subjects.number, number), eq(subjects.isPull, false)));
  if (subject === undefined) return null;
  const rows = await db
    .select({
      id: decisions.id,
      at: decisions.at,
      version: decisions.version,
      outcome: decisions.outcome,
      actions: decisions.actions,
    })
    .from(decisions)
    .where(and(eq(decisions.repositoryId, repository.id), eq(decisions.number, number), eq(decisions.kind, 'triage')))
    .orderBy(desc(decisions.id))
    .limit(MOST_DECISIONS);
  return {
    repository: repository.fullName,
    number,
    title: shown(subject.title),
    author: subject.author,
    open: subject.open,
    labelsWeAdded: subject.ourLabels,
    labelsPeopleRemoved: subject.removedLabels,
    comment: subject.commentGone ? 'deleted by a person' : subject.commentId === null ? 'none' : 'written',
    decisions: rows.flatMap(({ outcome, actions, ...row }) => {
      const triage = parseTriage(outcome);
      return triage === null ? [] : [{ ...row, triage: harmless(triage), actions: actions.map(describe) }];
    }),
  };
}

function harmless(triage: TriageView): TriageView {
  return { ...triage, reasons: triage.reasons.map((reason) => shown(reason, 600)) };
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
    case 'sticky-comment':
      return 'wrote its comment';
    default:
      return action.kind;
  }
}
