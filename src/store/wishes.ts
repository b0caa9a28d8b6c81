/** What people asked to be built by command, beyond the configuration. A wish is about one head, so a push ends it. */
import { and, asc, eq } from 'drizzle-orm';
import type { Action } from '../actions.js';
import type { BuildWish } from '../ci/facts.js';
import type { Db } from './open.js';
import { wishes } from './schema.js';

/** The same wish twice is one. */
export async function keepWish(tx: Db, wish: Extract<Action, { kind: 'wish-build' }>, at: Date): Promise<void> {
  const { issue, headSha, spec, pool, by } = wish;
  const { repositoryId, number } = issue;
  await tx
    .insert(wishes)
    .values({ repositoryId, number, headSha, spec: spec ?? '', pool: pool ?? '', by, at })
    .onConflictDoNothing();
}

/** Wishes for this head, the oldest first. */
export async function wishesFor(
  db: Db,
  { repositoryId, number, headSha }: { repositoryId: number; number: number; headSha: string },
): Promise<BuildWish[]> {
  const rows = await db
    .select()
    .from(wishes)
    .where(and(eq(wishes.repositoryId, repositoryId), eq(wishes.number, number), eq(wishes.headSha, headSha)))
    .orderBy(asc(wishes.at), asc(wishes.spec), asc(wishes.pool));
  return rows.map(({ spec, pool, by }) => ({ spec: spec || null, pool: pool || null, by }));
}
