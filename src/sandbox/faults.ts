/** Trouble on demand: the next requests or deliveries that match a rule fail in a chosen way. Rules are not part of the saved state. */
import { z } from 'zod';
import type { DeliveryFault } from './webhooks.js';

/** How many times a rule applies; then it is spent. */
const times = z.number().int().positive().default(1);

export const RequestFault = z.object({
  on: z.literal('request'),
  /** HTTP method, or any when left out. */
  method: z.string().toUpperCase().optional(),
  /** Pattern of the path without query, `*` stands for anything: `/repos/*` or `*\/check-runs`. */
  path: z.string(),
  times,
  /** Matching requests that still go well before the rule begins. */
  after: z.number().int().nonnegative().default(0),
  effect: z.discriminatedUnion('kind', [
    /** Answers with this status and does nothing. */
    z.object({
      kind: z.literal('status'),
      status: z.number().int().min(400).max(599),
      message: z.string().default('Server Error'),
      /** Seconds in the Retry-After header. */
      retryAfter: z.number().int().nonnegative().optional(),
    }),
    /** Does the work, then closes the connection without an answer. */
    z.object({ kind: z.literal('lose-answer') }),
    /** Closes the connection without doing anything. */
    z.object({ kind: z.literal('lose-request') }),
    /** Does the work, then waits before it answers. */
    z.object({ kind: z.literal('delay'), ms: z.number().int().positive().max(600_000) }),
  ]),
});
export type RequestFault = z.infer<typeof RequestFault>;

export const WebhookFault = z.object({
  on: z.literal('webhook'),
  /** Event name, or any when left out. */
  event: z.string().optional(),
  action: z.string().optional(),
  times,
  effect: z.discriminatedUnion('kind', [
    /** Never sent; it is in the log of deliveries all the same, as one that failed. */
    z.object({ kind: z.literal('drop') }),
    /** Sent this many times more, under the same GUID. */
    z.object({ kind: z.literal('duplicate'), copies: z.number().int().positive().max(20).default(1) }),
    z.object({ kind: z.literal('delay'), ms: z.number().int().positive().max(600_000) }),
    /** Kept back until a release, which sends what is held in reverse order. */
    z.object({ kind: z.literal('hold') }),
  ]),
});
export type WebhookFault = z.infer<typeof WebhookFault>;

export const Fault = z.discriminatedUnion('on', [RequestFault, WebhookFault]);
/** A fault as one writes it (defaults left out). */
export type FaultInput = z.input<typeof Fault>;

/** Parts of GitHub that can be switched off: they answer 404. */
export const SWITCHES = ['deliveries', 'installation-repositories', 'reactions', 'graphql'] as const;
export type Switch = (typeof SWITCHES)[number];

export class Faults {
  #rules: z.infer<typeof Fault>[] = [];
  readonly off = new Set<Switch>();

  add(rules: readonly z.infer<typeof Fault>[]): void {
    this.#rules.push(...rules.map((rule) => ({ ...rule })));
  }

  clear(): void {
    this.#rules = [];
    this.off.clear();
  }

  /** Rules that are not spent yet. */
  list(): readonly z.infer<typeof Fault>[] {
    return this.#rules;
  }

  forRequest(method: string, path: string): RequestFault['effect'] | null {
    for (const rule of this.#rules) {
      if (rule.on !== 'request' || (rule.method && rule.method !== method) || !matches(rule.path, path)) continue;
      if (rule.after > 0) {
        rule.after -= 1;
        continue;
      }
      this.#spend(rule);
      return rule.effect;
    }
    return null;
  }

  forDelivery(event: string, action: string | null): DeliveryFault | null {
    for (const rule of this.#rules) {
      if (rule.on !== 'webhook' || (rule.event && rule.event !== event)) continue;
      if (rule.action && rule.action !== action) continue;
      this.#spend(rule);
      return deliveryFault(rule.effect);
    }
    return null;
  }

  #spend(rule: z.infer<typeof Fault>): void {
    rule.times -= 1;
    if (rule.times <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
  }
}

function deliveryFault(effect: WebhookFault['effect']): DeliveryFault {
  switch (effect.kind) {
    case 'drop':
      return { state: 'dropped', delaysMs: [0] };
    case 'hold':
      return { state: 'held', delaysMs: [0] };
    case 'delay':
      return { state: 'pending', delaysMs: [effect.ms] };
    case 'duplicate':
      return { state: 'pending', delaysMs: Array.from({ length: effect.copies + 1 }, () => 0) };
  }
}

function matches(pattern: string, path: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`).test(path);
}
