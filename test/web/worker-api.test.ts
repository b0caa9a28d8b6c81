import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { WorkerEvent } from '../../src/protocol.js';
import { BODY_LIMIT, createWorkerApi, poolToken } from '../../src/web/worker-api.js';
import { flood } from '../setup/flood.js';

const KEY = 'a key of this test';
const MEGABYTE = Buffer.alloc(1024 * 1024, ' ');
let server: Server;
let taken: WorkerEvent[];
/** What the hub's side has no room for, if anything. */
let full: (Error & { seconds?: number }) | null;

beforeAll(async () => {
  const api = createWorkerApi({
    poolKey: KEY,
    pools: () => ['linux', 'arm'],
    poll: async () => {
      if (full !== null) throw full;
      return { builds: [], controls: [] };
    },
    events: async (events) => {
      if (full !== null) throw full;
      taken.push(...events);
      return [];
    },
  });
  server = createServer(getRequestListener(api.fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  taken = [];
  full = null;
});

/** Sends pieces without saying how long it will be, until answered; `sent` counts the pieces that were written. */
function send(route: string, token: string | null, pieces: readonly (string | Buffer)[], { end = true } = {}) {
  return new Promise<{ status: number; sent: number }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    let answered = false;
    let sent = 0;
    const call = request(
      { port, host: '127.0.0.1', path: route, method: 'POST', headers, agent: false },
      (response) => {
        answered = true;
        response.resume();
        resolve({ status: response.statusCode!, sent });
        call.destroy();
      },
    );
    call.on('error', (error) => answered || reject(error));
    const next = () => {
      const piece = pieces[sent];
      if (answered) return;
      if (piece === undefined) return void (end && call.end());
      sent += 1;
      call.write(piece, next);
    };
    next();
  });
}

const event = {
  v: 1,
  buildId: 'b1',
  attempt: 1,
  token: 't',
  worker: 'w1',
  seq: 1,
  body: { kind: 'heartbeat' },
};
const words = JSON.stringify({ v: 1, events: [event] });

test.each(['/poll', '/events'])('%s answers a stranger before it has read the body', async (route) => {
  for (const token of [null, 'sbp_wrong', poolToken(KEY, 'elsewhere')]) {
    // One piece, then silence: an answer shows that nobody waits for the rest.
    const { port } = server.address() as AddressInfo;
    const status = await new Promise<number>((resolve, reject) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {};
      const call = request({ port, host: '127.0.0.1', path: route, method: 'POST', headers, agent: false });
      call.on('response', (response) => {
        response.resume();
        resolve(response.statusCode!);
        call.destroy();
      });
      call.on('error', reject);
      call.write('{');
    });
    expect(status).toBe(401);
  }
});

test('a body without a length is refused at the limit, also with a token', async () => {
  // All of it is read before the answer: nothing of ours can be under way when the server hangs up.
  const pieces = [...Array.from({ length: BODY_LIMIT / MEGABYTE.length }, () => MEGABYTE), ' '];
  const { status } = await send('/events', poolToken(KEY, 'arm'), pieces, { end: false });
  expect(status).toBe(413);
  expect(taken).toEqual([]);
});

test('of a body without a length no more is read than the limit', async () => {
  const most = 200 * MEGABYTE.length;
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${poolToken(KEY, 'arm')}` };
  const { status, written } = await flood({ port, path: '/events', headers, most });
  expect(['', 'HTTP/1.1 413']).toContain(status);
  expect(written).toBeLessThan(most);
  expect(taken).toEqual([]);
});

test('a body in pieces below the limit is taken', async () => {
  const { status } = await send('/events', poolToken(KEY, 'linux'), [words.slice(0, 9), words.slice(9)]);
  expect(status).toBe(200);
  expect(taken).toEqual([event]);
});

test.each([
  ['a chunk of more than 64 KB', { body: { kind: 'log', text: 'x'.repeat(64 * 1024 + 1) } }],
  ['a number that no column holds', { seq: 2 ** 31 }],
  ['a number that counts backwards', { seq: -1 }],
  ['an attempt that no column holds', { attempt: 2 ** 40 }],
  ['a phase as long as a book', { body: { kind: 'phase', package: 'p'.repeat(301), phase: 'x' } }],
  ['a name without an end', { worker: 'w'.repeat(101) }],
  ['another version', { v: 2 }],
])('of a worker that lies is refused: %s', async (_, change) => {
  const body = JSON.stringify({ v: 1, events: [event, { ...event, ...change }] });
  expect(await send('/events', poolToken(KEY, 'linux'), [body])).toMatchObject({ status: 400 });
  expect(taken).toEqual([]);
});

test('what there is no room for is answered 429 with the reason and when to come again, and an error of ours is none of that', async () => {
  const poll = { v: 1, worker: 'w1', pool: 'linux', version: '1', free: 1, running: [] };
  const { port } = server.address() as AddressInfo;
  const ask = async (route: string, body: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${poolToken(KEY, 'linux')}` };
    const answer = await fetch(`http://127.0.0.1:${port}${route}`, { method: 'POST', headers, body });
    return [answer.status, answer.headers.get('retry-after'), await answer.text()];
  };
  full = Object.assign(new Error('Too many events of one build.'), { seconds: 7 });
  for (const [route, body] of [
    ['/events', words],
    ['/poll', JSON.stringify(poll)],
  ] as const)
    expect(await ask(route, body)).toEqual([429, '7', '{"error":"Too many events of one build."}']);
  full = new Error('password=x');
  const [status, , text] = await ask('/events', words);
  expect([status, String(text).includes('password')]).toEqual([500, false]);
});

test('a token of one pool does not poll for another', async () => {
  const poll = { v: 1, worker: 'w1', pool: 'linux', version: '1', free: 1, running: [] };
  expect(await send('/poll', poolToken(KEY, 'arm'), [JSON.stringify(poll)])).toMatchObject({ status: 401 });
  expect(await send('/poll', poolToken(KEY, 'linux'), [JSON.stringify(poll)])).toMatchObject({ status: 200 });
});
