/** Finding the Spack of this machine and what exactly it is. */
import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { allowedEnvironment } from './clean-environment.js';

export interface SpackInstallation {
  /** Absolute path of the `spack` program. */
  readonly executable: string;
  readonly version: string;
  /** Commit of the Spack core, when it runs from a git clone. */
  readonly commit: string | null;
  /** True for the program that plays recorded runs instead of building. */
  readonly recorded: boolean;
  /** The operator's configuration scopes, weakest first; Spack's own site scope is always there besides. */
  readonly scopes: readonly string[];
  /** What of this process's environment Spack may see. */
  readonly env: Readonly<Record<string, string>>;
}

export interface SpackProblem {
  /** What is wrong and how to mend it, for people. */
  readonly problem: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const OLDEST = 1;
const ANSWER_MS = 60_000;

/**
 * `SPOKEBOT_SPACK`, else `SPACK_ROOT/bin/spack`, else `spack` of the PATH. `SPOKEBOT_SPACK_SCOPE` names a directory with configuration
 * of the site. Never throws.
 */
export async function findSpack(env: Env): Promise<SpackInstallation | SpackProblem> {
  const place = await locate(env);
  if ('problem' in place) return place;
  const scope = env.SPOKEBOT_SPACK_SCOPE ? resolve(env.SPOKEBOT_SPACK_SCOPE) : null;
  if (scope !== null && !(await isDirectory(scope)))
    return {
      problem: `SPOKEBOT_SPACK_SCOPE names ${scope}, which is not a directory; name one with Spack's *.yaml files`,
    };
  const allowed = allowedEnvironment(env);
  const answer = await ask(place.executable, allowed);
  if ('problem' in answer) return answer;
  const found = /^(\d+)\.(\d+)(\S*)(?: \(([0-9a-f]{40})\))?( recorded)?$/.exec(answer.text);
  if (!found)
    return {
      problem: `${place.executable} --version answered "${answer.text.slice(0, 80)}", which is no version of Spack`,
    };
  const [, major, minor, rest, commit, recorded] = found;
  if (Number(major) < OLDEST)
    return { problem: `${place.executable} is Spack ${major}.${minor}${rest}; spokebot needs Spack 1.0 or newer` };
  return {
    executable: place.executable,
    version: `${major}.${minor}${rest}`,
    commit: commit ?? null,
    recorded: recorded !== undefined,
    scopes: scope === null ? [] : [scope],
    env: allowed,
  };
}

async function locate(env: Env): Promise<{ executable: string } | SpackProblem> {
  if (env.SPOKEBOT_SPACK) return named('SPOKEBOT_SPACK', resolve(env.SPOKEBOT_SPACK));
  if (env.SPACK_ROOT) return named('SPACK_ROOT', join(resolve(env.SPACK_ROOT), 'bin', 'spack'));
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const executable = resolve(directory, 'spack');
    if (await isProgram(executable)) return { executable };
  }
  return {
    problem: 'no Spack was found: set SPOKEBOT_SPACK to the path of `spack`, set SPACK_ROOT, or put it on the PATH',
  };
}

async function named(variable: string, executable: string): Promise<{ executable: string } | SpackProblem> {
  if (await isProgram(executable)) return { executable };
  const inside = join(executable, 'bin', 'spack');
  if (await isProgram(inside)) return { executable: inside };
  return {
    problem: `${variable} leads to ${executable}, which is not an executable file; it must be the \`spack\` program`,
  };
}

function ask(executable: string, env: Record<string, string>): Promise<{ text: string } | SpackProblem> {
  return new Promise((done) => {
    execFile(executable, ['--version'], { env, timeout: ANSWER_MS }, (error, stdout, stderr) => {
      if (error === null) done({ text: stdout.trim() });
      else {
        const reason = stderr.trim().split('\n').at(-1) || error.message.split('\n')[0];
        done({ problem: `${executable} --version failed: ${reason}` });
      }
    });
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
