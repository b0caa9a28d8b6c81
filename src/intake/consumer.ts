/**
 * A process's part in the handling of deliveries: when it is woken, it claims what is due, a few at a time, until nothing is left.
 * Waking costs nothing where there is nothing to do, and is never needed more than once.
 */

import type { ConsumePorts, StoredDelivery } from './consume.js';
import { claimDeliveries, consumeDelivery, describe, releaseDeliveries, renewClaims } from './consume.js';

export interface DeliveryConsumer {
  /** There may be something to take. False when this process has its hands full, so that another may be asked. */
  wake(): boolean;
  /** Takes nothing more, gives back what it has not begun, and waits for what it has. */
  close(): Promise<void>;
}

const AT_ONCE = 8;
const RENEW_MS = 10_000;

export function openConsumer(ports: ConsumePorts): DeliveryConsumer {
  const running = new Map<number, Promise<void>>();
  let held: StoredDelivery[] = [];
  let claiming: Promise<void> | null = null;
  let wanted = false;
  let closed = false;

  const renewal = setInterval(() => {
    const seqs = [...running.keys(), ...held.map(({ seq }) => seq)];
    if (seqs.length > 0) renewClaims(ports.db, ports.now(), seqs).catch(told('claims of deliveries were not renewed'));
  }, RENEW_MS);
  renewal.unref();

  function told(message: string) {
    return (error: unknown) => {
      if (!closed) ports.log.error({ error: describe(error) }, message);
    };
  }

  /** Claims as many again as it can handle at once, so that one claim serves several; more would be kept from other processes. */
  async function claim(): Promise<void> {
    while (wanted && !closed && held.length === 0 && running.size < AT_ONCE) {
      wanted = false;
      const most = 2 * AT_ONCE - running.size;
      const rows = await claimDeliveries(ports.db, ports.now(), most);
      if (rows.length === most) wanted = true;
      held.push(...rows);
      begin();
    }
  }

  function begin(): void {
    while (!closed && running.size < AT_ONCE && held.length > 0) {
      const delivery = held.shift()!;
      const done = consumeDelivery(delivery, ports)
        .catch(told('what came of a delivery could not be stored; it is handled again'))
        .finally(() => {
          running.delete(delivery.seq);
          begin();
          if (held.length === 0 && wanted) look();
        });
      running.set(delivery.seq, done);
    }
  }

  function look(): void {
    if (claiming !== null || closed) return;
    claiming = claim()
      .catch(told('no delivery could be taken; the sweep asks again'))
      .finally(() => {
        claiming = null;
        if (wanted && held.length === 0 && running.size < AT_ONCE) look();
      });
  }

  return {
    wake() {
      wanted = true;
      const free = held.length === 0 && running.size < AT_ONCE;
      if (free) look();
      return free;
    },
    async close() {
      closed = true;
      clearInterval(renewal);
      await claiming;
      const left = held.map(({ seq }) => seq);
      held = [];
      if (left.length > 0) await releaseDeliveries(ports.db, left).catch(() => undefined);
      await Promise.all(running.values());
    },
  };
}
