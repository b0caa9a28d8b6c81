/**
 * Takes workers' events. The ledger is the only fence: an event counts only with the token of the newest open attempt; any other
 * is answered with `cancel`. Repeats and disorder are harmless.
 */
import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { passedVerdict } from '../ci/diagnose/verdicts.js';
import type { BuildEnd } from '../ci/report.js';
import type { ControlMessage, WorkerEvent } from '../protocol.js';
import { PROTOCOL_VERSION } from '../protocol.js';
import { lookAtPull } from '../store/look-again.js';
import type { Db } from '../store/open.js';
import { attempts, logChunks } from '../store/schema.js';
import { complete, endWithoutVerdict } from './end.js';
import { giveVerdict } from './give-verdict.js';
import { loseAttempt } from './lost-attempt.js';
import { partDeadline } from './part-deadline.js';
import { findProof } from './proved.js';
import { reportBuild } from './report.js';
import { rollUpHeads } from './roll-up.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import {
  type Build,
  type BuildAttempt,
  isAttemptToken,
  LIMITS,
  type Outgoing,
  plusSeconds,
  runDeadline,
} from './state.js';

export interface EventPorts extends LedgerPorts {
  readonly db: Db;
  readonly tokenKey: string;
}

/** Stores what the event says; returns what the worker has to be told, if anything. */
export async function acceptEvent(
  event: WorkerEvent,
  ports: EventPorts,
  out: Outgoing,
): Promise<ControlMessage | null> {
  const tell = (kind: ControlMessage['kind'], reason: string): ControlMessage => ({
    v: PROTOCOL_VERSION,
    kind,
    buildId: event.buildId,
    attempt: event.attempt,
    reason,
  });
  if (!isAttemptToken(ports.tokenKey, event.buildId, event.attempt, event.token))
    return tell('cancel', 'the token is not of this attempt');
  if (event.body.kind === 'log')
    return (await storeLog(event, ports)) ? null : tell('cancel', 'not the newest attempt');

  return ports.db.transaction(async (raw) => {
    const tx = raw as Db;
    const build = await lockBuild(tx, event.buildId);
    if (build === null) return tell('cancel', 'no such build');
    const [attempt] = await tx
      .select()
      .from(attempts)
      .where(and(eq(attempts.buildId, event.buildId), eq(attempts.attempt, event.attempt)));
    const finished = event.body.kind === 'finished';
    const refusal = whyNot(build, attempt, event);
    // A worker that has finished has nothing left to cancel; it only must stop repeating itself.
    if (refusal !== null) return tell(finished ? 'ack' : 'cancel', refusal);
    const proved = await apply(tx, build, attempt!, event, ports, out);
    await rollUpHeads(tx, ports, out);
    if (proved) return tell('cancel', 'it was built and passed already');
    return finished ? tell('ack', 'stored') : null;
  });
}

function whyNot(build: Build, attempt: BuildAttempt | undefined, event: WorkerEvent): string | null {
  if (attempt === undefined) return 'no such attempt';
  if (event.attempt !== build.attempt) return `attempt ${build.attempt} has taken its place`;
  if (attempt.worker !== null && attempt.worker !== event.worker) return 'another worker has this attempt';
  if (attempt.state !== 'queued' && attempt.state !== 'running') return `the attempt is ${attempt.state}`;
  return null;
}

