/** A found Spack together with the directory it may use: what a worker needs to run builds and to tidy up after a crash. */
import type { BuildPlan, BuildResult } from '../protocol.js';
import { sweepAttempts } from './places.js';
import { type RunPorts, runBuild } from './run-build.js';

/**
 * The runner that `workers/build-worker` asks for. `workDir` is kept between builds and runs: it holds mirrors, the install tree and
 * caches. Call `sweep` only while no build runs.
 */
export function createSpackRunner(
  ports: Pick<RunPorts, 'spack' | 'bubblewrap' | 'scrubber' | 'publishing'>,
  workDir: string,
) {
  return {
    run(plan: BuildPlan, how: Pick<RunPorts, 'emit' | 'signal' | 'fresh'>): Promise<BuildResult> {
      return runBuild(plan, { ...ports, ...how, workDir, now: Date.now });
    },
    sweep: () => sweepAttempts(workDir),
  };
}
