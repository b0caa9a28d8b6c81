/** Loads the hub that is in force, with what is derived from it once. */

import type { HubSnapshot } from './handlers/ports.js';
import { kindJudge } from './kind-weights.js';
import { digest } from './perform.js';
import { buildRegistry } from './registry/build-registry.js';
import type { Problem } from './registry/model.js';
import { readHubFiles } from './registry-files/load-hub.js';
import { buildCatalogue } from './triage/catalogue.js';

/** The hub of a directory. The snapshot is usable only when there are no problems. */
export async function loadSnapshot(
  directory: string,
): Promise<{ snapshot: HubSnapshot; problems: readonly Problem[] }> {
  const files = await readHubFiles(directory);
  const { registry, problems } = buildRegistry(files);
  return {
    snapshot: { registry, catalogue: buildCatalogue(registry, await kindJudge()), digest: digest(files) },
    problems,
  };
}
