/**
 * Whether something is so new that nobody can have written about it before: GitHub told this very process of its opening, or of its new
 * head. Whatever else we find new may be known to GitHub's pages already, by a state of ours that was lost and restored from a backup.
 */
import { and, eq, gte, inArray } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { deliveries } from '../store/schema.js';

/** `since` is when this process began: what it had been told before may be told of in a backup. */
export async function isNews(db: Db, delivery: string | null, since: Date): Promise<boolean> {
  if (delivery === null) return false;
  const [row] = await db
    .select({ seq: deliveries.seq })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.guid, delivery),
        eq(deliveries.source, 'webhook'),
        inArray(deliveries.activity, ['opened', 'synchronize']),
        gte(deliveries.receivedAt, since),
      ),
    )
    .limit(1);
  return row !== undefined;
}
