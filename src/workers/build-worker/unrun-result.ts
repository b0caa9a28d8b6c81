/** The result of an attempt that this worker could not carry out. */
import { BLANK_RESULT, type BuildPlan, type BuildResult } from '../../protocol.js';

/** The result of a build that ended only because its worker went away; the hub opens another attempt. */
export function stoppedResult(plan: BuildPlan, trouble: string): BuildResult {
  return { ...unrunResult(plan, trouble), workerStopped: true };
}

export function unrunResult(plan: BuildPlan, trouble: string): BuildResult {
  return { ...BLANK_RESULT, trouble, recorded: plan.sandbox === 'recorded' };
}
