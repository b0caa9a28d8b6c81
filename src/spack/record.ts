/** What one attempt has said and found so far, in bounded memory; in the end its `BuildResult`. */
import { scrub } from '../ci/scrub.js';
import { type BuildPlan, type BuildResult, type EventBody, RESULT_PART, type Versions } from '../protocol.js';
import { createOriginReader } from './caches/origins.js';
import { createLiveLog } from './live-log.js';
import type { ConcreteRoot } from './lockfile.js';
import { createPhaseClock, createPhaseReader, type PhaseClock } from './phases.js';
import { createScrubbedStream, type Scrubber } from './scrubbed.js';
import { createHeadTail, type HeadTail } from './text.js';

/** Facts that the steps of a build fill in as they go. */
export interface Findings {
  exitCode: number | null;
  signal: string | null;
  trouble: string | null;
  versions: Versions;
  root: ConcreteRoot | null;
  buildLog: string;
  testLog: string;
  published: BuildResult['published'];
  /** By package; empty where the plan names the head's version, or where nothing depends on a head. */
  headVersions: Readonly<Record<string, string>>;
}

export interface BuildRecord {
  readonly findings: Findings;
  readonly clock: PhaseClock;
  /** Announces a phase, after all the log that came before it. */
  phase(packageName: string, phase: string): void;
  /** The phase that was announced last; null before the first. */
  phaseNow(): string | null;
  stdout(text: string): void;
  stderr(text: string): void;
  /** For the live log only: what the compilers write, and what the worker has to say. */
  note(text: string): void;
  /** A step that may fail: its output is shown and its packages are counted, but nothing is judged by it. */
  readonly trial: { stdout(text: string): void; stderr(text: string): void };
  stderrSoFar(): string;
  result(how: Pick<BuildResult, 'timedOut' | 'limit' | 'cancelled' | 'seconds' | 'recorded'>): BuildResult;
}

/** More than any dependency graph has; a build that prints such lines for ever must not fill the hub's memory. */
const MOST_PHASES = 5_000;

/** `scrubber` takes secrets out of everything that leaves the worker. */
export function createRecord(
  plan: BuildPlan,
  emit: (body: EventBody) => void,
  now: () => number,
  scrubber: Scrubber,
): BuildRecord {
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
    published: undefined,
    headVersions: {},
  };

  let latest: string | null = null;
  let announced = 0;
  function phase(packageName: string, name: string): void {
    announced += 1;
    if (announced > MOST_PHASES) return;
    log.flush();
    latest = name;
    clock.begin(packageName === plan.package ? name : `${packageName} ${name}`);
    emit({ kind: 'phase', package: packageName, phase: name });
  }
  const readPhases = createPhaseReader((each) => phase(each.package, each.phase));

  const origins = createOriginReader();
  const into = (keeper: HeadTail) =>
    createScrubbedStream((text) => {
      keeper.push(text);
      log.write(text);
    }, scrubber);
  const cleanStdout = into(stdout);
  const cleanStderr = into(stderr);
  // Each of the three has lines of its own, which may come in pieces between those of the others.
  const cleanLog = createScrubbedStream((text) => log.write(text), scrubber);

  return {
    findings,
    clock,
    phase,
    phaseNow: () => latest,
    stdout(text) {
      cleanStdout.write(text);
      readPhases(text);
      origins.write(text);
    },
    stderr: (text) => cleanStderr.write(text),
    note: (text) => cleanLog.write(text),
    trial: {
      stdout(text) {
        cleanLog.write(text);
        origins.write(text);
      },
      // What is not in the cache is no error: it is built.
      stderr: () => {},
    },
    stderrSoFar() {
      cleanStderr.end();
      return stderr.text();
    },
    result({ timedOut, limit, cancelled, seconds, recorded }) {
      clock.end();
      for (const stream of [cleanStdout, cleanStderr, cleanLog]) stream.end();
      log.close();
      return {
        exitCode: findings.exitCode,
        signal: findings.signal,
        timedOut,
        ...(limit === undefined ? {} : { limit }),
        cancelled,
        trouble: findings.trouble === null ? null : scrub(findings.trouble, scrubber),
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
        ...(origins.origins() === undefined ? {} : { origins: origins.origins() }),
        ...(Object.keys(findings.headVersions).length === 0 ? {} : { headVersions: { ...findings.headVersions } }),
        ...(findings.published === undefined ? {} : { published: findings.published }),
      };
    },
  };
}
