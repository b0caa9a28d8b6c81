/**
 * Makes bad configuration files of good ones: in the tree (a key or value is gone, is another, stands twice, is nested without end), in
 * the bytes, and with what only YAML has: anchors that multiply, tags, merges, documents behind the document.
 */
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Dice } from './dice.js';
import { HOSTILE, hugeText } from './hostile-text.js';
import type { Mutated } from './mutate-json.js';

type Change = (document: Document, dice: Dice) => string;

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e21,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  [],
  {},
  [[[]]],
  ['a', 1, null],
  { a: { b: 1 } },
];

/** Changes of the tree; each says what it did. */
const TREE: readonly Change[] = [
  function drop(document, dice) {
    const { path } = anyPath(document, dice);
    if (path.length > 0) document.deleteIn(path);
    return `drop ${path.join('.')}`;
  },
  function other(document, dice) {
    const { path } = anyPath(document, dice);
    const value = dice.oneIn(2) ? dice.pick(VALUES) : dice.pick(HOSTILE);
    if (path.length === 0) document.contents = document.createNode(value) as Document['contents'];
    else document.setIn(path, value);
    return `other ${path.join('.')}`;
  },
  function renamed(document, dice) {
    const { node, path } = anyPath(document, dice, isMap);
    const pair = isMap(node) && node.items.length > 0 ? dice.pick(node.items) : null;
    if (pair)
      pair.key = document.createNode(dice.pick([...HOSTILE, 'poool', '__proto__', 'constructor', 7, null, ['a']]));
    return `renamed in ${path.join('.')}`;
  },
  function added(document, dice) {
    const { path } = anyPath(document, dice, isMap);
    const key = dice.pick(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '<<', 'policy', 'chekcs', '']);
    if (isMap(document.contents)) document.setIn([...path, key], dice.pick(VALUES));
    return `added ${path.join('.')}.${key}`;
  },
  function many(document, dice) {
    const { node, path } = anyPath(document, dice, isSeq);
    if (isSeq(node) && node.items.length > 0) {
      const one = dice.pick(node.items);
      for (let left = 1 + dice.roll(2000); left > 0; left--) node.items.push(one);
    }
    return `many in ${path.join('.')}`;
  },
  function long(document, dice) {
    const { path } = anyPath(document, dice, isScalar);
    if (path.length > 0) document.setIn(path, hugeText(dice, 1 + dice.roll(dice.oneIn(10) ? 300_000 : 5000)));
    return `long ${path.join('.')}`;
  },
];

/** Changes of the text. */
const TEXT: readonly ((text: string, dice: Dice) => { text: string; what: string })[] = [
  (text, dice) => {
    const at = dice.roll(text.length + 1);
    return { text: text.slice(0, at), what: `cut at ${at}` };
  },
  (text, dice) => {
    const at = dice.roll(text.length + 1);
    return { text: text.slice(0, at) + dice.pick(HOSTILE) + text.slice(at + dice.roll(4)), what: `broken at ${at}` };
  },
  (text, dice) => {
    const signs = [
      '\t',
      ':',
      '- ',
      '&a ',
      '*a',
      '? ',
      '{',
      '[',
      ']',
      '}',
      '|',
      '>',
      '"',
      "'",
      '%',
      '@',
      '`',
      '#',
      '\n',
      '!!binary ',
    ];
    const at = dice.roll(text.length + 1);
    const sign = dice.pick(signs);
    return { text: text.slice(0, at) + sign + text.slice(at), what: `${JSON.stringify(sign)} at ${at}` };
  },
  (text, dice) => {
    const lines = text.split('\n');
    const at = dice.roll(lines.length);
    const wrong = dice.pick([
      ...lines,
      '  indented: wrongly',
      '---',
      '...',
      '%YAML 9.9',
      '!!js/function x: y',
      'a: &a [*a]',
    ]);
    lines.splice(at, dice.roll(2), wrong);
    return { text: lines.join('\n'), what: `line ${at + 1} is ${JSON.stringify(wrong.slice(0, 30))}` };
  },
  (text, dice) => ({
    text: dice.oneIn(2) ? `\ufeff${text}` : text.replaceAll('\n', dice.pick(['\r\n', '\r', '\u2028'])),
    what: 'other line ends',
  }),
  (text, dice) => ({ text: `${text}\n${dice.pick(BOMBS)(dice)}\n`, what: 'a bomb at the end' }),
  (_, dice) => ({ text: dice.pick(BOMBS)(dice), what: 'nothing but a bomb' }),
];

