/** Versions written right behind a name (`cp2k7.1`), set apart so that the name is found. */
import type { Catalogue } from './catalogue.js';
import { isWellKnownPackage } from './package-names.js';

const GLUED = /(?<![\w./@-])([A-Za-z][\w-]{0,40}?[A-Za-z])(\d{1,4}\.\d[\w.]{0,20})/g;

/** `cp2k7.1` to `cp2k 7.1`; of a word that nobody knows the number is a part. */
export function apart(text: string, { byName }: Catalogue): string {
  return text.replace(GLUED, (all, name: string, version: string) => {
    const lower = name.toLowerCase();
    return byName.has(lower.replace(/[-_]/g, ' ')) || isWellKnownPackage(lower) ? `${name} ${version}` : all;
  });
}
