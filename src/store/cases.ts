/** What people made of spokebot's answers: read from decisions, issues and corrections. */
import { and, asc, eq, gte, isNull, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../registry/commands-section.js';
import type { Case } from '../triage/learning/case.js';
import { type Acted, caseOfHistory, type Told } from '../triage/learning/fold.js';
import { WINDOW_DAYS } from '../triage/learning/track-record.js';
import { BY_PERSON } from '../triage/word.js';
import type { Db } from './open.js';
import { corrections, decisions, repositories, subjects } from './schema.js';

const DAY = 24 * 60 * 60 * 1000;

export interface RepositoryCase extends Case {
  readonly repositoryId: number;
  readonly private: boolean;
}

/** The cases whose decisions fall into the window, oldest first. Issues that moved away with their repository are among them. */
export async function readCases(db: Db, now: Date, which?: SQL): Promise<RepositoryCase[]> {
  const since = new Date(now.getTime() - WINDOW_DAYS * DAY);
  const { outcome, facts } = decisions;
  // Three plain readings joined here: without statistics the embedded database's planner joins row by row.
  const [known, present] = await Promise.all([
    db
      .select({
        repositoryId: subjects.repositoryId,
        number: subjects.number,
        title: subjects.title,
        open: subjects.open,
        removedLabels: subjects.removedLabels,
      })
      .from(subjects)
      .where(eq(subjects.isPull, false)),
    db.select().from(repositories),
  ]);
  const issueOf = new Map(known.map((row) => [`${row.repositoryId}#${row.number}`, row]));
  const repositoriesById = new Map(present.map((row) => [row.id, row]));
  const rows = await db
    .select({
      repositoryId: decisions.repositoryId,
      number: decisions.number,
      at: decisions.at,
      mode: sql<'act' | 'suggest' | 'abstain'>`${outcome} ->> 'mode'`,
      product: sql<string | null>`${outcome} -> 'product' ->> 'id'`,
      outside: sql<string | null>`${outcome} ->> 'outside'`,
      spoke: sql<string>`coalesce(${outcome} -> 'spokes' ->> 'accountable', '')`,
      kind: sql<string | null>`${outcome} -> 'kind' ->> 'id'`,
      guess: sql<string | null>`${outcome} -> 'candidates' -> 0 ->> 'product'`,
      owners: sql<unknown>`${outcome} -> 'owners'`,
      byPerson: sql<boolean>`coalesce(${outcome} -> 'reasons' ->> 0, '') like ${`${BY_PERSON}%`}`,
      labels: sql<unknown>`${facts} -> 'labels'`,
      labelsWeAdded: sql<unknown>`${facts} -> 'labelsWeAdded'`,
      assignees: sql<unknown>`${facts} -> 'assignees'`,
      kindByCommand: sql<string | null>`${facts} -> 'word' ->> 'kind'`,
      shown: sql<boolean>`jsonb_path_exists(${decisions.actions}, '$[*] ? (@.kind == "sticky-comment" || @.kind == "add-labels")')`,
      assigned: sql<unknown>`jsonb_path_query_array(${decisions.actions}, '$[*] ? (@.kind == "assign").logins[*]')`,
    })
    .from(decisions)
    .where(and(eq(decisions.kind, 'triage'), gte(decisions.at, since), which))
    .orderBy(asc(decisions.id));
  const acted = await readActed(db, since);
  const issues = new Map<string, Told[]>();
  for (const row of rows) {
    const key = `${row.repositoryId}#${row.number}`;
    const told = issues.get(key) ?? [];
    issues.set(key, told);
    const { mode, product, outside, spoke, kind, guess, at, byPerson, kindByCommand } = row;
    told.push({
      at,
      byPerson,
      kindByCommand,
      shown: row.shown,
      outcome: { mode, product, outside, spoke, kind, guess, owners: names(row.owners) },
      labels: names(row.labels),
      labelsWeAdded: names(row.labelsWeAdded),
      assignees: names(row.assignees),
      assigned: names(row.assigned),
    });
  }
  return [...issues].flatMap(([key, told]) => {
    const issue = issueOf.get(key);
    const repository = repositoriesById.get(issue?.repositoryId ?? 0);
    if (issue === undefined || repository === undefined) return [];
    const { number, title, open, removedLabels } = issue;
    const found = caseOfHistory({
      ...{ repository: repository.fullName, number, title, open, removedLabels },
      decisions: told,
      commands: acted.get(key) ?? [],
    });
    const hidden = repository.private || repository.state !== 'active';
    return found === null ? [] : [{ ...found, repositoryId: repository.id, private: hidden }];
  });
}

/** Cases that may be told of in the pages, and those of one repository. */
export function visibleFrom(cases: readonly RepositoryCase[], repositoryId: number | null): RepositoryCase[] {
  return cases.filter((one) => !one.private || one.repositoryId === repositoryId);
}

async function readActed(db: Db, since: Date): Promise<Map<string, Acted[]>> {
  const rows = await db
    .select()
    .from(corrections)
    .where(and(gte(corrections.at, since), isNull(corrections.undoneAt)))
    .orderBy(asc(corrections.id));
  const acted = new Map<string, Acted[]>();
  for (const { repositoryId, number, verb, role, said, became } of rows) {
    const key = `${repositoryId}#${number}`;
    acted.set(key, [...(acted.get(key) ?? []), { verb, role: role as Role, said, became }]);
  }
  return acted;
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export type CaseReader = () => Promise<readonly RepositoryCase[]>;

/** Reading takes longer the more there is; it may take up this share of the time and no more. */
const SHARE = 1 / 20;

/** A reader that keeps what it read for a while, the longer the more there was to read. `clock` counts milliseconds. */
export function createCaseReader(db: Db, now: () => Date, clock: () => number = () => performance.now()): CaseReader {
  let kept: { until: number; cases: Promise<readonly RepositoryCase[]> } | null = null;
  return () => {
    const start = clock();
    if (kept !== null && start < kept.until) return kept.cases;
    const cases = readCases(db, now());
    const mine = { until: Number.POSITIVE_INFINITY, cases };
    kept = mine;
    cases.then(
      () => {
        mine.until = clock() + (clock() - start) / SHARE;
      },
      () => {
        if (kept === mine) kept = null;
      },
    );
    return cases;
  };
}
