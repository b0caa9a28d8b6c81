/**
 * What takes long is done a piece at a time (a page, a stretch of a large log, an event of a worker), and each line gets one piece for
 * each round of the event loop: a hundred visitors wait for each other, and deliveries for none of them. The embedded database answers
 * without ever going back to the event loop, so that without this they would all be served in one go. Workers have a line of their own: one
 * whose signs of life stood behind all who read would be taken for silent.
 */
const LINES = { readers: Promise.resolve(), workers: Promise.resolve() };

/** Resolves when it is the caller's turn, first come, first served. */
export function turn(line: keyof typeof LINES = 'readers'): Promise<void> {
  LINES[line] = LINES[line].then(() => new Promise((resolve) => setImmediate(resolve)));
  return LINES[line];
}
