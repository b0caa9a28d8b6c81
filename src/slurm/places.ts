/** The places of a worker: how many of its jobs Slurm may hold at a time. Each has a directory of its own for Spack, used by one job. */

export interface Places {
  /** Resolves with the lowest free place, in the order of asking; rejects when `signal` aborts first. */
  free(signal: AbortSignal): Promise<number>;
  /** Takes a place that a job of a former run holds. */
  hold(place: number): void;
  release(place: number): void;
  readonly held: number;
}

export function createPlaces(most: number): Places {
  const held = new Set<number>();
  const waiting: (() => void)[] = [];

  function lowest(): number | null {
    if (held.size >= most) return null;
    for (let place = 0; ; place++) if (!held.has(place)) return place;
  }

  return {
    async free(signal) {
      for (;;) {
        signal.throwIfAborted();
        const place = lowest();
        if (place !== null) {
          held.add(place);
          return place;
        }
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    hold: (place) => void held.add(place),
    release(place) {
      held.delete(place);
      // All of them look: one that was given up must not keep the place from those behind it.
      for (const wake of waiting.splice(0)) wake();
    },
    get held() {
      return held.size;
    },
  };
}
