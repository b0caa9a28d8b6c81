/**
 * Forgets what is over, so that no table grows for ever: a few hundred rows at a time, each time in a transaction of its own, and for a
 * bounded time. Never forgotten: what is open (deliveries, writes, builds, everything about an open issue or pull request), the newest
 * decision of each kind about an issue, decisions that a person's command stands on, what people said and who waived a check, the newest
 * build of each check of a default branch.
 */
import { sql } from 'drizzle-orm';
import type { Retention } from '../registry/retention-section.js';
import { IN_USE } from './kind-models.js';
import type { Db } from './open.js';

export interface ForgetPorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly keep: Retention;
  /** Milliseconds after which the rest is left for the next time; 20 s if not given. */
  readonly mostMs?: number;
}

/** Rows in one transaction. */
const BATCH = 200;
/** Logs in one transaction; each can be of hundreds of rows. */
const LOGS = 20;
const MOST_MS = 20_000;

type Clause = ReturnType<typeof sql>;

interface Step {
  readonly table: string;
  /** Deletes a part of what is over; tells how many rows went, and whether there may be more. */
  readonly run: (tx: Db, limit: number) => Promise<{ readonly gone: number; readonly more: boolean }>;
}

/** Returns how many rows of each table were removed; tables of which nothing was are left out. */
export async function forgetOld({ db, now, keep, mostMs = MOST_MS }: ForgetPorts): Promise<Record<string, number>> {
  const until = performance.now() + mostMs;
  const gone: Record<string, number> = {};
  for (const { table, run } of stepsOf(keep, now())) {
    for (;;) {
      const part = await db.transaction((tx) => run(tx as unknown as Db, BATCH));
      if (part.gone > 0) gone[table] = (gone[table] ?? 0) + part.gone;
      if (!part.more) break;
      if (performance.now() > until) return gone;
    }
  }
  return gone;
}

function stepsOf(keep: Retention, now: Date): Step[] {
  const before = (days: number) => sql`${new Date(now.getTime() - days * 86_400_000).toISOString()}::timestamptz`;
  /** `old` names the rows; `key` is their primary key, in whose order they are looked through. */
  const plain = (table: string, key: string, old: Clause): Step => ({
    table,
    run: async (tx, limit) => {
      const [name, column] = [sql.raw(`spokebot.${table}`), sql.raw(key)];
      const n = await count(
        tx,
        sql`delete from ${name} where (${column}) in (select ${column} from ${name} as old where ${old} order by ${column} limit ${limit})`,
      );
      return { gone: n, more: n === limit };
    },
  });
  const closed = (row: string) =>
    sql.raw(
      `not exists (select 1 from spokebot.subjects as s where s.repository_id = ${row}.repository_id and s.number = ${row}.number and s.open)`,
    );
  return [
    plain(
      'deliveries',
      'seq',
      sql`(old.state = 'done' and old.done_at < ${before(keep.deliveries)}) or (old.state = 'failed' and old.received_at < ${before(keep.setAside)})`,
    ),
    plain(
      'intents',
      'id',
      sql`(old.state in ('sent', 'superseded') and old.done_at < ${before(keep.deliveries)}) or (old.state = 'failed' and old.done_at < ${before(keep.setAside)})`,
    ),
    plain(
      'decisions',
      'id',
      sql`old.at < ${before(keep.decisions)} and ${closed('old')}
        and exists (select 1 from spokebot.decisions as newer where newer.repository_id = old.repository_id
          and newer.number is not distinct from old.number and newer.kind = old.kind and newer.id > old.id)
        and not exists (select 1 from spokebot.corrections as c where c.decision_id = old.id)`,
    ),
    { table: 'log_chunks', run: (tx) => dropLogs(tx, before(keep.logs)) },
    { table: 'builds', run: (tx, limit) => dropBuilds(tx, sql`${before(keep.builds)}`, closed('old'), limit) },
    plain('shown_checks', 'id', sql`old.updated_at < ${before(keep.builds)} and ${closed('old')}`),
    plain(
      'wishes',
      'repository_id, number, head_sha, spec, pool, with_repository_id, with_number, with_head_sha',
      sql`old.at < ${before(keep.builds)} and ${closed('old')}`,
    ),
    // Weights that were learnt here: neither in use nor needed to make a decision again.
    plain(
      'kind_models',
      'version',
      sql`old.at < ${before(keep.decisions)}
        and not exists (select 1 from spokebot.settings as s where s.key = ${IN_USE} and s.value ->> 'version' = old.version)
        and not exists (select 1 from spokebot.decisions as d where d.facts ->> 'weights' = old.version)`,
    ),
    plain('api_rates', 'installation_id', sql`old.at < ${before(keep.deliveries)}`),
  ];
}

/** Logs go as a whole; their attempts stay, and say that they have none. */
async function dropLogs(tx: Db, before: Clause): Promise<{ gone: number; more: boolean }> {
  const { rows } = (await tx.execute(sql`
    update spokebot.attempts set log_bytes = 0 where (build_id, attempt) in (
      select a.build_id, a.attempt from spokebot.attempts as a
      where a.log_bytes > 0 and a.finished_at < ${before} and a.state in ('finished', 'cancelled', 'lost')
      limit ${LOGS}
    ) returning build_id, attempt`)) as unknown as { rows: { build_id: string; attempt: number }[] };
  let n = 0;
  for (const { build_id: id, attempt } of rows)
    n += await count(tx, sql`delete from spokebot.log_chunks where build_id = ${id} and attempt = ${attempt}`);
  return { gone: n, more: rows.length === LOGS };
}

/** A build with its attempts and what is left of their logs. */
async function dropBuilds(
  tx: Db,
  before: Clause,
  closed: Clause,
  limit: number,
): Promise<{ gone: number; more: boolean }> {
  const { rows } = (await tx.execute(sql`
    delete from spokebot.builds where id in (
      select old.id from spokebot.builds as old
      where old.created_at < ${before} and old.completed_at < ${before} and old.state = 'completed' and old.waiver is null
        and (old.number is null or ${closed})
        and (old.number is not null or exists (select 1 from spokebot.builds as newer where newer.number is null
          and newer.repository_id = old.repository_id and newer.name = old.name and newer.pool = old.pool
          and newer.created_at > old.created_at))
        and not exists (select 1 from spokebot.nightly_issues as n where n.build_id = old.id)
        and not exists (select 1 from spokebot.proofs as p where p.build_id = old.id)
      order by old.created_at limit ${limit}
    ) returning id`)) as unknown as { rows: { id: string }[] };
  if (rows.length === 0) return { gone: 0, more: false };
  const ids = sql`(${sql.join(
    rows.map(({ id }) => sql`${id}`),
    sql`, `,
  )})`;
  await tx.execute(sql`delete from spokebot.log_chunks where build_id in ${ids}`);
  await tx.execute(sql`delete from spokebot.attempts where build_id in ${ids}`);
  return { gone: rows.length, more: rows.length === limit };
}

/** Rows that a statement changed, as both drivers tell it. */
async function count(tx: Db, statement: Clause): Promise<number> {
  const told = (await tx.execute(statement)) as unknown as { rowCount?: number | null; affectedRows?: number };
  return told.rowCount ?? told.affectedRows ?? 0;
}
