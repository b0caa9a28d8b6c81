/** Stops a build whose part (fetching, concretizing, building, testing) has used up its time, however often it was entered. */
import { type BuildPart, type PartLimits, partOf, type ReachedLimit } from '../ci/phase-limits.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface PartClock {
  /** The phase before ends, this one begins. */
  enter(phase: string): void;
  /** The limit that was reached; null while none is. */
  reached(): ReachedLimit | null;
  clear(): void;
}

/** `now` in milliseconds; `onReached` is called once. */
export function createPartClock(limits: PartLimits, now: () => number, onReached: () => void): PartClock {
  const spent = new Map<BuildPart, number>();
  let open: { part: BuildPart; since: number } | null = null;
  let reached: ReachedLimit | null = null;
  let timer: NodeJS.Timeout | undefined;

  function leave(): void {
    clearTimeout(timer);
    if (open !== null) spent.set(open.part, (spent.get(open.part) ?? 0) + now() - open.since);
    open = null;
  }

  return {
    enter(phase) {
      const part = partOf(phase);
      if (reached !== null || open?.part === part) return;
      leave();
      open = { part, since: now() };
      const seconds = limits[part];
      if (seconds === undefined) return;
      const left = seconds * 1000 - (spent.get(part) ?? 0);
      timer = setTimeout(
        () => {
          reached = { part, seconds };
          onReached();
        },
        Math.min(Math.max(0, left), LONGEST_TIMER_MS),
      );
    },
    reached: () => reached,
    clear: leave,
  };
}
