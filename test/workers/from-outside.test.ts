/** A worker outside that sends without end, against the hub's side of the wire; what is taken goes no further than counting. */
import { beforeEach, expect, test } from '@jest/globals';
import { attemptToken } from '../../src/ledger/state.js';
import type { EventBody, WorkerEvent } from '../../src/protocol.js';
import { turn } from '../../src/turn.js';
import { createHubSide, type HubSide } from '../../src/workers/hub-side.js';
import { NotNow } from '../../src/workers/not-now.js';

const KEY = 'a key of this test';
let now: number;
let taken: number;
let hub: HubSide;
let onTaken = () => {};

beforeEach(() => {
  now = Date.parse('2026-11-20T18:00:00Z');
  taken = 0;
  onTaken = () => {};
  const db = {
    transaction: async () => {
      taken += 1;
      onTaken();
      return true;
    },
  };
  hub = createHubSide({
    db: db as never,
    queues: {} as never,
    now: () => new Date(now),
    tokenKey: KEY,
    content: () => {
      throw new Error('nothing is shown here');
    },
    dispatch: async () => {},
    log: { warn() {} },
  });
});

function chunks(buildId: string, n = 64, token = attemptToken(KEY, buildId, 1)): WorkerEvent[] {
  const body: EventBody = { kind: 'log', text: 'a line\n' };
  return Array.from({ length: n }, (_, at) => ({ v: 1, buildId, attempt: 1, token, worker: 'w', seq: at + 1, body }));
}

/** Sends until it is refused. */
async function flood(buildId: string): Promise<NotNow> {
  for (let tries = 0; tries < 1000; tries++) {
    const refusal = await hub.eventsFromOutside(chunks(buildId)).catch((error: unknown) => error);
    if (refusal instanceof NotNow) return refusal;
  }
  throw new Error('nobody stopped it');
}

test('log chunks without end are refused, with the seconds until there is room; the others go on, and so does it later', async () => {
  const refusal = await flood('liar');
  expect(taken).toBeLessThanOrEqual(2000);
  expect(refusal.message).toContain('send them again');
  expect(refusal.seconds).toBe(1);
  const before = taken;
  // Not one of a refused request is taken, nor of those that travel with it.
  await expect(hub.eventsFromOutside([...chunks('honest', 3), ...chunks('liar')])).rejects.toBeInstanceOf(NotNow);
  expect(taken).toBe(before);
  await hub.eventsFromOutside(chunks('honest'));
  expect(taken).toBe(before + 64);
  now += refusal.seconds * 1000;
  await hub.eventsFromOutside(chunks('liar'));
  expect(taken).toBe(before + 128);
});

test('nobody uses up what an attempt may say without its token', async () => {
  for (let round = 0; round < 100; round++) {
    const controls = await hub.eventsFromOutside(chunks('honest', 64, attemptToken(KEY, 'liar', 1)));
    expect(controls.every(({ kind }) => kind === 'cancel')).toBe(true);
  }
  expect(taken).toBe(0);
  await hub.eventsFromOutside(chunks('honest'));
  expect(taken).toBe(64);
});

test('what waited at a worker of ours through an outage of an hour is taken within the time after which it would be silent', async () => {
  let left = 4 * 3600;
  let waited = 0;
  while (left > 0) {
    const refusal = await hub.eventsFromOutside(chunks('honest')).catch((error: unknown) => error);
    if (refusal instanceof NotNow) {
      // A log chunk is a sign of life, so only the single wait counts.
      expect(refusal.seconds).toBeLessThan(10);
      waited += refusal.seconds;
      now += refusal.seconds * 1000;
    } else left -= 64;
  }
  expect(waited).toBeLessThan(300);
});

test('between any two events everything else gets a turn, however many tell at once', async () => {
  const seen: string[] = [];
  let over = false;
  const tick = () => {
    seen.push('else');
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  onTaken = () => seen.push('event');
  await Promise.all(['a', 'b', 'c'].map((build) => hub.eventsFromOutside(chunks(build, 8))));
  over = true;
  expect(seen.filter((each) => each === 'event')).toHaveLength(24);
  expect(seen.some((each, at) => each === 'event' && seen[at + 1] === 'event')).toBe(false);
});

test('a worker is heard however many read meanwhile: none of its events waits for all of them', async () => {
  let read = 0;
  let over = false;
  const readers = Array.from({ length: 200 }, async () => {
    while (!over) {
      await turn();
      read += 1;
    }
  });
  await hub.eventsFromOutside(chunks('honest', 16));
  over = true;
  await Promise.all(readers);
  expect(taken).toBe(16);
  // Beside those that were in line already.
  expect(read).toBeLessThan(3 * 200);
});
