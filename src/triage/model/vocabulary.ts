/** Which features a model knows: a look-up from hash to number, with the factor that each feature's occurrences are multiplied by. */

/** Open addressing over typed arrays: a `Map` of some 100,000 numbers costs ten times the memory and the time. */
export interface HashTable {
  /** Number of the feature, or -1. */
  indexOf(hash: number): number;
}

/** `hashes` are distinct; the number of a feature is its place in it. */
export function buildTable(hashes: Uint32Array): HashTable {
  let size = 16;
  while (size < hashes.length * 2) size *= 2;
  const mask = size - 1;
  const slots = new Int32Array(size).fill(-1);
  for (let index = 0; index < hashes.length; index += 1) {
    let slot = hashes[index]! & mask;
    while (slots[slot]! >= 0) slot = (slot + 1) & mask;
    slots[slot] = index;
  }
  return {
    indexOf(hash) {
      let slot = hash & mask;
      for (;;) {
        const index = slots[slot]!;
        if (index < 0 || hashes[index] === hash) return index;
        slot = (slot + 1) & mask;
      }
    },
  };
}

/** The features of a model. `views[i]` is the view of feature i, `factors[i]` its weight of rarity. */
export interface Vocabulary {
  readonly hashes: Uint32Array;
  readonly views: Uint8Array;
  readonly factors: Float32Array;
}
