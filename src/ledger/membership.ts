/** Installations and their repositories as GitHub reports them. After a removal every build of the repository ends. */
import { and, eq, sql } from 'drizzle-orm';
import type { Action } from '../actions.js';
import type { Db } from '../store/open.js';
import { installations, intents, repositories } from '../store/schema.js';
import { endBuilds } from './end.js';
import type { LedgerPorts } from './row.js';
import type { Outgoing } from './state.js';

type MembershipAction = Extract<Action, { kind: 'set-installation' | 'set-repositories' }>;

export async function performMembership(
  tx: Db,
  action: MembershipAction,
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const now = ports.now();
  if (action.kind === 'set-installation') {
    const { installationId: id, account, state } = action;
    await tx
      .insert(installations)
      .values({ id, account, state, firstSeenAt: now })
      .onConflictDoUpdate({ target: installations.id, set: { account, state } });
    if (state === 'active') return;
    const rows = await tx.select({ id: repositories.id }).from(repositories).where(eq(repositories.installationId, id));
    for (const row of rows) await leave(tx, row.id, state === 'removed', ports, out);
    return;
  }
  for (const { id, fullName, private: isPrivate } of action.present)
    await tx
      .insert(repositories)
      .values({
        id,
        installationId: action.installationId,
        fullName,
        private: isPrivate,
        state: 'active',
        toldAt: now,
        firstSeenAt: now,
      })
      .onConflictDoUpdate({
        target: repositories.id,
        set: { fullName, installationId: action.installationId, private: isPrivate, state: 'active', toldAt: now },
      });
  for (const { id } of action.gone) await leave(tx, id, true, ports, out);
}

/** Ends what is under way in a repository that we may no longer write to, and drops what still waits to be written. */
async function leave(tx: Db, repositoryId: number, gone: boolean, ports: LedgerPorts, out: Outgoing): Promise<void> {
  if (gone) await tx.update(repositories).set({ state: 'removed' }).where(eq(repositories.id, repositoryId));
  await endBuilds(
    tx,
    { repositoryId, number: null, keep: [], keepSha: null },
    { kind: 'ended', why: 'removed', detail: 'spokebot was removed from this repository or suspended.', bySha: null },
    ports,
    out,
  );
  if (gone)
    await tx
      .update(intents)
      .set({ state: 'superseded', doneAt: ports.now(), error: 'the repository is no longer ours' })
      .where(and(eq(intents.state, 'pending'), sql`(${intents.payload} ->> 'repositoryId')::bigint = ${repositoryId}`));
}
