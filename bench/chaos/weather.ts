/** The trouble of a run: GitHub's faults, processes killed, servers ended and started again, until somebody says that it is over. */
import { setTimeout as delay } from 'node:timers/promises';
import type { HubProcess, HubProcesses } from '../../src/demo/processes.js';
import type { StormInput } from '../../src/sandbox/storm.js';
import { chanceOf } from './random.js';

/** A server that was started here. */
export interface Restartable {
  restart(): Promise<void>;
}

export interface WeatherParts {
  readonly seed: number;
  readonly hub: HubProcesses;
  readonly workers: readonly HubProcess[];
  readonly servers: Readonly<Record<string, Restartable>>;
  readonly storm: StormInput;
  /** Time between two kills, from and to. */
  readonly betweenMs: readonly [number, number];
  /** No more than so many; without it, until the end. */
  readonly most?: number;
  readonly say: (line: string) => void;
}

export interface Suffered {
  /** `kill -9` by process, and restarts by server. */
  readonly kills: Record<string, number>;
  /** Processes that ended without being killed. */
  readonly fell: string[];
}

export interface Weather {
  readonly suffered: Suffered;
  /** Resolves when at least so many were killed. */
  killed(atLeast: number): Promise<void>;
  /** No more trouble, and everything runs. */
  end(): Promise<void>;
}

export async function brew(parts: WeatherParts): Promise<Weather> {
  const { seed, hub, workers, servers, storm, betweenMs, most = Number.POSITIVE_INFINITY, say } = parts;
  const chance = chanceOf(seed, 'weather');
  const suffered: Suffered = { kills: {}, fell: [] };
  const over = new AbortController();
  await hub.github.storm(storm);

  const count = () => Object.values(suffered.kills).reduce((sum, n) => sum + n, 0);

  async function getUp(): Promise<void> {
    for (const name of hub.fallen()) {
      suffered.fell.push(name);
      say(`${name} ended by itself`);
      await hub.kill(name);
      await hub.start(name);
    }
  }

  async function hit(name: string, how: () => Promise<void>): Promise<void> {
    suffered.kills[name] = (suffered.kills[name] ?? 0) + 1;
    await how();
  }

  async function strike(): Promise<void> {
    const draw = chance.next();
    const names = Object.keys(servers);
    if (names.length > 0 && draw < 0.2) {
      const name = chance.pick(names);
      return hit(name, () => servers[name]!.restart());
    }
    const victim: HubProcess = draw < 0.6 ? 'serve' : chance.pick(workers);
    const down = chance.between(0, 1500);
    await hit(victim, async () => {
      await hub.kill(victim);
      await delay(down);
      await hub.start(victim);
    });
  }

  const raging = (async () => {
    while (!over.signal.aborted) {
      await delay(chance.between(...betweenMs), undefined, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted) break;
      await getUp();
      if (count() < most) await strike();
    }
    await getUp();
  })();
  // Told of by `end`, or at once by `killed`.
  raging.catch(() => {});

  return {
    suffered,
    async killed(atLeast) {
      while (count() < atLeast) await Promise.race([delay(500), raging]);
    },
    async end() {
      over.abort();
      await raging;
      await hub.github.storm(null);
    },
  };
}
