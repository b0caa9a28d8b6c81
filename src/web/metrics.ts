/**
 * What `/metrics` shows, and the small functions with which the rest of the program counts. No label holds a repository, a person
 * or anything else from outside that could grow without bound; an installation is told by its number only.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers that are read when somebody scrapes. */
export interface Gauges {
  readonly builds: Readonly<Record<string, number>>;
  /** Per pool: builds without a worker, and workers heard of lately. */
  readonly pools: readonly {
    readonly pool: string;
    readonly queued: number;
    readonly running: number;
    readonly workers: number;
    /** Of workers that fit. */
    readonly slots: number;
    /** Workers that lack what the pool promises. */
    readonly unfit: number;
    /** Seconds that the first of those waits; 0 when none does. */
    readonly oldestSeconds: number;
  }[];
  readonly deliveries: Readonly<Record<string, number>>;
  readonly intents: Readonly<Record<string, number>>;
  /** Issues that have waited too long for a decision; of each kind at most 100 are counted. */
  readonly lateIssues: number;
  /** GitHub's budget of each installation whose window goes on or that has to pause: the shortest ones. */
  readonly budgets: readonly {
    readonly installation: number;
    /** Requests of a window; 0 when GitHub has only asked for a pause yet. */
    readonly most: number;
    readonly left: number;
    /** Seconds for which GitHub wants to be left alone; 0 when it does not. */
    readonly pauseSeconds: number;
  }[];
}

export interface Metrics {
  readonly registry: Registry;
  /** A delivery arrived; outcomes are the receiver's (`stored`, `duplicate`, `refused`, `failed`). */
  delivery(outcome: string, event: string): void;
  /** A stored delivery went through its handlers in `seconds`. */
  handled(event: string, outcome: 'done' | 'failed', seconds: number): void;
  /** An intent was tried; outcomes are the outbox's (`done`, `later`, `refused`). */
  intent(kind: string, outcome: string): void;
  /** A decision was committed; `mode` is triage's, null for other kinds. */
  decision(kind: string, mode: string | null): void;
  /** Problems that keep the newest version of the hub's repository out of force. */
  hubProblems(n: number): void;
  /** The number of live logs that somebody watches. */
  streams(open: number): void;
  /** Sets where the gauges come from. */
  readGauges(read: () => Promise<Gauges>): void;
  /** The page in Prometheus' text format. Never rejects: gauges that cannot be read are left out and `spokebot_gauges_ok` is 0. */
  text(): Promise<string>;
}

/** More names of events than GitHub has; a sender with our secret could still invent some. */
const MOST_EVENTS = 150;

/** `defaults: false` leaves the figures of the process out, e.g. where many are made in one process. */
export function createMetrics({ defaults = true }: { readonly defaults?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (defaults) collectDefaultMetrics({ register: registry });

  const deliveries = new Counter({
    name: 'spokebot_deliveries_total',
    help: 'Deliveries that arrived, by event and what became of them.',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'spokebot_delivery_seconds',
    help: 'Time that the handlers of a delivery took.',
    labelNames: ['event', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const intents = new Counter({
    name: 'spokebot_intents_total',
    help: 'Tries to write to GitHub, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const decisions = new Counter({
    name: 'spokebot_decisions_total',
    help: 'Decisions, by kind and the mode that the evidence allowed.',
    labelNames: ['kind', 'mode'],
    registers,
  });
  const streams = new Gauge({ name: 'spokebot_log_streams', help: 'Live logs that are being watched.', registers });
  const hubProblems = new Gauge({
    name: 'spokebot_hub_problems',
    help: 'Problems of the newest version of the hub; above 0 an older one is in force.',
    registers,
  });
  const gaugesOk = new Gauge({
    name: 'spokebot_gauges_ok',
    help: 'Whether the figures of the ledger could be read for this scrape.',
    registers,
  });
  const ledger = {
    builds: gauge('spokebot_builds', 'Builds in the ledger, by state.', ['state']),
    queued: gauge('spokebot_pool_queued', 'Builds of a pool that wait for a worker.', ['pool']),
    workers: gauge('spokebot_pool_workers', 'Workers of a pool that were heard of in the last minute.', ['pool']),
    running: gauge('spokebot_pool_running', 'Builds of a pool that run.', ['pool']),
    slots: gauge('spokebot_pool_slots', 'Builds that the workers of a pool take at once.', ['pool']),
    unfit: gauge('spokebot_pool_unfit_workers', 'Workers of a pool that lack what it promises and get no builds.', [
      'pool',
    ]),
    oldest: gauge('spokebot_pool_oldest_seconds', 'How long the first of the waiting builds of a pool has waited.', [
      'pool',
    ]),
    deliveries: gauge('spokebot_deliveries', 'Deliveries kept, by state.', ['state']),
    intents: gauge('spokebot_outbox', 'Writes to GitHub kept, by state.', ['state']),
    limit: gauge('spokebot_github_limit', "Requests that GitHub's window gives an installation.", ['installation']),
    remaining: gauge('spokebot_github_remaining', "Requests left to an installation in GitHub's present window.", [
      'installation',
    ]),
    pause: gauge('spokebot_github_pause_seconds', 'How long GitHub still wants to be left alone by an installation.', [
      'installation',
    ]),
  };
  const late = gauge(
    'spokebot_issues_late',
    'Issues without a decision for 15 minutes; above 0 somebody should look.',
    [],
  );
  let read: (() => Promise<Gauges>) | null = null;
  const events = new Set<string>();

  function gauge<Name extends string>(name: string, help: string, labelNames: Name[]): Gauge<Name> {
    return new Gauge({ name, help, labelNames, registers });
  }

  function knownEvent(event: string): string {
    if (!events.has(event) && events.size >= MOST_EVENTS) return 'other';
    events.add(event);
    return event;
  }

  async function refresh(): Promise<void> {
    for (const each of [...Object.values(ledger), late]) each.reset();
    if (read === null) return;
    try {
      const now = await read();
      for (const [state, n] of Object.entries(now.builds)) ledger.builds.set({ state }, n);
      for (const [state, n] of Object.entries(now.deliveries)) ledger.deliveries.set({ state }, n);
      for (const [state, n] of Object.entries(now.intents)) ledger.intents.set({ state }, n);
      for (const { pool, queued, running, workers, slots, unfit, oldestSeconds } of now.pools) {
        ledger.queued.set({ pool }, queued);
        ledger.workers.set({ pool }, workers);
        ledger.running.set({ pool }, running);
        ledger.slots.set({ pool }, slots);
        ledger.unfit.set({ pool }, unfit);
        ledger.oldest.set({ pool }, oldestSeconds);
      }
      for (const { installation, most, left, pauseSeconds } of now.budgets) {
        if (most > 0) {
          ledger.limit.set({ installation }, most);
          ledger.remaining.set({ installation }, left);
        }
        ledger.pause.set({ installation }, pauseSeconds);
      }
      late.set(now.lateIssues);
      gaugesOk.set(1);
    } catch {
      gaugesOk.set(0);
    }
  }

  return {
    registry,
    delivery: (outcome, event) => deliveries.inc({ event: knownEvent(event), outcome }),
    handled: (event, outcome, took) => seconds.observe({ event: knownEvent(event), outcome }, took),
    intent: (kind, outcome) => intents.inc({ kind, outcome }),
    decision: (kind, mode) => decisions.inc({ kind, mode: mode ?? 'none' }),
    hubProblems: (n) => hubProblems.set(n),
    streams: (open) => streams.set(open),
    readGauges(from) {
      read = from;
    },
    async text() {
      await refresh();
      return registry.metrics();
    },
  };
}
