/**
 * The command lines of a comment: lines that begin with `/spokebot VERB` or `@spokebot VERB` in a paragraph of the person's own.
 * Found in the Markdown tree, so that nothing in code, quotations, lists, tables, links, HTML or the tail of a mail is taken for one.
 */
import createParser, { type MarkdownIt, type Token } from 'markdown-it';
import { TEXT_LIMIT } from '../markdown.js';
import { hiddenLines } from './hidden-lines.js';
import { hiddenPlaces, type Tag, tagsIn } from './html-tags.js';

export interface CommandLine {
  /** What follows the bot's name, blanks joined: `route dav`. */
  readonly text: string;
  /** Counted from 0. */
  readonly line: number;
}

/** Type of the token that marks the beginning of a line which names the bot. */
const MARK = 'named';

/**
 * Command lines in their order. `names`: what the bot is called, compared without case. Never throws; only the first 70,000
 * characters are read.
 */
export function commandLines(body: string, names: readonly string[]): CommandLine[] {
  const text = body.slice(0, TEXT_LIMIT).replace(/\r\n?/g, '\n');
  // Most comments name nobody.
  if (!names.some((name) => text.toLowerCase().includes(name.toLowerCase()))) return [];
  const parser = parserFor(names);
  const tokens = parser.parse(text, {});
  const hidden = hiddenLines(text, tokens);
  const found: (CommandLine | Tag)[] = [];
  let quoteOrList = 0;
  let paragraph = false;
  for (const token of tokens) {
    if (/^(?:blockquote|bullet_list|ordered_list|table)_(?:open|close)$/.test(token.type)) quoteOrList += token.nesting;
    else if (token.type === 'paragraph_open') paragraph = quoteOrList === 0 && token.level === 0;
    else if (token.type === 'paragraph_close') paragraph = false;
    else if (token.type === 'html_block') found.push(...tagsIn(token.content, 'block'));
    else if (token.type === 'inline') found.push(...linesOf(token, paragraph));
  }
  const covered = hiddenPlaces(found);
  return found.filter(
    (each, at): each is CommandLine => 'text' in each && !covered.has(at) && !hidden.has(each.line) && each.text !== '',
  );
}

/** Tags and command lines of one run of text, in order. Inside emphasis, a link or a tag of the same paragraph nothing counts. */
function linesOf(token: Token, counts: boolean): (CommandLine | Tag)[] {
  const found: (CommandLine | Tag)[] = [];
  let depth = 0;
  // Counted once, on the way: a comment may hold as many of them as it has lines.
  let line = token.map?.[0] ?? 0;
  let counted = 0;
  for (const child of token.children ?? []) {
    depth += child.nesting;
    if (child.type === 'html_inline') found.push(...tagsIn(child.content, 'inline'));
    else if (child.type === MARK && depth === 0 && counts) {
      const { at } = child.meta as { at: number };
      for (; counted < at; counted++) if (token.content[counted] === '\n') line += 1;
      found.push({ text: child.content, line });
    }
  }
  found.push({ kind: 'paragraph-end' });
  return found;
}

/** At most three blanks may stand before: more would look like code to whoever reads the source. */
function beginsLine(source: string, at: number): boolean {
  let from = at;
  while (from > 0 && at - from < 3 && source[from - 1] === ' ') from -= 1;
  return from === 0 || source[from - 1] === '\n';
}

const parsers = new Map<string, MarkdownIt>();

function parserFor(names: readonly string[]): MarkdownIt {
  const key = names.join(' ').toLowerCase();
  const known = parsers.get(key);
  if (known !== undefined) return known;
  const parser = createParser({ html: true });
  const choice = names.map((name) => name.replace(/[^\w-]/g, '\\$&')).join('|');
  const named = new RegExp(`^[/@](?:${choice})(?:\\[bot\\])?[ \\t]+(\\S[^\\n]*)`, 'i');
  // Before `text`, which would swallow the line's beginning. Only the first sign is consumed: the rest of the line is still parsed, so
  // that emphasis or code which ends in it is seen.
  parser.inline.ruler.before('text', MARK, (state, silent) => {
    const sign = state.src[state.pos];
    if (sign !== '/' && sign !== '@') return false;
    if (!beginsLine(state.src, state.pos)) return false;
    const rest = named.exec(state.src.slice(state.pos));
    if (rest === null) return false;
    if (!silent) {
      const mark = state.push(MARK, '', 0);
      mark.content = rest[1]!.replace(/\s+/g, ' ').trim();
      mark.meta = { at: state.pos };
    }
    state.pos += 1;
    return true;
  });
  if (parsers.size > 20) parsers.clear();
  parsers.set(key, parser);
  return parser;
}
