/** A crash in the library of another package, by the first backtrace of a text. */
import { ownValue } from '../registry/own-value.js';
import type { Catalogue } from './catalogue.js';
import { isTool } from './package-names.js';
import { knownName } from './package-target.js';

/** Of the system, or on top of any program's backtrace: they catch signals, allocate and print. */
const NO_CRASH =
  /^(?:c|m|dl|rt|pthread|stdc\+\+|gcc_s|gomp|util|ucs|ucm|jemalloc|tcmalloc|asan|unwind|open-pal|open-rte|glib-.*)$/;
/** Libraries that are not called after their package. */
const LIBRARIES: Readonly<Record<string, string>> = { ucp: 'ucx', uct: 'ucx', fabric: 'libfabric', psm2: 'opa-psm2' };
const FRAME = /\blib([A-Za-z][\w+-]{1,30}?)\.so[.\d]{0,12}\(/g;
const LOOKED_AT = 24_000;

/** As written (`libnetcdf.so.7`); null where the crash is in a library of the repository's own, or in one that nobody knows. */
export function crashedIn(text: string, isHost: (name: string) => boolean, catalogue: Catalogue): string | null {
  for (const [seen, library] of text.slice(0, LOOKED_AT).matchAll(FRAME)) {
    const lower = library!.toLowerCase();
    if (NO_CRASH.test(lower)) continue;
    const known = knownName(ownValue(LIBRARIES, lower) ?? lower.replace(/_.*$/, ''), catalogue);
    return known === null || isTool(known) || isHost(known) ? null : seen.slice(0, -1);
  }
  return null;
}
