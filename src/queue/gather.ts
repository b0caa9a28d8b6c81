/**
 * Makes one addition to a queue of many: what comes while an addition is under way goes together in the next one, since a call costs
 * far more than what it carries. Whatever comes when nothing is under way goes at once.
 */

/** At most this many in one addition. */
const MOST = 500;

/** Returns a function that never throws; what `add` rejects with goes to `failed`. */
export function gatherInto<T>(
  add: (items: readonly T[]) => Promise<void>,
  failed: (error: unknown) => void,
): (item: T) => void {
  let waiting: T[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    // A turn of the event loop: those whose commit was the same come along.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await add(batch).catch(failed);
    }
    running = false;
  }

  return (item) => {
    waiting.push(item);
    if (!running) void run();
  };
}
