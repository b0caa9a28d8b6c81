/** A problem at the value (or the key) of a path. */
import type { Problem } from './model.js';
import type { YamlSource } from './yaml-source.js';

export function problemAt(
  source: Pick<YamlSource, 'file' | 'at' | 'keyAt'>,
  path: readonly PropertyKey[],
  message: string,
  { suggestion, key = false }: { suggestion: string | null; key?: boolean },
): Problem {
  return { file: source.file, ...(key ? source.keyAt(path) : source.at(path)), message, suggestion };
}
