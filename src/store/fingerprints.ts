/** What is kept of issues for finding duplicates: written when one is triaged, read by the index of every process. */
import { and, desc, eq, gt, gte, inArray, isNull, sql } from 'drizzle-orm';
import { type Fingerprint, packTerms, unpackTerms } from '../triage/duplicates/fingerprint.js';
import type { Db } from './open.js';
import { fingerprints, repositories } from './schema.js';

export interface NewPrint {
  readonly repositoryId: number;
  readonly number: number;
  /** ISO date of the issue's opening. */
  readonly createdAt: string;
  readonly open: boolean;
  readonly print: Fingerprint;
  readonly family: readonly string[];
  /** `owner/name#number` of what is suggested for it. */
  readonly suggested: string | null;
}

export interface StoredPrint extends Omit<NewPrint, 'suggested'> {
  readonly seq: number;
  readonly at: Date;
}

const NEXT_SEQ = sql`nextval(pg_get_serial_sequence('spokebot.fingerprints', 'seq'))`;

/** Keeps the issue as it is now. Its place in the sequence, or null when nothing changed. */
export async function noteFingerprint(db: Db, issue: NewPrint, now: Date): Promise<number | null> {
  const { repositoryId, number, open, print } = issue;
  const values = {
    createdAt: new Date(issue.createdAt),
    open,
    terms: packTerms(print),
    errors: [...print.errors],
    family: [...issue.family],
    suggested: issue.suggested?.toLowerCase() ?? null,
  };
  const { createdAt, terms, errors, family, suggested } = fingerprints;
  const [row] = await db
    .insert(fingerprints)
    .values({ repositoryId, number, at: now, ...values })
    .onConflictDoUpdate({
      target: [fingerprints.repositoryId, fingerprints.number],
      set: { ...values, at: now, seq: NEXT_SEQ },
      setWhere: sql`(${createdAt}, ${fingerprints.open}, ${terms}, ${errors}, ${family}, ${suggested}) is distinct from (excluded.created_at, excluded.open, excluded.terms, excluded.errors, excluded.family, excluded.suggested)`,
    })
    .returning({ seq: fingerprints.seq });
  return row?.seq ?? null;
}

/** The issue is closed, deleted or elsewhere: no duplicate of it is suggested any more. */
export async function withdrawFingerprint(db: Db, repositoryId: number, number: number, now: Date): Promise<void> {
  await db
    .update(fingerprints)
    .set({ open: false, at: now, seq: NEXT_SEQ })
    .where(
      and(eq(fingerprints.repositoryId, repositoryId), eq(fingerprints.number, number), eq(fingerprints.open, true)),
    );
}

/** At most `limit` rows after that place, in order. */
export async function fingerprintsAfter(db: Db, seq: number, limit: number): Promise<StoredPrint[]> {
  const rows = await db
    .select()
    .from(fingerprints)
    .where(gt(fingerprints.seq, seq))
    .orderBy(fingerprints.seq)
    .limit(limit);
  return rows.map(({ terms, errors, createdAt, suggested: _, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    print: { ...unpackTerms(terms), errors },
  }));
}

/** The place behind which the newest `most` rows stand. */
export async function placeOfNewest(db: Db, most: number): Promise<number> {
  const [row] = await db
    .select({ seq: fingerprints.seq })
    .from(fingerprints)
    .orderBy(desc(fingerprints.seq))
    .offset(most)
    .limit(1);
  return row?.seq ?? 0;
}

export interface PrintPlace {
  readonly id: number;
  readonly fullName: string;
  /** Also when it was removed: such a one may have turned private unheard. */
  readonly private: boolean;
}

/** Every repository by id, as it is called and may be shown now. */
export async function printPlaces(db: Db): Promise<Map<number, PrintPlace>> {
  const rows = await db
    .select({
      id: repositories.id,
      fullName: repositories.fullName,
      private: sql<boolean>`(${repositories.private} or ${repositories.state} <> 'active')`,
    })
    .from(repositories);
  return new Map(rows.map((row) => [row.id, row]));
}

export interface PrintNow {
  readonly repository: string;
  readonly number: number;
  readonly createdAt: string;
  readonly open: boolean;
  readonly private: boolean;
}

/** Those of the named issues that are known, as they are now. */
export async function findPrints(
  db: Db,
  named: readonly { readonly repository: string; readonly number: number }[],
): Promise<PrintNow[]> {
  if (named.length === 0) return [];
  const rows = await db
    .select({
      repository: repositories.fullName,
      number: fingerprints.number,
      createdAt: fingerprints.createdAt,
      open: sql<boolean>`(${fingerprints.open} and ${repositories.state} = 'active')`,
      private: repositories.private,
    })
    .from(fingerprints)
    .innerJoin(repositories, eq(repositories.id, fingerprints.repositoryId))
    .where(isOneOf(named));
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** Where to look at an issue again. */
export interface YoungerIssue {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly fullName: string;
  readonly number: number;
}

function younger(db: Db) {
  return db
    .select({
      installationId: repositories.installationId,
      repositoryId: fingerprints.repositoryId,
      fullName: repositories.fullName,
      number: fingerprints.number,
    })
    .from(fingerprints)
    .innerJoin(repositories, eq(repositories.id, fingerprints.repositoryId));
}

/** Those of the named issues that are open and have no suggestion; none from before their repository was first seen. */
export async function withoutSuggestion(
  db: Db,
  named: readonly { readonly repository: string; readonly number: number }[],
): Promise<YoungerIssue[]> {
  if (named.length === 0) return [];
  return younger(db)
    .where(
      and(
        isOneOf(named),
        isNull(fingerprints.suggested),
        eq(fingerprints.open, true),
        eq(repositories.state, 'active'),
        gte(fingerprints.createdAt, repositories.firstSeenAt),
      ),
    )
    .orderBy(fingerprints.seq);
}

function isOneOf(named: readonly { readonly repository: string; readonly number: number }[]) {
  return inArray(
    sql`lower(${repositories.fullName}) || '#' || ${fingerprints.number}`,
    named.map(({ repository, number }) => `${repository.toLowerCase()}#${number}`),
  );
}

/** Open issues for which that one is suggested, at most `limit`. */
export async function suggestedFor(
  db: Db,
  candidate: { readonly repository: string; readonly number: number },
  limit: number,
): Promise<YoungerIssue[]> {
  return younger(db)
    .where(
      and(
        eq(fingerprints.suggested, `${candidate.repository}#${candidate.number}`.toLowerCase()),
        eq(fingerprints.open, true),
        eq(repositories.state, 'active'),
      ),
    )
    .orderBy(fingerprints.seq)
    .limit(limit);
}
