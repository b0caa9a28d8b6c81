/**
 * The ledger of builds: what states a build and its attempts can be in and how long each may last. Only this folder changes
 * `builds` and `attempts`; nothing outside the database is needed to know where a build stands.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { attempts, builds } from '../store/schema.js';

export type Build = typeof builds.$inferSelect;
export type BuildAttempt = typeof attempts.$inferSelect;

/** Longest times in seconds; the sweeper ends what lasts longer, with a reason that people can act on. */
export const LIMITS = {
  /** Without a worker, when no worker of the pool builds anything. */
  queued: 6 * 3600,
  /** Without a worker, while those of the pool are busy. */
  queuedBehindOthers: 48 * 3600,
  /** Without an approval. */
  waitingApproval: 30 * 24 * 3600,
  /** Beyond the plan's own limit, for fetching, reporting and clocks. */
  runningGrace: 600,
  /** Beyond the limit of a part, which the worker itself goes by. */
  partGrace: 120,
  /** Without a heartbeat (workers send one every 10 s). */
  heartbeat: 60,
  /** A message that no worker has answered is sent again. */
  resend: 15,
} as const;

/** Attempts that a build gets when its workers die or fall silent: it may be what kills them. */
export const MOST_ATTEMPTS = 3;
/** Attempts when workers are told to stop: a site that restarts all of them has nothing against the build. */
export const MOST_HANDOVERS = 20;

/** Such a token is known by its look, so that it is taken out wherever a build prints it (`ci/scrub.ts`). */
const TOKEN_MARK = 'sba_';

/** The one-time token of an attempt; derived, so that a message can be sent again without storing a secret. */
export function attemptToken(key: string, buildId: string, attempt: number): string {
  return TOKEN_MARK + createHmac('sha256', key).update(`${buildId} ${attempt}`).digest('hex');
}

/** Takes it without its mark as well: attempts that an older version of the hub opened go on. */
export function isAttemptToken(key: string, buildId: string, attempt: number, token: string): boolean {
  const expected = Buffer.from(attemptToken(key, buildId, attempt));
  const given = Buffer.from(token.startsWith(TOKEN_MARK) ? token : TOKEN_MARK + token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

export function plusSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

/** When a build that runs must have ended. */
export function runDeadline(build: Pick<Build, 'plan'>, at: Date): Date {
  return plusSeconds(at, build.plan.limits.seconds + LIMITS.runningGrace);
}

/** Its worker has said why it waits, and nothing of a build yet: the first of that is what it builds with. */
export function isHeldBySite({ state, phase, phases, versions }: BuildAttempt): boolean {
  return state === 'running' && phase !== null && phases.length === 0 && versions === null;
}

/** A commit of a repository, where its checks are rolled up. */
export interface Head {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly repository: string;
  readonly headSha: string;
}

/** What has to leave the process after a transaction of the ledger is committed. All of it is found again by the sweeper. */
export interface Outgoing {
  readonly lanes: Set<string>;
  /** Attempts that were opened; which of a pool's is sent first is decided when they are released. */
  readonly builds: { pool: string; buildId: string; attempt: number }[];
  /** Pools where a slot may have become free. */
  readonly pools: Set<string>;
  readonly controls: { worker: string; buildId: string; attempt: number; kind: 'cancel' | 'ack'; reason: string }[];
  /** Heads of which something changed; they are rolled up at the end of the transaction (`rollUpHeads`), not after it. */
  readonly heads: Map<string, Head>;
  /** A check run that is shown for the first time may be on GitHub all the same: it is looked up before it is made. */
  lookFirst: boolean;
}

export function nothingOutgoing(): Outgoing {
  return { lanes: new Set(), builds: [], pools: new Set(), controls: [], heads: new Map(), lookFirst: false };
}

/** What a committed transaction left, added to what others left; heads are rolled up within it. */
export function addOutgoing(out: Outgoing, own: Outgoing): void {
  for (const lane of own.lanes) out.lanes.add(lane);
  for (const pool of own.pools) out.pools.add(pool);
  out.builds.push(...own.builds);
  out.controls.push(...own.controls);
}
