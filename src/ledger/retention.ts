/** What the ledger keeps that nobody asks for any more after some time. Each takes the moment before which it is of no use. */
import { lt } from 'drizzle-orm';
import type { Db } from '../store/open.js';
import { proofs, workers } from '../store/schema.js';

/** Proofs of builds that are too old to spare a build. Returns how many were removed. */
export async function dropProofs(db: Db, before: Date): Promise<number> {
  const gone = await db.delete(proofs).where(lt(proofs.at, before)).returning({ dagHash: proofs.dagHash });
  return gone.length;
}

/** Workers that were not heard of since; one that comes back announces itself anew. Returns how many were removed. */
export async function dropWorkers(db: Db, before: Date): Promise<number> {
  const gone = await db.delete(workers).where(lt(workers.seenAt, before)).returning({ id: workers.id });
  return gone.length;
}
