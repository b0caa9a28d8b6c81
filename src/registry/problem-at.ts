/** A problem at the value (or the key) of a path. */
import type { Problem } from './model.js';
import type { YamlSource } from './yaml-source.js';

/** Longer messages quote what nobody reads to its end. */
const LONGEST = 500;

export function problemAt(
  source: Pick<YamlSource, 'file' | 'at' | 'keyAt'>,
  path: readonly PropertyKey[],
  message: string,
  { suggestion, key = false }: { suggestion: string | null; key?: boolean },
): Problem {
  return { file: source.file, ...(key ? source.keyAt(path) : source.at(path)), message, suggestion };
}

/** What a file says may be quoted in it: the end of a long text is left out, and no character breaks the line. */
export function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ');
  return line.length > LONGEST ? `${[...line.slice(0, LONGEST)].slice(0, -1).join('')}…` : line;
}
