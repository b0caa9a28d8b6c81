/**
 * Who has an intent: a lane's next one is claimed for a short time, which a send that takes longer renews. A dead sender therefore holds a
 * lane up for seconds only, and a living one that cannot renew stops before anybody else may begin.
 */
import { and, asc, eq, gte, inArray, isNull, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { intents } from '../store/schema.js';
import { HOLDS_NOTHING_UP, REPLACED_BY_NEWER } from './intent.js';
import type { Sent } from './sent.js';

export interface LeasePorts {
  readonly db: Db;
  readonly now: () => Date;
  /** When this process began; without it no intent is taken to be of an earlier one. */
  readonly since?: Date;
  /** How long one send may take, all of its requests together; 90 s if not given. */
  readonly sendMs?: number;
  /** How often a send that takes long renews its claim; every 8 s if not given. */
  readonly renewMs?: number;
}

/** A row of the outbox as it was when it was claimed; its `attempts` tell this claim from every other. */
export type Claimed = typeof intents.$inferSelect;

/** One send may take several requests. */
const SEND_MS = 90_000;
/** A claim that nobody renews ends by time, so a dead sender holds nothing up for long; a living one that cannot renew stops in time. */
const CLAIM_SECONDS = 30;
const RENEW_MS = 8_000;
const SPARE_MS = 5_000;

/** The next intent of a lane, if it is due and nobody has it. Older ones that a newer one replaces are dropped on the way. */
export async function claim(lane: string, ports: LeasePorts): Promise<Claimed | null> {
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
  const inTheWay = or(notInArray(intents.kind, [...HOLDS_NOTHING_UP]), lte(intents.dueAt, now));
  const head = ports.db
    .select({ id: intents.id })
    .from(intents)
    .where(and(eq(intents.lane, lane), eq(intents.state, 'pending'), inTheWay))
    .orderBy(asc(intents.id))
    .limit(1);
  const [row] = await ports.db
    .update(intents)
    .set({
      attempts: sql`${intents.attempts} + 1`,
      claimedUntil: claimEnd(now),
    })
    // Each asked again: where this waits for another sender's statement, PostgreSQL looks at the row anew, but not at what `head` found.
    .where(and(inArray(intents.id, head), eq(intents.state, 'pending'), lte(intents.dueAt, now), free))
    .returning();
  return row ?? null;
}

/** The claim we made: nobody else has taken the intent since, or brought it to its end. */
export function stillOurs({ id, attempts }: Pick<Claimed, 'id' | 'attempts'>): SQL | undefined {
  return and(eq(intents.id, id), eq(intents.state, 'pending'), eq(intents.attempts, attempts));
}

/**
 * One try, which ends in time whether or not the sender heeds the signal, and when the claim is no longer ours: then as one that is to be
 * tried later.
 */
export async function whileHeld(
  claimed: Claimed,
  ports: LeasePorts,
  send: (signal: AbortSignal) => Promise<Sent>,
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
    return await Promise.race([send(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    clearInterval(renewal);
  }
}

/** False when it is not ours any more. */
async function renew(claimed: Claimed, { db, now }: LeasePorts): Promise<boolean> {
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

/** Frees the claims of a process that is gone; only for a `serve` that knows itself to be alone. */
export async function releaseClaims(db: Db): Promise<void> {
  await db.update(intents).set({ claimedUntil: null }).where(eq(intents.state, 'pending'));
}
