/** Calls in a Python text with their arguments, for reading recipes as data: nothing is run, and nothing unreadable fails. */

export interface PythonString {
  readonly text: string;
  /** An f-string: its braces hold what only Python knows. */
  readonly computed: boolean;
  readonly line: number;
}

type Token =
  | ({ readonly kind: 'string' } & PythonString)
  | { readonly kind: 'name' | 'sign'; readonly text: string; readonly line: number };

export interface PythonArgument {
  /** Null for one without a keyword. */
  readonly keyword: string | null;
  /** Its first string; null when it has none. */
  readonly string: PythonString | null;
}

export interface PythonCall {
  /** The last part of a dotted name. */
  readonly name: string;
  readonly args: readonly PythonArgument[];
  readonly line: number;
}

export interface PythonText {
  readonly strings: readonly PythonString[];
  readonly calls: readonly PythonCall[];
}

const MOST_TOKENS = 400;

/** Every string, and every call of one of `names`. */
export function readPython(text: string, names: ReadonlySet<string>): PythonText {
  const tokens = tokensOf(text);
  const calls = tokens.flatMap((token, index): PythonCall[] =>
    token.kind === 'name' && names.has(token.text) && tokens[index + 1]?.text === '(' && !isDefined(tokens, index)
      ? [{ name: token.text, args: argumentsOf(tokens.slice(index + 2, index + 2 + MOST_TOKENS)), line: token.line }]
      : [],
  );
  return { strings: tokens.filter((token) => token.kind === 'string'), calls };
}

function isDefined(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return before?.kind === 'name' && before.text === 'def';
}

const TOKEN = /#[^\n]*|\n|([A-Za-z]{0,2})("""|'''|"|')|[A-Za-z_]\w*|\d[\w.]*|[^\S\n]+|./gu;

function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, prefix = '', quote] = match;
    if (whole === '\n') line += 1;
    else if (quote !== undefined) {
      const start = pattern.lastIndex;
      const end = endOfString(text, start, quote);
      const inside = text.slice(start, end);
      found.push({ kind: 'string', text: inside, computed: /f/i.test(prefix), line });
      line += inside.split('\n').length - 1;
      pattern.lastIndex = Math.min(end + quote.length, text.length);
    } else if (!/^[#\s]/.test(whole))
      found.push({ kind: /^[A-Za-z_]/.test(whole) ? 'name' : 'sign', text: whole, line });
  }
  return found;
}

/** Where the closing quote begins; a string of one line ends with its line at the latest. */
function endOfString(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at) || (quote.length === 1 && text[at] === '\n')) return at;
  }
  return text.length;
}

/** From behind the opening parenthesis to the closing one. */
function argumentsOf(tokens: readonly Token[]): PythonArgument[] {
  const args: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'sign' && '([{'.includes(token.text)) depth += 1;
    if (token.kind === 'sign' && ')]}'.includes(token.text)) depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && token.kind === 'sign' && token.text === ',') args.push([]);
    else args.at(-1)!.push(token);
  }
  return args
    .filter((one) => one.length > 0)
    .map((one) => ({
      keyword: one[0]?.kind === 'name' && one[1]?.text === '=' ? one[0].text : null,
      string: one.find((token) => token.kind === 'string') ?? null,
    }));
}
