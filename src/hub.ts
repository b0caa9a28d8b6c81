/** Loads the hub that is in force, with what is derived from it once. */

import { digest } from './digest.js';
import type { HubSnapshot } from './handlers/ports.js';
import { kindJudge } from './kind-weights.js';
import { buildRegistry } from './registry/build-registry.js';
import type { Problem, SourceFile } from './registry/model.js';
import { readHubFiles } from './registry-files/load-hub.js';
import { buildCatalogue } from './triage/catalogue.js';

interface Loaded {
  readonly snapshot: HubSnapshot;
  readonly problems: readonly Problem[];
}

/** The hub of a directory. The snapshot is usable only when there are no problems. */
export async function loadSnapshot(directory: string): Promise<Loaded> {
  return snapshotOf(await readHubFiles(directory));
}

/** Likewise of files from anywhere. */
export async function snapshotOf(given: readonly SourceFile[]): Promise<Loaded> {
  const files = whatCounts(given);
  const { registry, problems } = buildRegistry(files);
  return {
    snapshot: { registry, catalogue: buildCatalogue(registry, await kindJudge()), digest: digest(files) },
    problems,
  };
}

/** The digest that the snapshot of these files has, without reading what they say. */
export function digestOf(given: readonly SourceFile[]): string {
  return digest(whatCounts(given));
}

/** A version of the same texts is the same hub, wherever it was read. */
function whatCounts(given: readonly SourceFile[]): { readonly path: string; readonly text: string }[] {
  return given.map(({ path, text }) => ({ path, text })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
