/** Deliveries that GitHub sent and that are not here. */
import { inArray } from 'drizzle-orm';
import type { SentDelivery } from '../../github/listing.js';
import type { Db } from '../../store/open.js';
import { deliveries } from '../../store/schema.js';
import { readSetting, writeSetting } from '../../store/settings.js';
import { describe } from '../consume.js';
import { record } from './made-delivery.js';
import type { ReconcilePorts } from './ports.js';

const CURSOR = 'reconcile.deliveries';
/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 3600 * 1000;

/**
 * Deliveries that we do not have, by the App's own list: GitHub could not hand them over, or they came after the backup that our state was
 * restored from. A GitHub without that list has nothing to say.
 */
export async function recoverDeliveries(ports: ReconcilePorts): Promise<number> {
  const now = ports.now();
  const oldest = now.getTime() - KEPT_MS;
  const since = Math.max(oldest, Number((await readSetting(ports.db, CURSOR)) ?? oldest));
  const listed = await ports.listing.sentDeliveries(new Date(since));
  if (listed === null) return 0;
  const { sent, failed } = listed;
  let made = 0;
  // One under way now may still fail: the next round looks at the last minutes again.
  let next = now.getTime() - 5 * 60_000;
  for (const { id, guid, event, sentAt } of await withoutKnown(sent, ports.db)) {
    const found = await ports.listing.delivery(id).catch((error: unknown) => {
      ports.log.warn({ what: `delivery ${guid}`, error: describe(error) }, 'the reconciler could not look');
      // The next round begins with it, however long this goes on.
      next = Math.min(next, sentAt.getTime());
      return null;
    });
    if (found !== null) made += await record({ ...found, guid, event, sentAt, source: 'recovered' }, ports);
  }
  if (failed === null) await writeSetting(ports.db, CURSOR, next, now);
  // What was listed is recovered all the same: a list of many pages might never be read whole while GitHub is in trouble.
  else ports.log.warn({ what: 'older deliveries', error: describe(failed) }, 'the reconciler could not look');
  return made;
}

/** So many at a time are asked for in one query. */
const ASKED_AT_ONCE = 500;

async function withoutKnown(sent: readonly SentDelivery[], db: Db): Promise<SentDelivery[]> {
  const missing: SentDelivery[] = [];
  for (let from = 0; from < sent.length; from += ASKED_AT_ONCE) {
    const some = sent.slice(from, from + ASKED_AT_ONCE);
    const guids = some.map(({ guid }) => guid);
    const rows = await db
      .select({ guid: deliveries.guid, event: deliveries.event })
      .from(deliveries)
      .where(inArray(deliveries.guid, guids));
    const known = new Set(rows.map(({ guid, event }) => `${guid} ${event}`));
    missing.push(...some.filter(({ guid, event }) => !known.has(`${guid} ${event}`)));
  }
  return missing;
}
