/**
 * The reconciler: compares what GitHub shows with what we have decided, and makes a delivery of every difference, which then goes
 * the one way through the program. Looks only at what was created since spokebot first saw the repository. Safe to run any time.
 */
import { eq } from 'drizzle-orm';
import { repositories } from '../store/schema.js';
import { describe } from './consume.js';
import { compareRepository } from './reconcile/compare-repository.js';
import { findRepositories } from './reconcile/find-repositories.js';
import type { ReconcilePorts } from './reconcile/ports.js';
import { recoverDeliveries } from './reconcile/recover-deliveries.js';

/** Repositories looked at in one round, those first that waited longest. */
const REPOSITORIES_PER_ROUND = 60;

export interface Reconciler {
  /** One round; returns how many deliveries it made. */
  round(): Promise<number>;
}

export function createReconciler(ports: ReconcilePorts): Reconciler {
  const looked = new Map<number, number>();

  async function round(): Promise<number> {
    let made = await attempt('deliveries', ports, () => recoverDeliveries(ports));
    made += await attempt('installations', ports, () => findRepositories(ports));
    const rows = await ports.db.select().from(repositories).where(eq(repositories.state, 'active'));
    const turn = rows
      .filter((row) => ports.isMember(row.fullName))
      .sort((a, b) => (looked.get(a.id) ?? 0) - (looked.get(b.id) ?? 0))
      .slice(0, REPOSITORIES_PER_ROUND);
    for (const repository of turn) {
      looked.set(repository.id, ports.now().getTime());
      made += await attempt(repository.fullName, ports, () => compareRepository(repository, ports));
    }
    if (made > 0) ports.log.info({ made }, 'the reconciler found what no delivery had told');
    return made;
  }

  return { round };
}

/** One thing that cannot be looked at must not hide the others; the next round tries again. */
async function attempt(what: string, { log }: ReconcilePorts, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    log.warn({ what, error: describe(error) }, 'the reconciler could not look');
    return 0;
  }
}
