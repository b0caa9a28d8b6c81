/** How much workers outside may tell at once: a measure for each attempt, so that one that tells without end holds up no other. */
import { isAttemptToken } from '../ledger/state.js';
import type { WorkerEvent } from '../protocol.js';
import { NotNow } from './not-now.js';
import { createPace } from './pace.js';

/**
 * What one attempt may tell over HTTP. A worker of ours sends its log four times a second at most, and after an outage what has waited:
 * then it waits a little longer.
 */
const SAYS = { burst: 2000, perSecond: 100, most: 10_000 };
export interface OutsidePace {
  /** Takes room for all of them; throws `NotNow`, and takes none, where an attempt says too much at once. */
  take(events: readonly WorkerEvent[]): void;
}

export function createOutsidePace({ tokenKey, now }: { tokenKey: string; now: () => Date }): OutsidePace {
  const pace = createPace(SAYS);
  return {
    take(events) {
      const counts = new Map<string, number>();
      // With another token than its own nobody uses up what an attempt may say; and such an event costs next to nothing.
      for (const { buildId, attempt, token } of events)
        if (isAttemptToken(tokenKey, buildId, attempt, token))
          counts.set(`${buildId} ${attempt}`, (counts.get(`${buildId} ${attempt}`) ?? 0) + 1);
      const waits = [...counts].map(([key, n]) => pace.take(key, n, now().getTime()) ?? 0);
      const seconds = Math.max(0, ...waits);
      if (seconds > 0)
        throw new NotNow(
          `Too many events of one build: ${SAYS.burst} at once and ${SAYS.perSecond} a second are taken. None of these was; send them again.`,
          seconds,
        );
    },
  };
}
