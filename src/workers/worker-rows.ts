/** Workers as they announce themselves: what is kept of them, and whether they fit their pool. */
import { eq } from 'drizzle-orm';
import { type Capabilities, lacking } from '../ci/capabilities.js';
import type { FleetRules } from '../ledger/fleet.js';
import { LIMITS } from '../ledger/state.js';
import type { Db } from '../store/open.js';
import { workers } from '../store/schema.js';
import { storable } from './storable-event.js';

export interface Announced {
  readonly id: string;
  readonly pool: string;
  readonly version: string;
  readonly concurrency: number;
  /** Builds that it runs; left out by workers of older versions. */
  readonly running?: number | undefined;
  readonly capabilities?: Capabilities | undefined;
}

export interface Noted {
  /** Why it gets no builds of its pool; null when it does. */
  readonly unfit: string | null;
  /** True when the pool has other room than before: the worker is new, came back, or is of another size. */
  readonly news: boolean;
}

export async function noteWorker(
  db: Db,
  worker: Announced,
  via: 'queue' | 'http',
  rules: FleetRules,
  now: Date,
): Promise<Noted> {
  const { id, pool, version, concurrency, running, capabilities } = storable(worker);
  const missing = lacking(rules.promiseOf(pool), capabilities ?? null);
  const unfit = missing.length === 0 ? null : `Pool ${pool} promises ${missing.join(', ')}, which it does not have.`;
  const [before] = await db.select().from(workers).where(eq(workers.id, id));
  const set = {
    pool,
    version,
    concurrency,
    running: running ?? null,
    capabilities: capabilities ?? null,
    unfit,
    via,
    seenAt: now,
  };
  await db
    .insert(workers)
    .values({ id, ...set })
    .onConflictDoUpdate({ target: workers.id, set });
  const news =
    before === undefined ||
    before.pool !== pool ||
    before.concurrency !== concurrency ||
    before.unfit !== unfit ||
    now.getTime() - before.seenAt.getTime() > LIMITS.heartbeat * 1000;
  return { unfit, news };
}
