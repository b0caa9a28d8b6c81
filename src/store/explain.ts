/** Why an issue, a pull request or its checks are as they are: read from the records, for `spokebot explain` and the pages. */
import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import type { Word } from '../triage/word.js';
import { readCorrections } from './asked-lines.js';
import { wordOf } from './commands.js';
import type { Db } from './open.js';
import { attempts, builds, decisions, deliveries, intents, repositories, subjects, workers } from './schema.js';
import { listSetAside, type SetAside } from './set-aside.js';

export interface Explanation {
  readonly subject: string;
  readonly title: string;
  readonly private: boolean;
  readonly decisions: readonly {
    at: string;
    kind: string;
    version: string;
    delivery: string | null;
    outcome: unknown;
    reasons: readonly string[];
    /** Policy in force at a triage decision; null where the record does not tell. */
    policy: string | null;
    /** Version of the weights of the kind model that answered; null for none, left out by older versions. */
    model?: string | null;
    actions: readonly string[];
  }[];
  /** What people have said about it by command; `NOTHING_SAID` when nothing. */
  readonly word: Word;
  /** Commands that changed something, newest first. */
  readonly commands: readonly {
    at: string;
    verb: string;
    /** Verb and what followed it; left out by older versions. */
    line?: string;
    by: string;
    role: string;
    said: unknown;
    became: unknown;
    undone: boolean;
  }[];
  readonly labels: { readonly ours: readonly string[]; readonly removedByPeople: readonly string[] };
  readonly builds: readonly {
    id: string;
    name: string;
    headSha: string;
    state: string;
    attempt: number;
    end: unknown;
    deadline: string;
  }[];
  readonly writes: readonly { kind: string; state: string; attempts: number; error: string | null }[];
}

/** One that was moved is explained in its new place. Null when nothing is known of it. Newest decisions first, at most 20. */
export async function explainSubject(db: Db, fullName: string, number: number): Promise<Explanation | null> {
  const [repository] = await db
    .select()
    .from(repositories)
    .where(eq(sql`lower(${repositories.fullName})`, fullName.toLowerCase()));
  if (repository === undefined) return null;
  const at = and(eq(subjects.repositoryId, repository.id), eq(subjects.number, number));
  const [subject] = await db.select().from(subjects).where(at);
  if (subject === undefined) return null;
  if (subject.movedTo !== null) {
    const there = await explainSubject(db, subject.movedTo.repository, subject.movedTo.number);
    // Out of the catalogue nothing is known of it, and the record stays here.
    if (there !== null) return there;
  }
  const decided = await db
    .select()
    .from(decisions)
    .where(and(eq(decisions.repositoryId, repository.id), eq(decisions.number, number)))
    .orderBy(desc(decisions.id))
    .limit(20);
  const said = await readCorrections(db, { repositoryId: repository.id, number }, 20);
  const built = await db
    .select()
    .from(builds)
    .where(and(eq(builds.repositoryId, repository.id), eq(builds.number, number)))
    .orderBy(asc(builds.createdAt));
  const written = await db
    .select()
    .from(intents)
    .where(
      sql`(${intents.payload} ->> 'repositoryId')::bigint = ${repository.id} and (${intents.payload} ->> 'number')::int = ${number}`,
    )
    .orderBy(desc(intents.id))
    .limit(50);
  return {
    subject: `${repository.fullName}#${number}`,
    title: subject.title,
    private: repository.private,
    decisions: decided.map((row) => ({
      at: row.at.toISOString(),
      kind: row.kind,
      version: row.version,
      delivery: row.delivery,
      outcome: row.outcome,
      reasons: row.reasons,
      policy: policyIn(row.facts),
      model: modelIn(row.facts),
      actions: row.actions.map((action) => action.kind),
    })),
    word: wordOf(subject),
    commands: said.map((row) => ({
      at: row.at.toISOString(),
      verb: row.verb,
      line: row.line,
      by: row.by,
      role: row.role,
      said: row.said,
      became: row.became,
      undone: row.undoneAt !== null,
    })),
    labels: { ours: subject.ourLabels, removedByPeople: subject.removedLabels },
    builds: built.map((row) => ({
      id: row.id,
      name: row.name,
      headSha: row.headSha,
      state: row.state,
      attempt: row.attempt,
      end: row.end,
      deadline: row.deadlineAt.toISOString(),
    })),
    writes: written.map(({ kind, state, attempts: tries, error }) => ({ kind, state, attempts: tries, error })),
  };
}

