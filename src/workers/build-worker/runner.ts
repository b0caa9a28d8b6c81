/** What a worker needs of whatever runs its builds: Spack on this machine, or a Slurm that runs it on another. */
import type { BuildMessage, BuildPlan, BuildResult, EventBody } from '../../protocol.js';

export type AttemptRef = Pick<BuildMessage, 'buildId' | 'attempt'>;

export interface RunOfBuild {
  /** `number` is of events that are counted elsewhere and may be told a second time; it takes the place of the attempt's own count. */
  readonly emit: (body: EventBody, number?: number) => void;
  readonly signal: AbortSignal;
  /** Whether nothing that was built before may be used. */
  readonly fresh: boolean;
  readonly attempt: AttemptRef;
  /** True when a former process of this worker began this build and it may still be going on. */
  readonly resumed: boolean;
}

export interface SpackRunner {
  run(plan: BuildPlan, how: RunOfBuild): Promise<BuildResult>;
  /** Ends what builds of a former process of this worker left running, but for `kept`, and says how many there were. */
  sweep(kept?: readonly AttemptRef[]): Promise<number>;
  /**
   * Set where builds go on without this process: those of a former one are resumed, and a worker that stops leaves its builds.
   * `leave` makes every `run` reject.
   */
  readonly outlives?: true;
  leave?(): void;
  /** The result of this build is in the spool: what the runner keeps of it may go. */
  forget?(attempt: AttemptRef): Promise<void>;
}
