/** Workers as they announce themselves: what is kept of them, and whether they fit their pool. */
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { type Capabilities, lacking } from '../ci/capabilities.js';
import type { FleetRules } from '../ledger/fleet.js';
import { LIMITS, plusSeconds } from '../ledger/state.js';
import type { Db } from '../store/open.js';
import { workers } from '../store/schema.js';
import { NotNow } from './not-now.js';
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

/** Workers of one pool that are remembered; of more nobody could make sense, and whoever has a token could invent names for ever. */
const MOST_WORKERS = 1000;

/**
 * Throws `NotNow` for a worker over HTTP that goes by the name of a living one of another pool, and for one too many: a token is good for
 * one pool, and what is known of another one's workers is not to be had by it.
 */
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
  const silentSince = plusSeconds(now, -LIMITS.heartbeat);
  if (via === 'http' && before !== undefined && before.pool !== pool && before.seenAt > silentSince)
    throw new NotNow(
      'A worker of another pool goes by this name. If both are yours, remove the file worker-id of one of them.',
      LIMITS.heartbeat,
    );
  if (before === undefined) await makeRoom(db, pool, silentSince);
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

/** The silent ones are forgotten first, the longest silent before others. */
async function makeRoom(db: Db, pool: string, silentSince: Date): Promise<void> {
  const [there] = await db.select({ n: sql<number>`count(*)::int` }).from(workers).where(eq(workers.pool, pool));
  const excess = (there?.n ?? 0) + 1 - MOST_WORKERS;
  if (excess <= 0) return;
  const silent = await db
    .select({ id: workers.id })
    .from(workers)
    .where(and(eq(workers.pool, pool), lt(workers.seenAt, silentSince)))
    .orderBy(asc(workers.seenAt))
    .limit(excess + MOST_WORKERS / 10);
  if (silent.length < excess)
    throw new NotNow(
      `The pool has ${MOST_WORKERS} workers that were heard of within a minute; no more are taken.`,
      LIMITS.heartbeat,
    );
  await db.delete(workers).where(
    inArray(
      workers.id,
      silent.map(({ id }) => id),
    ),
  );
}
