/** The row of one build: taken under lock, changed in place. */
import { eq } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { builds } from '../store/schema.js';
import type { FleetRules } from './fleet.js';
import type { ReportPorts } from './report.js';
import type { Build } from './state.js';

export interface LedgerPorts extends ReportPorts {
  readonly now: () => Date;
  /** Of the hub in force; without it all products are alike. */
  readonly fleet?: () => FleetRules;
}

/** Null when there is none. */
export async function lockBuild(tx: Db, id: string): Promise<Build | null> {
  const [build] = await tx.select().from(builds).where(eq(builds.id, id)).for('update');
  return build ?? null;
}

/** Throws when there is no such build. */
export async function update(tx: Db, id: string, change: Partial<typeof builds.$inferInsert>): Promise<Build> {
  const [build] = await tx.update(builds).set(change).where(eq(builds.id, id)).returning();
  if (build === undefined) throw new Error(`build ${id} is not in the ledger`);
  return build;
}
