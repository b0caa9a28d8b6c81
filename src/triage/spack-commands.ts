/** What people asked Spack to build: the roots of the `spack install …` lines in a text. */
import { nameOfSpec } from './package-names.js';

const REQUEST =
  /(?:^|[`'"$#%>(]|\b(?:run|running|with|via|by|using|do|doing|tried|command|that)\s)[ \t]{0,40}spack (?:-[\w-]+ ){0,6}(?:(?:-e|--env) \S{1,100} )?(?:install|spec|solve|concretize|build-env|dev-build|add|test run)[ \t]{1,20}([^\n`]{1,500})/gm;

/** Roots of `spack install …` and the like: the first word that is no option, no path and no number. */
export function readRequests(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(REQUEST)) {
    const args = match[1]!.split(/\s+/);
    let spec: string | undefined;
    for (let i = 0; i < args.length && spec === undefined; i++) {
      const arg = args[i]!.replace(/^["']/, '');
      if (/^-(?:j|-jobs|-target|-log-file|-log-format|f|-file|p)$/.test(arg)) i += 1;
      else if (!/^-|^[/.\\<$>&|]|^\d/.test(arg)) spec = arg;
    }
    const name = spec === undefined ? null : nameOfSpec(spec);
    if (name && !found.includes(name) && !NO_ROOT.has(name)) found.push(name);
    if (found.length >= 20) break;
  }
  return found;
}

/** English behind "spack install" in a sentence. */
const NO_ROOT = new Set(
  'fails failed command commands it with and on in the a an to is was from that this process issue error or for of but does output'.split(
    ' ',
  ),
);
