/**
 * One build attempt from plan to result: fetch the head, concretize, install, gather what is left, leave nothing behind. What the
 * result means is decided elsewhere; here only the worker's own trouble is told apart from what Spack did.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitSentence } from '../ci/phase-limits.js';
import { type BuildPlan, type BuildResult, type EventBody, LOG_CHUNK, sourceOf } from '../protocol.js';
import { ownValue } from '../registry/own-value.js';
import { askNewestVersion, type NewestVersion } from './ask-version.js';
import type { Bubblewrap, NoBubblewrap } from './bubblewrap/bubblewrap.js';
import type { Publishing } from './caches/push.js';
import { howWithCaches, keep, prepareCaches, type UsedCaches } from './caches/use.js';
import type { CommandEnd } from './command.js';
import { withComparison } from './compare-base.js';
import { followStages } from './follow-stages.js';
import { type HeldHeads, holdHeads, isRootPinned, pinVersions } from './heads.js';
import { installApart } from './install-apart.js';
import { installHere } from './install-here.js';
import type { SpackInstallation } from './installation.js';
import { readInstalledLogs } from './installed.js';
import { readRoot } from './lockfile.js';
import { saysVersion, withVersion } from './newest-version.js';
import { lookAtRecipes } from './own-recipes.js';
import { createPartClock } from './part-clock.js';
import { type BuildPlaces, makeWorkspace, placesOf, removeWorkspace } from './places.js';
import { endProcesses } from './processes.js';
import { type BuildRecord, createRecord } from './record.js';
import { refusal } from './refuse.js';
import { writeEnvironment, writePackages, writeScope } from './scope.js';
import type { Scrubber } from './scrubbed.js';
import { gitProgram, type SpackProgram, spackProgram } from './spack-program.js';
import { readStageLogs } from './stage.js';
import { createStop } from './stop.js';
import { Trouble, troubleLine } from './trouble.js';
import { readVersions } from './versions.js';
import { watchDisk } from './watch-disk.js';

export interface RunPorts {
  /** Gets `started`, `phase` and `log` events while the build runs. */
  readonly emit: (body: EventBody) => void;
  /** Aborting it cancels the build and ends all its processes. */
  readonly signal: AbortSignal;
  /** The worker's own directory; two workers must not share one. */
  readonly workDir: string;
  readonly spack: SpackInstallation;
  /** Builds without binaries of a build cache and without what earlier builds installed. */
  readonly fresh?: boolean;
  /** The sandbox of this machine, or why there is none; builds that ask for it are refused then. */
  readonly bubblewrap: Bubblewrap | NoBubblewrap;
  /** Takes secrets out of whatever leaves for the hub. */
  readonly scrubber: Scrubber;
  /** What the trusted build cache is filled with. */
  readonly publishing?: Publishing;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Exit code of the player of recordings when it has none for what was asked. */
const NO_RECORDING = 86;
const TIDY_MS = 120_000;

/**
 * Never throws: whatever goes wrong on this side is the result's `trouble`. A dependent that fails is built with the base as well.
 */
export async function runBuild(plan: BuildPlan, ports: RunPorts): Promise<BuildResult> {
  const result = await runOnce(plan, ports);
  return withComparison(plan, result, ports.emit, (base, emit) => runOnce(base, { ...ports, emit }));
}

