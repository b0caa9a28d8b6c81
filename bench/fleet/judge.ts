/** From what the ledger kept to what came of it: who waited how long, who got more than its share, what became of silent workers' builds. */

/** One attempt as the ledger has it; times in seconds of the simulated clock. */
export interface Try {
  readonly buildId: string;
  readonly attempt: number;
  readonly pool: string;
  readonly spoke: string;
  readonly origin: 'pull' | 'nightly';
  readonly state: string;
  readonly worker: string | null;
  readonly queuedAt: number;
  readonly releasedAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface Verdict {
  readonly builds: number;
  readonly unfinished: number;
  /** Releases of a build while a spoke with at least two slots fewer went on waiting. */
  readonly unfair: number;
  readonly releases: number;
  /** Pull requests that waited while a build of the night was released. */
  readonly nightFirst: number;
  /** Builds that silent workers held, and how many of them another worker ended. */
  readonly silenced: number;
  readonly elsewhere: number;
  readonly pools: readonly {
    readonly pool: string;
    readonly spokes: readonly SpokeWait[];
    readonly longestWait: number;
  }[];
}

export interface SpokeWait {
  readonly spoke: string;
  readonly builds: number;
  readonly workerSeconds: number;
  /** Of its pull requests, from being asked for to their first start. */
  readonly medianWait: number;
  readonly longestWait: number;
}

/** Two looks at the database within this, in seconds, may see each other's changes or not. */
const BLUR = 2;

export function judge(tries: readonly Try[], silent: ReadonlySet<string>): Verdict {
  const builds = new Map<string, Try[]>();
  for (const one of tries) builds.set(one.buildId, [...(builds.get(one.buildId) ?? []), one]);
  const pools = [...new Set(tries.map(({ pool }) => pool))].sort();
  const batches = pools.map((pool) => judgeReleases(tries.filter((one) => one.pool === pool)));
  // What they had ended before counts for nothing here.
  const held = [...builds.values()].filter((list) =>
    list.some(({ worker, state }) => worker !== null && silent.has(worker) && state !== 'finished'),
  );
  return {
    builds: builds.size,
    unfinished: [...builds.values()].filter((list) => newest(list).state !== 'finished').length,
    unfair: sum(batches.map((one) => one.unfair)),
    releases: sum(batches.map((one) => one.releases)),
    nightFirst: sum(batches.map((one) => one.nightFirst)),
    silenced: held.length,
    elsewhere: held.filter((list) => {
      const { state, worker } = newest(list);
      return state === 'finished' && worker !== null && !silent.has(worker);
    }).length,
    pools: pools.map((pool) =>
      waitsOf(
        pool,
        tries.filter((one) => one.pool === pool),
      ),
    ),
  };
}

function judgeReleases(tries: readonly Try[]): { unfair: number; releases: number; nightFirst: number } {
  const moments = [...new Set(tries.flatMap(({ releasedAt }) => releasedAt ?? []))].sort((a, b) => a - b);
  let unfair = 0;
  let nightFirst = 0;
  for (const at of moments) {
    const released = tries.filter(({ releasedAt }) => releasedAt === at);
    // Still waiting afterwards, and surely known then.
    const waits = tries.filter((one) => one.queuedAt < at - BLUR && (one.releasedAt === null || one.releasedAt > at));
    const heldBy = (spoke: string, blur: number) =>
      tries.filter(
        (one) =>
          one.spoke === spoke &&
          one.releasedAt !== null &&
          one.releasedAt <= at &&
          (one.finishedAt === null || one.finishedAt > at + blur),
      ).length;
    const pullsWait = new Set(waits.filter(({ origin }) => origin === 'pull').map(({ spoke }) => spoke));
    if (released.some(({ origin }) => origin === 'nightly') && pullsWait.size > 0) nightFirst += 1;
    const tooMany = released
      .filter(({ origin }) => origin === 'pull')
      .some(({ spoke }) =>
        [...pullsWait].some((other) => other !== spoke && heldBy(spoke, BLUR) > heldBy(other, -BLUR) + 1),
      );
    if (tooMany) unfair += 1;
  }
  return { unfair, releases: moments.length, nightFirst };
}

function waitsOf(pool: string, tries: readonly Try[]): Verdict['pools'][number] {
  const spokes = [...new Set(tries.map(({ spoke }) => spoke))].sort().map((spoke) => {
    const own = tries.filter((one) => one.spoke === spoke);
    const waits = own
      .filter(({ origin, attempt, startedAt }) => origin === 'pull' && attempt === 1 && startedAt !== null)
      .map(({ queuedAt, startedAt }) => startedAt! - queuedAt)
      .sort((a, b) => a - b);
    return {
      spoke,
      builds: new Set(own.map(({ buildId }) => buildId)).size,
      workerSeconds: sum(
        own.map(({ startedAt, finishedAt }) =>
          startedAt === null || finishedAt === null ? 0 : finishedAt - startedAt,
        ),
      ),
      medianWait: waits[Math.floor(waits.length / 2)] ?? 0,
      longestWait: waits.at(-1) ?? 0,
    };
  });
  return { pool, spokes, longestWait: Math.max(...spokes.map((one) => one.longestWait)) };
}

function newest(list: readonly Try[]): Try {
  return list.reduce((a, b) => (b.attempt > a.attempt ? b : a));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
