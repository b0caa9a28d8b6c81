/** Which of GitHub's deliveries a hub has had and worked off, by its own database. */
import { ne } from 'drizzle-orm';
import { openEmbedded, openPostgres } from '../../src/store/open.js';
import { deliveries, intents } from '../../src/store/schema.js';

export interface Kept {
  /** `GUID event` of deliveries that were worked off. */
  readonly done: ReadonlySet<string>;
  /** Deliveries and writes that were set aside, with why. */
  readonly setAside: readonly string[];
}

/** Reads the state of a hub that does not run any more. */
export async function keptBy({
  databaseUrl,
  dataDirectory,
}: {
  databaseUrl: string | null;
  dataDirectory: string;
}): Promise<Kept> {
  const store = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  try {
    const told = await store.db
      .select({ guid: deliveries.guid, event: deliveries.event, state: deliveries.state, error: deliveries.error })
      .from(deliveries);
    const written = await store.db
      .select({ kind: intents.kind, state: intents.state, error: intents.error, lane: intents.lane })
      .from(intents)
      .where(ne(intents.state, 'sent'));
    return {
      done: new Set(told.filter(({ state }) => state === 'done').map(({ guid, event }) => `${guid} ${event}`)),
      setAside: [
        ...told
          .filter(({ state }) => state !== 'done')
          .map(({ event, state, error }) => `delivery ${event} ${state}: ${error}`),
        ...written
          .filter(({ state }) => state !== 'superseded')
          .map(({ kind, lane, state, error }) => `write ${kind} of ${lane} ${state}: ${error}`),
      ],
    };
  } finally {
    await store.close();
  }
}
