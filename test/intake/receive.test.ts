import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createReceiver, summarise } from '../../src/intake/receive.js';
import type { NewDelivery } from '../../src/intake/record.js';
import { flood } from '../setup/flood.js';

const SECRET = 'a secret of this test';
const sign = (body: string | Buffer) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;

/** Any halves of characters; fast-check's own take seconds to begin. */
const anyText = fc.array(fc.nat({ max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));

/** Takes everything and says nothing. */
const quiet = () => ({
  secret: SECRET,
  recorder: { record: async () => ({ seq: 1 }) },
  stored() {},
  count() {},
  log: { warn() {}, error() {} },
});

async function listen(receive: ReturnType<typeof createReceiver>): Promise<Server> {
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('the webhook endpoint', () => {
  let server: Server;
  let url: string;
  let recorded: NewDelivery[];
  let stored: number[];
  let logged: string[];
  let broken: boolean;
  let minutes = 0;

  beforeAll(async () => {
    const receive = createReceiver({
      secret: SECRET,
      recorder: {
        async record(delivery) {
          if (broken) throw new Error('no database');
          const known = recorded.some((each) => each.guid === delivery.guid && each.payload === delivery.payload);
          if (!known) recorded.push(delivery);
          return { seq: known ? null : recorded.length };
        },
      },
      stored: (seq) => void stored.push(seq),
      count: () => {},
      log: {
        warn: (_, message) => void logged.push(message),
        error: (_, message) => void logged.push(message),
      },
      now: () => minutes * 60_000,
    });
    server = createServer((req, res) => void receive(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    recorded = [];
    stored = [];
    logged = [];
    broken = false;
    minutes += 1;
  });

  function post(body: string, headers: Record<string, string | undefined> = {}): Promise<Response> {
    const all: Record<string, string | undefined> = {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': sign(body),
      ...headers,
    };
    return fetch(url, {
      method: 'POST',
      body,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >,
    });
  }

  const body = JSON.stringify({
    action: 'opened',
    installation: { id: 7 },
    repository: { id: 1, full_name: 'trilinos/Trilinos' },
  });

  test('a good delivery is stored with what it says about itself, then answered with 200', async () => {
    const answer = await post(body);
    expect(answer.status).toBe(200);
    expect(recorded).toEqual([
      {
        guid: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        event: 'issues',
        source: 'webhook',
        payload: body,
        digest: sign(body).slice('sha256='.length),
        activity: 'opened',
        installationId: 7,
        repository: 'trilinos/Trilinos',
      },
    ]);
    expect(stored).toEqual([1]);
    expect(logged).toEqual([]);
  });

  test('the same delivery again is answered with 200 and goes nowhere', async () => {
    await post(body);
    const again = await post(body);
    expect([again.status, await again.json()]).toEqual([200, { stored: false }]);
    expect(stored).toEqual([1]);
  });

  test('an unknown event is stored like any other: the table of handlers knows what to ignore', async () => {
    expect((await post(body, { 'x-github-event': 'deployment_protection_rule' })).status).toBe(200);
    expect((await post(body, { 'x-github-event': 'brand_new_event', 'x-github-delivery': 'x' })).status).toBe(200);
  });

  test.each<[string, number, string, Record<string, string | undefined>]>([
    ['one changed byte', 400, body.replace('opened', 'Opened'), { 'x-hub-signature-256': sign(body) }],
    ['a signature of another secret', 400, body, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    [
      'only a sha1 signature',
      400,
      body,
      { 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${'0'.repeat(40)}` },
    ],
    ['a sha1 value under the sha256 header', 400, body, { 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }],
    ['no event', 400, body, { 'x-github-event': undefined }],
    ['an event that is no name', 400, body, { 'x-github-event': '../../etc/passwd' }],
    ['no delivery id', 400, body, { 'x-github-delivery': undefined }],
    ['form encoding', 415, body, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no content type', 415, body, { 'content-type': 'text/plain' }],
    ['garbage, well signed', 400, '{"action": ', {}],
    ['a list, well signed', 400, '[1, 2]', {}],
    ['a number, well signed', 400, '17', {}],
    ['null, well signed', 400, 'null', {}],
    ['nothing', 400, '', {}],
  ])('%s is refused with %d and one quiet line', async (_, status, text, headers) => {
    const answer = await post(text, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
    expect(recorded).toEqual([]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toContain('\n');
  });

  test('a body of 30 MB is refused with 413, by its length before it is read, and without a length while it is', async () => {
    const big = ' '.repeat(30 * 1024 * 1024);
    expect((await post(big)).status).toBe(413);

    const most = 200 * 1024 * 1024;
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': 'big',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    };
    const { port, pathname } = new URL(url);
    const { status, written } = await flood({ port: Number(port), path: pathname, headers, most });
    expect(['', 'HTTP/1.1 413']).toContain(status);
    expect(written).toBeLessThan(most);
    expect(recorded).toEqual([]);
  });

  test('of bodies that strangers send and do not end a bounded part is held, which leaves room for deliveries, and none for long', async () => {
    const ports = { ...quiet(), mostHeld: 8 * 1024 * 1024 };
    const patient = await listen(createReceiver(ports));
    const hasty = await listen(createReceiver({ ...ports, patienceMs: 20 }));
    const strangers: Promise<string>[] = [];
    const open: Socket[] = [];
    const send = (at: Server, bytes: number) => {
      const { port } = at.address() as AddressInfo;
      const stranger = connect(port, '127.0.0.1');
      open.push(stranger);
      stranger.write(
        `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\n` +
          `x-github-delivery: d\r\nx-hub-signature-256: sha256=${'0'.repeat(64)}\r\ncontent-length: 20000000\r\n\r\n`,
      );
      stranger.write(' '.repeat(bytes));
      const answer = new Promise<string>((resolve) =>
        stranger.on('data', (data) => resolve(String(data).slice(9, 12))),
      );
      stranger.on('error', () => {});
      return answer;
    };
    // Large ones have half of the room: of five, the later ones are told to come later.
    for (let n = 0; n < 5; n++) strangers.push(send(patient, 1_500_000));
    expect(await Promise.race(strangers)).toBe('503');
    const { port } = patient.address() as AddressInfo;
    url = `http://127.0.0.1:${port}/api/github/webhooks`;
    expect((await post(body)).status).toBe(200);
    // What was held is free again when they have left.
    for (const each of open) each.destroy();
    const large = JSON.stringify({ action: 'opened', text: 'x'.repeat(3_000_000) });
    let status = 503;
    while (status === 503) status = (await post(large, { 'x-hub-signature-256': sign(large) })).status;
    expect(status).toBe(200);
    expect(await send(hasty, 10)).toBe('408');
    for (const each of open) each.destroy();
    for (const each of [patient, hasty]) {
      each.closeAllConnections();
      each.close();
    }
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`;
  });

  test('what cannot be stored is not answered with success', async () => {
    broken = true;
    const answer = await post(body);
    expect(answer.status).toBe(503);
    expect(stored).toEqual([]);
  });

  test('without a secret it refuses to be made', () => {
    const ports = {
      recorder: { record: async () => ({ seq: 1 }) },
      stored() {},
      count() {},
      log: { warn() {}, error() {} },
    };
    expect(() => createReceiver({ secret: '', ...ports })).toThrow('WEBHOOK_SECRET');
  });
});

describe('summarise', () => {
  test.each([
    ['{}', { activity: null, installationId: null, repository: null }],
    [
      '{"action":5,"installation":{"id":"x"},"repository":null}',
      { activity: null, installationId: null, repository: null },
    ],
    ['{"installation":{"id":1e99}}', { activity: null, installationId: null, repository: null }],
    [
      '{"action":"\\u0000","repository":{"full_name":"LLNL/zfp\\u0000"}}',
      { activity: null, installationId: null, repository: null },
    ],
    ['[]', null],
    ['"text"', null],
  ])('%s', (text, expected) => {
    expect(summarise(text)).toEqual(expected);
  });

  test('whatever is told, no column gets what it does not take, at which a whole batch would fail', () => {
    const told = fc.record({
      action: fc.anything(),
      installation: fc.record({ id: fc.anything() }),
      repository: fc.record({ full_name: fc.oneof(fc.anything(), anyText) }),
    });
    fc.assert(
      fc.property(fc.oneof(told, fc.anything()), (payload) => {
        const summary = summarise(JSON.stringify(payload) ?? 'null');
        for (const text of [summary?.activity, summary?.repository]) expect(text ?? 'a/b').toMatch(/^[\w./-]{1,201}$/);
        expect(Number.isSafeInteger(summary?.installationId ?? 1)).toBe(true);
      }),
    );
  });
});
