/** Deliveries and writes that were set aside, and what the hub is told once. Details are told of repositories that may be shown only. */
import { and, desc, eq, isNotNull, or, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { deliveries, intents, notices } from '../../store/schema.js';
import { listSetAside } from '../../store/set-aside.js';
import { shown } from '../text.js';
import { type LateIssue, listLate } from './late.js';
import type { Visible } from './visible.js';

export interface Failure {
  readonly kind: 'delivery' | 'intent' | 'build' | 'notice' | 'late';
  /** The event, the kind of write, the id of the build, or the kind of notice. */
  readonly what: string;
  readonly repository: string;
  readonly error: string | null;
  readonly at: Date;
}

/** Those looked at before the ones that may not be shown are left out. */
const LOOKED_AT = 100;

export type FailedRows = Awaited<ReturnType<typeof readFailedRows>>;

/** The newest of both as stored; what of it may be told is `tellFailures`' to say. */
export async function readFailedRows(db: Db, now: Date) {
  const delivered = await db
    .select({
      what: deliveries.event,
      repository: deliveries.repository,
      error: deliveries.error,
      at: deliveries.receivedAt,
    })
    .from(deliveries)
    .where(eq(deliveries.state, 'failed'))
    .orderBy(desc(deliveries.seq))
    .limit(LOOKED_AT);
  const written = await db
    .select({
      what: intents.kind,
      repositoryId: sql<number>`(${intents.payload} ->> 'repositoryId')::bigint`.mapWith(Number),
      error: intents.error,
      doneAt: intents.doneAt,
      createdAt: intents.createdAt,
    })
    .from(intents)
    // One that was sent and has an error was taken in part.
    .where(or(eq(intents.state, 'failed'), and(eq(intents.state, 'sent'), isNotNull(intents.error))))
    .orderBy(desc(intents.id))
    .limit(LOOKED_AT);
  const told = await db.select().from(notices).orderBy(desc(notices.at)).limit(LOOKED_AT);
  return { delivered, written, told, late: await listLate(db, now), setAside: await listSetAside(db, now, LOOKED_AT) };
}

/** At most `limit` of each, newest first, of repositories that may be shown. */
export function tellFailures(
  { delivered, written, told, late, setAside }: FailedRows,
  visible: Visible,
  limit: number,
): Failure[] {
  return [
    ...told
      .flatMap(({ kind, repositoryId, number, text, at }): Failure[] => {
        const repository = visible.names.get(repositoryId);
        if (repository === undefined) return [];
        const place = kind === 'people' && number !== null ? `${repository}#${number}` : repository;
        return [{ kind: 'notice', what: kind, repository: place, error: cleaned(text), at }];
      })
      .slice(0, limit),
    ...oncePerPlace(late)
      .flatMap(({ repository, number, since }): Failure[] => {
        const place = repository === null ? null : visible.find(repository);
        if (place === null) return [];
        const where = number === null ? place.fullName : `${place.fullName}#${number}`;
        return [{ kind: 'late', what: 'issues', repository: where, error: null, at: since }];
      })
      .slice(0, limit),
    ...setAside
      .flatMap(({ id, repositoryId, number, name, detail, at }): Failure[] => {
        const repository = visible.names.get(repositoryId);
        if (repository === undefined) return [];
        const where = `${repository}${number === null ? '' : `#${number}`} ${name}`;
        return [{ kind: 'build', what: id, repository: where, error: cleaned(detail), at }];
      })
      .slice(0, limit),
    ...delivered
      .flatMap((row): Failure[] => {
        const repository = row.repository === null ? null : visible.find(row.repository);
        if (repository === null) return [];
        return [{ ...row, kind: 'delivery', repository: repository.fullName, error: cleaned(row.error) }];
      })
      .slice(0, limit),
    ...written
      .flatMap(({ what, repositoryId, error, doneAt, createdAt }): Failure[] => {
        const repository = visible.names.get(repositoryId);
        if (repository === undefined) return [];
        return [{ kind: 'intent', what, repository, error: cleaned(error), at: doneAt ?? createdAt }];
      })
      .slice(0, limit),
  ];
}

function oncePerPlace(late: readonly LateIssue[]): LateIssue[] {
  return [...new Map(late.toReversed().map((one) => [`${one.repository}#${one.number}`, one])).values()].toReversed();
}

function cleaned(error: string | null): string | null {
  return error === null ? null : shown(error);
}
