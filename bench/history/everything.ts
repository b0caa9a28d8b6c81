/** What the same day costs when every delivery is built to its end, in the order of arrival, on the same slots. */
import { builds, DAY, type History } from './history.js';

export interface DayResult {
  /** Time in which a slot of a worker was taken, in minutes. */
  readonly workerMinutes: number;
  readonly builds: number;
  /** When the last build ended, in hours from the begin. */
  readonly hours: number;
  /** From the last push of a pull request to its last verdict, in minutes, of those that stay open. */
  readonly waits: readonly number[];
  /** `pull pool` -> whether the last head of an open pull request passes there. */
  readonly verdicts: ReadonlyMap<string, boolean>;
}

export function buildEverything(history: History, pools: readonly string[], slots: number): DayResult {
  const wishes = history.happenings.filter((one) => one.kind !== 'close');
  const closed = new Set(history.happenings.flatMap((one) => (one.kind === 'close' ? [one.pull] : [])));
  const verdicts = new Map<string, boolean>();
  const waits: number[] = [];
  let last = 0;
  for (const pool of pools) {
    const free = Array.from({ length: slots }, () => 0);
    const done = new Map<number, { pushed: number; ended: number }>();
    for (const { at, pull, sha, kind } of wishes) {
      free.sort((a, b) => a - b);
      const end = Math.max(free[0]!, at) + DAY.buildSeconds;
      free[0] = end;
      last = Math.max(last, end);
      if (closed.has(pull)) continue;
      if (kind === 'push') {
        verdicts.set(`${pull} ${pool}`, builds(history, pull, sha, pool));
        done.set(pull, { pushed: at, ended: end });
      }
    }
    waits.push(...[...done.values()].map(({ pushed, ended }) => (ended - pushed) / 60));
  }
  const count = wishes.length * pools.length;
  return { workerMinutes: (count * DAY.buildSeconds) / 60, builds: count, hours: last / 3600, waits, verdicts };
}
