/**
 * Level-triggered upkeep: looks at what is, not at what was told. Every build that is not completed has a deadline, and this ends
 * it; an attempt whose worker fell silent is tried again elsewhere.
 */
import { and, eq, lte, ne, or, sql } from 'drizzle-orm';
import type { BuildEnd } from '../ci/report.js';
import type { Db } from '../store/open.js';
import { attempts, builds } from '../store/schema.js';
import { endWithoutVerdict, type LedgerPorts, lockBuild, openAttempt } from './builds.js';
import { LIMITS, MOST_ATTEMPTS, type Outgoing, plusSeconds } from './state.js';

export interface SweepPorts extends LedgerPorts {
  readonly db: Db;
  /** Silence is counted from here at the earliest: while nobody listened, no worker could be heard. */
  readonly listeningSince: Date;
}

/** One round. Safe to run at any time and in several processes. Returns the number of builds it changed. */
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
  for (const { id } of rows) await ports.db.transaction(async (tx) => sweepOne(tx as Db, id, ports, out, silent));
  return rows.length;
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
    await tx
      .update(attempts)
      .set({ state: 'lost', finishedAt: ports.now() })
      .where(and(eq(attempts.buildId, id), eq(attempts.attempt, build.attempt)));
    // If it is only cut off and comes back, it is told to stop.
    if (attempt.worker !== null)
      out.controls.push({
        worker: attempt.worker,
        buildId: id,
        attempt: attempt.attempt,
        kind: 'cancel',
        reason: 'no heartbeat; another attempt has taken its place',
      });
    if (build.attempt < MOST_ATTEMPTS) await openAttempt(tx, build, ports, out);
    else
      await endWithoutVerdict(
        tx,
        build,
        { kind: 'lost', detail: `${MOST_ATTEMPTS} workers in a row fell silent during this build.` },
        ports,
        out,
      );
    return;
  }
  if (build.deadlineAt.getTime() > ports.now().getTime()) return;
  await endWithoutVerdict(tx, build, overdue(build.state, build.pool), ports, out);
}

function overdue(state: string, pool: string): BuildEnd {
  switch (state) {
    case 'waiting-approval':
      return { kind: 'expired', detail: 'Nobody approved this head in time.' };
    case 'queued':
      return { kind: 'expired', detail: `No worker of pool ${pool} took this build in time.` };
    default:
      return { kind: 'lost', detail: 'The build did not report an end within its time limit.' };
  }
}
