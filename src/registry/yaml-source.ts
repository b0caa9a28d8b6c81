/** YAML text with the place of every key and value, so that a problem found later can still say where it is. */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem, SourceFile } from './model.js';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  readonly file: string;
  /** Plain JavaScript value; undefined when the text is not YAML at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at a path begins; the nearest enclosing one when the path is missing. */
  at(path: readonly PropertyKey[]): Position;
  /** Where the key at the end of a path stands. */
  keyAt(path: readonly PropertyKey[]): Position;
  /** Line of each key (or of each entry of a list) by dotted path. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Longer than any file of people: `dependencies.yml` of the packaged hub, which a program writes, has a tenth of it. */
const MOST_CHARACTERS = 256 * 1024;
/** Deeper than any key that there is. */
const DEEPEST = 32;
/** Who has more of them is helped by the first. */
const MOST_PROBLEMS = 50;

/**
 * Reads YAML; never throws, and takes time in proportion to the text. Syntax errors, repeated keys, unknown tags and what only makes
 * reading hard (depth without end, keys that are no words, characters that no editor shows) become problems.
 */
export function parseYaml(source: SourceFile): YamlSource {
  const counter = new LineCounter();
  const refused = refusedUnread(source);
  const text = refused === null ? source.text : '';
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: false });
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings].slice(0, MOST_PROBLEMS).map((error) => ({
    file: source.path,
    ...position(error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? 'This key stands here twice' : `Not valid YAML: ${inWords(error)}`,
    suggestion: error.code === 'DUPLICATE_KEY' ? 'Keep one of them.' : null,
  }));
  if (refused !== null) problems.push(refused);
  const broken = refused !== null || document.errors.some((error) => error.code !== 'DUPLICATE_KEY');
  const hard = broken ? null : hardToRead(document.contents);
  if (hard !== null) problems.push({ file: source.path, ...position(hard.offset), ...hard.problem });

  const values = new Map<string, Position>();
  const keys = new Map<string, Position>();
  // Aliases are not followed: what is wrong inside one is shown where the alias stands.
  const walk = (node: unknown, path: string): void => {
    const place = (child: unknown, fallback: Position) => {
      const range = (child as Node | null)?.range;
      return range ? position(range[0]) : fallback;
    };
    if (isMap(node))
      for (const pair of node.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        const at = join(path, name);
        const key = place(pair.key, { line: 1, column: 1 });
        if (keys.has(at)) continue;
        keys.set(at, key);
        values.set(at, place(pair.value, key));
        walk(pair.value, at);
      }
    else if (isSeq(node))
      node.items.forEach((entry, index) => {
        const at = join(path, String(index));
        const here = place(entry, values.get(path) ?? { line: 1, column: 1 });
        keys.set(at, here);
        values.set(at, here);
        walk(entry, at);
      });
  };
  let value: unknown;
  if (!broken && hard === null) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
      walk(document.contents, '');
    } catch (error) {
      problems.push({
        file: source.path,
        line: 1,
        column: 1,
        message: `Not usable YAML: ${error instanceof Error ? error.message : String(error)}`,
        suggestion: 'Write the values out instead of using anchors and aliases.',
      });
    }
  }
  const find = (map: ReadonlyMap<string, Position>, path: readonly PropertyKey[]): Position => {
    for (let length = path.length; length > 0; length--) {
      const found = (length === path.length ? map : values).get(dotted(path.slice(0, length)));
      if (found) return found;
    }
    return { line: 1, column: 1 };
  };
  return {
    file: source.path,
    value,
    problems,
    at: (path) => find(values, path),
    keyAt: (path) => find(keys, path),
    lines: new Map([...keys].map(([path, at]) => [path, at.line])),
  };
}

function refusedUnread({ path, text }: SourceFile): Problem | null {
  if (text.length > MOST_CHARACTERS)
    return {
      file: path,
      line: 1,
      column: 1,
      message: `The file is larger than ${MOST_CHARACTERS / 1024} KB`,
      suggestion: 'Leave out what no key needs.',
    };
  const at = text.search(UNSEEN);
  if (at === -1) return null;
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  return {
    file: path,
    line: before.length,
    column: before.at(-1)!.length + 1,
    message: `Here stands a character that no text has (U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')})`,
    suggestion: 'Take it out, and save the file as UTF-8.',
  };
}

/** Control characters, which YAML forbids and no database takes, and halves of characters. */
const UNSEEN = /(?![\t\n\r\u0085])\p{Cc}|\p{Surrogate}/u;

function inWords({ message }: { readonly message: string }): string {
  return /call stack/i.test(message) ? 'it is nested too deeply' : message;
}

interface Hard {
  readonly offset: number;
  readonly problem: Pick<Problem, 'message' | 'suggestion'>;
}

/** The first place that would make a value without end, or one that takes for ever to make; null when there is none. */
function hardToRead(root: unknown): Hard | null {
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
    if (!isMap(node) && !isSeq(node)) return null;
    const names = node.anchor === undefined ? above : [...above, node.anchor];
    for (const item of node.items) {
      if (isPair(item) && item.key !== null && !isScalar(item.key))
        return hard(item.key, 'This key is no word', 'Write KEY: VALUE.');
      const found = look(isPair(item) ? item.value : item, names, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return look(root, [], 0);
}

export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
