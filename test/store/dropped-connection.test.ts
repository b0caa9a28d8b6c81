/** A database server that is stopped takes its connections along, but no process of ours. */
import { expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { openPostgres } from '../../src/store/open.js';
import { backends } from '../setup/backends.js';

const onPostgres = backends.find(({ name }) => name === 'PostgreSQL');

(onPostgres ? test : test.skip)(
  'a connection that ends in the middle of a transaction is an error of that transaction',
  async () => {
    const choice = await onPostgres!.fresh();
    const store = await openPostgres(choice.databaseUrl!);
    const other = new pg.Client({ connectionString: choice.databaseUrl! });
    await other.connect();
    try {
      const begun = store.db.transaction(async (tx) => {
        const { rows } = (await tx.execute(sql`select pg_backend_pid() as pid`)) as unknown as {
          rows: { pid: number }[];
        };
        await other.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
        // Nothing is asked at this moment, so nobody but the connection itself can hear of its end.
        await other.query('select pg_sleep(0.1)');
        await tx.execute(sql`select 1`);
      });
      await expect(begun).rejects.toThrow();
      expect(await store.db.execute(sql`select 1`)).toBeDefined();
    } finally {
      await other.end();
      await store.close();
      await choice.remove();
    }
  },
);
