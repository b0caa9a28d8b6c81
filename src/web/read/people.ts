/** What people did about a build, by buttons and commands: who allowed, stopped, repeated or waived it, and when. */
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Action } from '../../actions.js';
import type { Db } from '../../store/open.js';
import { approvals, decisions } from '../../store/schema.js';
import { shown } from '../text.js';

export interface Deed {
  readonly did: 'approved' | 'stopped' | 'ran again' | 'ran again without cache' | 'waived' | 'took the waiver back';
  readonly by: string;
  readonly reason: string | null;
  readonly at: Date;
}

const MOST = 200;

/** In the order of time. */
export async function readDeeds(
  db: Db,
  build: {
    readonly id: string;
    readonly repositoryId: number;
    readonly number: number | null;
    readonly headSha: string;
    readonly pool: string;
  },
): Promise<Deed[]> {
  const { repositoryId, number, headSha, pool } = build;
  const rows = await db
    .select({ actions: decisions.actions, at: decisions.at })
    .from(decisions)
    .where(
      and(
        eq(decisions.repositoryId, repositoryId),
        number === null ? isNull(decisions.number) : eq(decisions.number, number),
        inArray(decisions.kind, ['button', 'command']),
      ),
    )
    .orderBy(asc(decisions.id))
    .limit(MOST);
  const deeds = rows.flatMap(({ actions, at }) => actions.flatMap((action) => deedOf(action, build.id, at) ?? []));
  // What is built by night needs no approval.
  if (number === null) return deeds;
  const allowed = await db
    .select({ by: approvals.by, at: approvals.at })
    .from(approvals)
    .where(
      and(
        eq(approvals.repositoryId, repositoryId),
        eq(approvals.number, number),
        eq(approvals.headSha, headSha),
        eq(approvals.pool, pool),
      ),
    );
  // An approval is for the pool, so it may have been pressed on another check of this head.
  const approved = allowed.map(({ by, at }): Deed => ({ did: 'approved', by, reason: null, at }));
  return [...approved, ...deeds].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function deedOf(action: Action, id: string, at: Date): Deed | null {
  if (!('buildId' in action) || action.buildId !== id) return null;
  const { by } = action;
  switch (action.kind) {
    case 'cancel-build':
      return { did: 'stopped', by, reason: null, at };
    case 'retry-build':
      return { did: action.fresh ? 'ran again without cache' : 'ran again', by, reason: null, at };
    case 'waive-build':
      return action.reason === null
        ? { did: 'took the waiver back', by, reason: null, at }
        : { did: 'waived', by, reason: shown(action.reason, 400), at };
    case 'approve-build':
      return null;
  }
}
