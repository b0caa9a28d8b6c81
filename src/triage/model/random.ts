/** Chance that comes out the same for the same seed. */

/** Numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The numbers 0 to `length - 1` in random order. */
export function shuffled(length: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  const order = Int32Array.from({ length }, (_, at) => at);
  for (let at = length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/**
 * Puts every one of `groups` into one of `folds` parts so that each part has its share of each group (stratified). Returns the
 * part of each entry.
 */
export function stratifiedFolds(groups: readonly string[], folds: number, seed: number): Int32Array {
  const parts = new Int32Array(groups.length);
  const dealt = new Map<string, number>();
  const firsts = new Map<string, number>();
  for (const at of shuffled(groups.length, seed)) {
    const group = groups[at]!;
    // Each group begins at another part, so that small groups don't all fall into the first.
    if (!firsts.has(group)) firsts.set(group, firsts.size);
    const number = dealt.get(group) ?? 0;
    dealt.set(group, number + 1);
    parts[at] = (number + firsts.get(group)!) % folds;
  }
  return parts;
}
