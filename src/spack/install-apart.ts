/**
 * Installing under bubblewrap. First everything that comes from elsewhere is fetched, with a network and without running any of the
 * pull request's code; then dependencies that are missing are built into the worker's install tree; last the pull request's package,
 * into a tree of its own that goes with the attempt. Nothing of Spack runs outside any more once that last step began.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlan } from '../protocol.js';
import type { Bubblewrap } from './bubblewrap/bubblewrap.js';
import { readSite } from './bubblewrap/site.js';
import { type Step, viewOf } from './bubblewrap/views.js';
import type { CommandEnd } from './command.js';
import type { SpackInstallation } from './installation.js';
import { readGraph, readInstalledHashes } from './lockfile-graph.js';
import type { BuildPlaces } from './places.js';
import type { BuildRecord } from './record.js';
import { writeOwnScope } from './scope.js';
import { type SpackProgram, spackProgram } from './spack-program.js';
import { Trouble } from './trouble.js';

export interface ApartInput {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly record: BuildRecord;
  readonly signal: AbortSignal;
  readonly spack: SpackInstallation;
  readonly bubblewrap: Bubblewrap;
  /** Spack outside of the sandbox, to ask where things are. */
  readonly program: SpackProgram;
  /** The bare repository with the pull request's head. */
  readonly mirror: string;
  /** Whether binaries of a build cache are left alone. */
  readonly fresh: boolean;
  /** Arguments of `spack install` for the root. */
  readonly args: readonly string[];
}

/** How the step that ended the build ended: the first that failed, else the installation of the root. */
export async function installApart(input: ApartInput): Promise<CommandEnd> {
  const { plan, places, record, signal, spack, bubblewrap, program, mirror, fresh } = input;
  const lockfile = await readFile(join(places.environment, 'spack.lock'), 'utf8').catch(() => '');
  const index = await readFile(join(places.store, '.spack-db', 'index.json'), 'utf8').catch(() => '');
  const graph = readGraph(lockfile, readInstalledHashes(index));
  if (graph === null) throw new Trouble('the lockfile that Spack wrote could not be read');
  const site = await readSite(spack, program, signal);
  const common = {
    bubblewrap,
    site,
    places,
    mirror,
    externals: graph.externals,
    certificates: certificatesOf(spack.env),
  };

  async function run(step: Step, args: readonly string[], scopes: readonly string[] = []): Promise<CommandEnd> {
    const view = await viewOf(step, common);
    const apart = spackProgram(spack, places, {
      scopes,
      enclose: (command, env) => bubblewrap.enclose({ ...view, env: { ...env, ...view.env } }, command),
    });
    return asInside(await apart.run(['-e', places.environment, ...args], signal, record));
  }

  record.phase(plan.package, 'fetch');
  const wanted = [...graph.missing, graph.root].map((hash) => `/${hash}`);
  const fetched = await run('fetch', ['fetch', ...wanted]);
  if (fetched.exitCode !== 0) return fetched;
  if (graph.missing.length > 0) {
    const built = await run('dependencies', ['install', '--only=dependencies', '-y', ...noCache(fresh)]);
    if (built.exitCode !== 0) return built;
  }
  await writeOwnScope(places);
  return run('root', ['install', ...input.args], [places.ownScope]);
}

/** Arguments of `spack install` that keep it from taking binaries. */
export function noCache(fresh: boolean): string[] {
  return fresh ? ['--no-cache'] : [];
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** Bubblewrap ends with 128 + the number of the signal that its command died of. */
export function asInside(end: CommandEnd): CommandEnd {
  const signal = end.exitCode === null ? undefined : SIGNALS[end.exitCode - 128];
  return signal === undefined ? end : { exitCode: null, signal };
}

function certificatesOf(env: Readonly<Record<string, string>>): string[] {
  return [env.SSL_CERT_FILE, env.SSL_CERT_DIR].flatMap((path) => path ?? []);
}
