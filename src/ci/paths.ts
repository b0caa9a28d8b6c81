/** Path filters of a check: `**`, `*` and `?` over whole paths, `!` takes back. Matched without regular expressions, in bounded time. */

/** Does `path` match `pattern`? A pattern ending in `/` means everything below; one without `/` matches the last part of a path too. */
export function matchesPath(pattern: string, path: string): boolean {
  let wanted = pattern.startsWith('/') ? pattern.slice(1) : pattern;
  if (wanted.endsWith('/')) wanted += '**';
  const parts = wanted.includes('/') || pattern.startsWith('/') ? wanted.split('/') : ['**', wanted];
  return matchesParts(parts, path.split('/'));
}

/** The first path that some pattern wants and no later `!pattern` takes back; null when none is wanted. */
export function firstMatch(patterns: readonly string[], paths: readonly string[]): string | null {
  for (const path of paths) {
    let wanted = false;
    for (const pattern of patterns) {
      if (pattern.startsWith('!')) wanted &&= !matchesPath(pattern.slice(1), path);
      else wanted ||= matchesPath(pattern, path);
    }
    if (wanted) return path;
  }
  return null;
}

/** Row by row: `reach[j]` says whether the patterns so far can take exactly the first `j` parts. */
function matchesParts(patterns: readonly string[], parts: readonly string[]): boolean {
  let reach = parts.map(() => false);
  reach.unshift(true);
  for (const pattern of patterns) {
    const next = reach.map(() => false);
    for (let j = 0; j <= parts.length; j++) {
      if (pattern === '**') next[j] = reach[j]! || (j > 0 && next[j - 1]!);
      else if (j > 0) next[j] = reach[j - 1]! && matchesPart(pattern, parts[j - 1]!);
    }
    reach = next;
  }
  return reach[parts.length]!;
}

/** One part against `*` and `?`, going back to the last star only. */
function matchesPart(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
