/** The hub of the day: one product, two pools, a check on each that leaves documentation out. */
import { buildRegistry } from '../../src/registry/build-registry.js';
import { effectiveConfig } from '../../src/registry/effective-config.js';
import type { EffectiveConfig, Registry } from '../../src/registry/model.js';
import { readHubFiles } from '../../src/registry-files/load-hub.js';
import { packagedHub } from '../../src/registry-files/resolve-hub.js';

export const POOLS = ['linux', 'second'] as const;
export const REPOSITORY = 'kokkos/kokkos';

const OWN_FILE = `checks:
  - spec: kokkos
    pool: linux
    pathsIgnore: ["docs/**", "**/*.md"]
  - spec: kokkos+openmp
    pool: second
    pathsIgnore: ["docs/**", "**/*.md"]
`;

/** The packaged hub with a second pool. Throws when it or the repository's file has a problem. */
export async function dayHub(): Promise<{ registry: Registry; config: EffectiveConfig }> {
  const files = await readHubFiles(packagedHub());
  const grown = files.map((file) =>
    file.path === 'hub.yml'
      ? {
          ...file,
          text: file.text.replace(/^pools:\n {2}linux:\n((?: {4}.*\n)+)/m, (all, body) => `${all}  second:\n${body}`),
        }
      : file,
  );
  const { registry, problems } = buildRegistry(grown);
  if (registry === null || problems.length > 0) throw new Error(`the hub of the bench: ${problems[0]?.message}`);
  const own = { path: '.github/spokebot.yml', text: OWN_FILE };
  const { config, problems: wrong } = effectiveConfig(registry, REPOSITORY, own);
  if (wrong.length > 0) throw new Error(`the repository file of the bench: ${wrong[0]!.message}`);
  return { registry, config };
}
