/**
 * Which repositories pages may speak of: public ones that spokebot is installed in, and for a person who signed in the private ones
 * that this person may read. One that was removed can turn private without our hearing of it, and one without a row is unknown; both
 * are shown to nobody.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Db } from '../../store/open.js';
import { repositories } from '../../store/schema.js';

/** For whom a page is made. */
export interface Viewer {
  /** Ids of private repositories that GitHub lets this person read. */
  readonly reads: ReadonlySet<number>;
}

/** Whoever did not sign in. */
export const ANYBODY: Viewer = { reads: new Set() };

/** The repositories that one viewer may hear of, at one moment. Read once for a page, so that all of its queries agree. */
export interface Visible {
  /** Present names by id. */
  readonly names: ReadonlyMap<number, string>;
  /** Equal for equal ids and names. */
  readonly key: string;
  /** Condition that a column of repository ids holds one of them. */
  has(column: PgColumn): SQL;
  /** The repository of that name, in any case; null when there is none to show. */
  find(fullName: string): { readonly id: number; readonly fullName: string } | null;
}

/**
 * Every query gets the ids as one constant list rather than a join: the embedded database keeps no statistics, and without them
 * its planner takes a join over thousands of builds for a cheap one.
 */
export async function readVisible(db: Db, viewer: Viewer): Promise<Visible> {
  const rows = await db
    .select({ id: repositories.id, fullName: repositories.fullName, private: repositories.private })
    .from(repositories)
    .where(eq(repositories.state, 'active'))
    .orderBy(repositories.id);
  // A name can be left behind by a repository that was renamed or made anew; when in doubt it is not shown.
  const hidden = new Set(rows.filter((row) => row.private).map((row) => row.fullName.toLowerCase()));
  const shown = rows.filter((row) =>
    row.private ? viewer.reads.has(row.id) : !hidden.has(row.fullName.toLowerCase()),
  );
  const ids = `{${shown.map((row) => row.id).join(',')}}`;
  return {
    names: new Map(shown.map((row) => [row.id, row.fullName])),
    key: JSON.stringify(shown.map((row) => [row.id, row.fullName])),
    has: (column) => sql`${column} = any(${ids}::bigint[])`,
    // The newest of that name.
    find: (fullName) => shown.findLast((row) => row.fullName.toLowerCase() === fullName.toLowerCase()) ?? null,
  };
}

/** Names, in lower case, of private repositories that the viewer may not read: the catalogue's mention of them is left out too. */
export async function readPrivateNames(db: Db, viewer: Viewer): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: repositories.id, fullName: repositories.fullName })
    .from(repositories)
    .where(eq(repositories.private, true));
  return new Set(rows.filter(({ id }) => !viewer.reads.has(id)).map((row) => row.fullName.toLowerCase()));
}

/** Private repositories that spokebot is installed in, and by which installation. */
export function listPrivate(db: Db): Promise<{ id: number; installationId: number }[]> {
  return db
    .select({ id: repositories.id, installationId: repositories.installationId })
    .from(repositories)
    .where(and(eq(repositories.state, 'active'), eq(repositories.private, true)));
}
