/** What one attempt has said and found so far, in bounded memory; in the end its `BuildResult`. */
import { type BuildPlan, type BuildResult, type EventBody, RESULT_PART, type Versions } from '../protocol.js';
import { createLiveLog, type LiveLog } from './live-log.js';
import type { ConcreteRoot } from './lockfile.js';
import { createPhaseClock, createPhaseReader, type PhaseClock } from './phases.js';
import { createHeadTail } from './text.js';

/** Facts that the steps of a build fill in as they go. */
export interface Findings {
  exitCode: number | null;
  signal: string | null;
  trouble: string | null;
  versions: Versions;
  root: ConcreteRoot | null;
  buildLog: string;
  testLog: string;
}

export interface BuildRecord {
  readonly findings: Findings;
  readonly log: LiveLog;
  readonly clock: PhaseClock;
  /** Announces a phase, after all the log that came before it. */
  phase(packageName: string, phase: string): void;
  /** True when this phase of the plan's package has begun. */
  reached(phase: string): boolean;
  stdout(text: string): void;
  stderr(text: string): void;
  stderrSoFar(): string;
  result(how: Pick<BuildResult, 'timedOut' | 'cancelled' | 'seconds' | 'recorded'>): BuildResult;
}

/** More than any dependency graph has; a build that prints such lines for ever must not fill the hub's memory. */
const MOST_PHASES = 5_000;

export function createRecord(plan: BuildPlan, emit: (body: EventBody) => void, now: () => number): BuildRecord {
  const log = createLiveLog((text) => emit({ kind: 'log', text }), plan.limits.logBytes);
  const stdout = createHeadTail(RESULT_PART);
  const stderr = createHeadTail(RESULT_PART);
  const clock = createPhaseClock(now);
  const findings: Findings = {
    exitCode: null,
    signal: null,
    trouble: null,
    versions: { spack: null, spackCommit: null, packagesCommit: null },
    root: null,
    buildLog: '',
    testLog: '',
  };

  const reached = new Set<string>();
  let announced = 0;
  function phase(packageName: string, name: string): void {
    announced += 1;
    if (announced > MOST_PHASES) return;
    log.flush();
    if (packageName === plan.package) reached.add(name);
    clock.begin(packageName === plan.package ? name : `${packageName} ${name}`);
    emit({ kind: 'phase', package: packageName, phase: name });
  }
  const readPhases = createPhaseReader((each) => phase(each.package, each.phase));

  return {
    findings,
    log,
    clock,
    phase,
    reached: (name) => reached.has(name),
    stdout(text) {
      stdout.push(text);
      log.write(text);
      readPhases(text);
    },
    stderr(text) {
      stderr.push(text);
      log.write(text);
    },
    stderrSoFar: () => stderr.text(),
    result({ timedOut, cancelled, seconds, recorded }) {
      clock.end();
      log.close();
      return {
        exitCode: findings.exitCode,
        signal: findings.signal,
        timedOut,
        cancelled,
        trouble: findings.trouble,
        stdout: stdout.text(),
        stderr: stderr.text(),
        buildLog: findings.buildLog,
        testLog: findings.testLog,
        concreteSpec: findings.root?.spec ?? null,
        dagHash: findings.root?.dagHash ?? null,
        versions: findings.versions,
        seconds,
        phases: clock.phases.map((each) => ({ ...each })),
        recorded,
      };
    },
  };
}
