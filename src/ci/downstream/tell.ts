/** Who is told that a pull request breaks a product of theirs, and in which words. Only people whom the hub's files name. */
import type { Decision, IssueRef } from '../../actions.js';
import { lowerSet } from '../../registry/lower-set.js';
import type { Registry } from '../../registry/model.js';
import { chooseOwners, issueSeed } from '../../triage/owners/choose.js';
import type { PeopleNow } from '../../triage/owners/eligible.js';
import { ownerLevels } from '../../triage/owners/levels.js';
import { uniqueLogins } from '../../triage/owners/logins.js';
import { plain, quote } from '../../triage/safe-text.js';

export interface BrokenDependent {
  /** Product id. */
  readonly product: string;
  readonly package: string;
  /** Name of its check. */
  readonly check: string;
  /** The package that changed. */
  readonly on: string;
  readonly baseRef: string;
  readonly baseSha: string;
}

export interface TellInput {
  readonly issue: IssueRef;
  readonly headSha: string;
  readonly broken: readonly BrokenDependent[];
  readonly registry: Registry;
  readonly people: PeopleNow;
}

/** Whom of each product, in the order of the products. */
export type Told = readonly { readonly product: string; readonly people: readonly string[] }[];

/** Most people of one product: somebody else may be away, and everybody would be too many. */
const MOST_OF_ONE = 2;

/** One comment for all of them; no action where no file names anybody who can be told. */
export function tellOwners({ issue, headSha, broken, registry, people }: TellInput): Decision<Told> {
  const told = broken.map((one) => ({ product: one.product, ...ownersOf(one.product, issue, registry, people) }));
  const outcome = told.map((one) => ({ product: one.product, people: one.people }));
  const logins = uniqueLogins(told.flatMap((one) => one.people));
  const reasons = told.flatMap((one) => one.because.map((why) => `${one.product}: ${why}`));
  if (logins.length === 0) return { outcome, actions: [], reasons };
  const because = words(issue, headSha, broken, registry);
  return { outcome, actions: [{ kind: 'mention-comment', issue, logins, reason: 'dependent', because }], reasons };
}

function ownersOf(
  id: string,
  { fullName, number }: IssueRef,
  registry: Registry,
  people: PeopleNow,
): { readonly people: readonly string[]; readonly because: readonly string[] } {
  const product = registry.products.get(id);
  if (product === undefined) return { people: [], because: ['the catalogue has it no more'] };
  const levels = ownerLevels({ product: id, accountable: product.accountable }, null, [], registry, people.now);
  // A mention reaches whoever cannot be assigned, which nobody here is to be.
  const everybody = lowerSet(levels.flatMap((level) => level.people));
  const choice = chooseOwners(levels, {
    ...people,
    seed: issueSeed(fullName, number),
    burden: new Map(),
    previous: [],
    current: [],
    unassignable: everybody,
    most: MOST_OF_ONE,
  });
  return { people: choice.mention, because: choice.because };
}

/** Markdown in which nothing calls anybody. */
function words({ number }: IssueRef, headSha: string, broken: readonly BrokenDependent[], registry: Registry): string {
  const named = ({ product }: BrokenDependent) => plain(registry.products.get(product)?.name ?? product);
  const list = broken.map(
    (one) =>
      `- **${named(one)}** (${quote(one.package)}) builds with ${quote(one.on)} of ${quote(one.baseRef)} at ${one.baseSha.slice(0, 7)}, and not with this; ${quote(one.check)} shows the error.`,
  );
  const mute = (registry.hub.commands?.may['mute-me'] ?? []).length > 0;
  return [
    `commit ${headSha.slice(0, 7)} of this pull request (${number}) breaks what you answer for:`,
    '',
    ...list,
    '',
    `The hub's files name you for it, and this comment tells you once.${mute ? ' Write `/spokebot mute-me` on a line of its own and spokebot calls you nowhere any more.' : ''}`,
  ].join('\n');
}
