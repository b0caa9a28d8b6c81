/** What people have said about an issue once it lies in another repository: all of it goes along, and the move is itself a word. */
import type { Registry } from '../../registry/model.js';
import { isCollection } from '../embedded.js';
import type { Word, WordedRouting } from '../word.js';
import type { Standing } from './facts.js';
import { without } from './step.js';

/**
 * Where a person sent it, by command or by moving it. Into a product's own repository means that product; a tracker of many products
 * says nothing about which. Null when nobody has said anything.
 */
export function routingAfterMove(
  standing: Pick<Standing, 'product'>,
  routing: WordedRouting | null,
  fullName: string,
  by: string | null,
  registry: Pick<Registry, 'productByRepository'>,
): WordedRouting | null {
  const home = registry.productByRepository(fullName);
  if (home === null || isCollection(home.id) || standing.product === home.id || by === null) return routing;
  return { product: home.id, outside: null, spoke: home.accountable, cc: home.informed, by };
}

/** Labels before and after a move, and which of them spokebot had put there by its own decision. */
export interface MovedLabels {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly byTriage: readonly string[];
}

/**
 * The word in the new place. `from` is `owner/name#n`, or null when it must not be shown there. Labels of people that did not come
 * along are noted, so that those of the taxonomy are put back as theirs; spokebot's own follow from the decision anyway.
 */
export function wordAfterMove(
  word: Word,
  routing: WordedRouting | null,
  moved: { readonly from: string | null; readonly by: string | null },
  labels: MovedLabels,
): Word {
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const [after, ours, byCommand] = [lower(labels.after), lower(labels.byTriage), lower(word.labels)];
  const dropped = [...new Set([...labels.before, ...word.labels])].filter((name) => {
    const key = name.toLowerCase();
    return !after.has(key) && (byCommand.has(key) || !ours.has(key));
  });
  return {
    ...word,
    routing,
    withdrawn: routing === null && word.withdrawn,
    proposal: routing === word.routing ? word.proposal : null,
    labels: [...new Set([...word.labels, ...dropped])],
    transfer: null,
    moved: { ...moved, dropped },
    answers: [],
  };
}

/** What is taken off after a move was not left behind by it any more, and does not come back. */
export function withoutLabels(word: Word, removed: readonly string[]): Word {
  const { moved } = word;
  return moved === null ? word : { ...word, moved: { ...moved, dropped: without(moved.dropped, removed) } };
}
