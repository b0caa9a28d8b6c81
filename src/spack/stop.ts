/** One signal for both ways to end a build from outside: the hub's cancel and the time limit. */

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Stop {
  readonly signal: AbortSignal;
  /** Which of the two came first. */
  cause(): 'cancelled' | 'timed-out' | null;
  clear(): void;
}

export function createStop(cancel: AbortSignal, seconds: number): Stop {
  const controller = new AbortController();
  let cause: 'cancelled' | 'timed-out' | null = null;
  function stop(why: 'cancelled' | 'timed-out'): void {
    if (cause !== null) return;
    cause = why;
    controller.abort();
  }
  const onCancel = () => stop('cancelled');
  const timer = setTimeout(() => stop('timed-out'), Math.min(seconds * 1000, LONGEST_TIMER_MS));
  cancel.addEventListener('abort', onCancel);
  if (cancel.aborted) onCancel();
  return {
    signal: controller.signal,
    cause: () => cause,
    clear() {
      clearTimeout(timer);
      cancel.removeEventListener('abort', onCancel);
    },
  };
}
