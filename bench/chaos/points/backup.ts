/** Backups of a world's database, and the loss of its queue. */
import type { World } from './world.js';

interface Table {
  readonly schema: string;
  readonly name: string;
}

async function tablesOf(world: World, schemas: readonly string[]): Promise<Table[]> {
  const { rows } = await world.store.embedded!.query<Table>(
    `select schemaname as schema, tablename as name from pg_tables where schemaname = any($1) and tablename not like '%migration%'`,
    [schemas],
  );
  return rows;
}

/** Copies every table of ours as it is now; the answer puts the copies back. The hub must not live while that happens. */
export async function backUp(world: World): Promise<() => Promise<void>> {
  const { embedded } = world.store;
  const tables = await tablesOf(world, ['spokebot']);
  await embedded!.transaction(async (tx) => {
    await tx.exec('drop schema if exists backup cascade; create schema backup');
    for (const { name } of tables) await tx.exec(`create table backup."${name}" as table spokebot."${name}"`);
  });
  return async () => {
    await embedded!.transaction(async (tx) => {
      for (const { name } of tables)
        await tx.exec(`truncate spokebot."${name}"; insert into spokebot."${name}" select * from backup."${name}"`);
    });
    await loseQueue(world);
  };
}

/** Every job is gone. */
export async function loseQueue(world: World): Promise<void> {
  const tables = await tablesOf(world, ['bullmq']);
  await world.store.embedded!.exec(`truncate ${tables.map(({ name }) => `bullmq."${name}"`).join(', ')}`);
}