/** Small files that are large, deep or slow to read. */
export const BOMBS: readonly ((dice: Dice) => string)[] = [
  // Nine anchors, each ten times the one before.
  () =>
    ['a: &a [x, x, x, x, x, x, x, x, x, x]']
      .concat(
        [...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[at]}`).join(', ')}]`),
      )
      .join('\n'),
  () => 'a: &a\n  b: *a',
  () => `x: &x {k: v}\n${Array.from({ length: 500 }, (_, n) => `k${n}: {<<: *x}`).join('\n')}`,
  (dice) => '['.repeat(1 + dice.roll(dice.oneIn(4) ? 50_000 : 500)),
  (dice) => `a: ${'['.repeat(200 + dice.roll(5000))}`,
  (dice) => {
    const depth = 1 + dice.roll(dice.oneIn(4) ? 20_000 : 300);
    return `x: ${'['.repeat(depth)}${']'.repeat(depth)}`;
  },
  (dice) => `x: ${'{a: '.repeat(1 + dice.roll(3000))}`,
  (dice) => Array.from({ length: 1 + dice.roll(1500) }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
  (dice) => `${'- '.repeat(1 + dice.roll(8000))}x`,
  (dice) => `${'? '.repeat(1 + dice.roll(4000))}x`,
  (dice) => `a: "${'\\x41'.repeat(1 + dice.roll(100_000))}"`,
  (dice) => Array.from({ length: 1 + dice.roll(20_000) }, (_, n) => `key${n}: ${n}`).join('\n'),
  (dice) => `a: ${'9'.repeat(1 + dice.roll(100_000))}`,
  () => 'a: !!timestamp 2026-99-99\nb: !!binary "%%%"\nc: !!set {a, b}\nd: !!omap [a: 1]',
  () => '\0\0\0\0',
  () => '',
];

/** One or two changes of a file that is right. */
export function mutateYaml(text: string, dice: Dice): Mutated {
  const changes: string[] = [];
  let changed = text;
  for (let left = 1 + dice.roll(2); left > 0; left--) {
    const document = dice.oneIn(2) ? parseDocument(changed) : null;
    if (document !== null && document.errors.length === 0) {
      const tree = inTree(document, dice);
      changed = tree?.text ?? changed;
      changes.push(tree?.what ?? 'nothing');
    } else {
      const result = dice.pick(TEXT)(changed, dice);
      changed = result.text;
      changes.push(result.what);
      // Nothing here is made to read one of them.
      if (result.what.includes('bomb')) break;
    }
  }
  return { text: changed, changes };
}

/** Null for a tree that cannot be changed so, or not be written then, such as one with a reference to what is gone. */
function inTree(document: Document, dice: Dice): { text: string; what: string } | null {
  try {
    const what = dice.pick(TREE)(document, dice);
    return { text: document.toString(), what };
  } catch {
    return null;
  }
}

/** Any place of the tree of which a condition holds, or the root. */
function anyPath(
  document: Document,
  dice: Dice,
  condition: (node: unknown) => boolean = () => true,
): { readonly node: unknown; readonly path: unknown[] } {
  const places: { node: unknown; path: unknown[] }[] = [];
  const walk = (node: unknown, path: unknown[]): void => {
    if (places.length > 3000 || path.length > 50) return;
    if (condition(node)) places.push({ node, path });
    if (isMap(node)) for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? key.value : key]);
    else if (isSeq(node)) for (const [at, each] of node.items.entries()) walk(each, [...path, at]);
  };
  walk(document.contents, []);
  return places.length === 0 ? { node: document.contents, path: [] } : dice.pick(places);
}
