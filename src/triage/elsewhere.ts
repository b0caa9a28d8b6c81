/**
 * Signs that an issue filed in one product's repository belongs to another: somebody says that the other one has the bug, that a
 * release of the other one solves it, or points at the other one's tracker. A name alone says nothing: every product's issues name
 * what it is built on.
 */
import type { Catalogue } from './catalogue.js';
import { findMentions } from './mentions.js';
import { isWellKnownPackage } from './package-names.js';
import { type Target, targetKey } from './title.js';

export interface ElsewhereSign {
  readonly target: Target;
  readonly text: string;
  /** Said in so many words in the title, in the text, or only by a link. */
  readonly how: 'title' | 'text' | 'link';
}

/** What stands right before the name, or right after it, when it is blamed. `V` is a version. */
const BEFORE =
  /(?:\b(?:bug|regression|defect|error|problem|issue|memory leak|race|deadlock) (?:is )?(?:of|in|inside|within|with|from)|\b(?:caused|triggered|introduced) by(?: a (?:bug|change|regression) in)?|\b(?:fixed|solved|resolved|addressed|corrected) (?:in|by|with|upstream in)(?: the)?(?: (?:newer|latest|new|next|upcoming))?|\bbroken by|\b(?:belongs|reported|filed|moved|goes?) (?:to|at|upstream (?:to|at|with)|with|in)|\bblame(?:s|d)?)(?: the| a)?\s*[`"'([]*$/i;
const AFTER =
  /^[`"')\]]*(?:[ @=v-]*\d[\w.]*)?[`"')\]]*\s*(?:(?:itself )?(?:is|was|are|seems|appears)(?: to be)? (?:broken|buggy|to blame|at fault|the culprit|miscompil\w+)|bug\b|(?:has|had|contains) a (?:bug|regression|memory leak)|regression\b|(?:fixed|fixes|broke|breaks) (?:it|this)\b)/i;
const TRACKER = /(?:github\.com\/)?\b([\w.-]+\/[\w.-]+?)(?:\/(?:issues|pull)\/|#| )(\d{1,6})\b/g;

/** Signs for products other than `home` (null for a repository outside the catalogue). At most a dozen. */
export function elsewhereSigns(
  title: string,
  prose: string,
  home: string | null,
  catalogue: Catalogue,
): ElsewhereSign[] {
  const signs = [...blamed(title, 'title', home, catalogue), ...blamed(prose, 'text', home, catalogue)];
  for (const match of prose.matchAll(TRACKER)) {
    const product = catalogue.registry.productByRepository(match[1]!)?.id;
    if (product && product !== home) signs.push({ target: { product }, text: match[0], how: 'link' });
    if (signs.length > 12) break;
  }
  return signs.slice(0, 12);
}

function blamed(text: string, how: 'title' | 'text', home: string | null, catalogue: Catalogue): ElsewhereSign[] {
  const found: ElsewhereSign[] = [];
  const add = (target: Target, start: number, end: number): void => {
    if (found.some((sign) => targetKey(sign.target) === targetKey(target))) return;
    const before = BEFORE.exec(text.slice(Math.max(0, start - 60), start));
    const after = AFTER.exec(text.slice(end, end + 60));
    if (!before && !after) return;
    found.push({ target, text: `${before?.[0] ?? ''}${text.slice(start, end)}${after?.[0] ?? ''}`.trim(), how });
  };
  for (const mention of findMentions(text, catalogue)) {
    if (mention.product === home || mention.ambiguous || mention.shape === 'identifier') continue;
    add({ product: mention.product }, mention.start, mention.end);
  }
  for (const token of text.matchAll(/[A-Za-z][\w-]*/g)) {
    const name = token[0].toLowerCase();
    if (name.length < 3 || !isWellKnownPackage(name) || catalogue.byPackage.has(name)) continue;
    add({ outside: name }, token.index, token.index + name.length);
  }
  return found;
}

/** A repository's own label for "not ours". */
const NOT_OURS =
  /\b(?:upstream|third[- ]party|3rd[- ]party|library bug|external (?:bug|issue|dependency)|dependenc(?:y|ies)|not (?:our|a) bug|downstream)\b/i;

export function saysNotOurs(labels: readonly string[]): boolean {
  return labels.some((label) => NOT_OURS.test(label));
}
