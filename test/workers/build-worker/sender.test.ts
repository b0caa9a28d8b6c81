import { expect, test } from '@jest/globals';
import type { WorkerEvent } from '../../../src/protocol.js';
import { createSender } from '../../../src/workers/build-worker/sender.js';
import { LaterByHub } from '../../../src/workers/refused.js';
import { QUIET } from './build-messages.js';

function heartbeat(buildId: string, seq: number): WorkerEvent {
  return { v: 1, buildId, attempt: 1, token: 't', worker: 'w1', seq, body: { kind: 'heartbeat' } };
}

test('a build whose events the hub never manages to take does not hold up the others', async () => {
  const got: string[] = [];
  let tries = 0;
  let tell = () => {};
  const all = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const sender = createSender({
    log: QUIET,
    onSent: () => {},
    link: {
      async send(events) {
        if (events.some((event) => event.buildId === 'jam')) {
          tries += 1;
          throw new Error('the hub answered with an error of its own (500)');
        }
        got.push(...events.map((event) => `${event.buildId} ${event.seq}`));
        if (got.length === 4) tell();
      },
    },
  });
  for (const event of [heartbeat('jam', 1), heartbeat('a', 1), heartbeat('b', 1), heartbeat('a', 2)])
    sender.push(event);
  sender.push(heartbeat('b', 2));
  await all;
  expect(got.filter((each) => each.startsWith('a'))).toEqual(['a 1', 'a 2']);
  expect(got.filter((each) => each.startsWith('b'))).toEqual(['b 1', 'b 2']);
  expect(tries).toBeGreaterThan(0);
  expect(sender.waiting({ buildId: 'jam', attempt: 1 }, 'heartbeat')).toBe(true);
  sender.close();
});

test('what is new is sent at once while an earlier build waits for its next try', async () => {
  let tell = (_: string) => {};
  const first = new Promise<string>((resolve) => {
    tell = resolve;
  });
  let failed = () => {};
  const jammed = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const sender = createSender({
    log: QUIET,
    onSent: (event) => tell(event.buildId),
    link: {
      async send([event]) {
        if (event?.buildId !== 'jam') return;
        failed();
        throw new Error('no');
      },
    },
  });
  sender.push(heartbeat('jam', 1));
  await jammed;
  sender.push(heartbeat('a', 1));
  expect(await first).toBe('a');
  sender.close();
});

test('what the hub wants to have later waits as long as it says, loses nothing, and holds up no other build', async () => {
  const got: string[] = [];
  const refused = new Set<string>();
  let tell = () => {};
  const all = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const sender = createSender({
    log: QUIET,
    onSent: () => {},
    link: {
      async send(events) {
        const name = events.map(({ buildId }) => buildId).find((id) => id !== 'free' && !refused.has(id));
        if (name !== undefined) {
          refused.add(name);
          // By itself it would try again within half a second.
          throw name === 'fast' ? new LaterByHub('the hub asks to slow down (429)', 0.7) : new Error('busy');
        }
        got.push(...events.map(({ buildId, seq }) => `${buildId} ${seq}`));
        if (got.length === 5) tell();
      },
    },
  });
  for (const event of [heartbeat('fast', 1), heartbeat('fast', 2)]) sender.push(event);
  await new Promise(setImmediate);
  sender.push(heartbeat('slow', 1));
  await new Promise(setImmediate);
  sender.push(heartbeat('free', 1));
  sender.push(heartbeat('fast', 3));
  await all;
  expect(got).toEqual(['free 1', 'slow 1', 'fast 1', 'fast 2', 'fast 3']);
  sender.close();
});
