/**
 * Patterns of CODEOWNERS: those of .gitignore without negation and without ranges, and with one difference, that `docs/*` is the files
 * of a folder and not what lies deeper. Matched by hand, since a pattern from outside made into a regular expression could be made
 * to take for ever.
 */

/** Any number of folders (`**`), a plain name, or the signs of a name with wildcards, where null stands for `*`. */
type Part = typeof FOLDERS | string | readonly (string | null)[];

const FOLDERS = Symbol('**');

export interface PathPattern {
  readonly parts: readonly Part[];
  /** Whether what lies in a folder that matches is meant too. */
  readonly below: 'may' | 'must' | 'not';
}

/** Null for what GitHub does not take: negation, ranges, and nothing at all. */
export function parsePattern(pattern: string): PathPattern | null {
  if (pattern.startsWith('!') || /[[\]]/.test(pattern)) return null;
  const folder = pattern.endsWith('/');
  const bare = pattern.replace(/^\/+|\/+$/g, '');
  if (bare === '') return folder ? { parts: [FOLDERS], below: 'may' } : null;
  // Anchored by any slash that is not its last sign.
  const anchored = pattern.replace(/\/+$/, '').includes('/');
  const names = anchored ? bare.split('/') : ['**', bare];
  const last = names.at(-1);
  // `a/**` is what is in a, not a itself.
  if (last === '**' && names.length > 1 && names.some((name) => name !== '**'))
    return { parts: names.slice(0, -1).map(partOf), below: 'must' };
  return { parts: names.map(partOf), below: folder ? 'must' : anchored && last === '*' ? 'not' : 'may' };
}

function partOf(name: string): Part {
  if (name === '**') return FOLDERS;
  if (!/[*?\\]/.test(name)) return name;
  return [...name.matchAll(/\\(.)|(.)/gsu)].map((match) => match[1] ?? (match[2] === '*' ? null : match[2]!));
}

/** Whether a path without leading slash matches. Case counts. */
export function patternMatches({ parts, below }: PathPattern, path: string): boolean {
  const names = path.split('/');
  const matches = remembering();
  // A folder on the way that matches owns what is in it.
  const shortest = below === 'not' ? names.length : 1;
  for (let length = below === 'must' ? names.length - 1 : names.length; length >= shortest; length--)
    if (starred(parts, names.slice(0, length), isFolders, matches)) return true;
  return false;
}

function isFolders(part: Part): boolean {
  return part === FOLDERS;
}

/** Each folder on the way begins anew, and the same names come again and again. */
function remembering(): (part: Part, name: string) => boolean {
  const known = new Map<Part, Map<string, boolean>>();
  return (part, name) => {
    if (typeof part === 'string') return part === name;
    if (typeof part === 'symbol' || !mayMatch(part, name)) return false;
    const names = known.get(part) ?? new Map<string, boolean>();
    const found = names.get(name) ?? starred(part, [...name], isAnything, signMatches);
    known.set(part, names.set(name, found));
    return found;
  };
}

/** By its first and last sign, which tell most names from most patterns. */
function mayMatch(part: readonly (string | null)[], name: string): boolean {
  const [first, last] = [part[0]!, part.at(-1)!];
  return (
    (first === null || first === '?' || name.startsWith(first)) &&
    (last === null || last === '?' || name.endsWith(last))
  );
}

function isAnything(sign: string | null): boolean {
  return sign === null;
}

function signMatches(sign: string | null, letter: string): boolean {
  return sign === letter || sign === '?';
}

/** Wildcard matching that goes back to the last star only: at worst the product of the two lengths. */
function starred<P, N>(
  pattern: readonly P[],
  text: readonly N[],
  isStar: (one: P) => boolean,
  equal: (one: P, other: N) => boolean,
): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let t = 0; t < text.length; ) {
    if (p < pattern.length && isStar(pattern[p]!)) {
      star = p++;
      resume = t;
    } else if (p < pattern.length && equal(pattern[p]!, text[t]!)) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (p < pattern.length && isStar(pattern[p]!)) p += 1;
  return p === pattern.length;
}