export interface StateHealth {
  readonly deliveries: Readonly<Record<string, number>>;
  readonly intents: Readonly<Record<string, number>>;
  readonly builds: Readonly<Record<string, number>>;
  readonly failedDeliveries: readonly { guid: string; event: string; error: string | null }[];
  readonly failedIntents: readonly { id: number; kind: string; error: string | null }[];
  readonly setAsideBuilds: readonly Pick<SetAside, 'id' | 'repository' | 'number' | 'name' | 'detail'>[];
  readonly overdueBuilds: number;
  readonly silentAttempts: number;
  /** Names that two workers go by. */
  readonly copiedWorkers: readonly { id: string; pool: string }[];
}

/** A second worker of one name that was heard of after this is there: it asks far more often. */
export function copiedSince(now: Date): Date {
  return new Date(now.getTime() - 300_000);
}

/** Counts and what is set aside, for `doctor`. */
export async function stateHealth(db: Db, now: Date): Promise<StateHealth> {
  const count = async (
    table: typeof deliveries | typeof intents | typeof builds,
    column: typeof deliveries.state | typeof intents.state | typeof builds.state,
  ): Promise<Record<string, number>> => {
    const rows = await db.select({ state: column, n: sql<number>`count(*)::int` }).from(table).groupBy(column);
    return Object.fromEntries(rows.map((row) => [String(row.state), row.n]));
  };
  const one = async (query: Promise<{ n: number }[]>) => (await query)[0]?.n ?? 0;
  return {
    deliveries: await count(deliveries, deliveries.state),
    intents: await count(intents, intents.state),
    builds: await count(builds, builds.state),
    failedDeliveries: await db
      .select({ guid: deliveries.guid, event: deliveries.event, error: deliveries.error })
      .from(deliveries)
      .where(eq(deliveries.state, 'failed'))
      .orderBy(desc(deliveries.seq))
      .limit(10),
    failedIntents: await db
      .select({ id: intents.id, kind: intents.kind, error: intents.error })
      .from(intents)
      .where(eq(intents.state, 'failed'))
      .orderBy(desc(intents.id))
      .limit(10),
    setAsideBuilds: await listSetAside(db, now, 10),
    overdueBuilds: await one(
      db
        .select({ n: sql<number>`count(*)::int` })
        .from(builds)
        .where(sql`${builds.state} <> 'completed' and ${builds.deadlineAt} < ${now.toISOString()}::timestamptz`),
    ),
    silentAttempts: await one(
      db
        .select({ n: sql<number>`count(*)::int` })
        .from(attempts)
        .where(
          sql`${attempts.state} = 'running' and ${attempts.heartbeatAt} < ${new Date(now.getTime() - 60_000).toISOString()}::timestamptz`,
        ),
    ),
    copiedWorkers: await db
      .select({ id: workers.id, pool: workers.pool })
      .from(workers)
      .where(gt(workers.copiedAt, copiedSince(now)))
      .limit(10),
  };
}

function modelIn(facts: unknown): string | null {
  const model = (facts as { weights?: unknown } | null)?.weights;
  return typeof model === 'string' ? model : null;
}

function policyIn(facts: unknown): string | null {
  const policy = (facts as { config?: { triage?: { policy?: unknown } } } | null)?.config?.triage?.policy;
  return typeof policy === 'string' ? policy : null;
}
