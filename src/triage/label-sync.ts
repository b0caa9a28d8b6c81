/**
 * How a repository's labels come to agree with the hub's taxonomy: a plan of steps, each of which a person can read before it is
 * done. A label is created, renamed (it stays on its issues) or given its colour and description; none is ever deleted, and labels
 * that the taxonomy does not speak of are left alone.
 */
import type { LabelDefinition } from '../actions.js';
import type { EffectiveConfig, Taxonomy, TaxonomyLabel } from '../registry/model.js';

/** A label as the repository has it now. */
export interface RepositoryLabel {
  readonly name: string;
  /** Six hex digits without `#`, in any case. */
  readonly color: string;
  readonly description: string;
}

export type LabelStep =
  | { readonly kind: 'create'; readonly label: LabelDefinition }
  /** From a former name of the taxonomy, with colour and description. */
  | { readonly kind: 'rename'; readonly from: string; readonly label: LabelDefinition }
  /** Same label; colour, description or the case of its letters differ. */
  | {
      readonly kind: 'change';
      readonly from: string;
      readonly label: LabelDefinition;
      readonly what: readonly ('name' | 'color' | 'description')[];
    };

export interface LabelSync {
  /** In the order of the taxonomy. */
  readonly steps: readonly LabelStep[];
  /** Labels that are right as they are. */
  readonly right: number;
  /** What a person may want to know, e.g. a former label that stands beside its successor. */
  readonly notes: readonly string[];
}

/** The steps from `existing` to the taxonomy. Carried out, they leave nothing to do. */
export function planLabelSync(
  taxonomy: Taxonomy,
  existing: readonly RepositoryLabel[],
  config: Pick<EffectiveConfig, 'labels' | 'central'>,
): LabelSync {
  if (!config.labels.enabled)
    return { steps: [], right: 0, notes: ['labels are switched off for this repository (labels.enabled: false)'] };
  const without = new Set(config.labels.without.map(lower));
  const present = new Map(existing.map((label) => [lower(label.name), label]));
  const steps: LabelStep[] = [];
  const notes: string[] = [];
  let right = 0;
  for (const entry of taxonomy.labels) {
    if (without.has(lower(entry.name)) || (entry.where === 'central' && !config.central)) continue;
    const label = { name: entry.name, color: entry.color, description: entry.description };
    const former = formerOf(entry, taxonomy, present);
    const now = present.get(lower(entry.name));
    if (now) {
      const what = differences(now, label);
      if (what.length > 0) steps.push({ kind: 'change', from: now.name, label, what });
      else right += 1;
      for (const { name } of former)
        notes.push(
          `"${name}" is a former name of "${entry.name}", and both are there: move its issues by hand, nothing is deleted`,
        );
    } else if (former[0]) {
      steps.push({ kind: 'rename', from: former[0].name, label });
      // One label of the repository can become one of the taxonomy only.
      present.delete(lower(former[0].name));
      for (const { name } of former.slice(1))
        notes.push(`"${name}" is a former name of "${entry.name}" too, and only one label can take it: it stays`);
    } else steps.push({ kind: 'create', label });
  }
  return { steps, right, notes };
}

/** The name that a label of ours has in the taxonomy today; null when it is no former name of any. */
export function renamedTo(taxonomy: Taxonomy, name: string): string | null {
  if (taxonomy.byName.has(lower(name))) return null;
  return (
    taxonomy.labels.find((entry) => entry.previously.some((former) => lower(former) === lower(name)))?.name ?? null
  );
}

/** One step in words, for a list that people review. */
export function describeStep(step: LabelStep): string {
  switch (step.kind) {
    case 'create':
      return `create  "${step.label.name}"  #${step.label.color}  ${step.label.description}`.trimEnd();
    case 'rename':
      return `rename  "${step.from}" to "${step.label.name}"  (stays on its issues)`;
    case 'change':
      return `change  "${step.label.name}": ${step.what.map((what) => CHANGES[what]).join(', ')}`;
  }
}

const CHANGES = { name: 'spelling', color: 'colour', description: 'description' } as const;

function formerOf(
  entry: TaxonomyLabel,
  taxonomy: Taxonomy,
  present: ReadonlyMap<string, RepositoryLabel>,
): RepositoryLabel[] {
  return entry.previously
    .filter((name) => lower(name) !== lower(entry.name) && !taxonomy.byName.has(lower(name)))
    .map((name) => present.get(lower(name)))
    .filter((label) => label !== undefined);
}

function differences(now: RepositoryLabel, label: LabelDefinition): ('name' | 'color' | 'description')[] {
  const what: ('name' | 'color' | 'description')[] = [];
  if (now.name !== label.name) what.push('name');
  if (lower(now.color) !== lower(label.color)) what.push('color');
  if (now.description !== label.description) what.push('description');
  return what;
}

function lower(text: string): string {
  return text.toLowerCase();
}
