/**
 * Builds that no worker can do: workers died on them again and again, or what is to be built cannot be read. They end as not checked,
 * are not tried again by themselves, and wait for somebody who mends the cause and has them tried again.
 */
import type { Db } from '../store/open.js';
import { endWithoutVerdict } from './end.js';
import { rollUpHeads } from './roll-up.js';
import { type LedgerPorts, lockBuild } from './row.js';
import type { Outgoing } from './state.js';

/** Ends the attempt's build because its plan cannot be read; nothing when another attempt has taken its place. */
export async function setAsideUnreadable(
  tx: Db,
  { buildId, attempt, problem }: { buildId: string; attempt: number; problem: string },
  ports: LedgerPorts,
  out: Outgoing,
): Promise<void> {
  const build = await lockBuild(tx, buildId);
  if (build === null || build.state === 'completed' || build.attempt !== attempt) return;
  await endWithoutVerdict(tx, build, { kind: 'unreadable', detail: problem }, ports, out);
  await rollUpHeads(tx, ports, out);
}
