/**
 * Where a build runs when a site's Slurm runs it: hands it over, follows its log in the shared directory, and comes back with its result.
 * What is known of each job is on disk, so that a worker which was killed goes on with its jobs when it starts again.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlan, BuildResult, EventBody } from '../protocol.js';
import { unrunResult } from '../workers/build-worker/unrun-result.js';
import { followJob, SAY_MS } from './follow-job.js';
import { jobFiles } from './job-files.js';
import { type AttemptOf, jobName } from './job-name.js';
import type { Pace } from './pace.js';
import { createPlaces } from './places.js';
import type { Slurm } from './programs.js';
import type { SlurmSettings } from './settings.js';
import type { Patience } from './settle.js';
import { createWatch } from './watch.js';

export interface SlurmRunnerOptions {
  /** The worker's name, kept over restarts. */
  readonly worker: string;
  /** The worker's own directory for this, in a file system that the nodes share under the same path. */
  readonly directory: string;
  readonly settings: SlurmSettings;
  readonly slurm: Slurm;
  /** How many jobs Slurm gets at a time, waiting ones included. */
  readonly most: number;
  /** Program and arguments that run one job; the job's directory comes after them. */
  readonly command: readonly string[];
  /** Environment of the jobs: an allow-list, since whatever is here is the build's to see. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the trusted build cache asks for; only builds that fill it get it, in a file. */
  readonly login?: Readonly<Record<string, string>>;
  /** Directories that a sandboxed build must not see. */
  readonly secret: readonly string[];
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly now?: () => number;
  readonly pace?: Pace;
  readonly patience?: Patience;
  /** How often the log of a job is looked at. */
  readonly followMs?: number;
}

export interface RunOfJob {
  /** `number` is the event's own; it is the same when the event is told again after a restart. */
  readonly emit: (body: EventBody, number?: number) => void;
  readonly signal: AbortSignal;
  readonly fresh: boolean;
  readonly attempt: AttemptOf;
  /** The build was begun by a former run of this worker. */
  readonly resumed: boolean;
}

/** `run` was left on purpose: the job goes on, and the next start of the worker goes on with it. */
export class LeftRunning extends Error {}

export interface SlurmRunner {
  readonly outlives: true;
  run(plan: BuildPlan, how: RunOfJob): Promise<BuildResult>;
  /** Call it once, before the first `run`. Jobs of other attempts than `kept` are ended; returns how many were found. */
  sweep(kept?: readonly AttemptOf[]): Promise<number>;
  /** The hub's side has the result, or will have it: the job's files are of no use any more. */
  forget(attempt: AttemptOf): Promise<void>;
  /** Every `run` rejects with `LeftRunning`; the jobs go on. */
  leave(): void;
}

/** A job that has a result may take so long to leave Slurm by itself. */
const LEAVE_MS = 60_000;

export function createSlurmRunner(options: SlurmRunnerOptions): SlurmRunner {
  const { worker, directory, slurm, log } = options;
  const now = options.now ?? (() => performance.now());
  const jobs = join(directory, 'jobs');
  const places = createPlaces(options.most);
  const watch = createWatch({ worker, slurm, log, now, ...(options.pace ? { pace: options.pace } : {}) });
  const left = new AbortController();
  /** Names of jobs whose directory goes when Slurm has let go of them, not before. */
  const going = new Set<string>();
  const filesOf = (name: string) => jobFiles(join(jobs, name));

  /** From here on the job is unwanted; what it holds is free when it is gone. */
  function endJob(name: string, id: string | null, place: number | null): void {
    going.add(name);
    watch.end(name, id, {
      cancelAfter: 0,
      gone() {
        going.delete(name);
        if (place !== null) places.release(place);
        filesOf(name)
          .remove()
          .catch((error: unknown) => log.warn({ name, error: String(error) }, 'files of a job could not be removed'));
      },
    });
  }

  /** Null when the build was cancelled first, or the worker leaves. */
  async function freePlace({ emit, signal }: RunOfJob): Promise<number | null> {
    // Whoever waits for a place of this worker waits like one whom Slurm holds back.
    const say = () => emit({ kind: 'waiting', detail: `waiting for one of this worker's ${options.most} jobs to end` });
    if (places.held >= options.most) say();
    const again = setInterval(say, SAY_MS);
    try {
      return await places.free(AbortSignal.any([signal, left.signal])).catch(() => null);
    } finally {
      clearInterval(again);
    }
  }

  return {
    outlives: true,
    async run(plan, how) {
      const name = jobName(worker, how.attempt);
      const files = filesOf(name);
      const known = how.resumed ? await files.readRecord() : null;
      let place = known?.place ?? null;
      place ??= await freePlace(how);
      if (left.signal.aborted) throw new LeftRunning();
      if (place === null) return cancelled(plan);
      const told = await followJob({
        ...options,
        plan,
        how,
        name,
        files,
        place,
        record: known,
        watch,
        now,
        left: left.signal,
      });
      if (told.kind === 'left') throw new LeftRunning();
      if (told.kind === 'cancelled') {
        await files.close().catch(() => {});
        if (told.id !== null) await slurm.cancel([told.id]).catch(() => {});
        endJob(name, told.id, place);
        return cancelled(plan);
      }
      places.release(place);
      if (!told.gone) watch.end(name, told.id, { cancelAfter: now() + LEAVE_MS, gone: () => {} });
      return told.result;
    },
    async sweep(kept = []) {
      await mkdir(jobs, { recursive: true, mode: 0o700 });
      const wanted = new Set(kept.map((attempt) => jobName(worker, attempt)));
      let found = 0;
      for (const name of await readdir(jobs)) {
        const record = await filesOf(name).readRecord();
        if (record !== null) places.hold(record.place);
        if (wanted.has(name)) continue;
        found += 1;
        await filesOf(name).close();
        endJob(name, record?.id ?? null, record?.place ?? null);
      }
      watch.begin(wanted);
      return found;
    },
    async forget(attempt) {
      const name = jobName(worker, attempt);
      if (!going.has(name)) await filesOf(name).remove();
    },
    leave() {
      left.abort();
      watch.close();
    },
  };
}

function cancelled(plan: BuildPlan): BuildResult {
  return { ...unrunResult(plan, ''), trouble: null, cancelled: true };
}
