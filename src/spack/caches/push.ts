/**
 * Filling build caches with what was built. The trusted one is filled by the worker itself, outside of the sandbox, with a key that no
 * build sees; the place of a pull request inside of it, by a Spack that can write nowhere else.
 */
import { join } from 'node:path';
import type { CacheMirror } from '../../ci/build-caches.js';
import type { BuildPlan, BuildResult } from '../../protocol.js';
import type { SpackInstallation } from '../installation.js';
import type { BuildPlaces } from '../places.js';
import type { BuildRecord } from '../record.js';
import { type SpackProgram, spackProgram } from '../spack-program.js';
import { mirrorName, publishScopeOf, writeMirrors } from './mirrors-scope.js';

/** What the operator gives a worker to fill the trusted cache with. */
export interface Publishing {
  /** Directory of gpg with the secret key; null: this worker signs nothing. */
  readonly keyHome: string | null;
  /** Variables of a registry or an object store that takes writes from known users only. */
  readonly login: Readonly<Record<string, string>>;
}

/** Which variables of a worker say with what it fills caches. */
export function publishingOf(env: Readonly<Record<string, string | undefined>>): Publishing {
  const { SPOKEBOT_CACHE_KEY: key, SPOKEBOT_CACHE_USER: user, SPOKEBOT_CACHE_PASSWORD: password } = env;
  return {
    keyHome: key || null,
    login: user && password ? { SPOKEBOT_CACHE_USER: user, SPOKEBOT_CACHE_PASSWORD: password } : {},
  };
}

export interface PushInput {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly record: BuildRecord;
  readonly signal: AbortSignal;
  readonly spack: SpackInstallation;
  readonly publishing: Publishing;
  readonly dagHash: string;
}

type Published = NonNullable<BuildResult['published']>;

/** Fills the trusted cache; what goes wrong is told and changes no verdict. */
export async function publish(mirror: CacheMirror, input: PushInput): Promise<Published> {
  const { places, signal, spack, publishing, plan, record, dagHash } = input;
  const told = (problem: string): Published => {
    record.note(`==> Warning: build cache ${mirror.name} was not filled: ${problem}\n`);
    return { mirror: mirror.name, packages: 0, problem };
  };
  if (plan.pull !== null) return told('only builds of branches fill it');
  if (plan.sandbox !== 'bubblewrap') return told('its build ran without a sandbox, where it could have read the key');
  if (mirror.key !== null && publishing.keyHome === null)
    return told('the worker has no key; SPOKEBOT_CACHE_KEY names the directory of gpg that holds it');
  const scope = join(places.workspace, 'publish-scope');
  await writeMirrors(scope, publishScopeOf(mirror, Object.keys(publishing.login).length > 0));
  const program = spackProgram(spack, places, {
    scopes: [places.ownScope, scope],
    env: { ...publishing.login, ...(publishing.keyHome === null ? {} : { SPACK_GNUPGHOME: publishing.keyHome }) },
  });
  const signing = mirror.key === null ? ['--unsigned'] : ['--key', mirror.key.fingerprint.toUpperCase()];
  return push(program, [...signing, '--update-index', mirrorName(mirror.name), `/${dagHash}`]);

  async function push(by: SpackProgram, args: readonly string[]): Promise<Published> {
    record.note(`==> Filling build cache ${mirror.name}\n`);
    const answer = await by.ask(['buildcache', 'push', ...args], signal);
    record.note(answer.stdout);
    if (answer.exitCode !== 0) return told(problemIn(answer.stderr));
    return { mirror: mirror.name, packages: pushedIn(answer.stdout), problem: null };
  }
}

/** How many packages a push says that the cache holds of it now. */
export function pushedIn(stdout: string): number {
  const selected = /^==> Selected (\d+) specs? to push/m.exec(stdout)?.[1];
  return selected === undefined ? 1 : Number(selected);
}

function problemIn(stderr: string): string {
  const error = stderr.split('\n').find((line) => line.startsWith('==> Error: '));
  return (error?.slice('==> Error: '.length) ?? stderr.trim().split('\n').at(-1)) || 'Spack gave no reason';
}
