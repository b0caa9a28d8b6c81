/** The word somebody probably meant. */

/** Number of letters to insert, delete, replace or swap with the next one to get from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : replaced;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** Nobody means a word by a longer text. */
const LONGEST = 200;

/** The candidate closest to `word` (case, dashes and underscores count for nothing), or null when none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  if (word.length > LONGEST) return null;
  const a = plain(word);
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const b = plain(candidate);
    // A word that begins with the other is a likely slip too: `owner`, `path`, `pool_name`.
    const cut = a.length > 2 && b.length > 2 && (a.startsWith(b) || b.startsWith(a));
    const most = Math.max(2, Math.floor(Math.max(a.length, b.length) / 3));
    // At least so many letters are missing, which is known without counting them.
    const missing = Math.abs(a.length - b.length);
    if (!cut && missing > most) continue;
    const distance = cut ? Math.min(2, missing) : editDistance(a, b);
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}
