/**
 * Whoever reads a large log does so a stretch at a time, and all of them together get one stretch for each round of the event loop: a
 * hundred visitors who search at once wait for each other, and deliveries, workers and all else for none of them.
 */
let last: Promise<void> = Promise.resolve();

/** Resolves when it is the caller's turn, first come, first served. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
