/**
 * Installing without a sandbox: dependencies into the worker's install tree, where later builds find them, and the head's own package
 * into one that goes with the attempt. So nothing of a head is left behind and no Spack has to be started to take it out again.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlan } from '../protocol.js';
import { noCache, rootItself } from './caches/arguments.js';
import type { CommandEnd } from './command.js';
import { headPackages } from './heads.js';
import type { SpackInstallation } from './installation.js';
import { asSpec, type LockfileGraph, readGraph, readInstalledHashes } from './lockfile-graph.js';
import type { BuildPlaces } from './places.js';
import type { BuildRecord } from './record.js';
import { writeScopeAbove } from './scope.js';
import type { SpackProgram } from './spack-program.js';
import { Trouble } from './trouble.js';

export interface HereInput {
  readonly plan: BuildPlan;
  readonly places: BuildPlaces;
  readonly record: BuildRecord;
  readonly signal: AbortSignal;
  readonly spack: SpackInstallation;
  readonly program: SpackProgram;
  /** Whether binaries of a build cache are left alone. */
  readonly fresh: boolean;
  /** Arguments of `spack install` for the root. */
  readonly args: readonly string[];
}

/** How the step that ended the build ended: the dependencies' if they failed, else that of the root. */
export async function installHere(input: HereInput): Promise<CommandEnd> {
  const { plan, places, record, signal, program, fresh, args } = input;
  const install = (more: readonly string[]) =>
    program.run(['-e', places.environment, 'install', ...more], signal, record);
  const graph = await graphOf(input);
  if (graph !== null && graph.missing.length > 0) {
    const built = await install(justDependencies(graph, fresh));
    if (built.exitCode !== 0) return built;
  }
  if (graph !== null) await dropLeftBehind(graph.root, input);
  await writeScopeAbove(places, plan.jobs);
  return install([...args, ...rootItself(fresh)]);
}

/**
 * Takes a head out of the worker's own install tree, where workers of older versions put it and may have died before they took it out:
 * Spack would find it there and build nothing.
 */
export async function dropLeftBehind(
  root: string,
  { places, program, signal }: Pick<HereInput, 'places' | 'program' | 'signal'>,
): Promise<void> {
  const index = await readFile(join(places.store, '.spack-db', 'index.json'), 'utf8').catch(() => '');
  if (readInstalledHashes(index).has(root)) await program.ask(['uninstall', '-y', '-f', `/${root}`], signal);
}

/** Null for a recording, which has no install tree and tells of dependencies as it goes. */
async function graphOf({ plan, spack, places }: HereInput): Promise<LockfileGraph | null> {
  if (spack.recorded) return null;
  const lockfile = await readFile(join(places.environment, 'spack.lock'), 'utf8').catch(() => '');
  const index = await readFile(join(places.store, '.spack-db', 'index.json'), 'utf8').catch(() => '');
  const graph = readGraph(lockfile, readInstalledHashes(index), headPackages(plan));
  if (graph === null) throw new Trouble('the lockfile that Spack wrote could not be read');
  return graph;
}

/**
 * Arguments of `spack install` for what the worker's own install tree gets: nothing of a head, nor of what is built on one. Spack takes
 * everything behind the first spec for part of one, so the hashes come last.
 */
export function justDependencies({ missing, withHeads }: LockfileGraph, fresh: boolean): string[] {
  if (withHeads.length === 0) return ['--only=dependencies', '-y', ...noCache(fresh)];
  return ['-y', ...noCache(fresh), ...missing.map(asSpec)];
}
