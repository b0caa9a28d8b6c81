/**
 * Which labels an issue should get from us: names of the hub's taxonomy only, only what is not there, and never one that a person
 * took off. Where a person has set the spoke, ours is not added beside it.
 */
import type { LabelDefinition } from '../actions.js';
import { lowerSet } from '../registry/lower-set.js';
import type { EffectiveConfig, Registry } from '../registry/model.js';
import { labelFor } from '../registry/taxonomy.js';
import type { IssueFacts } from './facts.js';
import type { TriageMode } from './outcome.js';

/** More than this on one issue says nothing any more. */
export const MOST_LABELS = 6;

/** Groups that triage decides on; other labels that spokebot put there stay until somebody says otherwise. */
const OURS = /^(?:kind|spoke|product|needs|facility|platform|gpu): /i;

export interface LabelPlan {
  readonly add: readonly LabelDefinition[];
  /** Labels of ours that no longer hold. */
  readonly remove: readonly string[];
}

export interface Wanted {
  readonly kind: string | null;
  readonly spokes: readonly string[];
  /** The product that was decided on; null when none was. */
  readonly product: string | null;
  readonly mode: TriageMode;
  /** Facility, platform, GPU: what is said about where and on what. */
  readonly context: readonly LabelDefinition[];
}

/** Spokes that people named by label, in the order of the labels. */
export function spokesSetByPeople(
  facts: Pick<IssueFacts, 'labels' | 'labelsWeAdded'>,
  registry: Pick<Registry, 'spokes'>,
): string[] {
  const ours = lowerSet(facts.labelsWeAdded);
  return facts.labels
    .filter((label) => !ours.has(label.toLowerCase()))
    .map((label) => /^spoke: *(.+)$/i.exec(label)?.[1]?.toLowerCase())
    .filter((id) => id !== undefined && registry.spokes.has(id)) as string[];
}

export function planLabels(
  wanted: Wanted,
  facts: Pick<IssueFacts, 'repository' | 'labels' | 'labelsWeAdded' | 'labelsPeopleRemoved'>,
  registry: Registry,
  config: Pick<EffectiveConfig, 'labels'>,
): LabelPlan {
  if (!config.labels.enabled) return { add: [], remove: [] };
  const byPeople = spokesSetByPeople(facts, registry).length > 0;
  const home = registry.productByRepository(facts.repository)?.id ?? null;
  const setByPeople = (group: RegExp): boolean =>
    facts.labels.some((label) => group.test(label) && !facts.labelsWeAdded.includes(label));
  const names: [string, string][] = [
    ...(wanted.kind !== null && !setByPeople(/^kind: /i) ? [['kind', wanted.kind] as [string, string]] : []),
    ...(byPeople ? [] : wanted.spokes.map((id): [string, string] => ['spoke', id])),
    ...(wanted.mode === 'abstain' && !byPeople ? [['needs', 'routing'] as [string, string]] : []),
    // In its own repository the label of a product says nothing.
    ...(wanted.product !== null && wanted.product !== home && !setByPeople(/^product: /i)
      ? [['product', wanted.product] as [string, string]]
      : []),
  ];
  const central = registry.isCentral(facts.repository);
  const never = lowerSet([...facts.labelsPeopleRemoved, ...config.labels.without]);
  const right = [
    ...names.map(([group, id]) => labelFor(registry, group, id)).filter((label) => label !== null),
    ...wanted.context,
  ]
    .filter(({ name }) => !never.has(name.toLowerCase()) && (central || !isCentralOnly(name, registry)))
    .slice(0, MOST_LABELS);
  const present = lowerSet(facts.labels);
  const holds = lowerSet(right.map(({ name }) => name));
  return {
    add: right.filter(({ name }) => !present.has(name.toLowerCase())),
    remove: facts.labelsWeAdded.filter(
      (name) => present.has(name.toLowerCase()) && !holds.has(name.toLowerCase()) && OURS.test(name),
    ),
  };
}

function isCentralOnly(name: string, { taxonomy }: Pick<Registry, 'taxonomy'>): boolean {
  return taxonomy.byName.get(name.toLowerCase())?.where === 'central';
}