async function runOnce(plan: BuildPlan, ports: RunPorts): Promise<BuildResult> {
  const begun = ports.now();
  const { fresh = false } = ports;
  const places = placesOf(ports.workDir, { fresh, trusted: plan.caches?.publish != null });
  const stop = createStop(ports.signal, plan.limits.seconds);
  const parts = createPartClock(plan.limits.parts ?? {}, ports.now, () => stop.stop('timed-out'));
  const record = createRecord(
    plan,
    (body) => {
      if (body.kind === 'phase') parts.enter(body.phase);
      ports.emit(body);
    },
    ports.now,
    ports.scrubber,
  );
  const apart = plan.sandbox === 'bubblewrap' && !('problem' in ports.bubblewrap) ? ports.bubblewrap : null;
  const build: Build = {
    plan,
    places,
    record,
    signal: stop.signal,
    spack: ports.spack,
    fresh,
    apart,
    scrubber: ports.scrubber,
    publishing: ports.publishing ?? { keyHome: null, login: {} },
    afterwards: [],
  };
  let unwatch = () => {};
  try {
    const refused = refusal(plan, ports);
    if (refused !== null) throw new Trouble(refused);
    await makeWorkspace(places);
    unwatch = watchDisk(places.workspace, (problem) => {
      record.findings.trouble = problem;
      stop.stop('disk-full');
    });
    await attempt(build, ports.emit);
  } catch (error) {
    if (stop.cause() === null) record.findings.trouble = troubleLine(error);
  }
  stop.clear();
  parts.clear();
  unwatch();
  const { findings } = record;
  const timedOut = stop.cause() === 'timed-out' && findings.exitCode !== 0;
  const limit = parts.reached() ?? { part: null, seconds: plan.limits.seconds };
  // What could not be fetched in time says nothing about the commit.
  if (timedOut && (record.phaseNow() ?? 'fetch') === 'fetch')
    findings.trouble = limitSentence({ ...limit, part: 'fetch' });
  await tidy(build);
  return record.result({
    timedOut,
    ...(timedOut ? { limit } : {}),
    cancelled: stop.cause() === 'cancelled',
    seconds: Math.max(0, (ports.now() - begun) / 1000),
    recorded: ports.spack.recorded,
  });
}

interface Build {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly record: BuildRecord;
  readonly signal: AbortSignal;
  readonly spack: SpackInstallation;
  readonly fresh: boolean;
  /** The sandbox that the plan asks for; null when it asks for none. */
  readonly apart: Bubblewrap | null;
  readonly scrubber: Scrubber;
  readonly publishing: Publishing;
  /** What is to be tidied up when the outcome is known, last first; no longer under the build's time limit. */
  readonly afterwards: (() => Promise<unknown>)[];
}

async function attempt(build: Build, emit: RunPorts['emit']): Promise<void> {
  const { plan, places, record, spack, signal } = build;
  await writeScope(places, plan.jobs);
  const program = spackProgram(spack, places);
  const git = gitProgram(spack, places, signal);
  record.findings.versions = { spack: spack.version, spackCommit: spack.commit, packagesCommit: null };
  record.findings.versions = await readVersions(spack, program, git, signal);
  emit({ kind: 'started', versions: record.findings.versions, recorded: spack.recorded });

  record.phase(plan.package, 'fetch');
  record.note(`==> Fetching ${subjectOf(plan)} of ${plan.repository.fullName} at ${sourceOf(plan).sha}\n`);
  // Which version the recipe takes it for is asked while git fetches.
  const asked =
    saysVersion(plan.spec) || !isRootPinned(plan)
      ? null
      : askNewestVersion(plan.package, spack, record.findings.versions.packagesCommit, program, signal);
  asked?.catch(() => {});
  const held = await holdHeads(plan, places.mirrors, git);
  build.afterwards.push(() => held.release(gitProgram(spack, places, AbortSignal.timeout(TIDY_MS))));
  // Its configuration must not change under a Spack that reads it.
  const newest = await asked;
  await writePackages(places, held.mirrors);
  const caches = await prepareCaches(build);
  if (plan.recipes && build.apart !== null) {
    const mirror = ownValue(held.mirrors, plan.package) ?? '';
    const input = { ...build, bubblewrap: build.apart, program, git, mirror };
    emit({ kind: 'recipes', runs: await lookAtRecipes(plan.recipes, input) });
  }
  const within = spackProgram(spack, places, howWithCaches(places, caches));
  if (!(await concretize(build, within, newest))) return;
  const dagHash = record.findings.root?.dagHash;
  // Where it was built and passed already, the hub says so before much of it is installed.
  if (dagHash && !build.fresh && !spack.recorded) emit({ kind: 'concretized', dagHash });
  await install(build, within, held.mirrors, caches);
}

