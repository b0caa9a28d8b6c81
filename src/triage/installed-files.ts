/**
 * Errors whose place is a file that a package installed: CMake's own word that a configuration of it does not work, make that stops in its
 * rules, files of it that are not there. Whoever is built on such a package only comes across it.
 */
import { isPackageName } from './package-names.js';

const HASH = '[a-z0-9]{7,32}|[a-z0-9]{3,12}\\.{3}';
const PREFIX = `[/\\\\]([a-z0-9][\\w-]{0,60}?)-v?\\d[\\w.]{0,20}(?:-[\\d-]{1,10})?-(?:${HASH})[/\\\\]`;
const PATH = '[^\\s\'"`\\]]{0,200}?';
const CMAKE = '.cmake:';
/** Each has the package's name in it once; most texts lack the signs in front of it, and cost nothing. */
const BROKEN: readonly (readonly [string, RegExp])[] = [
  // `ROOTConfig-targets.cmake:1276: The imported target`, `hdf5-targets.cmake:68 (set_target_properties)`; not where it was looked for.
  [CMAKE, /(?<![\w.+-])([A-Za-z][\w+]{1,60}?)-?(?:[Cc]onfig|[Tt]argets)(?:[-_]\w{1,30})?\.cmake:\d{1,6}(?:: | \()/g],
  // Its libraries lack what they were not linked to, or cannot become part of another.
  [
    'undefined reference',
    new RegExp(`${PREFIX}${PATH}\\.(?:so(?:\\.\\d[\\d.]{0,20})?|dylib): undefined reference to`, 'g'),
  ],
  ['-fPIC', new RegExp(`${PREFIX}${PATH}\\.a\\([^\\s)]{1,80}\\): relocation [^\\n]{0,200}-fPIC\\b`, 'g')],
  ['*** [', new RegExp(`\\*\\*\\* \\[${PATH}${PREFIX}`, 'g')],
  ...['cannot', "can't", 'could not', 'unable to'].map((not): readonly [string, RegExp] => [
    not,
    new RegExp(`\\b${not} (?:access|open|stat|find|read)(?: file)? ['"\`]?${PATH}${PREFIX}`, 'g'),
  ]),
];
const LOOKED_AT = 24_000;

/** A package as a file of it is called, in lower case, and the error as written. */
export interface BrokenFile {
  readonly name: string;
  readonly seen: string;
}

/** Whether a name is that of the package in question; `apart`: it was installed in a place of its own, so that it is no part of another. */
type IsOurs = (name: string, apart: boolean) => boolean;

/** The first such error that is not about the package in question. */
export function brokenFile(text: string, isOurs: IsOurs): BrokenFile | null {
  const read = text.slice(0, LOOKED_AT);
  const found = BROKEN.flatMap(([sign, pattern]) =>
    (read.includes(sign) ? [...read.matchAll(pattern)] : []).map(({ 0: seen, 1: name, index }) => ({
      at: index,
      seen: seen.replace(/[\s(:]+$/, ''),
      name: name!.toLowerCase().replaceAll('_', '-'),
      apart: sign !== CMAKE,
    })),
  );
  const first = found
    .filter(({ name, apart }) => isPackageName(name) && !isOurs(name, apart))
    .sort((a, b) => a.at - b.at)[0];
  return first === undefined ? null : { name: first.name, seen: first.seen };
}
