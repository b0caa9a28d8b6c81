/**
 * The configuration of one build: a scope of our own that outranks the site's, which still decides on compilers, externals, recipes,
 * mirrors and bootstrapping. Everything is written as JSON, which is YAML too, so nothing from outside can change its structure.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildPlaces } from './places.js';

/** `config.yaml` of the scope. A key that ends in a colon replaces the site's list instead of being put before it. */
export function configOf(places: BuildPlaces, jobs: number | null = null): unknown {
  return {
    config: {
      install_tree: { root: places.store },
      'build_stage:': [places.stage],
      test_stage: join(places.workspace, 'test'),
      source_cache: places.sources,
      misc_cache: places.recipeIndex,
      ...(jobs === null ? {} : { build_jobs: jobs }),
    },
  };
}

/** What the head's own package is installed with: an install tree of its own above the worker's, which it can only read. */
export function ownConfigOf(places: BuildPlaces): { config: unknown; upstreams: unknown } {
  return {
    config: { config: { install_tree: { root: places.ownStore } } },
    upstreams: { upstreams: { spokebot: { install_tree: places.store } } },
  };
}

/** `packages.yaml` of the scope: each package that is built from a commit comes from our mirror of its repository. */
export function packagesOf(mirrors: Readonly<Record<string, string>>): unknown {
  return {
    packages: Object.fromEntries(
      Object.entries(mirrors).map(([name, mirror]) => [
        name,
        { package_attributes: { git: pathToFileURL(mirror).href } },
      ]),
    ),
  };
}

/** `spack.yaml` of an environment with one root and no view. */
export function environmentOf(spec: string): unknown {
  return { spack: { specs: [spec], view: false } };
}

/** Writes the scope of an attempt, without which Spack must not be asked anything. */
export async function writeScope(places: BuildPlaces, jobs: number | null = null): Promise<void> {
  await mkdir(places.scope, { recursive: true });
  await writeJson(join(places.scope, 'config.yaml'), configOf(places, jobs));
}

/** From now on the attempt's scope has the install tree of its own, on top of the worker's. */
export async function writeScopeAbove(places: BuildPlaces, jobs: number | null = null): Promise<void> {
  await writeScope({ ...places, store: places.ownStore }, jobs);
  await writeJson(join(places.scope, 'upstreams.yaml'), ownConfigOf(places).upstreams);
}

export async function writeOwnScope(places: BuildPlaces): Promise<void> {
  await mkdir(places.ownScope, { recursive: true });
  const { config, upstreams } = ownConfigOf(places);
  await writeJson(join(places.ownScope, 'config.yaml'), config);
  await writeJson(join(places.ownScope, 'upstreams.yaml'), upstreams);
}

export async function writePackages(places: BuildPlaces, mirrors: Readonly<Record<string, string>>): Promise<void> {
  await writeJson(join(places.scope, 'packages.yaml'), packagesOf(mirrors));
}

export async function writeEnvironment(places: BuildPlaces, spec: string): Promise<void> {
  await mkdir(places.environment, { recursive: true });
  await writeJson(join(places.environment, 'spack.yaml'), environmentOf(spec));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
