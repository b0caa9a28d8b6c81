/** Reads what the hub's page shows: a handful of queries, none of which grows with the number of products. */
import type { Registry } from '../../registry/model.js';
import { mutedPeople } from '../../store/commands.js';
import { lastRetrain } from '../../store/kind-models.js';
import type { Db } from '../../store/open.js';
import { lastSeenOf } from '../../store/people.js';
import type { Seen } from '../../triage/owners/stewardship.js';
import type { HubFacts } from '../hub-view.js';
import { readBudgets } from './budgets.js';
import { countRouted, listDecisions, listWaiting } from './decision-summary.js';
import type { ReadEnded } from './ended.js';
import { type FailedRows, readFailedRows, tellFailures } from './failures.js';
import { countTraffic, listWorkers, type Traffic } from './numbers.js';
import { readOpenBuilds } from './open-builds.js';
import { readVisible, type Viewer, type Visible } from './visible.js';

const RECENT = 12;
const OPEN = 30;
const FAILURES = 10;
/** How long what is counted over the tables that only grow is good enough for people, in milliseconds. */
const KEPT_MS = 3000;

async function readSeen(db: Db, now: Date): Promise<Seen> {
  const quiet = await mutedPeople(db, now);
  return { ...quiet, lastSeen: await lastSeenOf(db, [], now), muted: new Set(quiet.muted) };
}

export type ReadHub = (registry: Registry, now: Date, viewer: Viewer) => Promise<HubFacts>;

export function createHubReader(db: Db, readEnded: ReadEnded): ReadHub {
  let kept: { at: number; told: Promise<{ traffic: Traffic; failed: FailedRows }> } | null = null;
  let reading: { registry: Registry; key: string; facts: Promise<HubFacts> } | null = null;

  function countAll(now: Date): Promise<{ traffic: Traffic; failed: FailedRows }> {
    const age = kept === null ? null : now.getTime() - kept.at;
    if (kept !== null && age !== null && age >= 0 && age < KEPT_MS) return kept.told;
    const told = (async () => ({ traffic: await countTraffic(db), failed: await readFailedRows(db, now) }))();
    kept = { at: now.getTime(), told };
    told.catch(() => {
      kept = null;
    });
    return told;
  }

  async function read(registry: Registry, now: Date, visible: Visible): Promise<HubFacts> {
    const [waiting, routed, open, ended, decisions, workers, seen, budgets, learning, { traffic, failed }] =
      await Promise.all([
        listWaiting(db, visible, registry),
        countRouted(db, visible),
        readOpenBuilds(db, visible, OPEN),
        readEnded(visible),
        listDecisions(db, visible, RECENT),
        listWorkers(db, now),
        readSeen(db, now),
        readBudgets(db, visible, now),
        lastRetrain(db),
        countAll(now),
      ]);
    return {
      waiting,
      routed,
      ...open,
      ...ended,
      decisions,
      failures: tellFailures(failed, visible, FAILURES),
      workers,
      budgets,
      traffic,
      seen,
      learnt: learning?.run ?? null,
    };
  }

  return async (registry, now, viewer) => {
    const visible = await readVisible(db, viewer);
    // Many who look at once, and may see the same, share one reading.
    if (reading?.registry === registry && reading.key === visible.key) return reading.facts;
    const facts = read(registry, now, visible).finally(() => {
      if (reading?.facts === facts) reading = null;
    });
    reading = { registry, key: visible.key, facts };
    return facts;
  };
}
