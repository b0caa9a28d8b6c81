/** Names of packages in Spack's ways to write a concrete spec: `name-version-hash`, stage directories and `name@version`. */

const HASH = /-([a-z2-7]{32})(?![a-z2-7])/;

export interface PackageId {
  readonly name: string;
  readonly version: string;
  /** All 32 characters. */
  readonly hash: string;
}

/**
 * Reads `zlib-ng-2.2.2-<hash>` or `fmt-git.<sha>=12.1.0-<hash>` at the start of `text`. Names and versions may both hold dashes; a
 * name that is known from elsewhere in the output decides, else the shape of the parts does.
 */
export function parsePackageId(text: string, known: ReadonlySet<string> = new Set()): PackageId | null {
  const match = HASH.exec(text);
  if (match === null || match.index === 0) return null;
  const nameAndVersion = text.slice(0, match.index);
  if (!/^[A-Za-z0-9_.=+-]+$/.test(nameAndVersion)) return null;
  const cut = cutOf(nameAndVersion, known);
  if (cut === null) return null;
  return { name: nameAndVersion.slice(0, cut), version: nameAndVersion.slice(cut + 1), hash: match[1]! };
}

/** The package of the first stage directory in a path or message: `.../spack-stage-<id>/...`. */
export function packageOfStage(text: string, known: ReadonlySet<string> = new Set()): PackageId | null {
  const at = text.indexOf('spack-stage-');
  return at < 0 ? null : parsePackageId(text.slice(at + 'spack-stage-'.length), known);
}

/** The first seven characters of the hash in the stage of a patch or resource: `spack-stage--a6b6qk6-patch-...`. */
export function hashOfExtraStage(text: string): string | null {
  return /spack-stage-[a-z0-9_-]{0,100}-([a-z2-7]{7})-(?:patch|resource)/.exec(text)?.[1] ?? null;
}

/** The package of an abstract or concrete spec: what stands before version, variants or compiler. */
export function packageOfSpec(spec: string): string | null {
  return /^(?:[a-z0-9_]{1,60}\.){0,4}([a-z0-9_][a-z0-9_-]{0,99}?)(?=$|[\s@+~%^/'`{])/.exec(spec)?.[1] ?? null;
}

/** Position of the dash between name and version. */
function cutOf(text: string, known: ReadonlySet<string>): number | null {
  let best = -1;
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
    if (known.has(text.slice(0, at))) best = at;
  }
  if (best > 0) return best;
  const git = text.indexOf('-git.');
  if (git > 0) return git;
  let cut = text.lastIndexOf('-');
  while (cut > 0) {
    const before = text.lastIndexOf('-', cut - 1);
    const part = text.slice(before + 1, cut);
    const isVersion = /^\d[\d.]*$/.test(part) || (/^\d/.test(part) && !/^\d/.test(text.slice(cut + 1)));
    if (before <= 0 || !isVersion) break;
    cut = before;
  }
  return cut > 0 ? cut : null;
}
