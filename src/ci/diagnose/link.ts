/** Errors of linkers. They name object files, so there is no line to annotate. */
import { type Finding, MOST_FINDINGS } from './finding.js';

const PATTERNS: readonly RegExp[] = [
  /undefined reference to (.*)$/,
  /(?:ld(?:\.\w+)?|lld|mold|gold)(?:-\d+)?: (?:error: |fatal: )?(undefined symbol.*)$/,
  /^mold: (?:fatal|error): (library not found: .*)$/,
  /^libtool: +(?:link: |error: )(?:error: )?((?:cannot find the library|`?\S+' is not a valid libtool).*)$/,
  /^ptxas fatal +: (Unresolved extern .*)$/,
  /\b(relocation truncated to fit: .*)$/,
  /(?:ld(?:\.\w+)?): (cannot find [\w./+-]+\.(?:o|a|so|lo)\b.*)$/,
  /(?:ld(?:\.\w+)?): .*(hidden symbol .* is referenced by DSO.*)$/,
  /^lto1: fatal error: (.*)$/,
  /^\s*(Undefined symbols for architecture .*)$/,
  /(ld: symbol\(s\) not found.*)$/,
  /(?:ld(?:\.\w+)?|lld|mold|gold)(?:-\d+)?: (?:error: |fatal error: |fatal: )?((?:cannot|unable to) find (?:library )?-l\S+.*)$/,
  /(?:ld(?:\.\w+)?|lld): (library '?\S+'? not found.*)$/,
  /(multiple definition of .*)$/,
  /(duplicate symbol.*)$/,
  /\b(relocation \S+ against .* can not be used when making .*)$/,
  /(?:ld(?:\.\w+)?): .*: (file (?:format )?not recognized.*)$/,
  /(?:ld(?:\.\w+)?): .*(error adding symbols: .*)$/,
  /^nvlink (?:error|fatal) *: (.*)$/,
  /^(?:ld\.lld|mold|ld): error: (.*)$/,
  /(?:LNK\d{4}): (unresolved external symbol .*)$/,
  /^collect2: error: (ld returned .*)$/,
  /^\S*(?:clang|icp?x|flang|hipcc|amdclang)\S*: error: (linker command failed.*)$/,
];

/** All linker errors, in order, at most 200. Static initialisers of a probe are told apart by whoever chooses the lines. */
export function linkFindings(lines: readonly string[]): Finding[] {
  const found: Finding[] = [];
  for (let at = 0; at < lines.length && found.length < MOST_FINDINGS; at++) {
    const line = lines[at]!;
    if (!/ld|undefined|Undefined|definition|duplicate|relocation|LNK|clang|icp?x|libtool|ptxas|lto1|nvlink/.test(line))
      continue;
    for (const pattern of PATTERNS) {
      const message = pattern.exec(line)?.[1];
      if (message === undefined) continue;
      found.push({ at, message: full(line, message), path: null, line: null, column: null, directory: null });
      break;
    }
  }
  return found;
}

function full(line: string, message: string): string {
  return line.includes('undefined reference to') ? `undefined reference to ${message}` : message.trim();
}
