/** The commands of a CMake file with their arguments, lines and the conditions around them. Never fails: what it cannot read it leaves out. */

export interface CMakeCommand {
  /** In lower case. */
  readonly name: string;
  readonly args: readonly string[];
  /** Counts from 1. */
  readonly line: number;
  /** Arguments of every `if` (or `elseif`, `else`) that it stands in, the outermost first. */
  readonly under: readonly string[];
}

/** Reads a whole file once from front to end. */
export function cmakeCommands(text: string): CMakeCommand[] {
  const found: CMakeCommand[] = [];
  const under: string[] = [];
  const source: Source = { text, at: 0, line: 1 };
  while (source.at < text.length) {
    const sign = text[source.at]!;
    if (sign === '#') skipComment(source);
    else if (/[A-Za-z_]/.test(sign)) {
      const { line } = source;
      const name = take(source, /[A-Za-z0-9_]/).toLowerCase();
      const args = readArguments(source);
      if (args === null) continue;
      if (name === 'if') under.push(args.join(' '));
      else if (name === 'elseif' || name === 'else') {
        const before = under.pop();
        if (before !== undefined) under.push(name === 'else' ? `NOT ( ${before} )` : args.join(' '));
      } else if (name === 'endif') under.pop();
      else found.push({ name, args, line, under: [...under.slice(0, MOST_DEEP)] });
    } else step(source);
  }
  return found;
}

const MOST_DEEP = 20;

interface Source {
  readonly text: string;
  at: number;
  line: number;
}

function step(source: Source): void {
  if (source.text[source.at] === '\n') source.line += 1;
  source.at += 1;
}

function take(source: Source, signs: RegExp): string {
  const start = source.at;
  while (source.at < source.text.length && signs.test(source.text[source.at]!)) step(source);
  return source.text.slice(start, source.at);
}

/** Arguments in their parentheses, inner parentheses as words of their own; null when none follow. */
function readArguments(source: Source): string[] | null {
  const { text } = source;
  while (text[source.at] === ' ' || text[source.at] === '\t') source.at += 1;
  if (text[source.at] !== '(') return null;
  source.at += 1;
  const args: string[] = [];
  for (let depth = 1; source.at < text.length; ) {
    const sign = text[source.at]!;
    if (/\s/.test(sign)) step(source);
    else if (sign === '#') skipComment(source);
    else if (sign === '(' || sign === ')') {
      source.at += 1;
      depth += sign === '(' ? 1 : -1;
      if (depth === 0) break;
      args.push(sign);
    } else if (sign === '"') args.push(readQuoted(source));
    else args.push(readBracketed(source) ?? readWord(source));
  }
  return args;
}

function readQuoted(source: Source): string {
  const { text } = source;
  step(source);
  const start = source.at;
  while (source.at < text.length && text[source.at] !== '"') {
    if (text[source.at] === '\\') step(source);
    step(source);
  }
  const end = Math.min(source.at, text.length);
  source.at = end + 1;
  return text.slice(start, end);
}

/** `[[ ... ]]` and `[=[ ... ]=]`; null where none begins. */
function readBracketed(source: Source): string | null {
  const open = /^\[(=*)\[/.exec(source.text.slice(source.at, source.at + 20));
  if (open === null) return null;
  const close = `]${open[1]}]`;
  const start = source.at + open[0].length;
  const found = source.text.indexOf(close, start);
  const end = found < 0 ? source.text.length : found;
  while (source.at < Math.min(end + close.length, source.text.length)) step(source);
  return source.text.slice(start, end);
}

function readWord(source: Source): string {
  const start = source.at;
  while (source.at < source.text.length && !/[\s()#]/.test(source.text[source.at]!)) {
    if (source.text[source.at] === '"') {
      readQuoted(source);
      continue;
    }
    if (source.text[source.at] === '\\') step(source);
    step(source);
  }
  return source.text.slice(start, source.at);
}

function skipComment(source: Source): void {
  source.at += 1;
  if (readBracketed(source) !== null) return;
  while (source.at < source.text.length && source.text[source.at] !== '\n') source.at += 1;
}
