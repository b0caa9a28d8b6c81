/** A decision on one line, and the newest triage of every open issue that still waits for a person. */
import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Registry } from '../../registry/model.js';
import { wordOf } from '../../store/commands.js';
import type { Db } from '../../store/open.js';
import { conversations, decisions, subjects } from '../../store/schema.js';
import { BY_PERSON } from '../../triage/word.js';
import { shown } from '../text.js';
import { byUrgency, type WaitingIssue, waitingOf } from '../waiting.js';
import { parseTriage, type TriageView } from './triage-view.js';
import type { Visible } from './visible.js';

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
  repositoryId: subjects.repositoryId,
  number: subjects.number,
  title: subjects.title,
  open: subjects.open,
  outcome: decisions.outcome,
  reason: sql<string | null>`${decisions.reasons} ->> 0`,
  at: decisions.at,
};

/** Newest first; of several about one issue or pull request, made shortly after each other, only the newest. */
export async function listDecisions(db: Db, visible: Visible, limit: number): Promise<DecisionSummary[]> {
  // Ids first: the index on `at` then does all of the work, whatever the planner thinks of the join.
  const picked = await db
    .select({ id: decisions.id })
    .from(decisions)
    .where(
      and(
        visible.has(decisions.repositoryId),
        isNotNull(decisions.number),
        sql`${decisions.kind} in ('triage', 'plan')`,
      ),
    )
    .orderBy(desc(decisions.at))
    .limit(4 * limit);
  const rows = await db
    .select(columns)
    .from(decisions)
    .innerJoin(subjects, and(eq(subjects.repositoryId, decisions.repositoryId), eq(subjects.number, decisions.number)))
    .where(sql`${decisions.id} = any(${`{${picked.map((row) => row.id).join(',')}}`}::bigint[])`)
    .orderBy(desc(decisions.at), desc(decisions.id));
  const newest = new Map<string, DecisionSummary>();
  for (const row of rows.map(summarise(visible))) {
    const key = `${row.repository}#${row.number}`;
    if (!newest.has(key)) newest.set(key, row);
  }
  return [...newest.values()].slice(0, limit);
}

/** Issues of one product or spoke, each once with its newest decision, newest first. */
export async function listIssues(db: Db, visible: Visible, which: SQL, limit: number): Promise<DecisionSummary[]> {
  const last = latestTriage(db);
  const rows = await db
    .select({ ...columns, ...last.columns })
    .from(subjects)
    .innerJoinLateral(last.query, sql`true`)
    .where(and(visible.has(subjects.repositoryId), eq(subjects.isPull, false), which))
    .orderBy(desc(subjects.updatedAt))
    .limit(limit);
  return rows.map(summarise(visible));
}

/** Conditions for `listIssues` on the newest outcome. */
export const triagedTo = {
  /** Its own, and undecided ones for which it is the best candidate. */
  product: (id: string) =>
    sql`coalesce(last.outcome -> 'product' ->> 'id', last.outcome -> 'candidates' -> 0 ->> 'product') = ${id}`,
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

/** More issues than anybody reads. */
const MOST_WAITING = 2000;

/**
 * Open issues that wait for somebody, with whom and what for, most urgent first; those that a person has routed or taken on are not
 * among them.
 */
export async function listWaiting(
  db: Db,
  visible: Visible,
  registry: Pick<Registry, 'spokes'>,
): Promise<WaitingIssue[]> {
  const last = latestTriage(db);
  const summary = summarise(visible);
  const rows = await db
    .select({
      ...columns,
      ...last.columns,
      word: subjects.word,
      talk: conversations.state,
      labels: sql<unknown>`${last.query.facts} -> 'labels'`,
      labelsWeAdded: sql<unknown>`${last.query.facts} -> 'labelsWeAdded'`,
      assignees: sql<unknown>`${last.query.facts} -> 'assignees'`,
      since: sql<Date>`(select min(d.at) from ${decisions} d where d.repository_id = ${subjects.repositoryId}
        and d.number = ${subjects.number} and d.kind = 'triage')`.mapWith(decisions.at),
    })
    .from(subjects)
    .innerJoinLateral(last.query, sql`true`)
    .leftJoin(
      conversations,
      and(eq(conversations.repositoryId, subjects.repositoryId), eq(conversations.number, subjects.number)),
    )
    .where(and(visible.has(subjects.repositoryId), eq(subjects.isPull, false), eq(subjects.open, true)))
    // Should there be too many, those that nobody has decided come first.
    .orderBy(sql`(last.outcome ->> 'mode' = 'act')`, desc(subjects.updatedAt))
    .limit(MOST_WAITING);
  return rows
    .map((row) =>
      waitingOf(
        {
          issue: summary(row),
          word: wordOf(row),
          labels: names(row.labels),
          labelsWeAdded: names(row.labelsWeAdded),
          assignees: names(row.assignees),
          since: row.since,
          talk: row.talk,
        },
        registry,
      ),
    )
    .filter((each) => each !== null)
    .map((each) => ({ ...each, detail: each.detail === null ? null : shown(each.detail) }))
    .sort(byUrgency);
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

interface Row {
  readonly id: number;
  readonly kind: 'triage' | 'plan' | 'button' | 'membership' | 'command' | 'downstream' | 'nightly' | 'pause';
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly open: boolean;
  readonly outcome: unknown;
  readonly reason: string | null;
  readonly at: Date;
}

function summarise({ names: known }: Visible): (row: Row) => DecisionSummary {
  return (row) => ({
    id: row.id,
    kind: row.kind === 'triage' ? 'triage' : 'plan',
    repository: known.get(row.repositoryId)!,
    number: row.number,
    title: shown(row.title),
    open: row.open,
    triage: row.kind === 'triage' ? parseTriage(row.outcome) : null,
    reason: row.reason === null ? null : shown(row.reason),
    at: row.at,
  });
}

export interface RoutedCount {
  /** Null for what answers outside the catalogue. */
  readonly product: string | null;
  readonly spoke: string;
  readonly n: number;
}

/** Open issues whose owner is decided: how many wait for each product and its spoke. */
export async function countRouted(db: Db, visible: Visible): Promise<RoutedCount[]> {
  const last = latestTriage(db);
  const product = sql<string | null>`${last.query.outcome} -> 'product' ->> 'id'`;
  const spoke = sql<string>`${last.query.outcome} -> 'spokes' ->> 'accountable'`;
  return db
    .select({ product, spoke, n: sql<number>`count(*)::int` })
    .from(subjects)
    .innerJoinLateral(last.query, sql`true`)
    .where(
      and(
        visible.has(subjects.repositoryId),
        eq(subjects.isPull, false),
        eq(subjects.open, true),
        // A spoke that a person chose is decided, although no product is.
        sql`(${last.query.outcome} ->> 'mode' = 'act' or ${last.query.outcome} -> 'reasons' ->> 0 like ${`${BY_PERSON}chose %`})`,
      ),
    )
    .groupBy(product, spoke);
}
