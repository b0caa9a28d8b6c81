/**
 * Labels of a pull request by the files that it changes, as a product's configuration says (`labels.paths`), with the patterns that
 * CODEOWNERS has. They are only ever added: never one that a person took off, and none that the hub's taxonomy lacks. Pure.
 */
import type { LabelDefinition } from '../actions.js';
import { lowerSet } from '../registry/lower-set.js';
import type { EffectiveConfig, Registry } from '../registry/model.js';
import { MOST_LABELS } from './labels.js';
import { parsePattern, patternMatches } from './owners/codeowners-pattern.js';

export interface ChangedPull {
  readonly repository: string;
  /** Changed paths without leading slash; null when GitHub does not list them all. */
  readonly files: readonly string[] | null;
  /** Also those that are on the way. */
  readonly labels: readonly string[];
  readonly labelsPeopleRemoved: readonly string[];
}

/** What is to be added, in the order of the configuration. Where as many match as a whole issue may have, they say nothing: none. */
export function labelsByPath(
  { repository, files, labels, labelsPeopleRemoved }: ChangedPull,
  config: Pick<EffectiveConfig, 'labels'>,
  registry: Pick<Registry, 'taxonomy' | 'isCentral'>,
): LabelDefinition[] {
  const { enabled, without, paths = [] } = config.labels;
  if (!enabled || files === null) return [];
  const central = registry.isCentral(repository);
  const never = lowerSet([...labelsPeopleRemoved, ...without]);
  const found = paths.flatMap((each): LabelDefinition[] => {
    const known = registry.taxonomy.byName.get(each.label.toLowerCase());
    if (known === undefined || never.has(known.name.toLowerCase()) || (known.where === 'central' && !central))
      return [];
    if (!touches(files, each.patterns)) return [];
    return [{ name: known.name, color: known.color, description: known.description }];
  });
  if (found.length > MOST_LABELS) return [];
  const present = lowerSet(labels);
  return found.filter(({ name }) => !present.has(name.toLowerCase()));
}

function touches(files: readonly string[], patterns: readonly string[]): boolean {
  const parsed = patterns.map(parsePattern).filter((pattern) => pattern !== null);
  return files.some((file) => parsed.some((pattern) => patternMatches(pattern, file)));
}
