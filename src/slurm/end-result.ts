/**
 * What becomes of a build whose job is over: the job's own result where there is one, else what Slurm says. Whose fault it is follows
 * from the result's form: the site's failures are never a build's.
 */
import { BLANK_RESULT, type BuildPlan, type BuildResult, RESULT_PART, type Versions } from '../protocol.js';
import type { JobOutcome } from './job-files.js';
import type { End } from './states.js';

export interface Ended {
  readonly plan: BuildPlan;
  readonly id: string | null;
  /** Null when Slurm did not say in time. */
  readonly end: End | null;
  readonly exit: string | null;
  readonly outcome: JobOutcome | null;
  /** What was heard of the build: the end of its log, and what it builds with. */
  readonly log: string;
  readonly versions: Versions | null;
  /** The end of what the batch job itself printed. */
  readonly output: string;
  readonly seconds: number;
}

export function resultOf(ended: Ended): BuildResult {
  const { end, outcome } = ended;
  if (outcome !== null && outcome.stoppedBy === null) return withMemory(outcome.result, end);
  const told = outcome?.result ?? remains(ended);
  const job = ended.id === null ? 'the Slurm job' : `Slurm job ${ended.id}`;
  /** For what only somebody of the site can answer: no new attempt by itself. */
  const trouble = (text: string): BuildResult => ({ ...told, ...NO_END, trouble: text });
  /** The machine went away, not the build. */
  const again = (text: string): BuildResult => ({ ...trouble(text), workerStopped: true });
  switch (end) {
    case 'timeout':
      return { ...told, ...NO_END, timedOut: true };
    case 'out-of-memory':
      return withMemory({ ...told, ...NO_END, signal: 'SIGKILL' }, end);
    case 'node-failure':
      return again(`the node of ${job} failed`);
    case 'preempted':
      return again(`${job} was preempted by another one`);
    case 'cancelled':
      return trouble(`${job} was cancelled at the site, not by spokebot`);
    default:
      if (outcome !== null) return again(`${job} was stopped by ${outcome.stoppedBy}, and Slurm does not say why`);
      if (end === 'failed')
        return trouble(`${job} failed${exitText(ended.exit)} before the build could report${lastWords(ended.output)}`);
      return trouble(`${job} ended well but left no result; do worker and nodes share the worker's directory?`);
  }
}

const NO_END = { exitCode: null, signal: null, timedOut: false, cancelled: false, trouble: null } as const;

/** Slurm's word on memory, where the diagnosis reads it. */
function withMemory(result: BuildResult, end: End | null): BuildResult {
  if (end !== 'out-of-memory' || result.exitCode === 0) return result;
  return { ...result, stderr: `${result.stderr}\nSlurm: Detected 1 oom_kill event in this job\n`.slice(-RESULT_PART) };
}

/** What is left of a build that could not write its result. */
function remains({ plan, log, versions, seconds }: Ended): BuildResult {
  const known = versions === null ? {} : { versions };
  return {
    ...BLANK_RESULT,
    ...known,
    stdout: log.slice(-RESULT_PART),
    seconds,
    recorded: plan.sandbox === 'recorded',
  };
}

/** `3:0` is exit code 3, `0:9` signal 9. */
function exitText(exit: string | null): string {
  const [code, signal] = (exit ?? '').split(':');
  if (signal !== undefined && signal !== '0') return ` (signal ${signal})`;
  return code ? ` (exit code ${code})` : '';
}

function lastWords(output: string): string {
  const line = output
    .split('\n')
    .map((each) => each.trim())
    .filter(Boolean)
    .at(-1);
  return line === undefined ? '' : `: ${line.slice(0, 200)}`;
}
