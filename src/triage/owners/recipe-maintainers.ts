/**
 * Maintainers that a Spack recipe names, read from its text without running it: `maintainers("a", "b")` over any number of lines,
 * and the older `maintainers = ["a", "b"]`. Comments and other strings of the recipe name nobody.
 */
import { uniqueLogins } from './logins.js';

const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const CLOSED_BY: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** Logins in the order of the recipe, each once; empty when it names none. Never throws. */
export function recipeMaintainers(text: string): string[] {
  const tokens = tokensOf(text);
  const found: string[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'sign' || token.text !== 'maintainers' || !token.first) return;
    let next = at + 1;
    if (signAt(tokens, next) === '+') next += 1;
    if (signAt(tokens, next) === '=') next += 1;
    const open = signAt(tokens, next);
    const called = next === at + 1;
    if (open === undefined || !(open in CLOSED_BY) || (called && open !== '(')) return;
    found.push(...stringsUntil(tokens, next + 1, CLOSED_BY[open]!));
  });
  return uniqueLogins(found.filter((name) => LOGIN.test(name)));
}

type Token =
  | { readonly kind: 'string'; readonly text: string }
  /** A word or a single sign; `first` when it begins its line. */
  | { readonly kind: 'sign'; readonly text: string; readonly first: boolean };

/** Strings that stand side by side are one, as in Python. */
function stringsUntil(tokens: readonly Token[], from: number, close: string): string[] {
  const strings: string[] = [];
  let joined = false;
  for (const token of tokens.slice(from)) {
    if (token.kind === 'sign' && token.text === close) return strings;
    // Something else begins before this ends: it is no list of names.
    if (token.kind === 'sign' && token.text in CLOSED_BY) return [];
    if (token.kind === 'string') strings.push(joined ? `${strings.pop()}${token.text}` : token.text);
    joined = token.kind === 'string';
  }
  return [];
}

function signAt(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  return token?.kind === 'sign' ? token.text : undefined;
}

/** Python as far as it is needed: strings with prefixes, long strings, comments, words, signs. Linear in the text. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /(?:#[^\n]*)|([A-Za-z]{0,2})("""|'''|"|')|([A-Za-z_]\w*)|(\n[ \t]*)|([^\s\w])|\s|\w/gy;
  let first = true;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, prefix, quote, word, newline, sign] = match;
    if (quote !== undefined) {
      const end = endOfString(text, pattern.lastIndex, quote);
      if (!/f/i.test(prefix ?? '')) tokens.push({ kind: 'string', text: text.slice(pattern.lastIndex, end) });
      pattern.lastIndex = Math.min(text.length, end + quote.length);
      first = false;
    } else if (newline !== undefined) first = true;
    else if (word !== undefined || sign !== undefined) {
      tokens.push({ kind: 'sign', text: whole, first });
      first = false;
    }
  }
  return tokens;
}

/** Where a string ends that begins at `from`; one that is never closed ends with its line, or with the text. */
function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at)) return at;
    else if (quote.length === 1 && text[at] === '\n') return at;
  }
  return text.length;
}
