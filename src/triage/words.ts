/** Words of a text with their places, cut the same way for the catalogue's names and for what people write. */

export interface Word {
  readonly lower: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[A-Za-z0-9]+(?:\+\+)?/g;

/** Cuts a text into words; `++` stays with its word (UPC++), every other sign separates. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    found.push({ lower: word.toLowerCase(), text: word, start: match.index, end: match.index + word.length });
  }
  return found;
}

export function joinWords(parts: readonly string[]): string {
  return parts.join(' ');
}

/** True where two neighbouring words may be parts of one name: `Open MPI`, `vtk-m`, `Swift/T`, `deal.II`. */
export function joinable(between: string): boolean {
  return /^(?:[-_. /]| \/ )$/.test(between);
}

/** Short everyday words that a catalogue may list as a name without saying that they are words too. */
const EVERYDAY = new Set(['camp', 'hydra', 'turbine', 'regent', 'spack', 'ch4', 'libe', 'diy', 'bee', 'er', 'ida']);

export function isEverydayWord(name: string): boolean {
  return name.length <= 2 || (EVERYDAY.has(name.toLowerCase()) && name.toLowerCase() !== 'spack');
}

/** One letter mistyped, or two neighbours swapped, in a word that is long enough not to be another one ("ncurves"). */
export function isMistyped(word: string, name: string): boolean {
  if (word.length !== name.length || word.length < 6 || word[0] !== name[0]) return false;
  const off = [...name].flatMap((letter, at) => (letter === word[at] ? [] : [at]));
  if (off.some((at) => !/[a-z]/.test(word[at]!) || !/[a-z]/.test(name[at]!))) return false;
  const [one, two] = off;
  if (off.length === 2) return two === one! + 1 && word[one!] === name[two] && word[two] === name[one!];
  return off.length === 1;
}
