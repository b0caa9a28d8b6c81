/** What a worker needs of Spack. */
import type { BuildPlan, BuildResult, EventBody } from '../../protocol.js';

export interface SpackRunner {
  run(
    plan: BuildPlan,
    ports: {
      readonly emit: (body: EventBody) => void;
      readonly signal: AbortSignal;
      /** Whether nothing that was built before may be used. */
      readonly fresh: boolean;
    },
  ): Promise<BuildResult>;
  /** Ends what builds of a former process of this worker left running, and says how many there were. */
  sweep(): Promise<number>;
}
