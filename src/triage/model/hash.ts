/** 32-bit hashes of text. Features are known by their hash only, so that a model holds no text of the issues it learnt from. */

/** Goes on from `seed`; the same text with another seed is another feature. Returns an unsigned 32-bit number. */
export function hashText(text: string, seed = 0): number {
  let hash = start(seed);
  for (let at = 0; at < text.length; at += 1) hash = step(hash, text.charCodeAt(at));
  return finish(hash);
}

/** The beginning of a hash that is fed with `step` and read with `finish`. */
export function start(seed: number): number {
  return (seed ^ 0x811c9dc5) | 0;
}

export function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Spreads the bits (a multiply hash leaves the low ones weak). Unsigned. */
export function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  return mixed >>> 0;
}

/** One feature out of two, in this order. Unsigned. */
export function joinHashes(left: number, right: number): number {
  return finish(Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ right);
}
