/** What the comment says of people, as plain text: code spans and no `@`, so that nobody is called by it. */
import type { Registry } from '../../registry/model.js';
import type { TriageOutcome } from '../outcome.js';
import { plain, quote } from '../safe-text.js';

/** Lines of the comment's details. Nothing in them changes with how much anybody has to do. */
export function peopleLines(outcome: TriageOutcome, registry: Pick<Registry, 'spokes' | 'products'>): string[] {
  const { owners, asked, hints = [], product, spokes } = outcome;
  const lines: string[] = [];
  if (owners.length > 0 && asked?.file) lines.push(`- named for it: ${names(owners)} (${quote(asked.file)})`);
  if (hints.length > 0) {
    const found = hints.map((hint) => `${names(hint.names)} (${plain(hint.source)})`).join('; ');
    const file =
      registry.products.get(product?.id ?? '')?.level.file ?? registry.spokes.get(spokes.accountable)?.level.file;
    const where = file === undefined ? '' : ` A lead can confirm them in ${quote(file)}.`;
    lines.push(`- named elsewhere, not confirmed, not asked: ${found}.${where}`);
  }
  return lines;
}

function names(people: readonly string[]): string {
  return people.map((name) => quote(name)).join(', ');
}
