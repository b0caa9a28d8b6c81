/**
 * Pages are made a few at a time, first come, first served: however many visitors come at once, deliveries and workers wait for no more
 * than those few.
 */
import type { MiddlewareHandler } from 'hono';
import { turn } from '../turn.js';

export interface TurnLimits {
  /** Pages that are made at a time. */
  readonly atOnce: number;
  /** Visitors that wait for one; whoever comes then is told to come again. */
  readonly waiting: number;
}

export function inTurn({ atOnce, waiting }: TurnLimits): MiddlewareHandler {
  const line: (() => void)[] = [];
  let making = 0;

  function next(): void {
    making--;
    const first = line.shift();
    if (first === undefined) return;
    making++;
    first();
  }

  return async (c, make) => {
    if (making < atOnce) making++;
    else if (line.length >= waiting)
      return c.text('Too many pages are asked for at this moment.\n', 503, { 'retry-after': '10' });
    else await new Promise<void>((resolve) => line.push(resolve));
    try {
      await turn();
      // Nobody is there any more who would read it.
      if (c.req.raw.signal.aborted) return c.body(null, 503);
      await make();
    } finally {
      next();
    }
  };
}
