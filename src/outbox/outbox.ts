/**
 * The outbox: the only way out to GitHub. An intent is committed before it is sent; a crash between any two steps ends in the
 * same state on GitHub, because a create whose answer may have been lost is looked up before it is repeated.
 */
import { and, asc, eq, gte, inArray, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { intents } from '../store/schema.js';
import { Intent, type NewIntent, REPLACED_BY_NEWER } from './intent.js';
import { type Use, useOf } from './rate.js';

/** What one write came to. `later` carries the seconds that GitHub asked for, if it did. */
export type Sent =
  | {
      readonly kind: 'done';
      readonly effect: Effect | null;
      /** What was written, where that is less than the intent. */
      readonly wrote?: Intent;
      /** What of it GitHub did not take; the rest is done. */
      readonly trouble?: string;
    }
  | { readonly kind: 'later'; readonly seconds: number | null; readonly why: string }
  /** Not to be written any more: nothing went wrong, and nobody has to look. */
  | { readonly kind: 'dropped'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What became known by a write and belongs into the state with it. */
export type Effect =
  | { readonly kind: 'labels-added'; readonly labels: readonly string[]; readonly known: readonly string[] }
  | { readonly kind: 'labels-removed'; readonly labels: readonly string[] }
  | { readonly kind: 'comment'; readonly id: number | null }
  /** It lies elsewhere now, moved by us or by somebody else; labels as they were before, if known, and as they are. */
  | {
      readonly kind: 'moved';
      readonly to: IssuePlace;
      readonly private: boolean;
      readonly before: readonly string[] | null;
      readonly after: readonly string[];
    }
  /** The issue in another organisation that points here is there. */
  | { readonly kind: 'linked'; readonly number: number }
  /** The issue about a broken check is there. */
  | { readonly kind: 'opened'; readonly number: number }
  /** GitHub would not move it, or make that issue. */
  | { readonly kind: 'not-moved'; readonly why: string }
  | { readonly kind: 'check-run'; readonly id: number };

/** Where an issue lies. */
export interface IssuePlace {
  readonly repositoryId: number;
  readonly repository: string;
  readonly number: number;
}

export interface Attempt {
  readonly installationId: number;
  readonly intent: Intent;
  /** True when an earlier try may have reached GitHub although its answer never reached us. */
  readonly maybeSent: boolean;
  /** When it was decided. */
  readonly createdAt: Date;
  /** Aborted when the time for this try is over; what has not gone out by then must not go out. */
  readonly signal: AbortSignal;
}

export interface OutboxPorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly send: (attempt: Attempt) => Promise<Sent>;
  /** Seconds until GitHub's budget has room for such a write; null when it has, which is so where nobody keeps the budget. */
  readonly room?: (installationId: number, use: Use) => Promise<number | null>;
  /** Writes an effect into the state, in the transaction that marks the intent as sent. */
  readonly apply: (tx: Db, intent: Intent, effect: Effect) => Promise<void>;
  /** Called once what `apply` wrote is committed. */
  readonly applied?: () => void;
  readonly again: (lane: string, delayMs: number) => Promise<void>;
  readonly count: (kind: string, outcome: Sent['kind']) => void;
  /** When this process began; without it no intent is taken to be of an earlier one. */
  readonly since?: Date;
  /** How long one send may take, all of its requests together; 90 s if not given. */
  readonly sendMs?: number;
  /** How often a send that takes long renews its claim; every 8 s if not given. */
  readonly renewMs?: number;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** One send may take several requests. */
const SEND_MS = 90_000;
/** A claim that nobody renews ends by time, so a dead sender holds nothing up for long; a living one that cannot renew stops in time. */
const CLAIM_SECONDS = 30;
const RENEW_MS = 8_000;
const SPARE_MS = 5_000;
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

/** Sends what is due in a lane, in order, until nothing is left or one has to wait. */
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
      return;
    }
    const outcome: Sent = parsed.success
      ? await sendInTime(
          {
            installationId: claimed.installationId,
            intent: parsed.data,
            maybeSent: claimed.attempts > 1 || isOlder(claimed, ports.since) || looksFirst(parsed.data),
            createdAt: claimed.createdAt,
          },
          claimed,
          ports,
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
      return;
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
function isOlder({ createdAt }: typeof intents.$inferSelect, since: Date | undefined): boolean {
  return since !== undefined && createdAt < since;
}

function looksFirst(intent: Intent): boolean {
  return 'lookFirst' in intent && intent.lookFirst === true;
}

/** The claim we made: nobody else has taken the intent since, or brought it to its end. */
function stillOurs({ id, attempts }: typeof intents.$inferSelect): SQL | undefined {
  return and(eq(intents.id, id), eq(intents.state, 'pending'), eq(intents.attempts, attempts));
}

/** One try, which ends in time whether or not the sender heeds the signal, and when the claim is no longer ours. */
async function sendInTime(
  attempt: Omit<Attempt, 'signal'>,
  claimed: typeof intents.$inferSelect,
  ports: OutboxPorts,
): Promise<Sent> {
  const controller = new AbortController();
  const ms = ports.sendMs ?? SEND_MS;
  let stop = (_why: string): void => {};
  const stopped = new Promise<Sent>((resolve) => {
    stop = (why) => {
      resolve({ kind: 'later', seconds: null, why });
      controller.abort();
    };
  });
  const timer = setTimeout(() => stop(`not done within ${ms / 1000} s`), ms);
  let heldUntil = performance.now() + CLAIM_SECONDS * 1000;
  const every = ports.renewMs ?? RENEW_MS;
  const renewal = setInterval(() => {
    const asked = performance.now();
    // The database may not answer at all; before anybody else may take it, nothing of ours goes out any more.
    if (asked > heldUntil - SPARE_MS - every) return stop('the claim could not be renewed');
    renew(claimed, ports).then(
      (ours) => {
        if (ours) heldUntil = asked + CLAIM_SECONDS * 1000;
        else stop('another sender has it');
      },
      () => {},
    );
  }, every);
  try {
    return await Promise.race([ports.send({ ...attempt, signal: controller.signal }), stopped]);
  } finally {
    clearTimeout(timer);
    clearInterval(renewal);
  }
}

/** False when it is not ours any more. */
async function renew(claimed: typeof intents.$inferSelect, { db, now }: OutboxPorts): Promise<boolean> {
  const rows = await db
    .update(intents)
    .set({ claimedUntil: claimEnd(now()) })
    .where(stillOurs(claimed))
    .returning({ id: intents.id });
  return rows.length > 0;
}

function claimEnd(now: Date): Date {
  return new Date(now.getTime() + CLAIM_SECONDS * 1000);
}

/** The next intent of a lane, if it is due and nobody has it. Older ones that a newer one replaces are dropped on the way. */
async function claim(lane: string, ports: OutboxPorts): Promise<typeof intents.$inferSelect | null> {
  const now = ports.now();
  const free = or(isNull(intents.claimedUntil), lt(intents.claimedUntil, now));
  // Looked for only behind an intent that could be replaced, and of every kind at once: most lanes hold nothing of the sort.
  const newest = sql`(select max(newer.id) from ${intents} as newer where newer.lane = ${intents.lane} and newer.kind = ${intents.kind})`;
  await ports.db
    .update(intents)
    .set({ state: 'superseded', doneAt: now })
    .where(
      and(
        eq(intents.lane, lane),
        inArray(intents.kind, [...REPLACED_BY_NEWER]),
        eq(intents.state, 'pending'),
        free,
        // One that may have created something must be resolved first, or its answer would never be looked up.
        eq(intents.attempts, 0),
        sql`${intents.payload} ->> 'lookFirst' is null`,
        ports.since === undefined ? undefined : gte(intents.createdAt, ports.since),
        lt(intents.id, newest),
      ),
    );
  const head = ports.db
    .select({ id: intents.id })
    .from(intents)
    .where(and(eq(intents.lane, lane), eq(intents.state, 'pending')))
    .orderBy(asc(intents.id))
    .limit(1);
  const [row] = await ports.db
    .update(intents)
    .set({
      attempts: sql`${intents.attempts} + 1`,
      claimedUntil: claimEnd(now),
    })
    .where(and(inArray(intents.id, head), lte(intents.dueAt, now), free))
    .returning();
  return row ?? null;
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

/** Frees the claims of a process that is gone; only for a `serve` that knows itself to be alone. */
export async function releaseClaims(db: Db): Promise<void> {
  await db.update(intents).set({ claimedUntil: null }).where(eq(intents.state, 'pending'));
}
