/**
 * The other side: what runs on the node. Takes the order from the job's directory, runs this one build, and leaves its events and its
 * result there. It never speaks to the hub and holds no token.
 */
import { hostname } from 'node:os';
import type { BuildPlan, BuildResult, EventBody } from '../protocol.js';
import { unrunResult } from '../workers/build-worker/unrun-result.js';
import { createEventFile } from './event-file.js';
import { type JobOrder, jobFiles } from './job-files.js';

/** What builds here; the same as where no Slurm is. */
export interface JobBuilder {
  run(
    plan: BuildPlan,
    how: { readonly emit: (body: EventBody) => void; readonly signal: AbortSignal; readonly fresh: boolean },
  ): Promise<BuildResult>;
  /** Ends what a job that was killed has left in this directory. */
  sweep(): Promise<number>;
}

/** Why there is nothing to do here; one line for the job's output. */
export class NothingToDo extends Error {}

export interface JobPorts {
  /** The job's directory. */
  readonly directory: string;
  /** `SLURM_JOB_ID`. */
  readonly id: string | null;
  readonly builder: (
    order: JobOrder,
    login: Readonly<Record<string, string>>,
  ) => Promise<JobBuilder | { readonly problem: string }>;
  /** Aborted with the name of the signal that Slurm ends the job with. */
  readonly signal: AbortSignal;
}

/** Resolves to whether the build passed. Rejects with `NothingToDo` when the attempt is not to be run, or not again. */
export async function runJob({ directory, id, builder, signal }: JobPorts): Promise<boolean> {
  const files = jobFiles(directory);
  const order = await files.readOrder();
  if (order === null) throw new NothingToDo(`${directory} holds no build; it may have been cancelled`);
  if (await files.isClosed()) throw new NothingToDo('this build was cancelled before it began');
  if (!(await files.claim({ id, host: hostname() }))) {
    const earlier = await files.readClaim();
    // The same job once more: the site has put it back into the queue. Its first run may have left anything behind.
    if (id !== null && earlier?.id === id && (await files.readOutcome()) === null)
      await files.writeOutcome({
        v: 1,
        stoppedBy: null,
        result: { ...unrunResult(order.plan, AGAIN), workerStopped: true },
      });
    throw new NothingToDo(`job ${earlier?.id ?? 'unknown'} has begun this build already`);
  }
  const events = createEventFile(files.events);
  try {
    const login = await files.takeLogin();
    const result = await build(order, (mine) => builder(mine, login), { emit: events.write, signal });
    await files.writeOutcome({ v: 1, result, stoppedBy: signal.aborted ? String(signal.reason) : null });
    return result.exitCode === 0;
  } finally {
    events.close();
  }
}

const AGAIN = 'the site began the Slurm job a second time';

async function build(
  { plan, fresh, ...order }: JobOrder,
  builder: (order: JobOrder) => ReturnType<JobPorts['builder']>,
  how: { readonly emit: (body: EventBody) => void; readonly signal: AbortSignal },
): Promise<BuildResult> {
  try {
    const found = await builder({ plan, fresh, ...order });
    if ('problem' in found) return unrunResult(plan, found.problem);
    await found.sweep();
    return await found.run(plan, { ...how, fresh });
  } catch (error) {
    return unrunResult(plan, `the job failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
