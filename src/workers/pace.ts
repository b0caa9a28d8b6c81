/** How fast somebody may speak: a full measure at once, then as much as flows back. Pure but for its own memory, which is bounded. */

export interface Pace {
  /** Takes room for `n` at the moment `now` (milliseconds); null when it was there, else the seconds until it is, and nothing is taken. */
  take(key: string, n: number, now: number): number | null;
}

export interface PaceLimits {
  /** What may come at once, and what flows back in a second. */
  readonly burst: number;
  readonly perSecond: number;
  /** Speakers that are remembered; those who were silent for longest are forgotten, and begin with a full measure. */
  readonly most: number;
}

export function createPace({ burst, perSecond, most }: PaceLimits): Pace {
  const measures = new Map<string, { readonly left: number; readonly at: number }>();
  return {
    take(key, n, now) {
      const last = measures.get(key) ?? { left: burst, at: now };
      const left = Math.min(burst, last.left + (Math.max(0, now - last.at) / 1000) * perSecond);
      // More than a whole measure at once would never find room.
      const wanted = Math.min(n, burst);
      const seconds = left >= wanted ? null : Math.max(1, Math.ceil((wanted - left) / perSecond));
      measures.delete(key);
      measures.set(key, { left: seconds === null ? left - wanted : left, at: now });
      if (measures.size > most) measures.delete(measures.keys().next().value!);
      return seconds;
    },
  };
}
