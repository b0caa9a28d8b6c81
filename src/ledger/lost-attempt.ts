/** What follows when a worker is gone in the middle of a build, whoever noticed it: the build is tried again elsewhere. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { attempts } from '../store/schema.js';
import { openAttempt } from './builds.js';
import { endWithoutVerdict } from './end.js';
import type { LedgerPorts } from './row.js';
import { type Build, MOST_ATTEMPTS, MOST_HANDOVERS, type Outgoing } from './state.js';

/** Marks the newest attempt of a locked, open build as lost and opens the next; after the last one the build ends as lost. */
export async function loseAttempt(tx: Db, build: Build, ports: LedgerPorts, out: Outgoing): Promise<void> {
  const [lost] = await tx
    .update(attempts)
    .set({ state: 'lost', finishedAt: ports.now() })
    .where(and(eq(attempts.buildId, build.id), eq(attempts.attempt, build.attempt)))
    .returning({ fresh: attempts.fresh, retry: attempts.retry });
  const why = await givenUp(tx, build);
  // The next one is the same wish: what was asked for without cache stays so.
  if (why === null) await openAttempt(tx, build, ports, out, lost?.fresh, lost?.retry);
  else await endWithoutVerdict(tx, build, { kind: 'lost', detail: why }, ports, out);
}

/** Why there is no other attempt; null when there is. Of a build that people or nights repeated, earlier attempts are other stories. */
async function givenUp(tx: Db, { id }: Build): Promise<string | null> {
  const newest = await tx
    .select({
      state: attempts.state,
      inOrder: sql<boolean>`coalesce((${attempts.result} ->> 'inOrder')::boolean, false)`,
    })
    .from(attempts)
    .where(eq(attempts.buildId, id))
    .orderBy(desc(attempts.attempt))
    .limit(MOST_HANDOVERS);
  const other = newest.findIndex(({ state }) => state !== 'lost');
  const row = other < 0 ? newest : newest.slice(0, other);
  if (row.filter(({ inOrder }) => !inOrder).length >= MOST_ATTEMPTS)
    return `${MOST_ATTEMPTS} workers in a row died or fell silent during this build.`;
  return row.length >= MOST_HANDOVERS
    ? `${MOST_HANDOVERS} workers in a row were told to stop during this build.`
    : null;
}
