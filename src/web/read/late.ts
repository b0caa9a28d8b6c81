/** Issues that should have a decision by now and have none: an alert of the metrics and of the hub's page. */
import { and, eq, isNull, lt, notExists, sql } from 'drizzle-orm';
import type { Db } from '../../store/open.js';
import { aboutPause } from '../../store/pauses.js';
import { decisions, deliveries, pauses, repositories, subjects } from '../../store/schema.js';

/** So long after it was seen an issue without a decision is late. */
const LATE_MS = 15 * 60_000;

/** Shown at most. */
const SHOWN = 100;

export interface LateIssue {
  /** `owner/name`, as it was when we were told. */
  readonly repository: string | null;
  /** Null where not even the delivery was looked at. */
  readonly number: number | null;
  readonly since: Date;
}

/** Open issues whose triage began and did not end, and deliveries about issues that are due and not worked off; the oldest first. */
export async function listLate(db: Db, now: Date): Promise<LateIssue[]> {
  const before = new Date(now.getTime() - LATE_MS);
  const decided = db
    .select({ one: sql`1` })
    .from(decisions)
    .where(
      and(
        eq(decisions.repositoryId, subjects.repositoryId),
        eq(decisions.number, subjects.number),
        eq(decisions.kind, 'triage'),
      ),
    );
  // What spokebot itself tells the hub is not triaged, also when somebody writes a command there.
  const ofPause = db.select({ one: sql`1` }).from(pauses).where(aboutPause(subjects.repositoryId, subjects.number));
  const begun = await db
    .select({ repository: repositories.fullName, number: subjects.number, since: subjects.updatedAt })
    .from(subjects)
    .innerJoin(repositories, eq(repositories.id, subjects.repositoryId))
    .where(
      and(
        eq(repositories.state, 'active'),
        eq(subjects.open, true),
        eq(subjects.isPull, false),
        isNull(subjects.movedTo),
        lt(subjects.updatedAt, before),
        notExists(decided),
        notExists(ofPause),
      ),
    )
    .orderBy(subjects.updatedAt)
    .limit(SHOWN);
  const kept = await db
    .select({ repository: deliveries.repository, since: deliveries.dueAt })
    .from(deliveries)
    .where(and(eq(deliveries.state, 'stored'), eq(deliveries.event, 'issues'), lt(deliveries.dueAt, before)))
    .orderBy(deliveries.seq)
    .limit(SHOWN);
  return [...begun, ...kept.map((row): LateIssue => ({ ...row, number: null }))];
}
