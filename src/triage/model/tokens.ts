/**
 * Text to words and character n-grams, as hashes, in one pass without regular expressions: this is where the time of a prediction goes.
 */
import { finish, start, step } from './hash.js';

/** The words of a text. `ends[i]` is where word i ends in the text; `stems[i]` is the same for "fails", "failed" and "failing". */
export interface Words {
  readonly count: number;
  readonly hashes: Uint32Array;
  readonly stems: Uint32Array;
  readonly ends: Uint32Array;
}

/** Room for as many words as a text has characters; to allocate it for every text took longer than to read the text. */
function scratchFor(most: number) {
  return { hashes: new Uint32Array(most), stems: new Uint32Array(most), ends: new Uint32Array(most) };
}

let scratch = scratchFor(16_384);

/** Expects lower case. Digits and underscores belong to words; `? ! : [ ]` are words of their own, other signs only separate. */
export function wordsOf(text: string): Words {
  const most = text.length;
  if (scratch.hashes.length < most) scratch = scratchFor(most);
  const { hashes, stems, ends } = scratch;
  let count = 0;
  let at = 0;
  while (at < most) {
    const code = text.charCodeAt(at);
    if (!isWord(code)) {
      at += 1;
      if (!isSign(code)) continue;
      hashes[count] = stems[count] = finish(step(start(0), code));
      ends[count] = at;
      count += 1;
      continue;
    }
    const from = at;
    let hash = start(0);
    while (at < most && isWord(text.charCodeAt(at))) {
      hash = step(hash, text.charCodeAt(at));
      at += 1;
    }
    hashes[count] = finish(hash);
    stems[count] = stem(text, from, at);
    ends[count] = at;
    count += 1;
  }
  return {
    count,
    hashes: hashes.slice(0, count),
    stems: stems.slice(0, count),
    ends: ends.slice(0, count),
  };
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95 || code >= 128;
}

function isSign(code: number): boolean {
  return code === 63 || code === 33 || code === 58 || code === 91 || code === 93;
}

/** Cuts -ing, -ed, -es, -s and -e. Crude, but the lexicon's own phrases go through the same cut. */
function stem(text: string, from: number, to: number): number {
  let end = to;
  if (end - from >= 5 && text.endsWith('ing', end)) end -= 3;
  else if (end - from >= 4) {
    if (text.endsWith('ed', end) || text.endsWith('es', end)) end -= 2;
    else if (text.charCodeAt(end - 1) === 115 && text.charCodeAt(end - 2) !== 115) end -= 1;
  }
  if (end - from >= 3 && text.charCodeAt(end - 1) === 101) end -= 1;
  let hash = start(0);
  for (let at = from; at < end; at += 1) hash = step(hash, text.charCodeAt(at));
  return finish(hash);
}

/** Calls back for every run of 1 to `longest` of the words `from` to `to` (not included), known by their hashes or stems. */
export function eachRun(
  words: Uint32Array,
  from: number,
  to: number,
  longest: number,
  seed: number,
  found: (hash: number) => void,
): void {
  for (let first = from; first < to; first += 1) {
    let hash = start(seed);
    const last = Math.min(to, first + longest);
    for (let at = first; at < last; at += 1) {
      hash = step(Math.imul(hash, 0x85ebca6b), words[at]!);
      found(finish(hash));
    }
  }
}

/** Calls back for every run of `shortest` to `longest` characters. */
export function eachCharacterRun(
  text: string,
  shortest: number,
  longest: number,
  seed: number,
  found: (hash: number) => void,
): void {
  for (let first = 0; first + shortest <= text.length; first += 1) {
    let hash = start(seed);
    const last = Math.min(text.length, first + longest);
    for (let at = first; at < last; at += 1) {
      hash = step(hash, text.charCodeAt(at));
      if (at - first + 1 >= shortest) found(finish(hash));
    }
  }
}
