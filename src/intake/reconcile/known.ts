/** What is known of issues and pull requests of one repository, as far as the reconciler has to compare it. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { builds, decisions, subjects } from '../../store/schema.js';
import type { ReconcilePorts } from './ports.js';

/** What we know of an issue or pull request that GitHub lists as open. */
export interface Known {
  triaged: boolean;
  /** The newest plan's decision, head and hub; null when there is none. */
  plan: { id: number; headSha: string | null; hub: string | null } | null;
  open: boolean;
  /** A build of its head ended only because spokebot was not there. */
  dropped: boolean;
}

export async function readKnown(
  repositoryId: number,
  numbers: readonly number[],
  { db }: ReconcilePorts,
): Promise<Map<number, Known>> {
  const known = new Map<number, Known>();
  if (numbers.length === 0) return known;
  const rows = await db
    .select({
      id: decisions.id,
      number: subjects.number,
      kind: decisions.kind,
      head: subjects.headSha,
      open: subjects.open,
      hub: sql<string | null>`${decisions.facts} ->> 'hub'`,
    })
    .from(decisions)
    .innerJoin(subjects, and(eq(subjects.repositoryId, decisions.repositoryId), eq(subjects.number, decisions.number)))
    .where(and(eq(decisions.repositoryId, repositoryId), inArray(decisions.number, [...numbers])))
    .orderBy(asc(decisions.id));
  for (const { id, number, kind, head, open, hub } of rows) {
    const one = known.get(number) ?? { triaged: false, plan: null, open, dropped: false };
    if (kind === 'triage') one.triaged = true;
    if (kind === 'plan') one.plan = { id, headSha: head, hub };
    known.set(number, one);
  }
  const dropped = await db
    .select({ number: builds.number })
    .from(builds)
    .innerJoin(
      subjects,
      and(
        eq(subjects.repositoryId, builds.repositoryId),
        eq(subjects.number, builds.number),
        eq(subjects.headSha, builds.headSha),
      ),
    )
    .where(and(eq(builds.repositoryId, repositoryId), sql`${builds.end} ->> 'why' = 'removed'`));
  for (const { number } of dropped) {
    const one = number === null ? undefined : known.get(number);
    if (one !== undefined) one.dropped = true;
  }
  return known;
}
