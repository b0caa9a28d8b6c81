/** Plays one recording: its output at a human pace, and the files that Spack would have left. */
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const TEST_LOG = 'install-time-test-log.txt';
const PIECES = 12;
/** A build spends about a quarter of its time on concretization here; in reality it is more. */
const CONCRETIZE_SHARE = 0.25;

/** Writes the lockfile and what was said. Resolves to the recorded exit code. */
export async function playConcretize(recording, environment, { seconds, delay }) {
  await delay(seconds * CONCRETIZE_SHARE * 1000);
  const lock = join(recording.directory, 'spack.lock');
  if (existsSync(lock)) cpSync(lock, join(environment, 'spack.lock'));
  process.stdout.write(read(recording, 'concretize.stdout.log'));
  process.stderr.write(read(recording, 'concretize.stderr.log'));
  return recording.concretize.exitCode;
}

/** Grows the stage's log files phase by phase. Resolves to the recorded exit code. */
export async function playInstall(recording, places, tests, { seconds, delay }) {
  const stage = join(places.stage, 'user', `spack-stage-${recording.node}`);
  mkdirSync(stage, { recursive: true });
  const log = read(recording, 'spack-build-out.txt');
  const phases = splitPhases(log, recording.package);
  const wait = (seconds * (1 - CONCRETIZE_SHARE) * 1000) / Math.max(1, phases.length * PIECES);
  const lines = read(recording, 'install.stdout.log').split(/(?<=\n)/);
  let begun = 0;
  for (const line of lines) {
    process.stdout.write(line);
    const phase = phases[begun];
    if (phase === undefined || !line.startsWith(`==> ${recording.package}: Executing phase: '${phase.name}'`)) continue;
    begun += 1;
    const file = join(stage, `spack-build-${String(begun).padStart(2, '0')}-${phase.name}-out.txt`);
    const size = Math.ceil(phase.text.length / PIECES);
    for (let at = 0; at < phase.text.length; at += size) {
      appendFileSync(file, phase.text.slice(at, at + size));
      await delay(wait);
    }
  }
  process.stderr.write(read(recording, 'install.stderr.log'));
  const passed = recording.install.exitCode === 0;
  const left = passed ? join(places.store, 'recorded', recording.node, '.spack') : stage;
  mkdirSync(left, { recursive: true });
  if (passed) writeFileSync(join(left, 'spack-build-out.txt.gz'), gzipSync(log));
  else writeFileSync(join(left, 'spack-build-out.txt'), log);
  if (tests || !passed) {
    const testLog = read(recording, TEST_LOG);
    if (testLog !== '') writeFileSync(join(left, TEST_LOG), testLog);
  }
  if (passed) rmSync(stage, { recursive: true });
  return recording.install.exitCode;
}

/** The joined build log begins each phase with the line that announces it. */
function splitPhases(log, packageName) {
  const begin = new RegExp(`^==> ${packageName}: Executing phase: '([\\w-]+)'$`, 'gm');
  const found = [...log.matchAll(begin)];
  return found.map((match, index) => ({ name: match[1], text: log.slice(match.index, found[index + 1]?.index) }));
}

/** A file of the recording, packed or not; empty when it has none. */
function read({ directory }, name) {
  const plain = join(directory, name);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  return existsSync(`${plain}.gz`) ? gunzipSync(readFileSync(`${plain}.gz`)).toString('utf8') : '';
}
