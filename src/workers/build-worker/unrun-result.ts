/** The result of an attempt that this worker could not carry out. */
import type { BuildPlan, BuildResult } from '../../protocol.js';

/** The result of a build that ended only because its worker went away; the hub opens another attempt. */
export function stoppedResult(plan: BuildPlan, trouble: string): BuildResult {
  return { ...unrunResult(plan, trouble), workerStopped: true };
}

export function unrunResult(plan: BuildPlan, trouble: string): BuildResult {
  return {
    exitCode: null,
    signal: null,
    timedOut: false,
    cancelled: false,
    trouble,
    stdout: '',
    stderr: '',
    buildLog: '',
    testLog: '',
    concreteSpec: null,
    dagHash: null,
    versions: { spack: null, spackCommit: null, packagesCommit: null },
    seconds: 0,
    phases: [],
    recorded: plan.sandbox === 'recorded',
  };
}
