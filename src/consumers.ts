/** The two consumers of `serve`: what becomes of a delivery that is stored, and of an intent that is due. Part of the composition. */
import type { Probot } from 'probot';
import { noteRepository } from './app.js';
import { secondsAsked } from './github/budget.js';
import { createActivity } from './handlers/activity.js';
import { Envelope, readPayload } from './handlers/payload.js';
import type { ConsumePorts } from './intake/consume.js';
import { type DeliveryConsumer, openConsumer } from './intake/consumer.js';
import { deliverLane, type OutboxPorts } from './outbox/outbox.js';
import { isStale } from './perform.js';
import { applyMove, isMoveEffect } from './store/moves.js';
import { applyOpened } from './store/own-issues.js';
import { applyEffect } from './store/subjects.js';
import type { Metrics } from './web/metrics.js';

export interface DeliveryPorts extends Pick<ConsumePorts, 'db' | 'now' | 'log' | 'again'> {
  readonly metrics: Metrics;
  /** Knows the table of handlers. */
  readonly probot: Probot;
}

/** Notes what a delivery tells of its repository and its people, and hands it to the handlers. */
export function deliveryConsumer({ metrics, probot, ...ports }: DeliveryPorts): DeliveryConsumer {
  const { db, now } = ports;
  const noteActivity = createActivity(db);
  return openConsumer({
    ...ports,
    handle: async (delivery, payload) => {
      const began = performance.now();
      let outcome: 'done' | 'failed' = 'failed';
      try {
        readPayload(Envelope, payload);
        await noteRepository(db, payload, delivery.receivedAt);
        await noteActivity(payload, delivery.receivedAt);
        await probot.receive({ id: delivery.guid, name: delivery.event as 'issues', payload: payload as never });
        outcome = 'done';
      } finally {
        metrics.handled(delivery.event, outcome, (performance.now() - began) / 1000);
      }
    },
    secondsAsked: (error) => secondsAsked(error, now()),
    raced: isStale,
  });
}

export interface LanePorts extends Pick<OutboxPorts, 'db' | 'now' | 'log' | 'send' | 'since' | 'room'> {
  readonly metrics: Metrics;
  readonly isMember: (fullName: string) => boolean;
  /** Deliveries of our own were stored: somebody has to look. */
  readonly stored: () => void;
  readonly addLanes: (lanes: readonly string[], delayMs: number) => Promise<void>;
  /** The lanes could not be added; the sweep will find them. */
  readonly notAdded: (error: unknown) => void;
}

/** Sends what is due in a lane, and hands on what follows from what was written. */
export function laneSender(ports: LanePorts): (lane: string) => Promise<void> {
  const { metrics, isMember, stored, addLanes, notAdded, ...outbox } = ports;
  return async (lane) => {
    const looks: number[] = [];
    const lanes: string[] = [];
    await deliverLane(lane, {
      ...outbox,
      apply: async (tx, intent, effect) => {
        if (effect.kind === 'opened' && intent.kind === 'open-issue') {
          const opened = await applyOpened(tx, intent, effect.number, ports.now());
          looks.push(...opened.looks);
          lanes.push(...opened.lanes);
          return;
        }
        if (!isMoveEffect(effect)) return applyEffect(tx, intent, effect);
        if (intent.kind !== 'transfer' && intent.kind !== 'link-issue') return;
        looks.push(...(await applyMove(tx, intent, effect, isMember, ports.now())));
      },
      applied: () => {
        if (looks.splice(0).length > 0) stored();
        if (lanes.length > 0) addLanes(lanes.splice(0), 0).catch(notAdded);
      },
      again: (again, delayMs) => addLanes([again], delayMs),
      count: (kind, outcome) => metrics.intent(kind, outcome),
    });
  };
}
