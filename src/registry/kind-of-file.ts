/** What a single YAML file is meant to be, when it does not lie where a hub keeps it. */
import { DEPENDENCIES_FILE } from './dependencies-file.js';
import type { FileKind } from './where-keys-belong.js';
import { parseYaml } from './yaml-source.js';

// A key that only one kind of file has, or that says much about it; the first that is there decides.
const TELLING: readonly (readonly [string, FileKind | 'dependencies'])[] = [
  ['recipes', 'dependencies'],
  ['fallback', 'hub'],
  ['pools', 'hub'],
  ['lock', 'hub'],
  ['spokes', 'product'],
  ['spack', 'product'],
  ['leads', 'spoke'],
  ['rota', 'spoke'],
  ['fullName', 'spoke'],
  ['repository', 'product'],
  ['id', 'product'],
];

/** By place (`hub.yml`, `spokes/`, `products/`, `.github/`), else by its schema comment, else by its keys. `path` uses `/`. */
export function kindOfFile(path: string, text: string): FileKind | 'dependencies' {
  const [folder, name] = path.split('/').slice(-2) as [string, string | undefined];
  if ((name ?? folder) === 'hub.yml') return 'hub';
  if ((name ?? folder) === 'spokebot.yml') return 'repository';
  if ((name ?? folder) === DEPENDENCIES_FILE) return 'dependencies';
  if (folder === 'spokes' && name) return 'spoke';
  if (folder === 'products' && name) return 'product';
  const named = /^#.*\$schema=\S*\b(hub|spoke|product|repository|dependencies)\.schema\.json/m.exec(text)?.[1];
  if (named) return named as ReturnType<typeof kindOfFile>;
  const { value } = parseYaml({ path, text });
  const keys = new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
  return TELLING.find(([key]) => keys.has(key))?.[1] ?? 'repository';
}
