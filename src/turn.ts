/**
 * What takes long is done a piece at a time (a page, a stretch of a large log, an event of a worker), and all of it together gets one
 * piece for each round of the event loop: a hundred visitors wait for each other, and deliveries for none of them. The embedded database
 * answers without ever going back to the event loop, so that without this they would all be served in one go.
 */
let last: Promise<void> = Promise.resolve();

/** Resolves when it is the caller's turn, first come, first served. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
