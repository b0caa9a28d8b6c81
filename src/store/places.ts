/** Where an issue is that was moved, and where it was. */
import { and, eq, sql } from 'drizzle-orm';
import type { IssuePlace } from '../outbox/sent.js';
import type { Db } from './open.js';
import { subjects } from './schema.js';

/** More moves than this in a row are a circle. */
const MOST_MOVES = 20;

/** Where the issue lies by now, as far as spokebot knows; the same place when it was never moved. */
export async function followMoves<P extends { readonly repositoryId: number; readonly number: number }>(
  db: Db,
  place: P,
): Promise<P | IssuePlace> {
  let here: P | IssuePlace = place;
  for (let step = 0; step < MOST_MOVES; step++) {
    const next: IssuePlace | null = await leftFor(db, here);
    if (next === null) return here;
    here = next;
  }
  return here;
}

/** The places where the issue was before, the last one first. */
export async function formerPlaces(db: Db, place: { repositoryId: number; number: number }): Promise<IssuePlaceId[]> {
  const found: IssuePlaceId[] = [];
  let here: IssuePlaceId = place;
  for (let step = 0; step < MOST_MOVES; step++) {
    const [row] = await db
      .select({ repositoryId: subjects.repositoryId, number: subjects.number })
      .from(subjects)
      .where(
        sql`${subjects.movedTo} is not null and (${subjects.movedTo} ->> 'repositoryId')::bigint = ${here.repositoryId} and (${subjects.movedTo} ->> 'number')::int = ${here.number}`,
      );
    if (row === undefined) break;
    found.push(row);
    here = row;
  }
  return found;
}

export interface IssuePlaceId {
  readonly repositoryId: number;
  readonly number: number;
}

async function leftFor(db: Db, { repositoryId, number }: IssuePlaceId): Promise<IssuePlace | null> {
  const [row] = await db
    .select({ movedTo: subjects.movedTo })
    .from(subjects)
    .where(and(eq(subjects.repositoryId, repositoryId), eq(subjects.number, number)));
  return row?.movedTo ?? null;
}
