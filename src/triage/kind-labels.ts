/** Kinds that triage can find and the hub has no label for: they are told in the comment, and no label is put. */
import { labelFor } from '../registry/taxonomy.js';
import type { Catalogue } from './catalogue.js';
import { RULE_KINDS } from './kind.js';
import type { Kind } from './outcome.js';

/** Of the rules and of the model, in order of their names. `other` needs none: it is what is left. */
export function kindsWithoutLabel({ registry, kinds }: Pick<Catalogue, 'registry' | 'kinds'>): Kind[] {
  return [...new Set([...RULE_KINDS, ...(kinds?.kinds ?? [])])]
    .filter((kind) => kind !== 'other' && labelFor(registry, 'kind', kind) === null)
    .sort();
}