function subjectOf({ pull, branch }: BuildPlan): string {
  return pull === null ? `branch ${branch?.name}` : `pull request ${pull.number}`;
}

/** True when there is a lockfile to install from. `newest` is null when the plan's spec says its version. */
async function concretize(build: Build, program: SpackProgram, newest: NewestVersion | null): Promise<boolean> {
  const { plan, places, record, signal, fresh } = build;
  record.phase(plan.package, 'concretize');
  if (newest !== null && 'failed' in newest) {
    record.stdout(newest.failed.stdout);
    record.stderr(newest.failed.stderr);
    ended(build, newest.failed);
    return false;
  }
  const root = newest?.version ? withVersion(plan.spec, newest.version) : plan.spec;
  const pinned = await pinVersions(root, plan, places, { program, signal, fresh });
  if ('failed' in pinned) {
    record.stdout(pinned.failed.stdout);
    record.stderr(pinned.failed.stderr);
    ended(build, pinned.failed);
    return false;
  }
  record.findings.headVersions = pinned.versions;
  await writeEnvironment(places, pinned.spec);
  let printed = '';
  const end = await program.run(['-e', places.environment, 'concretize', ...(fresh ? ['--fresh'] : [])], signal, {
    stdout(text) {
      printed = (printed + text).slice(0, 100_000);
      record.stdout(text);
    },
    stderr: record.stderr,
  });
  if (end.exitCode !== 0) {
    ended(build, end);
    return false;
  }
  const lockfile = await readFile(join(places.environment, 'spack.lock'), 'utf8').catch(() => '');
  record.findings.root = readRoot(lockfile, printed);
  return true;
}

async function install(
  build: Build,
  program: SpackProgram,
  mirrors: HeldHeads['mirrors'],
  caches: UsedCaches,
): Promise<void> {
  const { plan, places, record, apart, scrubber } = build;
  const { findings } = record;
  const follower = followStages(places.stage, plan.limits.logBytes + LOG_CHUNK, record.note, () => {
    if (record.phaseNow() !== 'install') record.phase(plan.package, 'test');
  });
  // `--overwrite`: a worker of an older version may have left the same hash in its install tree.
  const args = ['--overwrite', '-y', ...(plan.tests ? ['--test=root'] : [])];
  const installing =
    apart === null
      ? installHere({ ...build, program, args })
      : installApart({ ...build, bubblewrap: apart, program, mirrors, args, caches });
  const end = await installing.finally(() => follower.stop());
  record.clock.end();
  ended(build, end);
  if (end.exitCode !== 0) Object.assign(findings, await readStageLogs(places.stage, record.stderrSoFar(), scrubber));
  else if (findings.root !== null) {
    const { dagHash } = findings.root;
    Object.assign(findings, await readInstalledLogs(places.ownStore, dagHash, scrubber));
    findings.published = await keep({ ...build, dagHash });
  }
}

function ended({ record, spack }: Build, end: CommandEnd): void {
  if (spack.recorded && end.exitCode === NO_RECORDING)
    throw new Trouble(record.stderrSoFar().trim().split('\n').at(-1) ?? 'there is no recording of this');
  record.findings.exitCode = end.exitCode;
  record.findings.signal = end.signal;
}

/** Leaves no process and no file of the attempt. */
async function tidy({ places, record, afterwards }: Build): Promise<void> {
  for (const step of afterwards.reverse()) await step().catch(() => {});
  const left = await endProcesses(places.workspace, null);
  if (left.length > 0) record.note(`==> Warning: processes ${left.join(', ')} could not be ended\n`);
  await removeWorkspace(places.workspace).catch((error: unknown) => {
    record.note(`==> Warning: ${troubleLine(error)}\n`);
  });
}
