/**
 * The outbox: the only way out to GitHub. An intent is committed before it is sent; a crash between any two steps ends in the
 * same state on GitHub, because a create whose answer may have been lost is looked up before it is repeated.
 */
import { and, eq, isNull, lt, lte, or } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { intents } from '../store/schema.js';
import { HOLDS_NOTHING_UP, Intent, type NewIntent } from './intent.js';
import { type Claimed, claim, type LeasePorts, stillOurs, whileHeld } from './lease.js';
import { type Use, useOf } from './rate.js';
import type { Attempt, Effect, Sent } from './sent.js';

export interface OutboxPorts extends LeasePorts {
  readonly send: (attempt: Attempt) => Promise<Sent>;
  /** Seconds until GitHub's budget has room for such a write; null when it has, which is so where nobody keeps the budget. */
  readonly room?: (installationId: number, use: Use) => Promise<number | null>;
  /** Writes an effect into the state, in the transaction that marks the intent as sent. */
  readonly apply: (tx: Db, intent: Intent, effect: Effect) => Promise<void>;
  /** Called once what `apply` wrote is committed. */
  readonly applied?: () => void;
  readonly again: (lane: string, delayMs: number) => Promise<void>;
  readonly count: (kind: string, outcome: Sent['kind']) => void;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

const LONGEST_WAIT_SECONDS = 600;
/** With the waits above about three days; then the intent is set aside and `doctor` lists it. */
const MOST_ATTEMPTS = 450;

/** Commits intents; one whose key is known is the same intent and is not taken twice. Returns the lanes to poke. */
export async function enqueueIntents(
  tx: Db,
  now: Date,
  list: readonly NewIntent[],
  notBefore: Date | null = null,
): Promise<string[]> {
  if (list.length === 0) return [];
  const rows = await tx
    .insert(intents)
    .values(
      list.map(({ key, lane, installationId, intent }) => ({
        key,
        lane,
        installationId,
        kind: intent.kind,
        payload: intent,
        dueAt: notBefore ?? now,
        createdAt: now,
      })),
    )
    .onConflictDoNothing()
    .returning({ lane: intents.lane });
  return [...new Set(rows.map((row) => row.lane))];
}

/** Sends what is due in a lane, in order, until nothing is left or one has to wait that holds the others up. */
export async function deliverLane(lane: string, ports: OutboxPorts): Promise<void> {
  for (;;) {
    const claimed = await claim(lane, ports);
    if (claimed === null) return;
    const parsed = Intent.safeParse(claimed.payload);
    const full = parsed.success ? await ports.room?.(claimed.installationId, useOf(parsed.data.kind)) : null;
    if (full != null) {
      // Nothing has gone out, so this was no attempt.
      await ports.db
        .update(intents)
        .set({
          attempts: claimed.attempts - 1,
          dueAt: new Date(ports.now().getTime() + full * 1000),
          claimedUntil: null,
          error: "waits for room in GitHub's rate limit",
        })
        .where(stillOurs(claimed));
      await ports.again(lane, full * 1000);
      if (holdsUp(claimed)) return;
      continue;
    }
    const outcome: Sent = parsed.success
      ? await whileHeld(claimed, ports, (signal) =>
          ports.send({
            installationId: claimed.installationId,
            intent: parsed.data,
            maybeSent: claimed.attempts > 1 || isOlder(claimed, ports.since) || looksFirst(parsed.data),
            createdAt: claimed.createdAt,
            signal,
          }),
        )
      : { kind: 'refused', why: 'the stored intent is not one of this version' };
    ports.count(claimed.kind, outcome.kind);
    if (outcome.kind === 'later' && claimed.attempts < MOST_ATTEMPTS) {
      const seconds = outcome.seconds ?? Math.min(2 ** Math.min(claimed.attempts, 10), LONGEST_WAIT_SECONDS);
      ports.log.warn({ intent: claimed.id, kind: claimed.kind, seconds, why: outcome.why }, 'GitHub write waits');
      await ports.db
        .update(intents)
        .set({ dueAt: new Date(ports.now().getTime() + seconds * 1000), claimedUntil: null, error: outcome.why })
        .where(stillOurs(claimed));
      await ports.again(lane, seconds * 1000);
      if (holdsUp(claimed)) return;
      continue;
    }
    const why = outcome.kind === 'done' ? (outcome.trouble ?? null) : outcome.why;
    const about = { intent: claimed.id, kind: claimed.kind, why };
    if (outcome.kind === 'dropped') ports.log.warn(about, 'GitHub write was dropped');
    else if (why !== null) ports.log.error(about, 'GitHub write was refused');
    const ours = await ports.db.transaction(async (tx) => {
      const changed = await tx
        .update(intents)
        .set({
          state: outcome.kind === 'done' ? 'sent' : outcome.kind === 'dropped' ? 'superseded' : 'failed',
          error: why,
          ...(outcome.kind === 'done' && outcome.wrote !== undefined ? { payload: outcome.wrote } : {}),
          doneAt: ports.now(),
          claimedUntil: null,
        })
        .where(stillOurs(claimed))
        .returning({ id: intents.id });
      if (changed.length === 0) return false;
      if (outcome.kind === 'done' && outcome.effect !== null && parsed.success)
        await ports.apply(tx as Db, parsed.data, outcome.effect);
      return true;
    });
    if (!ours) {
      ports.log.warn({ intent: claimed.id, kind: claimed.kind }, 'another sender has taken this GitHub write over');
      return;
    }
    ports.applied?.();
  }
}

/** Of an earlier process: after a restore from a backup it may have been sent although its row does not know it. */
function isOlder({ createdAt }: Claimed, since: Date | undefined): boolean {
  return since !== undefined && createdAt < since;
}

function holdsUp({ kind }: Claimed): boolean {
  return !(HOLDS_NOTHING_UP as readonly string[]).includes(kind);
}

function looksFirst(intent: Intent): boolean {
  return 'lookFirst' in intent && intent.lookFirst === true;
}

/** Lanes with something due, for the sweeper and for a start after a crash. */
export async function openLanes(db: Db, now: Date, limit = 2000): Promise<string[]> {
  const rows = await db
    .selectDistinct({ lane: intents.lane })
    .from(intents)
    .where(
      and(
        eq(intents.state, 'pending'),
        lte(intents.dueAt, now),
        or(isNull(intents.claimedUntil), lt(intents.claimedUntil, now)),
      ),
    )
    .limit(limit);
  return rows.map((row) => row.lane);
}
