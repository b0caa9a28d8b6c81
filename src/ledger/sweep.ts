/**
 * Level-triggered upkeep: looks at what is, not at what was told. Every build that is not completed has a deadline, and this ends
 * it; an attempt whose worker fell silent is tried again elsewhere.
 */
import { and, eq, gt, lte, ne, or, sql } from 'drizzle-orm';
import { limitSentence, type ReachedLimit } from '../ci/phase-limits.js';
import type { BuildEnd } from '../ci/report.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import { endWithoutVerdict } from './end.js';
import { loseAttempt } from './lost-attempt.js';
import { limitReached } from './part-deadline.js';
import { reportBuild } from './report.js';
import { rollUpHeads } from './roll-up.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import {
  addOutgoing,
  type Build,
  type BuildAttempt,
  LIMITS,
  nothingOutgoing,
  type Outgoing,
  plusSeconds,
} from './state.js';

export interface SweepPorts extends LedgerPorts {
  readonly db: Db;
  /** Silence is counted from here at the earliest: while nobody listened, no worker could be heard. */
  readonly listeningSince: Date;
  /** Where a build that cannot be swept is told; without it the round rejects with an `AggregateError`, after all others. */
  readonly log?: { error(fields: object, message: string): void };
}

/**
 * One round. Safe to run at any time and in several processes. A build that fails is left for the next round and holds up no other;
 * `out` gets what was committed and nothing else. Returns the number of builds it changed.
 */
export async function sweepBuilds(ports: SweepPorts, out: Outgoing): Promise<number> {
  const now = ports.now();
  const silent = plusSeconds(now, -LIMITS.heartbeat);
  const rows = await ports.db
    .select({ id: builds.id })
    .from(builds)
    .leftJoin(attempts, and(eq(attempts.buildId, builds.id), eq(attempts.attempt, builds.attempt)))
    .where(
      and(
        ne(builds.state, 'completed'),
        or(
          lte(builds.deadlineAt, now),
          and(
            eq(attempts.state, 'running'),
            sql`greatest(${attempts.heartbeatAt}, ${ports.listeningSince.toISOString()}::timestamptz) <= ${silent.toISOString()}::timestamptz`,
          ),
        ),
      ),
    )
    .limit(500);
  const failures: Error[] = [];
  for (const { id } of rows) {
    const own = nothingOutgoing();
    try {
      await ports.db.transaction(async (tx) => {
        await sweepOne(tx as Db, id, ports, own, silent);
        await rollUpHeads(tx as Db, ports, own);
      });
    } catch (cause) {
      failures.push(new Error(`build ${id} could not be swept: ${describe(cause)}`, { cause }));
      continue;
    }
    addOutgoing(out, own);
  }
  if (failures.length > 0) tell(failures, ports);
  return rows.length - failures.length;
}

/** One line for a round, however many builds fail in it. */
function tell(failures: readonly Error[], { log }: SweepPorts): void {
  const message = `${failures.length} builds could not be swept; the next round tries again`;
  if (log === undefined) throw new AggregateError(failures, message);
  log.error({ failures: failures.slice(0, 10).map((each) => each.message) }, message);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function sweepOne(tx: Db, id: string, ports: SweepPorts, out: Outgoing, silent: Date): Promise<void> {
  const build = await lockBuild(tx, id);
  if (build === null || build.state === 'completed') return;
  const [attempt] = await tx
    .select()
    .from(attempts)
    .where(and(eq(attempts.buildId, id), eq(attempts.attempt, build.attempt)));
  const heard = Math.max(attempt?.heartbeatAt?.getTime() ?? 0, ports.listeningSince.getTime());
  if (attempt?.state === 'running' && heard <= silent.getTime()) {
    // If it is only cut off and comes back, it is told to stop.
    if (attempt.worker !== null)
      out.controls.push({
        worker: attempt.worker,
        buildId: id,
        attempt: attempt.attempt,
        kind: 'cancel',
        reason: 'no heartbeat; another attempt has taken its place',
      });
    await loseAttempt(tx, build, ports, out);
    return;
  }
  if (build.deadlineAt.getTime() > ports.now().getTime()) return;
  // It may have ended while nobody listened: its worker is heard before its time is called over.
  if (build.state === 'running' && ports.listeningSince > silent) return;
  const longest = plusSeconds(attempt?.queuedAt ?? build.createdAt, LIMITS.queuedBehindOthers);
  if (build.state === 'queued' && longest > build.deadlineAt && (await isBusy(tx, build.pool, silent))) {
    // It waits for others, not for a worker that is not there: its turn comes.
    const later: Build = await update(tx, id, { deadlineAt: longest });
    await reportBuild(tx, later, null, ports, out);
    return;
  }
  await endWithoutVerdict(tx, build, overdue(build, attempt?.phases ?? [], ports.now()), ports, out);
}

/** Whether a worker of the pool builds something and has been heard since `silent`. */
async function isBusy(tx: Db, pool: string, silent: Date): Promise<boolean> {
  const [one] = await tx
    .select({ id: builds.id })
    .from(attempts)
    .innerJoin(builds, eq(builds.id, attempts.buildId))
    .where(and(eq(attempts.state, 'running'), gt(attempts.heartbeatAt, silent), eq(builds.pool, pool)))
    .limit(1);
  return one !== undefined;
}

function overdue(build: Build, phases: BuildAttempt['phases'], now: Date): BuildEnd {
  const { pool } = build;
  switch (build.state) {
    case 'waiting-approval':
      return { kind: 'expired', detail: 'Nobody approved this head in time.' };
    case 'queued':
      return { kind: 'expired', detail: `No worker of pool ${pool} took this build in time.` };
    default:
      return overLimit(build, limitReached(build, phases, now));
  }
}

/** Its worker did not stop it. What could not be fetched in time says nothing about the commit. */
function overLimit({ plan }: Build, limit: ReachedLimit): BuildEnd {
  const sentence = limitSentence(limit);
  const detail = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}, and its worker did not end it.`;
  if (limit.part === null) return { kind: 'lost', detail };
  const fetching = limit.part === 'fetch';
  return {
    kind: 'verdict',
    limit,
    verdict: {
      outcome: 'failed',
      category: fetching ? 'fetch' : 'timeout',
      fault: fetching ? 'infrastructure' : 'unknown',
      package: plan.package,
      phase: limit.part,
      summary: `${plan.package}: ${sentence}`,
      excerpt: '',
      annotations: [],
      retryable: true,
    },
  };
}
