/** Weights of the kind model that were learnt here: which are in use, what the last night's run came to, and the weights themselves. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { RetrainReport, RetrainRun } from '../triage/learning/retrain.js';
import type { Db } from './open.js';
import { kindModels } from './schema.js';
import { readSetting, writeSetting } from './settings.js';

/** Setting that names the weights in use. */
export const IN_USE = 'kinds.inUse';
const LAST = 'kinds.retrain';

const InUse = z.object({ version: z.string(), base: z.string() });

/** The last run by night. */
export interface LastRetrain {
  /** The night it belongs to, in milliseconds since 1970. */
  readonly night: number;
  /** Null until one was judged, or had too little to judge. */
  readonly run: RetrainRun | null;
}

export async function lastRetrain(db: Db): Promise<LastRetrain | null> {
  return (await readSetting(db, LAST)) as LastRetrain | null;
}

export async function keepRetrain(db: Db, last: LastRetrain, now: Date): Promise<void> {
  await writeSetting(db, LAST, last, now);
}

/** The learnt weights that are to be used, if those that they were bent from are still the shipped ones; else null. */
export async function learntInUse(db: Db, base: string): Promise<string | null> {
  const parsed = InUse.safeParse(await readSetting(db, IN_USE));
  return parsed.success && parsed.data.base === base ? parsed.data.version : null;
}

/** Keeps the weights and takes them into use, in one. */
export async function takeIntoUse(
  db: Db,
  model: { readonly version: string; readonly weights: string; readonly base: string; readonly report: RetrainReport },
  now: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .insert(kindModels)
      .values({ ...model, at: now })
      .onConflictDoNothing();
    await writeSetting(tx as unknown as Db, IN_USE, { version: model.version, base: model.base }, now);
  });
}

/** The weights of a version, as text; null where they were never in use here. */
export async function kindWeights(db: Db, version: string): Promise<string | null> {
  const [row] = await db
    .select({ weights: kindModels.weights })
    .from(kindModels)
    .where(eq(kindModels.version, version));
  return row?.weights ?? null;
}
