/** A decision on one line, and the newest triage of every open issue that still waits for a person. */
import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Registry } from '../../registry/model.js';
import type { Db } from '../../store/open.js';
import { decisions, repositories, subjects } from '../../store/schema.js';
import { spokesSetByPeople } from '../../triage/labels.js';
import { shown } from '../text.js';
import { parseTriage, type TriageView } from './triage-view.js';
import { isPublic } from './visible.js';

export interface DecisionSummary {
  readonly id: number;
  readonly kind: 'triage' | 'plan';
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  /** Null for a plan. */
  readonly triage: TriageView | null;
  /** The deciding reason. */
  readonly reason: string | null;
  readonly at: Date;
}

const columns = {
  id: decisions.id,
  kind: decisions.kind,
  repository: repositories.fullName,
  number: subjects.number,
  title: subjects.title,
  open: subjects.open,
  outcome: decisions.outcome,
  reason: sql<string | null>`${decisions.reasons} ->> 0`,
  at: decisions.at,
};

/** Newest first; several of one issue are told as often as they were made. */
export async function listDecisions(db: Db, where: SQL | undefined, limit: number): Promise<DecisionSummary[]> {
  const rows = await db
    .select(columns)
    .from(decisions)
    .innerJoin(repositories, eq(repositories.id, decisions.repositoryId))
    .innerJoin(subjects, and(eq(subjects.repositoryId, decisions.repositoryId), eq(subjects.number, decisions.number)))
    .where(and(isPublic, isNotNull(decisions.number), sql`${decisions.kind} in ('triage', 'plan')`, where))
    .orderBy(desc(decisions.at))
    .limit(limit);
  return rows.map(summarise);
}

/** Issues of one product or spoke, each once with its newest decision, newest first. */
export async function listIssues(db: Db, which: SQL, limit: number): Promise<DecisionSummary[]> {
  const last = latestTriage(db);
  const rows = await db
    .select({ ...columns, ...last.columns })
    .from(subjects)
    .innerJoin(repositories, eq(repositories.id, subjects.repositoryId))
    .innerJoinLateral(last.query, sql`true`)
    .where(and(isPublic, eq(subjects.isPull, false), which))
    .orderBy(desc(subjects.updatedAt))
    .limit(limit);
  return rows.map(summarise);
}

/** Conditions for `listIssues` on the newest outcome. */
export const triagedTo = {
  product: (id: string) => sql`last.outcome -> 'product' ->> 'id' = ${id}`,
  spoke: (id: string) =>
    sql`(last.outcome -> 'spokes' ->> 'accountable' = ${id} or last.outcome -> 'spokes' -> 'cc' ? ${id})`,
};

function latestTriage(db: Db) {
  const query = db
    .select({
      id: decisions.id,
      kind: decisions.kind,
      outcome: decisions.outcome,
      reason: sql<string | null>`${decisions.reasons} ->> 0`.as('reason'),
      facts: decisions.facts,
      at: decisions.at,
    })
    .from(decisions)
    .where(
      and(
        eq(decisions.repositoryId, subjects.repositoryId),
        eq(decisions.number, subjects.number),
        eq(decisions.kind, 'triage'),
      ),
    )
    .orderBy(desc(decisions.id))
    .limit(1)
    .as('last');
  return {
    query,
    columns: { id: query.id, kind: query.kind, outcome: query.outcome, reason: query.reason, at: query.at },
  };
}

/** More issues than anybody reads; beyond it the counts say "at least". */
export const MOST_WAITING = 2000;

/**
 * Open issues whose newest triage did not decide the owner, newest first; those for which a person has named a spoke since are not
 * among them.
 */
export async function listWaiting(db: Db, registry: Pick<Registry, 'spokes'>): Promise<DecisionSummary[]> {
  const last = latestTriage(db);
  const rows = await db
    .select({
      ...columns,
      ...last.columns,
      labels: sql<unknown>`${last.query.facts} -> 'labels'`,
      labelsWeAdded: sql<unknown>`${last.query.facts} -> 'labelsWeAdded'`,
    })
    .from(subjects)
    .innerJoin(repositories, eq(repositories.id, subjects.repositoryId))
    .innerJoinLateral(last.query, sql`true`)
    .where(and(isPublic, eq(subjects.isPull, false), eq(subjects.open, true), sql`last.outcome ->> 'mode' <> 'act'`))
    .orderBy(desc(subjects.updatedAt))
    .limit(MOST_WAITING);
  return rows
    .filter((row) => {
      const facts = { labels: names(row.labels), labelsWeAdded: names(row.labelsWeAdded) };
      return spokesSetByPeople(facts, registry).length === 0;
    })
    .map(summarise);
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

interface Row {
  readonly id: number;
  readonly kind: 'triage' | 'plan' | 'membership';
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  readonly outcome: unknown;
  readonly reason: string | null;
  readonly at: Date;
}

function summarise(row: Row): DecisionSummary {
  return {
    id: row.id,
    kind: row.kind === 'triage' ? 'triage' : 'plan',
    repository: row.repository,
    number: row.number,
    title: shown(row.title),
    open: row.open,
    triage: row.kind === 'triage' ? parseTriage(row.outcome) : null,
    reason: row.reason === null ? null : shown(row.reason),
    at: row.at,
  };
}
