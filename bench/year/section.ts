/**
 * A year of 150 products in PostgreSQL: how large the tables become when nothing is forgotten, and how large they are with the hub's
 * retention. A part of the year's rows is written, by the server itself, and the sizes are multiplied.
 */
import { sql } from 'drizzle-orm';
import { DEFAULT_RETENTION } from '../../src/registry/retention-section.js';
import { type Db, openPostgres } from '../../src/store/open.js';
import { forgetOld } from '../../src/store/retention.js';
import { startPostgres } from '../../test/setup/servers.js';
import { createTally, type Section } from '../section.js';

/** Of the whole hub, in a year. Guesses on the large side: 20 issues and 30 pull requests a product and month. */
const YEAR = {
  products: 150,
  issues: 36_000,
  pulls: 54_000,
  /** Deliveries about one: comments, labels, our own echoes; pushes, checks, reviews. */
  deliveriesOfIssue: 8,
  deliveriesOfPull: 40,
  payload: 18_000,
  decisionsOfIssue: 4,
  decisionsOfPull: 8,
  writesOfIssue: 4,
  writesOfPull: 24,
  /** Builds of one pull request, over its heads; 64 KB of log in a chunk. */
  buildsOfPull: 5,
  chunksOfBuild: 8,
  chunk: 48_000,
};
const TABLES = ['deliveries', 'intents', 'decisions', 'builds', 'attempts', 'log_chunks', 'subjects'] as const;

export const yearSection: Section = {
  id: 'year',
  async run({ quick, say }) {
    const tally = createTally();
    const part = quick ? 500 : 50;
    const postgres = await startPostgres();
    try {
      if (postgres.url === null) throw new Error(postgres.why);
      const store = await openPostgres(postgres.url);
      const { db } = store;
      say(`year: writing one ${part}th of it`);
      await write(db, part);
      await told(db, 'without retention');
      say('year: forgetting');
      const began = performance.now();
      const gone = await forgetOld({ db, now: () => new Date(), keep: DEFAULT_RETENTION, mostMs: 3_600_000 });
      const seconds = (performance.now() - began) / 1000;
      await db.execute(sql`vacuum full`);
      await told(db, 'with retention');
      const rows = Object.values(gone).reduce((sum, n) => sum + n, 0);
      tally.add('forgetting', 'rows', 'removed', '/s', rows / seconds);
      await store.close();

      async function told(of: Db, subject: string): Promise<void> {
        let whole = 0;
        for (const table of TABLES) {
          const [row] = (
            (await of.execute(
              sql`select pg_total_relation_size(${`spokebot.${table}`}::regclass)::float8 as bytes, (select count(*)::int from ${sql.raw(`spokebot.${table}`)}) as n`,
            )) as unknown as { rows: { bytes: number; n: number }[] }
          ).rows;
          whole += row!.bytes;
          tally.add('size after a year', table, subject, 'GB', (row!.bytes * part) / 1e9);
          tally.add('size after a year', table, `rows ${subject}`, '', row!.n * part);
        }
        tally.add('size after a year', 'together', subject, 'GB', (whole * part) / 1e9);
      }
    } finally {
      await postgres.stop();
    }
    return {
      id: 'year',
      title: `A year of ${YEAR.products} products in PostgreSQL`,
      notes: [
        `${YEAR.issues} issues, ${YEAR.pulls} pull requests with ${YEAR.buildsOfPull} builds each; written in part (one ${part}th) and multiplied.`,
        `Nine in ten are closed. Payloads of ${YEAR.payload} and log chunks of ${YEAR.chunk} characters that compress about as real ones do.`,
        `Kept: deliveries and writes ${DEFAULT_RETENTION.deliveries} days, logs ${DEFAULT_RETENTION.logs}, decisions and builds ${DEFAULT_RETENTION.decisions}.`,
      ],
      measures: tally.measures(),
      ratios: [],
      failures: tally.failures,
    };
  },
};

