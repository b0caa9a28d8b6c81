/** One job from its submission to its result: a loop over what the shared directory shows and what the watch has heard of Slurm. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BuildPlan, type BuildResult, RESULT_PART, type Versions } from '../protocol.js';
import { unrunResult } from '../workers/build-worker/unrun-result.js';
import { resultOf } from './end-result.js';
import { followEventFile, type NumberedEvent } from './event-file.js';
import type { JobFiles, JobOutcome, JobRecord } from './job-files.js';
import type { RunOfJob, SlurmRunnerOptions } from './runner.js';
import { PATIENCE, settle } from './settle.js';
import { doubledMemory, limitsOf, submissionArguments } from './submission.js';
import type { Watch, Watched } from './watch.js';

/** How often the hub is told that a job still waits. */
export const SAY_MS = 30_000;
const FOLLOW_MS = 2_000;
const OUTPUT_TAIL = 4_000;

export interface FollowedJob extends SlurmRunnerOptions {
  readonly plan: BuildPlan;
  readonly how: RunOfJob;
  readonly name: string;
  readonly files: JobFiles;
  readonly place: number;
  /** What a former run knew of it. */
  readonly record: JobRecord | null;
  readonly watch: Watch;
  readonly now: () => number;
  /** Aborted when the worker leaves its jobs to Slurm. */
  readonly left: AbortSignal;
}

export type Followed =
  | { readonly kind: 'done'; readonly result: BuildResult; readonly id: string | null; readonly gone: boolean }
  | { readonly kind: 'cancelled'; readonly id: string | null }
  | { readonly kind: 'left' };

export async function followJob(job: FollowedJob): Promise<Followed> {
  const { plan, how, files, watch, now, left, patience = PATIENCE } = job;
  let wake = new AbortController();
  const watched: Watched = {
    name: job.name,
    id: job.record?.id ?? null,
    row: null,
    shown: false,
    looked: () => wake.abort(),
  };
  const stop = () => wake.abort();
  how.signal.addEventListener('abort', stop);
  left.addEventListener('abort', stop);
  const heard = createHearing(job);
  const since = { outcome: 0, ended: 0 };
  let record: JobRecord = job.record ?? { v: 1, name: job.name, id: null, place: job.place, asked: false };
  /** When to submit; null while a submission stands. */
  let submitAt: number | null = record.asked ? null : now();
  let askedAt = now();
  let refusals = 0;

  async function remember(change: Partial<JobRecord>): Promise<void> {
    record = { ...record, ...change };
    await files.writeRecord(record);
  }

  /** Null when it stands, or may stand; else why it never will. */
  async function submit(): Promise<string | null> {
    if (!record.asked) {
      await files.create();
      const { seconds } = limitsOf(plan.limits.seconds, job.settings);
      const limited = { ...plan, limits: { ...plan.limits, seconds } };
      const workDir = join(job.directory, `place-${job.place}`);
      await files.writeOrder({ v: 1, plan: limited, fresh: how.fresh, workDir, secret: [...job.secret] });
      const { login = {} } = job;
      if (plan.caches?.publish && Object.keys(login).length > 0) await files.writeLogin(login);
      // Before it is asked: whoever finds this after a crash knows that there may be a job.
      await remember({ asked: true });
    }
    submitAt = null;
    askedAt = now();
    const ask = (moreMemory: boolean) =>
      job.slurm.submit(
        submissionArguments({
          worker: job.worker,
          attempt: how.attempt,
          settings: job.settings,
          moreMemory,
          seconds: plan.limits.seconds,
          directory: files.directory,
          script: files.script,
          command: [...job.command, files.directory],
        }),
        job.environment,
      );
    const more = plan.moreMemory === true && doubledMemory(job.settings) !== job.settings.memory;
    let answer = await ask(more);
    // No node has that much: with one command at a time it may do with what it had.
    if (more && answer.kind === 'refused') answer = await ask(false);
    if (answer.kind === 'refused') return answer.reason;
    if (answer.kind === 'unsure') {
      refusals += 1;
      job.log.warn(
        { name: job.name, reason: answer.reason },
        'Slurm did not say whether it took a job; looking for it',
      );
      heard.say(`Slurm does not take jobs now (${answer.reason})`);
    } else {
      watched.id = answer.id;
      job.log.info({ name: job.name, job: answer.id }, 'handed to Slurm');
      heard.say(`waiting in Slurm as job ${answer.id}`);
    }
    watch.hurry();
    return null;
  }

  /** A submission without an answer, of which Slurm knew nothing when it was asked later: a second one, which cannot run beside it. */
  function isLost(): boolean {
    const looked = watch.answeredAt();
    const wait = patience.unsureMs * 2 ** Math.min(refusals, 4);
    return submitAt === null && watched.id === null && looked !== null && looked > askedAt + Math.min(wait, 300_000);
  }

  const unwant = watch.want(watched);
  try {
    for (;;) {
      wake = new AbortController();
      if (how.signal.aborted) return { kind: 'cancelled', id: watched.id };
      if (left.aborted) return { kind: 'left' };
      if (isLost()) submitAt = now();
      if (submitAt !== null && submitAt <= now()) {
        const refusal = await submit();
        if (refusal !== null)
          return { kind: 'done', result: unrunResult(plan, `Slurm refused the job: ${refusal}`), id: null, gone: true };
        continue;
      }
      const claim = await files.readClaim();
      if (claim?.id) watched.id = claim.id;
      if (watched.id !== record.id) await remember({ id: watched.id });
      await heard.listen();
      const outcome = await files.readOutcome();
      const ended = watched.row?.standing.kind === 'ended';
      since.outcome = outcome === null ? 0 : since.outcome || now();
      since.ended = ended ? since.ended || now() : 0;
      const forSince = (at: number) => (at === 0 ? 0 : now() - at);
      const seen = { row: watched.row, outcome, outcomeFor: forSince(since.outcome), endedFor: forSince(since.ended) };
      const end = settle(seen, patience);
      if (end !== null) {
        // What was written between the two looks.
        await heard.listen();
        return {
          kind: 'done',
          result: await finish(job, { ...end, outcome }, watched.id, heard),
          id: watched.id,
          gone: ended,
        };
      }
      if (since.outcome !== 0 || since.ended !== 0) watch.hurry();
      if (claim === null && outcome === null) sayWaiting(watched, watch, heard);
      await delay(job.followMs ?? FOLLOW_MS, undefined, { signal: wake.signal }).catch(() => {});
    }
  } finally {
    unwant();
    how.signal.removeEventListener('abort', stop);
    left.removeEventListener('abort', stop);
  }
}

