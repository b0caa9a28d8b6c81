/** The label taxonomy with its patterns written out: `spoke: {spoke}` becomes one label for each spoke. */
import type { LabelDefinition } from '../actions.js';
import type { HubFile } from './hub-schema.js';
import type { Registry, Taxonomy, TaxonomyLabel } from './model.js';

/** Builds the taxonomy; of two labels with one name the first counts. */
export function buildTaxonomy(
  entries: HubFile['labels'],
  catalogue: {
    readonly spokes: Iterable<{ id: string; name: string }>;
    readonly products: Iterable<{ id: string; name: string }>;
  },
): Taxonomy {
  const [spokes, products] = [[...catalogue.spokes], [...catalogue.products]];
  const labels: TaxonomyLabel[] = [];
  const byName = new Map<string, TaxonomyLabel>();
  for (const entry of entries)
    for (const label of written(entry, spokes, products)) {
      const key = label.name.toLowerCase();
      if (byName.has(key)) continue;
      byName.set(key, label);
      labels.push(label);
    }
  return { labels, byName };
}

function written(
  entry: HubFile['labels'][number],
  spokes: readonly { id: string; name: string }[],
  products: readonly { id: string; name: string }[],
): TaxonomyLabel[] {
  const placeholder = entry.name.includes('{spoke}') ? 'spoke' : entry.name.includes('{product}') ? 'product' : null;
  if (placeholder === null) return [entry];
  return (placeholder === 'spoke' ? spokes : products).map(({ id, name }) => ({
    ...entry,
    name: entry.name.replaceAll(`{${placeholder}}`, id),
    description: entry.description.replaceAll(`{${placeholder}}`, name).slice(0, 100),
    previously: entry.previously.map((former) => former.replaceAll(`{${placeholder}}`, id)),
  }));
}

/** The definition of `group: id`, e.g. `('kind', 'bug')`; null when the hub's taxonomy has no such label. */
export function labelFor(registry: Pick<Registry, 'taxonomy'>, group: string, id: string): LabelDefinition | null {
  const label = registry.taxonomy.byName.get(`${group}: ${id}`.toLowerCase());
  return label ? { name: label.name, color: label.color, description: label.description } : null;
}
