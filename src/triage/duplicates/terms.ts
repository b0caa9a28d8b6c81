/** The words and identifiers of an issue that say what it is about; the same for the one asked about and those in the index. */
import type { Block } from '../markdown.js';

/** Words that stand in any issue, many of them put there by templates. */
const STOP = new Set(
  `a about above actual additional after again all also am an and any are as at available be because been before behavior behaviour being
  below both branch bug build but by called can cannot checked code compile compiled compiler compiling confirm could current currently debug describe description did do does doing done each
  environment error errors etc even example expected fail failed failing fails file files find first fix following for found from general get gets getting give given go got had happened happens has have having help here
  hi how i if in information install installation installed installing instead into is issue issues it its just know latest like line link list log logs made maintainer maintainers make me may might more my need
  new no not now of off on one only open or other our out output package packages people please possible problem provide report reported reproduce reproducible request response result run running
  same searched see seem seems should show similar since so some somebody something spack spec still steps step such support system than thank thanks that the their them then there these they thing this to tried try trying
  two up upload us use used user using version versions via want was way we were what when where which while who why will with without work working works would you your yes`.split(
    /\s+/,
  ),
);
const WORD = /[A-Za-z][A-Za-z0-9_]{1,40}(?:[.:+-]{1,2}[A-Za-z0-9_]{1,40}){0,3}/g;
/** Terms kept of one issue. */
const MOST = 200;
/** Weight of a term of the title; one of the text weighs 1. */
export const IN_TITLE = 2;

/** Each term with its weight: 2 in the title, 1 in the text. */
export function termsOf(title: string, blocks: readonly Block[]): Map<string, number> {
  const terms = new Map<string, number>();
  collect(title.slice(0, 400), IN_TITLE, terms);
  for (const { kind, quoted, text } of blocks) {
    // Of logs only signatures count, see signature.ts: the rest is the same in thousands of issues.
    // A table lists the machine, a checklist belongs to the template.
    if (kind !== 'prose' || quoted || /^\s*(?:\||- \[|\[[ xX]\])|^[^\n]*\n *:?-+:? *\|/.test(text)) continue;
    collect(text.slice(0, 4000), 1, terms);
    if (terms.size >= MOST) break;
  }
  return terms;
}

function collect(text: string, weight: number, terms: Map<string, number>): void {
  for (const [word] of text.replace(/https?:\/\/\S+/g, ' ').matchAll(WORD)) {
    const term = stem(word.toLowerCase());
    if (term.length < 2 || STOP.has(term) || terms.has(term)) continue;
    terms.set(term, weight);
    if (terms.size >= MOST) return;
  }
}

/** One form for a word's plural and tenses; identifiers stay as they are. */
function stem(word: string): string {
  if (/[\d_.:+-]/.test(word) || word.length < 5) return word;
  const bare = word.replace(/(?:ies)$/, 'y').replace(/(?:ing|ed|es|s)$/, '');
  return bare.length >= 3 ? bare : word;
}
