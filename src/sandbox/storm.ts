/**
 * Bad weather: shares of deliveries and of Apps' requests go wrong, by a seed. What happens to one does not depend on the order of all:
 * it is drawn from the seed, from what it is about, and from how often that was seen. Not part of the saved state.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RequestFault } from './faults.js';
import type { DeliveryFault } from './webhooks.js';

const share = z.number().min(0).max(1).default(0);

export const Storm = z.object({
  seed: z.number().int(),
  deliveries: z
    .object({
      /** Never sent; in the log of deliveries as failed. */
      dropped: share,
      /** Sent again under the same GUID, up to ten times in all. */
      repeated: share,
      /** Sent (each copy) at any moment within `lateMs`, and so overtaken by others. */
      late: share,
      lateMs: z.number().int().positive().max(600_000).default(2000),
    })
    .prefault({}),
  requests: z
    .object({
      /** Of the requests of Apps; people's own always go well. */
      failed: share,
      /** How, each as likely as the others. */
      effects: z.array(RequestFault.shape.effect).default([]),
    })
    .prefault({}),
});
export type Storm = z.infer<typeof Storm>;
/** As one writes it (defaults left out). */
export type StormInput = z.input<typeof Storm>;

/** What the weather has done so far. */
export interface StormCounts {
  deliveries: number;
  dropped: number;
  copies: number;
  late: number;
  requests: number;
  failed: Record<string, number>;
}

const MOST_SENT = 10;

export class Weather {
  #storm: Storm | null = null;
  #seen = new Map<string, number>();
  readonly counts: StormCounts = { deliveries: 0, dropped: 0, copies: 0, late: 0, requests: 0, failed: {} };

  /** Null: fine weather. */
  set(storm: Storm | null): void {
    this.#storm = storm;
  }

  forRequest(method: string, path: string): RequestFault['effect'] | null {
    if (this.#storm === null) return null;
    const { failed, effects } = this.#storm.requests;
    this.counts.requests += 1;
    const draw = this.#draws(`${method} ${path}`);
    if (effects.length === 0 || draw('failed') >= failed) return null;
    const effect = effects[Math.floor(draw('effect') * effects.length)]!;
    const name = effect.kind === 'status' ? String(effect.status) : effect.kind;
    this.counts.failed[name] = (this.counts.failed[name] ?? 0) + 1;
    return effect;
  }

  forDelivery(event: string, action: string | null, about: string): DeliveryFault | null {
    if (this.#storm === null) return null;
    const { dropped, repeated, late, lateMs } = this.#storm.deliveries;
    this.counts.deliveries += 1;
    const draw = this.#draws(`${event} ${action} ${about}`);
    if (draw('dropped') < dropped) {
      this.counts.dropped += 1;
      return { state: 'dropped', delaysMs: [0] };
    }
    const sent = draw('repeated') < repeated ? 2 + Math.floor(draw('copies') * (MOST_SENT - 1)) : 1;
    const delaysMs = Array.from({ length: sent }, (_, copy) =>
      draw(`late ${copy}`) < late ? 1 + Math.floor(draw(`delay ${copy}`) * lateMs) : 0,
    );
    this.counts.copies += sent - 1;
    this.counts.late += delaysMs.filter((ms) => ms > 0).length;
    return { state: 'pending', delaysMs };
  }

  /** Chances from 0 up to 1, the same for the same seed, thing and occurrence of it. */
  #draws(thing: string): (what: string) => number {
    const nth = this.#seen.get(thing) ?? 0;
    this.#seen.set(thing, nth + 1);
    const { seed } = this.#storm!;
    return (what) => {
      const digest = createHash('sha256').update(`${seed} ${thing} ${nth} ${what}`).digest();
      return digest.readUIntBE(0, 6) / 2 ** 48;
    };
  }
}
