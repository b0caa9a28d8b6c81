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
  /** Which process of this name it is; left out by workers of older versions. */
  readonly life?: string | undefined;
}

export interface Noted {
  /** Why it gets no builds of its pool; null when it does. */
  readonly unfit: string | null;
  /** True when the pool has other room than before: the worker is new, came back, or is of another size. */
  readonly news: boolean;
}

/** Workers of one pool that are remembered; of more nobody could make sense, and whoever has a token could invent names for ever. */
const MOST_WORKERS = 1000;

/** Processes of a worker that are told from each other. */
const MOST_LIVES = 5;

export interface WorkerRowPorts {
  readonly db: Db;
  readonly rules: () => FleetRules;
  readonly now: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

/**
 * Throws `NotNow` for a worker over HTTP that goes by the name of a living one of another pool, for one too many, and for one that comes
 * back after another process has taken its name: a token is good for one pool, and what is known of another one's workers is not to be had
 * by it; and two of one name would take each other's builds and end each other's polls.
 */
export async function noteWorker(
  worker: Announced,
  via: 'queue' | 'http',
  { db, rules: rulesNow, now: clock, log }: WorkerRowPorts,
): Promise<Noted> {
  const { id, pool, version, concurrency, running, capabilities, life } = storable(worker);
  const [rules, now] = [rulesNow(), clock()];
  const missing = lacking(rules.promiseOf(pool), capabilities ?? null);
  const unfit = missing.length === 0 ? null : `Pool ${pool} promises ${missing.join(', ')}, which it does not have.`;
  const [before] = await db.select().from(workers).where(eq(workers.id, id));
  const silentSince = plusSeconds(now, -LIMITS.heartbeat);
  if (via === 'http' && before !== undefined && before.pool !== pool && before.seenAt > silentSince)
    throw new NotNow(
      'A worker of another pool goes by this name. If both are yours, remove the file worker-id of one of them.',
      LIMITS.heartbeat,
    );
  const lives = before?.lives ?? [];
  const copied = before !== undefined && isCopy(before, life, silentSince);
  if (copied) {
    if (before.copiedAt === null || before.copiedAt <= silentSince) {
      log.warn({ worker: id, pool }, 'two workers go by one name: remove the file worker-id of one of them');
      await db.update(workers).set({ copiedAt: now }).where(eq(workers.id, id));
    }
    if (via === 'http')
      throw new NotNow(
        'Another worker goes by this name too. If both are yours, stop one of them, remove its file worker-id, and start it again.',
        LIMITS.heartbeat,
      );
  }
  if (before === undefined) await makeRoom(db, pool, silentSince);
  const set = {
    pool,
    version,
    concurrency,
    running: running ?? null,
    capabilities: capabilities ?? null,
    unfit,
    via,
    lives: life === undefined || copied ? lives : [life, ...lives.filter((each) => each !== life)].slice(0, MOST_LIVES),
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

/** A process that was replaced and comes again while whoever replaced it lives; after a restart none does. */
function isCopy(before: typeof workers.$inferSelect, life: string | undefined, silentSince: Date): boolean {
  return life !== undefined && (before.lives ?? []).indexOf(life) > 0 && before.seenAt > silentSince;
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
