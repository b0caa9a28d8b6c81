/** One run of a scenario on real processes, in fine or in bad weather, to its calm end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HubProcess, SHORT_LIVED, startHub, tail } from '../../src/demo/processes.js';
import type { Effects } from '../../src/sandbox/effects.js';
import type { StormCounts, StormInput } from '../../src/sandbox/storm.js';
import { comeToRest } from './calm.js';
import { prepare, type Scenario, type Told, tell } from './scenario.js';
import { type Counted, countedIn, type Seen, seenIn } from './seen.js';
import { OVERTAKEN } from './stories/pulls.js';
import { keptBy } from './told.js';
import { brew, type Restartable, type Suffered } from './weather.js';

const RECORDED_SPACK = fileURLToPath(new URL('../../demo/recorded-spack/spack', import.meta.url));

export interface Place {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly servers: Readonly<Record<string, Restartable>>;
}

export interface Trouble {
  readonly storm: StormInput;
  readonly kills: number;
  readonly betweenMs: readonly [number, number];
  readonly most?: number;
}

export interface Run {
  readonly told: Told;
  readonly seen: Seen;
  readonly effects: Effects;
  readonly counted: Counted;
  readonly weather: StormCounts | null;
  readonly suffered: Suffered | null;
  /** Deliveries of GitHub that were never worked off. */
  readonly lost: readonly string[];
  readonly setAside: readonly string[];
  /** What was still open when patience ended. */
  readonly open: readonly string[];
  readonly seconds: number;
  /** Of that from the end of all trouble until nothing was open. */
  readonly restSeconds: number;
}

export interface RunParts {
  readonly scenario: Scenario;
  readonly place: Place;
  readonly trouble: Trouble | null;
  readonly workers: number;
  readonly restMs: number;
  readonly say: (line: string) => void;
  /** The directory stays, to be looked at. */
  readonly keep?: boolean;
}

export async function runOnce(parts: RunParts): Promise<Run> {
  const { scenario, place, trouble, say } = parts;
  const began = performance.now();
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-chaos-'));
  const { databaseUrl, redisUrl } = place;
  const shared = databaseUrl !== null || redisUrl !== null;
  const hub = await startHub({
    directory,
    spack: RECORDED_SPACK,
    pool: { sandbox: 'recorded', trust: 'write' },
    leads: { rapids: ['mona'] },
    // A year's work of a repository in minutes: what keeps a bot quiet would hold it back, and until when is a matter of time.
    settings: { 'budgets.writesPerHour': 100_000, 'budgets.commentsPerWeek': 1000 },
    workerOverQueue: shared,
    nodeFlags: scenario.events <= 20 ? SHORT_LIVED : [],
    concurrency: 2,
    workers: parts.workers,
    env: {
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    },
  });
  const { github } = hub;
  try {
    await prepare(github, scenario);
    const workers = Array.from(
      { length: parts.workers },
      (_, n): HubProcess => (n === 0 ? 'worker' : `worker-${n + 1}`),
    );
    const weather =
      trouble && (await brew({ ...trouble, seed: scenario.seed, hub, workers, servers: place.servers, say }));
    const told = await tell(github, scenario);
    await weather?.killed(trouble!.kills);
    await weather?.end();
    const calm = performance.now();
    if (weather) {
      // What was told while nobody listened is found by a round at the start; waiting a minute for the next would do as well.
      await hub.kill('serve');
      // From here on it counts that the reconciler has looked.
      await github.clearRequests();
      await hub.start('serve');
    }
    const open = await comeToRest(hub, parts.restMs, trouble !== null);
    const now = performance.now();
    if (open.length > 0) say(`still open: ${open.join(', ')}\n${tail(directory, 'serve')}`);
    const effects = await github.effects();
    const dump = await github.dump();
    const counts = trouble ? await github.storm(null) : null;
    await hub.stop();
    const kept = await keptBy({ databaseUrl, dataDirectory: hub.env.SPOKEBOT_DATA! });
    return {
      told,
      seen: seenIn(dump, hub.hubUrl, (head) => head.startsWith(OVERTAKEN)),
      effects,
      counted: countedIn(effects),
      weather: counts,
      suffered: weather?.suffered ?? null,
      lost: [...new Set(effects.deliveries.map(({ guid, event }) => `${guid} ${event}`))].filter(
        (one) => !kept.done.has(one),
      ),
      setAside: kept.setAside,
      open,
      seconds: (now - began) / 1000,
      restSeconds: (now - calm) / 1000,
    };
  } finally {
    await hub.stop();
    if (parts.keep) say(`kept: ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}
