/** Finds the recording that a head commit asks for. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RECORDINGS = fileURLToPath(new URL('../recordings', import.meta.url));
const DEFAULT_SECONDS = 5;

/** Exit code that tells a worker that this is the player's fault, not the build's. */
export const NO_RECORDING = 86;

/** All recordings, each with its `id` (the directory's name) and `directory`. */
export async function allRecordings() {
  const names = (await readdir(RECORDINGS, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    names.map(async ({ name }) => {
      const directory = join(RECORDINGS, name);
      return { ...JSON.parse(await readFile(join(directory, 'recording.json'), 'utf8')), id: name, directory };
    }),
  );
}

/** Of a package, the one with this name, or null; for `pass` any of the package when it has no green one. */
export async function recordingOf(packageName, name) {
  const ofPackage = (await allRecordings()).filter((recording) => recording.package === packageName);
  const exact = ofPackage.find((recording) => recording.id === `${packageName}-${name}`);
  return exact ?? (name === 'pass' ? (ofPackage[0] ?? null) : null);
}

/** Reads package, commit and mirror from the configuration that the worker wrote, and the commit's wish from the mirror. */
export async function chooseRecording(scope, environment) {
  const { spack } = JSON.parse(await readFile(join(environment, 'spack.yaml'), 'utf8'));
  const [, packageName, sha] = /^([\w-]+).*@git\.([0-9a-f]{40,64})/.exec(spack.specs[0]) ?? [];
  if (packageName === undefined) return { recording: null, wanted: /^[\w-]*/.exec(spack.specs[0])[0], seconds: 0 };
  const { packages } = JSON.parse(await readFile(join(scope, 'packages.yaml'), 'utf8'));
  const own = packages[packageName]?.package_attributes?.git;
  if (own === undefined) return { recording: null, wanted: packageName, seconds: 0 };
  const mirror = fileURLToPath(own);
  const { name, seconds } = wishOf(mirror, sha);
  const pace = Number(seconds ?? process.env.SPOKEBOT_RECORDED_PACE ?? DEFAULT_SECONDS);
  return {
    recording: await recordingOf(packageName, name),
    wanted: `${packageName}-${name}`,
    seconds: Number.isFinite(pace) && pace > 0 ? pace : 0,
  };
}

/**
 * What the head commit itself says counts, not what an earlier one said: whoever pushes a fix on top of a broken commit wants to see
 * it green.
 */
function wishOf(mirror, sha) {
  const touched = git(mirror, 'diff-tree', '--root', '--no-commit-id', '--name-only', '-r', sha).split('\n');
  const file = touched.includes('.recording') ? git(mirror, 'show', `${sha}:.recording`) : '';
  const [, name, seconds] = /^\s*([a-z][a-z-]*)(?:\s+seconds=(\d+))?/.exec(file) ?? [];
  if (name !== undefined) return { name, seconds };
  const [, marked] = /recorded: ([a-z][a-z-]*)/.exec(git(mirror, 'grep', '-hoE', 'recorded: [a-z][a-z-]*', sha)) ?? [];
  if (marked !== undefined) return { name: marked };
  // What the sandbox GitHub's button "push a commit that breaks" writes.
  return { name: git(mirror, 'grep', '-l', '#error "broken on purpose"', sha) === '' ? 'pass' : 'fail-compile' };
}

function git(mirror, ...args) {
  try {
    return execFileSync('git', ['-C', mirror, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
