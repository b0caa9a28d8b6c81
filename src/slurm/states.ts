/** Slurm's words for the state of a job, and what each of them means for a build. */

/** How Slurm ended a job. */
export type End =
  | 'completed'
  | 'failed'
  | 'timeout'
  | 'out-of-memory'
  | 'node-failure'
  | 'preempted'
  /** By somebody who is not this worker. */
  | 'cancelled';

export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  /** Over, or about to be; how is not known yet. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'ended'; readonly end: End };

const WAITING: Standing = { kind: 'waiting' };
const RUNNING: Standing = { kind: 'running' };
const ENDING: Standing = { kind: 'ending' };
const ended = (end: End): Standing => ({ kind: 'ended', end });

const STATES: Readonly<Record<string, Standing>> = {
  PENDING: WAITING,
  CONFIGURING: WAITING,
  // Sent back to the queue by the site: it may begin a second time.
  REQUEUED: WAITING,
  REQUEUE_FED: WAITING,
  REQUEUE_HOLD: WAITING,
  RESV_DEL_HOLD: WAITING,
  SPECIAL_EXIT: WAITING,
  RUNNING,
  SUSPENDED: RUNNING,
  STOPPED: RUNNING,
  RESIZING: RUNNING,
  SIGNALING: RUNNING,
  COMPLETING: ENDING,
  STAGE_OUT: ENDING,
  COMPLETED: ended('completed'),
  FAILED: ended('failed'),
  TIMEOUT: ended('timeout'),
  DEADLINE: ended('timeout'),
  OUT_OF_MEMORY: ended('out-of-memory'),
  NODE_FAIL: ended('node-failure'),
  BOOT_FAIL: ended('node-failure'),
  LAUNCH_FAILED: ended('node-failure'),
  RECONFIG_FAIL: ended('node-failure'),
  PREEMPTED: ended('preempted'),
  CANCELLED: ended('cancelled'),
  REVOKED: ended('cancelled'),
};

/** Reads `RUNNING`, `CANCELLED by 1000`, `CANCELLED+`; null for a word that is none of Slurm's: then nothing is known. */
export function standingOf(word: string): Standing | null {
  const [state = ''] = word.trim().split(/[\s+]/);
  return Object.hasOwn(STATES, state) ? (STATES[state] ?? null) : null;
}
