/**
 * A poke says that there is something to do, and not what: one says as much as a hundred. The first leaves at once; what comes while it
 * is under way, or soon after it, is said by the next.
 */

/** A call to a queue costs far more than anything that waits this long loses by it. */
const PAUSE_MS = 10;

/** Returns a function that never throws; what `poke` rejects with goes to `failed`. */
export function pokeSparingly(
  poke: () => Promise<void>,
  failed: (error: unknown) => void,
  pauseMs = PAUSE_MS,
): () => void {
  let resting = false;
  let wanted = false;

  async function run(): Promise<void> {
    resting = true;
    await poke().catch(failed);
    setTimeout(() => {
      resting = false;
      if (!wanted) return;
      wanted = false;
      void run();
    }, pauseMs).unref();
  }

  return () => {
    if (resting) wanted = true;
    else void run();
  };
}