/** Evenly over the year; the open tenth is what came last. */
async function write(db: Db, part: number): Promise<void> {
  const n = (whole: number) => Math.ceil(whole / part);
  const [issues, pulls] = [n(YEAR.issues), n(YEAR.pulls)];
  const subjects = issues + pulls;
  // Lines that differ in some places, as logs and issues do: they compress to a quarter or a fifth.
  const text = (characters: number, seed: string) =>
    sql.raw(
      `(select string_agg(md5((${seed})::text || k::text) || ': warning: comparison of integers of different signedness in this very line', e'\\n') from generate_series(1, ${Math.ceil(characters / 102)}) as k)`,
    );
  const at = (i: string, of: number) => sql.raw(`now() - interval '365 days' * (1 - ${i}::float8 / ${of})`);
  const run = (statement: ReturnType<typeof sql>) => db.execute(statement);
  const numbers = (count: number) => sql.raw(`generate_series(1, ${count}) as i`);

  await run(sql`insert into spokebot.subjects (repository_id, number, is_pull, title, open, updated_at)
    select i % 150, i, i > ${issues}, 'a title of some length, as people write them', i % 10 = 0, ${at('i', subjects)} from ${numbers(subjects)}`);
  const deliveries = issues * YEAR.deliveriesOfIssue + pulls * YEAR.deliveriesOfPull;
  await run(sql`insert into spokebot.deliveries (guid, event, digest, source, activity, installation_id, repository, payload, received_at, state, due_at, done_at)
    select gen_random_uuid(), 'issues', md5(i::text) || md5(i::text), 'webhook', 'opened', i % 40, 'LLNL/zfp', ${text(YEAR.payload, 'i')}, ${at('i', deliveries)}, 'done', ${at('i', deliveries)}, ${at('i', deliveries)}
    from ${numbers(deliveries)}`);
  const decisions = issues * YEAR.decisionsOfIssue + pulls * YEAR.decisionsOfPull;
  await run(sql`insert into spokebot.decisions (repository_id, repository, number, kind, facts, facts_digest, outcome, reasons, actions, version, delivery, at)
    select (i % ${subjects}) % 150, 'LLNL/zfp', i % ${subjects}, 'triage', jsonb_build_object('body', ${text(1500, 'i')}), md5(i::text), jsonb_build_object('why', ${text(400, 'i + 1')}), '["a reason"]', '[]', '0', gen_random_uuid(), ${at('i', decisions)}
    from ${numbers(decisions)}`);
  const writes = issues * YEAR.writesOfIssue + pulls * YEAR.writesOfPull;
  await run(sql`insert into spokebot.intents (key, lane, kind, installation_id, payload, state, due_at, created_at, done_at)
    select 'check-run-' || i, 'check-' || md5(i::text), 'check-run', i % 40, jsonb_build_object('content', ${text(1500, 'i')}), 'sent', ${at('i', writes)}, ${at('i', writes)}, ${at('i', writes)}
    from ${numbers(writes)}`);
  const builds = pulls * YEAR.buildsOfPull;
  await run(sql`insert into spokebot.builds (id, installation_id, repository_id, repository, number, head_sha, name, product, pool, required, reasons, plan, state, attempt, ending, created_at, deadline_at, completed_at)
    select md5(i::text), i % 40, n % 150, 'LLNL/zfp', n, md5(i::text), 'spokebot / install zfp', 'zfp', 'linux', true, '["a reason"]', jsonb_build_object('spec', ${text(600, 'i')}), 'completed', 1, '{}', ${at('i', builds)}, ${at('i', builds)}, ${at('i', builds)}
    from (select i, ${issues} + 1 + (i % ${pulls}) as n from ${numbers(builds)}) as numbered`);
  await run(sql`insert into spokebot.attempts (build_id, attempt, state, queued_at, finished_at, log_bytes, result)
    select md5(i::text), 1, 'finished', ${at('i', builds)}, ${at('i', builds)}, ${YEAR.chunk * YEAR.chunksOfBuild}, jsonb_build_object('excerpt', ${text(2500, 'i')})
    from ${numbers(builds)}`);
  await run(sql`insert into spokebot.log_chunks (build_id, attempt, seq, text)
    select md5(i::text), 1, c, ${text(YEAR.chunk, 'i * 100 + c')} from ${numbers(builds)}, generate_series(1, ${YEAR.chunksOfBuild}) as c`);
  await run(sql`analyze`);
}
