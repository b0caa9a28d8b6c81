/**
 * The one statement that every delivery costs before its answer, written by hand: building it anew for each commit would cost this
 * process more than sending it, and prepared it costs the server's planner nothing.
 */
import type { Store } from '../store/open.js';

/** What is stored of a new delivery. */
export interface StoredRow {
  readonly guid: string;
  readonly event: string;
  readonly digest: string;
  readonly source: string;
  readonly activity: string | null;
  readonly installationId: number | null;
  readonly repository: string | null;
  readonly payload: string;
  readonly receivedAt: Date;
  readonly dueAt: Date;
}

const COLUMNS = [
  ['guid', 'guid'],
  ['event', 'event'],
  ['digest', 'digest'],
  ['source', 'source'],
  ['activity', 'activity'],
  ['installation_id', 'installationId'],
  ['repository', 'repository'],
  ['payload', 'payload'],
  ['received_at', 'receivedAt'],
  ['due_at', 'dueAt'],
] as const satisfies readonly (readonly [string, keyof StoredRow])[];

/** By number of rows. */
const texts = new Map<number, string>();

/**
 * Inserts and commits deliveries that have different keys. Returns the `seq` by key of those that are new, or were set aside and are
 * tried again: one that comes again is somebody's wish for that. Any other is dropped.
 */
export async function insertDeliveries(
  store: Pick<Store, 'run'>,
  rows: ReadonlyMap<string, StoredRow>,
): Promise<Map<string, number>> {
  // In one order everywhere: two commits with the same deliveries must not wait for each other.
  const sorted = rows.size === 1 ? [...rows] : [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  const values: unknown[] = [];
  for (const [, row] of sorted) for (const [, field] of COLUMNS) values.push(row[field]);
  const stored = await store.run(`deliveries-${sorted.length}`, textOf(sorted.length), values);
  return new Map(stored.map(({ seq, guid, event, digest }) => [`${guid} ${event} ${digest}`, Number(seq)]));
}

function textOf(rows: number): string {
  const known = texts.get(rows);
  if (known !== undefined) return known;
  const tuples = Array.from(
    { length: rows },
    (_, row) => `(${COLUMNS.map((_, column) => `$${row * COLUMNS.length + column + 1}`).join(',')})`,
  );
  const text = `insert into spokebot.deliveries as known (${COLUMNS.map(([column]) => column).join(',')}) values ${tuples.join(',')}
    on conflict (guid, event, digest)
    do update set state = 'stored', attempts = 0, due_at = excluded.due_at, claimed_until = null where known.state = 'failed'
    returning seq, guid, event, digest`;
  texts.set(rows, text);
  return text;
}
