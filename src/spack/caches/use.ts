/**
 * What an attempt needs of caches and constraints before anything is concretized, and what it leaves in caches when it has passed. A
 * cache that can't be used costs time, never a verdict.
 */
import type { CacheMirror } from '../../ci/build-caches.js';
import type { BuildPlan, BuildResult } from '../../protocol.js';
import { buildEnvironment } from '../clean-environment.js';
import { runCommand } from '../command.js';
import type { SpackInstallation } from '../installation.js';
import type { BuildPlaces } from '../places.js';
import type { BuildRecord } from '../record.js';
import type { SpackHow } from '../spack-program.js';
import { loadEnvironment, writeConstraints } from './environment-file.js';
import { directoriesOf, mirrorsOf, writeMirrors } from './mirrors-scope.js';
import { ageOut, ownPlace } from './pull-caches.js';
import { type PushInput, publish } from './push.js';
import { type Gpg, gatherKeys } from './trusted-keys.js';

/** The caches and constraints of an attempt. */
export interface UsedCaches {
  readonly mirrors: readonly CacheMirror[];
  /** Those that are directories of this machine. */
  readonly directories: readonly string[];
  /** The pull request's own place for binaries; null where it has none. */
  readonly own: string | null;
  /** What Spack has to know of the keys. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the build keeps to a published environment. */
  readonly constrained: boolean;
}

/** How Spack is called so that it reads them. */
export function howWithCaches(places: BuildPlaces, { env, constrained }: UsedCaches): SpackHow {
  return { env, under: constrained ? [places.constraints] : [] };
}

export interface CacheInput {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly record: BuildRecord;
  readonly signal: AbortSignal;
  readonly spack: SpackInstallation;
  readonly fresh: boolean;
}

/** Writes the attempt's mirrors and constraints. Throws `Trouble` when the environment is not to be had. */
export async function prepareCaches({ plan, places, record, signal, spack, fresh }: CacheInput): Promise<UsedCaches> {
  const none: UsedCaches = { mirrors: [], directories: [], own: null, env: {}, constrained: false };
  if (spack.recorded) return none;
  const constrained = plan.environment !== undefined;
  if (plan.environment) {
    const text = await loadEnvironment(plan.environment, places.environments, signal);
    for (const what of await writeConstraints(places.constraints, text, plan.package))
      record.note(`==> Warning: of ${plan.environment.name} this is not asked for here: ${what}\n`);
  }
  const own = await ownPlaceOf(plan, record);
  const wanted = fresh ? [] : (plan.caches?.read ?? []);
  if (wanted.length === 0) return { ...none, own: fresh ? null : own, constrained };
  const { usable, problems } = await gatherKeys(wanted, places.keys, gpgOf(spack, places, signal), signal);
  for (const problem of problems) record.note(`==> Warning: ${problem}\n`);
  await writeMirrors(places.scope, mirrorsOf(usable));
  // Only where keys are named: a site may have its own keyring for its own mirrors.
  const env: Record<string, string> = usable.some(({ key }) => key !== null) ? { SPACK_GNUPGHOME: places.keys } : {};
  return { mirrors: usable, directories: directoriesOf(usable), own, env, constrained };
}

async function ownPlaceOf(plan: BuildPlan, record: BuildRecord): Promise<string | null> {
  if (plan.sandbox !== 'bubblewrap' || !plan.caches?.pulls) return null;
  try {
    await ageOut(plan.caches.pulls, Date.now(), plan.caches.over);
    return await ownPlace(plan);
  } catch (error) {
    record.note(`==> Warning: the pull request's own binaries are not kept: ${(error as Error).message}\n`);
    return null;
  }
}

/** Fills the trusted cache with what has passed, if the plan says so. Undefined where it doesn't. */
export async function keep(input: PushInput): Promise<BuildResult['published']> {
  const mirror = input.spack.recorded ? null : input.plan.caches?.publish;
  return mirror ? publish(mirror, input) : undefined;
}

function gpgOf(spack: SpackInstallation, places: BuildPlaces, signal: AbortSignal): Gpg {
  return async (args) => {
    const said = { stdout: '', stderr: '' };
    const end = await runCommand('gpg', args, {
      env: buildEnvironment(spack.env, places),
      workspace: places.workspace,
      signal,
      beside: true,
      onStdout: (text) => {
        said.stdout += text;
      },
      onStderr: (text) => {
        said.stderr += text;
      },
    });
    return { ...end, ...said };
  };
}