/** True when the build ends by what was proved before; its worker has to stop then. */
async function apply(
  tx: Db,
  build: Build,
  attempt: BuildAttempt,
  event: WorkerEvent,
  ports: EventPorts,
  out: Outgoing,
): Promise<boolean> {
  const now = ports.now();
  const mine = and(eq(attempts.buildId, build.id), eq(attempts.attempt, attempt.attempt));
  const { body } = event;
  // Whichever event comes first says that the build runs: `started` may come late or be lost with the queue.
  const change: Partial<typeof attempts.$inferInsert> = { worker: event.worker, heartbeatAt: now };
  const begins = attempt.state === 'queued';
  if (begins) Object.assign(change, { state: 'running', startedAt: now });
  // Said once: whoever says another thing each time would have the check written anew each time.
  const starts = body.kind === 'started' && attempt.versions === null;
  if (starts) Object.assign(change, { versions: body.versions, recorded: body.recorded });
  const waits = body.kind === 'waiting' && isHeldBack(attempt, now);
  if (waits) change.phase = body.detail;
  const proof = body.kind === 'concretized' ? await findProof(tx, build, attempt, body.dagHash, now) : null;
  if (proof !== null) Object.assign(change, { state: 'finished', finishedAt: now });
  if (body.kind === 'recipes' && attempt.recipes === null) change.recipes = body.runs;
  if (body.kind === 'phase') Object.assign(change, enterPhase(attempt, `${body.package}: ${body.phase}`, now));
  if (body.kind === 'finished') {
    Object.assign(change, {
      state: 'finished',
      finishedAt: now,
      result: body.result,
      versions: body.result.versions,
      recorded: body.result.recorded,
    });
  }
  const [changed] = await tx.update(attempts).set(change).where(mine).returning();
  const running =
    begins || waits
      ? await update(tx, build.id, { state: 'running', startedAt: now, deadlineAt: runDeadline(build, now) })
      : build;
  if (body.kind === 'phase' && changed) await limitPart(tx, running, changed, now);
  // Their check is another one's: it is told by who looks at the pull request, also that nothing came.
  if (build.plan.recipes && (body.kind === 'recipes' || (body.kind === 'finished' && attempt.recipes === null)))
    await lookAtPull(tx, build, now, `recipes-${body.kind}`);
  if (body.kind === 'finished') {
    // The worker went away, not the build: that says nothing about the commit, and another worker may finish it.
    if (body.result.workerStopped) await loseAttempt(tx, running, ports, out);
    else if (body.result.unreadable)
      await complete(tx, running, { kind: 'unreadable', detail: body.result.trouble ?? '' }, ports, out);
    else if (body.result.cancelled) await endWithoutVerdict(tx, running, STOPPED, ports, out);
    else await giveVerdict(tx, running, changed ?? attempt, body.result, ports, out);
  } else if (proof !== null)
    await complete(tx, running, { kind: 'verdict', verdict: passedVerdict(build.plan.package), proof }, ports, out);
  else if (begins || starts || (waits && attempt.phase === null))
    await reportBuild(tx, running, changed ?? null, ports, out);
  return proof !== null;
}

/** The part that begins has a limit of its own; nothing is written while it goes on. */
async function limitPart(tx: Db, build: Build, { phases }: BuildAttempt, now: Date): Promise<void> {
  const deadlineAt = partDeadline(build, phases, now);
  if (deadlineAt.getTime() !== build.deadlineAt.getTime()) await update(tx, build.id, { deadlineAt });
}

/** A word that comes late, or after too long a wait, moves no deadline. */
function isHeldBack({ versions, phases, queuedAt }: BuildAttempt, now: Date): boolean {
  return versions === null && phases.length === 0 && now < plusSeconds(queuedAt, LIMITS.queuedBehindOthers);
}

/** A build of many packages has more phases than anybody reads; the present one is always known. */
const MOST_PHASES = 200;

function enterPhase({ phase, phases }: BuildAttempt, name: string, now: Date): Partial<BuildAttempt> {
  const known = phase === name || phases.length >= MOST_PHASES;
  return { phase: name, ...(known ? {} : { phases: [...phases, { name, at: now.toISOString() }] }) };
}

const STOPPED: BuildEnd = {
  kind: 'ended',
  why: 'cancelled',
  detail: 'Its worker was told to stop.',
  bySha: null,
};

/**
 * A chunk of the log, kept and counted once; false when the attempt no longer counts. Beyond the hub's cap nothing is kept, but it
 * is counted, so that the log page knows that something is missing. It is a sign of life too: a worker that has to send much after an
 * outage is not silent.
 */
async function storeLog(event: WorkerEvent, { db, now }: EventPorts): Promise<boolean> {
  if (event.body.kind !== 'log') return true;
  const { text } = event.body;
  const { buildId, attempt, seq, worker } = event;
  const mine = and(eq(attempts.buildId, buildId), eq(attempts.attempt, attempt));
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select({ size: attempts.logBytes, state: attempts.state })
      .from(attempts)
      .where(
        and(
          mine,
          inArray(attempts.state, ['queued', 'running', 'finished']),
          or(isNull(attempts.worker), eq(attempts.worker, worker)),
        ),
      )
      .for('update');
    if (row === undefined) return false;
    // What is beyond the cap is only counted, up to what the column holds.
    const size = Math.min(row.size + text.length, 2 * MOST_LOG_CHARACTERS);
    if (size <= MOST_LOG_CHARACTERS) {
      const kept = await tx
        .insert(logChunks)
        .values({ buildId, attempt, seq, text: text.replaceAll('\0', '') })
        .onConflictDoNothing()
        .returning({ seq: logChunks.seq });
      if (kept.length === 0) return true;
    }
    const beat = row.state === 'running' ? { heartbeatAt: now() } : {};
    await tx
      .update(attempts)
      .set({ logBytes: size, ...beat })
      .where(mine);
    return true;
  });
}

/** The hub's own cap for one attempt, whatever a worker claims its limit to be. */
const MOST_LOG_CHARACTERS = 64 * 1024 * 1024;
