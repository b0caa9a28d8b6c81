/** GitHub's budget of requests, for the hub's page: who is short of it, and what waits because of that. */
import { eq } from 'drizzle-orm';
import { type Use, waitingUses } from '../../outbox/rate.js';
import type { Db } from '../../store/open.js';
import { listRates } from '../../store/rates.js';
import { repositories } from '../../store/schema.js';
import type { Visible } from './visible.js';

export interface BudgetView {
  /** The account; null where the viewer may see none of its repositories. */
  readonly account: string | null;
  /** Requests of a window, and those left of it. */
  readonly most: number;
  readonly left: number;
  readonly resetAt: Date;
  /** GitHub asked for a pause until then; null when none is on. */
  readonly pausedUntil: Date | null;
  readonly waiting: readonly Use[];
}

const SHOWN = 8;

/** The shortest first; those whose window is over are as good as new and left out. */
export async function readBudgets(db: Db, visible: Visible, now: Date): Promise<BudgetView[]> {
  const rates = await listRates(db, now, SHOWN);
  if (rates.length === 0) return [];
  const owners = await db
    .select({ installationId: repositories.installationId, fullName: repositories.fullName })
    .from(repositories)
    .where(eq(repositories.state, 'active'));
  const names = new Set([...visible.names.values()]);
  const shown = new Map(
    owners
      .filter(({ fullName }) => names.has(fullName))
      .map(({ installationId, fullName }) => [installationId, fullName.split('/')[0]!]),
  );
  return rates.map((rate) => ({
    account: shown.get(rate.installationId) ?? null,
    most: rate.most,
    left: rate.left,
    resetAt: rate.resetAt,
    pausedUntil: rate.pausedUntil !== null && rate.pausedUntil > now ? rate.pausedUntil : null,
    waiting: waitingUses(rate, now),
  }));
}
