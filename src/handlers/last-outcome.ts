/** The triage decision in force on an issue. */
import { and, desc, eq } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { decisions } from '../store/schema.js';
import type { TriageOutcome } from '../triage/outcome.js';

/** Null when triage has not decided on it. */
export async function lastOutcome(
  { repositoryId, number }: { readonly repositoryId: number; readonly number: number },
  db: Db,
): Promise<TriageOutcome | null> {
  const [row] = await db
    .select({ outcome: decisions.outcome })
    .from(decisions)
    .where(and(eq(decisions.repositoryId, repositoryId), eq(decisions.number, number), eq(decisions.kind, 'triage')))
    .orderBy(desc(decisions.id))
    .limit(1);
  return (row?.outcome as TriageOutcome | undefined) ?? null;
}
