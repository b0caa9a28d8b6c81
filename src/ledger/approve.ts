/** Words of people that let a held build begin. Each is for exactly one head on one pool. */
import { and, eq } from 'drizzle-orm';
import type { Action } from '../actions.js';
import type { Db } from '../store/open.js';
import { approvals, builds } from '../store/schema.js';
import { openAttempt } from './builds.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import type { Outgoing } from './state.js';

/** Records an approval for exactly this head on this pool, and starts what waited for it. */
export async function approveBuild(
  tx: Db,
  { buildId, by }: { buildId: string; by: string },
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const build = await lockBuild(tx, buildId);
  if (build === null || build.number === null) return;
  const { repositoryId, number, headSha, pool } = build;
  await tx.insert(approvals).values({ repositoryId, number, headSha, pool, by, at: ports.now() }).onConflictDoNothing();
  const held = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, repositoryId),
        eq(builds.number, number),
        eq(builds.headSha, headSha),
        eq(builds.pool, pool),
        eq(builds.state, 'waiting-approval'),
      ),
    );
  for (const { id } of held) {
    const waiting = await lockBuild(tx, id);
    if (waiting?.state !== 'waiting-approval') continue;
    // With other people's heads in it, it may wait for them too; only a plan knows.
    if (waiting.plan.heads?.some((one) => one.number !== number || one.fullName !== waiting.repository)) continue;
    // What it waited for is no reason any more; who gave it is.
    const reasons = waiting.reasons.filter((reason) => reason !== waiting.needsApproval);
    const approved = `${by} approved ${headSha.slice(0, 7)} for pool ${pool}.`;
    await openAttempt(tx, await update(tx, id, { reasons: [...reasons, approved] }), ports, out);
  }
}

/** Records an approval of a head for which builds of other pull requests wait; their plans see it. */
export async function approveHead(tx: Db, action: Extract<Action, { kind: 'approve-head' }>, now: Date): Promise<void> {
  const { issue, headSha, pool, by } = action;
  const { repositoryId, number } = issue;
  await tx.insert(approvals).values({ repositoryId, number, headSha, pool, by, at: now }).onConflictDoNothing();
}
