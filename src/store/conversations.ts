/** Whose turn it is on each issue, as it is kept. What happens is folded in one after the other, whoever tells of it. */
import { and, eq } from 'drizzle-orm';
import { after, type Conversation, type Happening, newConversation } from '../triage/conversation.js';
import type { Db } from './open.js';
import { conversations } from './schema.js';

interface At {
  readonly repositoryId: number;
  readonly number: number;
}

export async function findConversation(db: Db, at: At): Promise<Conversation | null> {
  const [row] = await db.select({ state: conversations.state }).from(conversations).where(here(at));
  return row?.state ?? null;
}

/**
 * The conversation after these. Begins one that was opened at `since`; where that is null and none is known, nothing is kept and
 * the answer is null.
 */
export async function noteHappenings(
  db: Db,
  at: At,
  since: string | null,
  events: readonly Happening[],
): Promise<Conversation | null> {
  return db.transaction(async (raw) => {
    const tx = raw as Db;
    const { repositoryId, number } = at;
    if (since !== null)
      await tx
        .insert(conversations)
        .values({ repositoryId, number, state: newConversation(since) })
        .onConflictDoNothing();
    const [row] = await tx.select({ state: conversations.state }).from(conversations).where(here(at)).for('update');
    if (row === undefined) return null;
    const state = events.reduce(after, row.state);
    if (state !== row.state) await tx.update(conversations).set({ state }).where(here(at));
    return state;
  });
}

function here({ repositoryId, number }: At) {
  return and(eq(conversations.repositoryId, repositoryId), eq(conversations.number, number));
}
