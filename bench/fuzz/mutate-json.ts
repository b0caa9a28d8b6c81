/**
 * Makes bad JSON documents of good ones. The result is text, since what troubles a reader most cannot be said by a JavaScript value:
 * keys that stand twice, numbers without an end, halves of surrogate pairs, brackets that never close.
 */
import type { Dice } from './dice.js';
import { HOSTILE, hugeText } from './hostile-text.js';

/** Text that stands in the document as it is. */
class Raw {
  constructor(readonly text: string) {}
}

type Json = null | boolean | number | string | Raw | Json[] | { [key: string]: Json };
type Holder = Json[] | { [key: string]: Json };

interface Place {
  readonly holder: Holder;
  readonly key: string | number;
  readonly path: string;
}

export interface Mutated {
  readonly text: string;
  /** What was done to it, in order, e.g. `drop issue.user`. */
  readonly changes: readonly string[];
}

export interface MutateOptions {
  /** Longest text and deepest nesting that is put in. */
  readonly longest: number;
  readonly deepest: number;
  /** Of four changes three happen to values whose path matches. */
  readonly prefer?: RegExp;
}

type Change = (place: Place, dice: Dice, options: MutateOptions) => void;

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1',
  '2147483647',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775808',
  '1e400',
  '-1e400',
  '1e-400',
  '0.1',
  '3.9999999999999999999',
  `1${'0'.repeat(400)}`,
];
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length', ''];

const CHANGES: Readonly<Record<string, Change>> = {
  drop({ holder, key }) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  empty: (place) => put(place, null),
  retype: (place, dice) => put(place, dice.pick<Json>(['text', 1, true, [], {}, [[]], { id: {} }, ['a', null, 3]])),
  number: (place, dice) => put(place, new Raw(dice.pick(NUMBERS))),
  text: (place, dice) => put(place, dice.pick(HOSTILE)),
  huge: (place, dice, { longest }) =>
    put(place, hugeText(dice, 1 + dice.roll(dice.oneIn(20) ? longest : longest / 50))),
  within(place, dice) {
    const old = at(place);
    if (typeof old !== 'string') return put(place, dice.pick(HOSTILE));
    const cut = dice.roll(old.length + 1);
    put(place, old.slice(0, cut) + dice.pick(HOSTILE) + old.slice(cut));
  },
  deepen(place, dice, { deepest }) {
    const depth = 1 + dice.roll(dice.oneIn(8) ? deepest : 200);
    const [open, close] = dice.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['{"__proto__":', '}'],
    ]);
    put(place, new Raw(open.repeat(depth) + write(at(place)) + close.repeat(depth)));
  },
  key(place, dice) {
    const old = at(place);
    const name = JSON.stringify(dice.pick(KEYS));
    const inner = isObject(old) ? write(old).slice(1, -1) : '';
    put(place, new Raw(`{${name}:{"polluted":true,"admin":true}${inner === '' ? '' : `,${inner}`}}`));
  },
  twice({ holder, key }, dice) {
    const name = JSON.stringify(String(key));
    // What an object has under a key that stands twice is a reader's choice.
    if (!Array.isArray(holder))
      holder[key] = new Raw(`${write(at({ holder, key }))},${name}:${write(dice.pick<Json>([null, 7, 'x', {}, []]))}`);
  },
  many(place, dice, { longest }) {
    const old = write(at(place));
    const most = Math.min(dice.oneIn(10) ? 5000 : 100, 2 + Math.ceil(longest / (old.length + 1)));
    put(
      place,
      new Raw(
        `[${Array(1 + dice.roll(most))
          .fill(old)
          .join(',')}]`,
      ),
    );
  },
  swap(place, dice) {
    const keys = Object.keys(place.holder);
    const other = dice.pick(keys);
    const mine = at(place);
    put(place, at({ ...place, key: other }));
    put({ ...place, key: other }, mine);
  },
};
const NAMES = Object.keys(CHANGES);

/** One to four changes of a document; sometimes its text is cut or a byte of it is another. The document given stays as it is. */
export function mutateJson(document: unknown, dice: Dice, options: MutateOptions): Mutated {
  const root = [structuredClone(document) as Json];
  const changes: string[] = [];
  for (let left = 1 + dice.roll(4); left > 0; left--) {
    const all = placesIn(root[0]!);
    const wanted = options.prefer === undefined ? [] : all.filter(({ path }) => options.prefer!.test(path));
    const place = dice.oneIn(40)
      ? { holder: root, key: 0, path: '(all)' }
      : dice.pick(wanted.length > 0 && !dice.oneIn(4) ? wanted : all);
    if (place === undefined) break;
    const name = dice.pick(NAMES);
    CHANGES[name]!(place, dice, options);
    changes.push(`${name} ${place.path}`);
  }
  const text = root[0] === undefined ? '' : write(root[0]);
  if (!dice.oneIn(25)) return { text, changes };
  const cut = dice.roll(text.length + 1);
  return dice.oneIn(2)
    ? { text: text.slice(0, cut), changes: [...changes, `cut at ${cut}`] }
    : {
        text: text.slice(0, cut) + dice.pick(HOSTILE) + text.slice(cut + 1),
        changes: [...changes, `broken at ${cut}`],
      };
}

const MOST_PLACES = 5000;

function placesIn(root: Json): Place[] {
  const places: Place[] = [];
  const walk = (holder: Json, path: string): void => {
    if (typeof holder !== 'object' || holder === null || holder instanceof Raw) return;
    for (const key of Object.keys(holder)) {
      if (places.length >= MOST_PLACES) return;
      const here = path === '' ? key : `${path}.${key}`;
      places.push({ holder, key, path: here });
      walk(at({ holder, key }), here);
    }
  };
  walk(root, '');
  return places;
}

function at({ holder, key }: Pick<Place, 'holder' | 'key'>): Json {
  return (holder as { [key: string]: Json })[key] ?? null;
}

function put({ holder, key }: Place, value: Json): void {
  (holder as { [key: string]: Json })[key] = value;
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Raw);
}

function write(value: Json): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map((each) => write(each ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, each]) => `${JSON.stringify(key)}:${write(each)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}
