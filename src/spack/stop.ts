/** One signal for the ways to end a build from outside: the hub's cancel, the time limit, and a disk that is nearly full. */

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type StopCause = 'cancelled' | 'timed-out' | 'disk-full';

export interface Stop {
  readonly signal: AbortSignal;
  /** Which of them came first. */
  cause(): StopCause | null;
  stop(why: StopCause): void;
  clear(): void;
}

export function createStop(cancel: AbortSignal, seconds: number): Stop {
  const controller = new AbortController();
  let cause: StopCause | null = null;
  function stop(why: StopCause): void {
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
    stop,
    clear() {
      clearTimeout(timer);
      cancel.removeEventListener('abort', onCancel);
    },
  };
}
