/**
 * What other installers than Spack say of the package that stops them: pip, R, PETSc's configure, CMake's external projects. In a repository of
 * its own an issue with such a log is often a dependency's.
 */
import { isPackageName } from './package-names.js';

/** Each has the package's name in it once. */
const STOPPED: readonly RegExp[] = [
  /\bFailed (?:building|to build) wheel for ([\w.-]{2,60})/g,
  /\bBuilding (?:wheel|editable) for ([\w.-]{2,60}) \([^)\n]{1,40}\)[ .:]{0,5}(?:did not run|error\b|finished with status 'error')/g,
  /\bRunning setup\.py \w{1,20} for ([\w.-]{2,60})[ .:]{0,5}(?:did not run|error\b|finished with status 'error')/g,
  /\bpip-install-\w{4,12}[\\/]([\w.-]{2,60}?)(?:_[0-9a-f]{6,32}(?:\.{3})?)?[\\/]setup\.py\b/g,
  /\bwhile trying to install package\.?\s{1,3}(?:[|╰─>]{1,4}>? )?([\w.-]{2,60})/g,
  /\b(?:configuration|compilation|lazy loading|removal) failed for package ['"‘`]?([\w.]{2,60})/g,
  /\bdependenc(?:y|ies) ['"‘`]?([\w.]{2,60})['"’`]?(?:, [^\n]{1,100})? (?:is|are) not available for package\b/g,
  /\binstallation of package ['"‘`]?([\w.]{2,60})['"’`]? had non-zero exit status/g,
  /\bError (?:running (?:configure|make|make install|cmake) on|building) ([A-Z][A-Z0-9_.-]{1,60})\b(?=[.,;:]|\s*$)/gm,
  /[\\/]([\w.-]{2,60}?)(?:-stamp)?[\\/]\1-(?:build|configure|install|download)(?:-\w{1,20})?\.cmake:\d{1,6} \(message\)/g,
  /\*\*\* \[[^\]\n]{0,200}?\bsrc[\\/]([\w.-]{2,60}?)-stamp[\\/]/g,
];
const LOOKED_AT = 24_000;

/** As written; null where none stops, or the repository's own package does. `isOwn`: whether a package is the repository's own. */
export function stoppedAt(text: string, isOwn: (name: string) => boolean): string | null {
  const read = text.slice(0, LOOKED_AT);
  let first: { readonly at: number; readonly seen: string; readonly name: string } | null = null;
  for (const pattern of STOPPED)
    for (const { 0: seen, 1: written, index: at } of read.matchAll(pattern)) {
      const name = written!.toLowerCase().replace(/[_.]/g, '-');
      if (isPackageName(name) && (first === null || at < first.at))
        first = { at, seen: seen.trim().replace(/\s+/g, ' '), name };
    }
  if (first === null) return null;
  const { name, seen } = first;
  const asWell = [name, name.replace(/^python-|-python$/g, ''), name.replaceAll('-', '')];
  return asWell.some(isOwn) ? null : seen;
}
