/** A person answers for a build that did not pass, or takes that back. It belongs to the build, so to one head: a push ends it. */
import type { Db } from '../store/open.js';
import { reportBuild } from './report.js';
import { type LedgerPorts, lockBuild, update } from './row.js';
import type { Outgoing } from './state.js';

/** Only a build that has ended can be waived; `reason` null takes the waiver back. Returns whether anything changed. */
export async function waiveBuild(
  tx: Db,
  { buildId, by, reason }: { buildId: string; by: string; reason: string | null },
  ports: LedgerPorts,
  out: Outgoing,
): Promise<boolean> {
  const build = await lockBuild(tx, buildId);
  if (build === null || (reason === null ? build.waiver === null : build.state !== 'completed')) return false;
  const changed = await update(tx, buildId, { waiver: reason === null ? null : { by, reason } });
  await reportBuild(tx, changed, null, ports, out);
  return true;
}
