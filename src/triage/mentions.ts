/**
 * Finds the catalogue's names in a text. A name is told apart from a look-alike by its shape: in a spec (`hypre@2.31`), behind a
 * caret (a dependency in a spec), behind `+` or `~` (a variant), inside an identifier or a file name (`hypre_parcsr.cpp`), or as a plain word.
 */
import type { Catalogue, NameEntry } from './catalogue.js';
import { joinable, joinWords, type Word, words } from './words.js';

export type MentionShape = 'word' | 'spec' | 'dependency' | 'variant' | 'identifier';

export interface Mention {
  readonly product: string;
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly shape: MentionShape;
  /** True when the name is an everyday word as well and nothing in its spelling says which is meant. */
  readonly ambiguous: boolean;
  readonly primary: boolean;
}

/** Every name of the catalogue in the text, in order, longest first where names overlap. Linear in the length of the text. */
export function findMentions(text: string, catalogue: Catalogue): Mention[] {
  const all = words(text);
  const found: Mention[] = [];
  for (let i = 0; i < all.length; ) {
    const hit = longestNameAt(text, all, i, catalogue);
    if (!hit) {
      i += 1;
      continue;
    }
    const first = all[i]!;
    const last = all[i + hit.length - 1]!;
    const written = text.slice(first.start, last.end);
    const shape = shapeOf(text, first.start, last.end);
    for (const entry of hit.entries) {
      found.push({
        product: entry.product,
        text: written,
        start: first.start,
        end: last.end,
        shape,
        ambiguous: hit.entries.length > 1 || (entry.ambiguous && !speltAsBrand(written, entry, shape)),
        primary: entry.primary,
      });
    }
    i += hit.length;
  }
  return found;
}

function longestNameAt(text: string, all: readonly Word[], at: number, catalogue: Catalogue) {
  const most = catalogue.longest.get(all[at]!.lower);
  if (most === undefined) return null;
  const parts: string[] = [];
  let best: { length: number; entries: readonly NameEntry[] } | null = null;
  for (let n = 0; n < most && at + n < all.length; n++) {
    const word = all[at + n]!;
    if (n > 0 && !joinable(text.slice(all[at + n - 1]!.end, word.start))) break;
    parts.push(word.lower);
    const entries = catalogue.byName.get(joinWords(parts));
    if (entries) best = { length: n + 1, entries };
  }
  return best;
}

function shapeOf(text: string, start: number, end: number): MentionShape {
  const before = text[start - 1] ?? ' ';
  const after = text.slice(end, end + 2);
  if (before === '^') return 'dependency';
  if (/[+~=]/.test(before) && !/\+\+/.test(text.slice(Math.max(0, start - 2), start))) return 'variant';
  if (before === '_' || before === ':' || before === '.' || before === '\\') return 'identifier';
  if (after.startsWith('_') || after === '::' || /^\.[a-z]/.test(after) || after.startsWith('(')) return 'identifier';
  if (/^(?:@[=\w:]|[+~%][a-z])/.test(after)) return 'spec';
  return 'word';
}

/** `VisIt`, `UMap` in exactly that spelling, or a spec (`flux-core@0.6`), is not the everyday word. */
function speltAsBrand(written: string, entry: NameEntry, shape: MentionShape): boolean {
  if (shape === 'spec') return true;
  return written === entry.name && /[a-z][A-Z]|[A-Z][a-z]+[A-Z]/.test(written);
}
