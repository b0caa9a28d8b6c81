/**
 * Which repositories pages may speak of. Until pages ask for authority: public ones that spokebot is installed in. One that was
 * removed can turn private without our hearing of it, and one without a row is unknown; both count as private.
 */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { repositories } from '../../store/schema.js';

/** Condition on a joined `repositories` row. */
export const isPublic = and(eq(repositories.private, false), eq(repositories.state, 'active'));

export interface PublicRepository {
  readonly id: number;
  readonly fullName: string;
}

/** The public repository of that name, in any case; null when there is none to show. */
export async function findPublicRepository(db: Db, fullName: string): Promise<PublicRepository | null> {
  const rows = await db
    .select({ id: repositories.id, fullName: repositories.fullName, private: repositories.private })
    .from(repositories)
    .where(and(sql`lower(${repositories.fullName}) = ${fullName.toLowerCase()}`, eq(repositories.state, 'active')))
    .orderBy(desc(repositories.id));
  // A name can be left behind by a repository that was renamed or made anew; when in doubt it is not shown.
  if (rows.length === 0 || rows.some((row) => row.private)) return null;
  return { id: rows[0]!.id, fullName: rows[0]!.fullName };
}

/** Names, in lower case, of repositories that are known to be private: the catalogue's mention of them is left out too. */
export async function privateNames(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ fullName: repositories.fullName })
    .from(repositories)
    .where(eq(repositories.private, true));
  return new Set(rows.map((row) => row.fullName.toLowerCase()));
}
