/**
 * Copies of other projects that a build brings along (CMake's FetchContent, folders for third parties): an error that stands in the
 * source of such a copy is the copy's. Compilers name the file first and then say `error:`, so nothing else is read.
 */
import type { Blame } from './blame.js';
import type { Catalogue } from './catalogue.js';
import { packageTarget } from './package-target.js';

const COPY =
  /(?:(?:\b_deps\/(?:fetched)?|\bfetched)([a-z][a-z0-9_-]{1,40}?)-(?:src|subbuild)|\b(?:extern|externals?|third[-_]?party|tpls?|submodules?)\/([a-z][a-z0-9_-]{1,40}))\/[\w./+-]{1,200}(?:[:(]\d+[:)\d, ]*:? ?)?(?:fatal )?error\b/gi;
const MOST = 4;

/** Products whose copies do not compile; names that the catalogue does not know count for nothing. */
export function failingCopies(text: string, catalogue: Catalogue): Blame[] {
  const found: Blame[] = [];
  if (!/_deps\/|extern|third|tpl|submodule/i.test(text)) return found;
  for (const match of text.matchAll(COPY)) {
    const target = packageTarget((match[1] ?? match[2]!).toLowerCase().replaceAll('_', '-'), catalogue);
    if ('product' in target) found.push({ target, text: match[0], how: 'cause', times: 1 });
    if (found.length >= MOST) break;
  }
  return found;
}
