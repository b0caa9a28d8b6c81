/** Releases builds of pools whenever something may have changed there; what is asked for while a pool is looked at is one more look. */
import type { FleetRules } from '../ledger/fleet.js';
import { releaseBuilds } from '../ledger/release.js';
import type { Outgoing } from '../ledger/state.js';
import type { Db } from '../store/open.js';

export interface ReleaserPorts {
  readonly db: Db;
  readonly now: () => Date;
  readonly rules: () => FleetRules;
  readonly send: (list: Outgoing['builds']) => Promise<void>;
}

/** Returns a function that releases what a pool has room for, and sends it; it resolves when a look begun after the call is over. */
export function createReleaser({ db, now, rules, send }: ReleaserPorts): (pool: string) => Promise<void> {
  const looking = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  async function look(pool: string): Promise<void> {
    await send(await releaseBuilds(db, pool, rules(), now()));
  }

  return (pool) => {
    const queued = next.get(pool);
    if (queued !== undefined) return queued;
    const before = looking.get(pool);
    const begin = (): Promise<void> => {
      next.delete(pool);
      const own = look(pool).finally(() => {
        if (looking.get(pool) === own) looking.delete(pool);
      });
      looking.set(pool, own);
      return own;
    };
    if (before === undefined) return begin();
    const after = before.then(begin, begin);
    next.set(pool, after);
    return after;
  };
}
