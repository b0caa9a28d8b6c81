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
    const built = await install([...justThese(graph), '-y', ...noCache(fresh)]);
    if (built.exitCode !== 0) return built;
  }
  await writeScopeAbove(places, plan.jobs);
  return install([...args, ...rootItself(fresh)]);
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

/** What the worker's own install tree gets: nothing of a head, nor of what is built on one. */
export function justThese({ missing, withHeads }: LockfileGraph): string[] {
  return withHeads.length === 0 ? ['--only=dependencies'] : missing.map(asSpec);
}
