/**
 * YAML that is right and yet not to be read: a small file can be a value without end, or one that takes for ever to make. Files of pull
 * requests are looked at too, so nobody has to be trusted for this.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, Lexer, type Node, Parser } from 'yaml';
import type { Problem, SourceFile } from './model.js';

/** Longer than any file of people: `dependencies.yml` of the packaged hub, which a program writes, has a tenth of it. */
const MOST_CHARACTERS = 256 * 1024;
/** Deeper than any key that there is. */
const DEEPEST = 32;
/** Collections that are open at a time: a key and its value are two. */
const MOST_OPEN = 100;
/** Signs one after the other in one line, which open something or name it; the reader of lines calls itself for each. */
const MOST_SIGNS = 40;
/** Control characters, which YAML forbids and no database takes, and halves of characters. */
const UNSEEN = /(?![\t\n\r\u0085])\p{Cc}|\p{Surrogate}/u;

/** Why a text is not even parsed; null when it is. */
export function refusedUnread({ path, text }: SourceFile): Problem | null {
  if (text.length > MOST_CHARACTERS)
    return {
      file: path,
      line: 1,
      column: 1,
      message: `The file is larger than ${MOST_CHARACTERS / 1024} KB`,
      suggestion: 'Leave out what no key needs.',
    };
  const unseen = text.search(UNSEEN);
  if (unseen !== -1) {
    const code = text.charCodeAt(unseen).toString(16).toUpperCase().padStart(4, '0');
    const message = `Here stands a character that no text has (U+${code})`;
    return { file: path, ...placeOf(text, unseen), message, suggestion: 'Take it out, and save the file as UTF-8.' };
  }
  const deep = tooDeep(text);
  if (deep === null) return null;
  return {
    file: path,
    ...placeOf(text, deep),
    message: 'From here on this is nested too deeply',
    suggestion: 'No key needs that.',
  };
}

/**
 * Where the text is nested too deeply to be parsed; null when it is not. The parser calls itself for each level, and where the stack ends
 * in the wrong place the whole process ends: V8 cannot give an error then.
 */
function tooDeep(text: string): number | null {
  const signs = manySigns(text);
  if (signs !== null) return signs;
  const parser = new Parser();
  let read = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const made = parser.next(lexeme);
    while (!made.next().done);
    if (parser.stack.length > MOST_OPEN) return Math.min(read, text.length);
    read = parser.offset;
  }
  return null;
}

function manySigns(text: string): number | null {
  let together = 0;
  for (const { 0: word, index } of text.matchAll(/[^ \t\r\n]+|[\r\n]+/g)) {
    together = /^(?:[-?:]$|[&!])/.test(word) ? together + 1 : 0;
    if (together > MOST_SIGNS) return index;
  }
  return null;
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

export interface Hard {
  readonly offset: number;
  readonly problem: Pick<Problem, 'message' | 'suggestion'>;
}

/** The first place that would make a value without end, or one that takes for ever to make; null when there is none. */
export function hardToRead(root: unknown): Hard | null {
  const hard = (node: unknown, message: string, suggestion: string): Hard => ({
    offset: (node as Node | null)?.range?.[0] ?? 0,
    problem: { message, suggestion },
  });
  const look = (node: unknown, above: readonly string[], depth: number): Hard | null => {
    if (depth > DEEPEST) return hard(node, `This is nested deeper than ${DEEPEST} levels`, 'No key needs that.');
    if (isAlias(node))
      return above.includes(node.source)
        ? hard(node, `"*${node.source}" stands inside what it names`, 'Write the value out.')
        : null;
    if (isScalar(node) && typeof node.value === 'string' && UNSEEN.test(node.value))
      return hard(node, 'This text holds a character that no text has', 'Take its escape out.');
    if (!isMap(node) && !isSeq(node)) return null;
    const names = node.anchor === undefined ? above : [...above, node.anchor];
    for (const item of node.items) {
      if (isPair(item) && item.key !== null && !isScalar(item.key))
        return hard(item.key, 'This key is no word', 'Write KEY: VALUE.');
      const key = isPair(item) ? look(item.key, names, depth) : null;
      if (key !== null) return key;
      const found = look(isPair(item) ? item.value : item, names, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return look(root, [], 0);
}
