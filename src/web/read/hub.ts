/** Reads what the hub's page shows: a handful of queries, none of which grows with the number of products. */
import { ne, sql } from 'drizzle-orm';
import type { Registry } from '../../registry/model.js';
import type { Db } from '../../store/open.js';
import { builds } from '../../store/schema.js';
import type { HubFacts } from '../hub-view.js';
import { listBuilds } from './build-summary.js';
import { listDecisions, listWaiting } from './decision-summary.js';
import { listFailures } from './failures.js';
import { listLastChecks } from './last-checks.js';
import { countOpenBuilds, countTraffic, listWorkers, type Traffic } from './numbers.js';
import { readVisible } from './visible.js';

const RECENT = 12;
const OPEN = 40;
const FAILURES = 10;
/** How long counts over the tables that only grow are good enough for people, in milliseconds. */
const TRAFFIC_KEPT_MS = 3000;

export type ReadHub = (registry: Registry, now: Date) => Promise<HubFacts>;

export function createHubReader(db: Db): ReadHub {
  let kept: { at: number; traffic: Promise<Traffic> } | null = null;
  let reading: { registry: Registry; facts: Promise<HubFacts> } | null = null;

  function traffic(now: Date): Promise<Traffic> {
    const age = kept === null ? null : now.getTime() - kept.at;
    if (kept !== null && age !== null && age >= 0 && age < TRAFFIC_KEPT_MS) return kept.traffic;
    const fresh = countTraffic(db);
    kept = { at: now.getTime(), traffic: fresh };
    fresh.catch(() => {
      kept = null;
    });
    return fresh;
  }

  async function read(registry: Registry, now: Date): Promise<HubFacts> {
    const visible = await readVisible(db);
    const [waiting, openCounts, open, recent, lastChecks, decisions, failures, workers, counted] = await Promise.all([
      listWaiting(db, visible, registry),
      countOpenBuilds(db, visible),
      listBuilds(db, visible, ne(builds.state, 'completed'), OPEN_FIRST, OPEN),
      listBuilds(db, visible, sql`${builds.state} = 'completed'`, sql`${builds.completedAt} desc`, RECENT),
      listLastChecks(db, visible),
      listDecisions(db, visible, RECENT),
      listFailures(db, visible, FAILURES),
      listWorkers(db, now),
      traffic(now),
    ]);
    return { waiting, openCounts, open, recent, lastChecks, decisions, failures, workers, traffic: counted };
  }

  return (registry, now) => {
    // Many who look at once share one reading.
    if (reading?.registry === registry) return reading.facts;
    const facts = read(registry, now).finally(() => {
      if (reading?.facts === facts) reading = null;
    });
    reading = { registry, facts };
    return facts;
  };
}

/** What waits for a person, then what runs, then the queue in its order. */
const OPEN_FIRST = sql`array_position(array['waiting-approval', 'running', 'queued'], ${builds.state}), ${builds.createdAt}`;
