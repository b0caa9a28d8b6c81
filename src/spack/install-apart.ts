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
import { binariesOf, noCache, rootItself } from './caches/arguments.js';
import { mirrorName, ownMirrorOf, writeMirrors } from './caches/mirrors-scope.js';
import type { UsedCaches } from './caches/use.js';
import type { CommandEnd } from './command.js';
import { headPackages } from './heads.js';
import { dropLeftBehind, justDependencies } from './install-here.js';
import type { SpackInstallation } from './installation.js';
import { asSpec, type LockfileGraph, readGraph, readInstalledHashes } from './lockfile-graph.js';
import type { BuildPlaces } from './places.js';
import type { BuildRecord } from './record.js';
import { writeOwnScope } from './scope.js';
import { type Output, type SpackProgram, spackProgram } from './spack-program.js';
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
  /** The bare repositories with the heads, by package. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** The build caches that binaries of dependencies are taken from. */
  readonly caches: UsedCaches;
  /** Arguments of `spack install` for the root. */
  readonly args: readonly string[];
}

/** How the step that ended the build ended: the first that failed, else the installation of the root. */
export async function installApart(input: ApartInput): Promise<CommandEnd> {
  const { plan, places, record, signal, spack, bubblewrap, program, mirrors, caches } = input;
  const heads = headPackages(plan);
  let graph = await graphOf(places, heads);
  const site = await readSite(spack, program, signal);
  const common = {
    bubblewrap,
    site,
    places,
    heads: [...new Set(Object.values(mirrors))],
    externals: graph.externals,
    certificates: certificatesOf(spack.env),
    mirrors: caches.directories,
  };

  async function run(step: Step, args: readonly string[], how: RunHow = {}): Promise<CommandEnd> {
    const view = await viewOf(step, { ...common, ownCache: caches.own, fillsCache: how.fillsCache === true });
    const apart = spackProgram(spack, places, {
      scopes: how.scopes ?? [],
      env: caches.env,
      enclose: (command, env) => bubblewrap.enclose({ ...view, env: { ...env, ...view.env } }, command),
    });
    return asInside(await apart.run(['-e', places.environment, ...args], signal, how.output ?? record));
  }

  record.phase(plan.package, 'fetch');
  if (caches.mirrors.length > 0 && graph.missing.length > 0) {
    // With a network, and therefore binaries only: what no cache has is built below.
    await run('fetch', ['install', ...binariesOf(graph), '-y'], { output: record.trial });
    graph = await graphOf(places, heads);
  }
  const wanted = [...graph.missing, ...graph.withHeads, graph.root].map(asSpec);
  const fetched = await run('fetch', ['fetch', ...wanted]);
  if (fetched.exitCode !== 0) return fetched;
  if (graph.missing.length > 0) {
    const built = await run('dependencies', ['install', ...justDependencies(graph, true)]);
    if (built.exitCode !== 0) return built;
  }
  await dropLeftBehind(graph.root, { places, program, signal });
  await writeOwnScope(places);
  if (caches.own !== null) await writeMirrors(places.ownScope, ownMirrorOf(caches.own));
  const from = caches.own === null ? noCache(true) : rootItself(false);
  const end = await run('root', ['install', ...input.args, ...from], { scopes: [places.ownScope] });
  if (end.exitCode === 0 && caches.own !== null) {
    // Nothing of the head runs any more. Only what it built itself: what it depends on could pass for what others depend on, too.
    const push = ['buildcache', 'push', '--unsigned', '--only=package', mirrorName('own'), `/${graph.root}`];
    await run('root', push, { scopes: [places.ownScope], output: record.trial, fillsCache: true });
  }
  return end;
}

interface RunHow {
  readonly scopes?: readonly string[];
  readonly output?: Output;
  /** Whether it may write to the pull request's own place for binaries. */
  readonly fillsCache?: boolean;
}

async function graphOf(places: BuildPlaces, heads: ReadonlySet<string>): Promise<LockfileGraph> {
  const lockfile = await readFile(join(places.environment, 'spack.lock'), 'utf8').catch(() => '');
  const index = await readFile(join(places.store, '.spack-db', 'index.json'), 'utf8').catch(() => '');
  const graph = readGraph(lockfile, readInstalledHashes(index), heads);
  if (graph === null) throw new Trouble('the lockfile that Spack wrote could not be read');
  return graph;
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
