/** Waits until a hub has nothing under way any more, by what the hub itself says and what GitHub sees. */
import { setTimeout as delay } from 'node:timers/promises';
import { askServe, findServe } from '../../src/cli/running.js';
import type { HubProcesses } from '../../src/demo/processes.js';
import type { StateHealth } from '../../src/store/explain.js';

const LOOK_MS = 250;

/**
 * Returns what is left open in the end, in words: nothing when it came to rest in time. With `reconciled` not before the reconciler has
 * looked since the requests were last cleared: it finds what no delivery told, which has to be worked off as well.
 */
export async function comeToRest(hub: HubProcesses, timeoutMs: number, reconciled: boolean): Promise<string[]> {
  const end = performance.now() + timeoutMs;
  let open = ['nothing was heard of serve'];
  while (performance.now() < end) {
    open = await stillOpen(hub, reconciled).catch((error: unknown) => [String(error)]);
    if (open.length === 0) return [];
    await delay(LOOK_MS);
  }
  return open;
}

async function stillOpen(hub: HubProcesses, reconciled: boolean): Promise<string[]> {
  const before = await revision(hub);
  const running = findServe(hub.env.SPOKEBOT_DATA!);
  const health = running && (await askServe<StateHealth>(running, '/health'));
  if (!health) return ['serve does not answer'];
  const { counts } = await hub.github.requests();
  const open = [
    ...(!reconciled || counts['GET /app/hook/deliveries'] ? [] : ['the reconciler has not looked yet']),
    ...listed('deliveries', health.deliveries, ['done', 'failed']),
    ...listed('writes', health.intents, ['sent', 'superseded', 'failed']),
    ...listed('builds', health.builds, ['completed', 'waiting-approval']),
  ];
  if (open.length > 0) return open;
  await hub.github.idle({ quietMs: 1000 });
  return (await revision(hub)) === before ? [] : ['something changed meanwhile'];
}

function listed(what: string, counts: Readonly<Record<string, number>>, ended: readonly string[]): string[] {
  return Object.entries(counts).flatMap(([state, n]) =>
    ended.includes(state) || n === 0 ? [] : [`${n} ${what} ${state}`],
  );
}

async function revision({ github }: HubProcesses): Promise<number> {
  return ((await github.request('GET', '/_sandbox/revision')) as { revision: number }).revision;
}