/** Only while it is known to wait: whatever else may be is no reason to give the build more time. */
function sayWaiting(watched: Watched, watch: Watch, heard: Hearing): void {
  if (watched.row !== null && watched.row.standing.kind !== 'waiting') return;
  if (watch.problem() !== null) heard.say('waiting in Slurm, which does not answer now');
  else if (watched.shown) heard.say(`waiting in Slurm${watched.row?.why ? `: ${watched.row.why}` : ''}`);
}

async function finish(
  job: FollowedJob,
  end: { end: Parameters<typeof resultOf>[0]['end']; exit: string | null; outcome: JobOutcome | null },
  id: string | null,
  heard: Hearing,
): Promise<BuildResult> {
  const output = await tailOf(job.files.output);
  return resultOf({
    ...end,
    plan: job.plan,
    id,
    output,
    log: heard.log(),
    versions: heard.versions(),
    seconds: heard.seconds(),
  });
}

interface Hearing {
  /** Passes on what the job has said since the last time. */
  listen(): Promise<void>;
  /** Tells the hub that the build waits, and why; the same thing only from time to time. */
  say(detail: string): void;
  log(): string;
  versions(): Versions | null;
  /** Since the job began, as far as it was followed. */
  seconds(): number;
}

function createHearing({ how, files, now }: FollowedJob): Hearing {
  const follower = followEventFile(files.events);
  let log = '';
  let versions: Versions | null = null;
  let begun: number | null = null;
  let first = how.resumed;
  let said = { detail: '', at: 0 };
  return {
    async listen() {
      const events = await follower.read();
      if (events.length > 0) begun ??= now();
      for (const { body, number } of first ? withoutOldPhases(events) : events) {
        if (body.kind === 'log') log = (log + body.text).slice(-RESULT_PART);
        if (body.kind === 'started') versions = body.versions;
        how.emit(body, number);
      }
      first = false;
    },
    say(detail) {
      if (said.detail === detail && now() - said.at < SAY_MS) return;
      said = { detail, at: now() };
      how.emit({ kind: 'waiting', detail });
    },
    log: () => log,
    versions: () => versions,
    seconds: () => (begun === null ? 0 : (now() - begun) / 1000),
  };
}

/** What a former run has told already must not be told as new: the hub knows a piece of the log by its number, but no phase. */
function withoutOldPhases(events: readonly NumberedEvent[]): NumberedEvent[] {
  const newest = events.findLast(({ body }) => body.kind === 'phase');
  return events.filter((event) => event.body.kind !== 'phase' || event === newest);
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, OUTPUT_TAIL);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
