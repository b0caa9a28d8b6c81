/** YAML text with the place of every key and value, so that a problem found later can still say where it is. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { hardToRead, refusedUnread } from './hard-yaml.js';
import type { Problem, SourceFile } from './model.js';
import { MOST_PROBLEMS } from './most-problems.js';
import { shortened } from './problem-at.js';

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

/**
 * Reads YAML; never throws, and takes time in proportion to the text. Syntax errors, repeated keys, unknown tags and what only makes
 * reading hard (depth without end, keys that are no words, characters that no editor shows) become problems.
 */
export function parseYaml(source: SourceFile): YamlSource {
  const counter = new LineCounter();
  let refused = refusedUnread(source);
  let document = parseDocument('');
  try {
    if (refused === null)
      document = parseDocument(source.text, {
        lineCounter: counter,
        prettyErrors: false,
        merge: false,
        // It would compare each key with every other one; below each is looked up.
        uniqueKeys: false,
      });
  } catch (error) {
    // The parser calls itself for every level.
    refused = { file: source.path, line: 1, column: 1, message: `Not valid YAML: ${inWords(error)}`, suggestion: null };
  }
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings].slice(0, MOST_PROBLEMS + 1).map((error) => ({
    file: source.path,
    ...position(error.pos[0]),
    message: `Not valid YAML: ${inWords(error)}`,
    suggestion: null,
  }));
  if (refused !== null) problems.push(refused);
  const broken = refused !== null || document.errors.length > 0;
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
    if (isMap(node)) {
      const names = new Set<string>();
      for (const pair of node.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : '';
        const at = join(path, name);
        const key = place(pair.key, { line: 1, column: 1 });
        if (names.has(name))
          problems.push({
            file: source.path,
            ...key,
            message: 'This key stands here twice',
            suggestion: 'Keep one of them.',
          });
        names.add(name);
        if (keys.has(at)) continue;
        keys.set(at, key);
        values.set(at, place(pair.value, key));
        walk(pair.value, at);
      }
    } else if (isSeq(node))
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

function inWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /call stack/i.test(message) ? 'it is nested too deeply' : shortened(message);
}

export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
