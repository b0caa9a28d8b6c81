import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/ledger/state.js';
import type { BuildMessage, ControlMessage, HubLink, PollRequest, WorkerEvent } from '../../src/protocol.js';
import { createHttpLink } from '../../src/workers/http-link.js';
import { LaterByHub, RefusedByHub } from '../../src/workers/refused.js';
import { buildMessage, control } from './build-worker/build-messages.js';

const WORKER = { id: 'worker-1', pool: 'default', version: '0.1.0', concurrency: 1 };
const MESSAGE = buildMessage('b1');
const HEARTBEAT: WorkerEvent = {
  v: 1,
  buildId: 'b1',
  attempt: 1,
  token: 't',
  worker: 'worker-1',
  seq: 1,
  body: { kind: 'heartbeat' },
};

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'hold' | 'drop';

interface Hub {
  readonly url: string;
  readonly requests: { path: string; authorization: string | undefined; body: unknown }[];
  /** Resolves when so many requests have come. */
  reached(count: number): Promise<void>;
}

const open: { server?: Server; link?: HubLink } = {};

afterEach(async () => {
  await open.link?.close();
  open.server?.closeAllConnections();
  open.server?.close();
});

/** Answers requests with `answers` one after the other; then it holds every further one, as a hub without news does. */
async function hubThat(...answers: Answer[]): Promise<Hub> {
  const requests: Hub['requests'] = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = answers.shift() ?? 'hold';
    requests.push({
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: JSON.parse(Buffer.concat(parts).toString()),
    });
    wake();
    if (answer === 'drop') request.socket.destroy();
    else if (answer !== 'hold')
      response
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(JSON.stringify(answer.body ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.server = server;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hub`,
    requests,
    async reached(count) {
      while (requests.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
}

function news(builds: unknown[] = [], controls: unknown[] = []): Answer {
  return { body: { builds, controls } };
}

interface Said {
  readonly level: string;
  readonly message: string;
}

function linkTo(hub: Hub): { link: HubLink; said: Said[]; waits: number[] } {
  const said: Said[] = [];
  const waits: number[] = [];
  const say = (level: string) => (_fields: object, message: string) => void said.push({ level, message });
  const link = createHttpLink({
    hubUrl: hub.url,
    token: 'pool-token',
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    waitMs(failures) {
      waits.push(failures);
      return 1;
    },
  });
  open.link = link;
  return { link, said, waits };
}

const IDLE = { onBuild: async () => {}, onControl: () => {} };

test('a poll says who asks and how much room there is, and hands out what comes', async () => {
  const hub = await hubThat(news([MESSAGE], [control(MESSAGE, 'cancel')]));
  const { link } = linkTo(hub);
  const got: (BuildMessage | ControlMessage)[] = [];
  await link.open(WORKER, {
    onBuild(message) {
      got.push(message);
      return new Promise(() => {});
    },
    onControl: (message) => void got.push(message),
  });
  await hub.reached(2);
  expect(got).toEqual([control(MESSAGE, 'cancel'), MESSAGE]);
  const life: unknown = expect.any(String);
  expect(hub.requests).toEqual([
    {
      path: '/hub/api/v1/workers/poll',
      authorization: 'Bearer pool-token',
      body: { v: 1, worker: 'worker-1', pool: 'default', version: '0.1.0', free: 1, running: [], life },
    },
    {
      path: '/hub/api/v1/workers/poll',
      authorization: 'Bearer pool-token',
      body: {
        v: 1,
        worker: 'worker-1',
        pool: 'default',
        version: '0.1.0',
        free: 0,
        running: [{ buildId: 'b1', attempt: 1 }],
        life,
      },
    },
  ]);
});

test('a worker whose name another one has says so in its log, in the words of the hub, and each process tells itself from the others', async () => {
  const error = 'Another worker goes by this name too.';
  const hub = await hubThat({ status: 429, body: { error } });
  const { link, said } = linkTo(hub);
  await link.open(WORKER, IDLE);
  await hub.reached(2);
  expect(said).toEqual([{ level: 'warn', message: `the hub asks to slow down (429: ${error})` }]);
  await link.close();
  const { link: other } = linkTo(hub);
  await other.open(WORKER, IDLE);
  await hub.reached(3);
  const lives = hub.requests.map(({ body }) => (body as PollRequest).life);
  expect(lives[0]).toBe(lives[1]);
  expect(lives[2]).not.toBe(lives[0]);
});

test('room that becomes free is offered at once, not when the hub answers the poll before', async () => {
  const hub = await hubThat(news([MESSAGE]));
  const { link } = linkTo(hub);
  let end = () => {};
  await link.open(WORKER, {
    ...IDLE,
    onBuild: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  });
  await hub.reached(2);
  end();
  await hub.reached(3);
  expect(hub.requests.map(({ body }) => (body as PollRequest).free)).toEqual([1, 0, 1]);
});

test('a worker that takes no more still asks for control messages', async () => {
  const hub = await hubThat();
  const { link } = linkTo(hub);
  await link.open(WORKER, IDLE);
  await hub.reached(1);
  await link.stopTaking();
  await hub.reached(2);
  expect((hub.requests[1]!.body as PollRequest).free).toBe(0);
});

test('faults of the network are waited out with growing waits and said once', async () => {
  const hub = await hubThat('drop', 'drop', { status: 502 }, { status: 502 }, news([MESSAGE]));
  const { link, said, waits } = linkTo(hub);
  const built = new Promise<BuildMessage>((resolve) => {
    void link.open(WORKER, { ...IDLE, onBuild: async (message) => resolve(message) });
  });
  expect(await built).toEqual(MESSAGE);
  await hub.reached(6);
  expect(waits.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(said.filter(({ level }) => level === 'warn')).toEqual([
    { level: 'warn', message: expect.stringMatching(/^the hub at http:.* cannot be reached \(/) },
    { level: 'warn', message: 'the hub answered with an error of its own (502: "")' },
  ]);
  expect(said.at(-1)).toEqual({ level: 'info', message: 'the hub answers again' });
});

test.each([
  [401, 'set SPOKEBOT_POOL_TOKEN to the token of pool default'],
  [403, 'the token belongs to another pool'],
  [404, 'check SPOKEBOT_HUB_URL'],
])('HTTP %i says what is wrong and does not end the worker', async (status, hint) => {
  const hub = await hubThat({ status }, { status }, news([MESSAGE]));
  const { link, said } = linkTo(hub);
  await new Promise<void>((resolve) => {
    void link.open(WORKER, { ...IDLE, onBuild: async () => resolve() });
  });
  expect(said.filter(({ level }) => level !== 'info')).toEqual([
    { level: 'warn', message: expect.stringContaining(hint) },
  ]);
  expect(JSON.stringify(said)).not.toContain('pool-token');
});

test('one message that is not understood leaves the others alone', async () => {
  const hub = await hubThat(news([{ v: 2, buildId: 'b0' }, MESSAGE], [{ kind: 'dance' }]));
  const { link, said } = linkTo(hub);
  const built = new Promise<BuildMessage>((resolve) => {
    void link.open(WORKER, { ...IDLE, onBuild: async (message) => resolve(message) });
  });
  expect(await built).toEqual(MESSAGE);
  expect(said.map(({ level }) => level)).toEqual(['error', 'error']);
});

test('an answer that is no hub’s is a fault, not a crash', async () => {
  const hub = await hubThat({ body: '<html>' }, news([MESSAGE]));
  const { link, said } = linkTo(hub);
  await new Promise<void>((resolve) => {
    void link.open(WORKER, { ...IDLE, onBuild: async () => resolve() });
  });
  expect(said[0]?.message).toContain('is SPOKEBOT_HUB_URL right?');
});

test('events travel in one request, and controls in the answer are obeyed', async () => {
  const hub = await hubThat('hold', { body: { controls: [control(MESSAGE, 'ack')] } });
  const { link } = linkTo(hub);
  const controls: ControlMessage[] = [];
  await link.open(WORKER, { ...IDLE, onControl: (message) => void controls.push(message) });
  await hub.reached(1);
  await link.send([HEARTBEAT, { ...HEARTBEAT, seq: 2 }]);
  expect(hub.requests[1]).toMatchObject({
    path: '/hub/api/v1/workers/events',
    body: { v: 1, events: [HEARTBEAT, { ...HEARTBEAT, seq: 2 }] },
  });
  expect(controls).toEqual([control(MESSAGE, 'ack')]);
});

test('events that the hub will never take are told apart from those that it could not take now', async () => {
  const hub = await hubThat({ status: 413 }, { status: 503 }, 'drop');
  const { link } = linkTo(hub);
  await expect(link.send([HEARTBEAT])).rejects.toBeInstanceOf(RefusedByHub);
  for (let i = 0; i < 2; i++) {
    const fault = await link.send([HEARTBEAT]).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Error);
    expect(fault).not.toBeInstanceOf(RefusedByHub);
  }
});

test('a hub that has no room now says when it will have, in its own words, and no build is silent for that as long as one that is lost', async () => {
  const busy = (seconds: string) => ({
    status: 429,
    body: { error: 'Too many events of one build.' },
    headers: { 'retry-after': seconds },
  });
  const hub = await hubThat(busy('7'), busy('86400'), busy('Fri, 20 Nov 2026 18:00:00 GMT'), {
    status: 413,
    headers: { 'retry-after': '7' },
  });
  const { link } = linkTo(hub);
  const later = async () => (await link.send([HEARTBEAT]).catch((error: unknown) => error)) as LaterByHub;
  const first = await later();
  expect(first).toBeInstanceOf(LaterByHub);
  expect([first.seconds, first.message]).toEqual([7, 'the hub asks to slow down (429: Too many events of one build.)']);
  expect((await later()).seconds).toBeLessThan(LIMITS.heartbeat / 2);
  expect(await later()).not.toBeInstanceOf(LaterByHub);
  expect(await later()).toBeInstanceOf(RefusedByHub);
});

test('the token does not follow a redirect', async () => {
  // Whoever follows is answered as by a hub, and has told the token there.
  const hub = await hubThat({ status: 307, headers: { location: '/elsewhere' } }, { body: { controls: [] } });
  const { link } = linkTo(hub);
  await expect(link.send([HEARTBEAT])).rejects.toThrow();
  expect(hub.requests.map(({ path }) => path)).toEqual(['/hub/api/v1/workers/events']);
});

test('close ends a poll that is under way', async () => {
  const hub = await hubThat();
  const { link, said } = linkTo(hub);
  await link.open(WORKER, IDLE);
  await hub.reached(1);
  await link.close();
  expect(said).toEqual([]);
});

test.each([
  ['hub.example.org', 'token', /is not a URL; it looks like https:/],
  ['ftp://hub.example.org', 'token', /must be an https address/],
  ['https://hub.example.org', ' ', /SPOKEBOT_POOL_TOKEN/],
])('the settings %s and "%s" are refused with what to do', (hubUrl, token, problem) => {
  const log = { info() {}, warn() {}, error() {} };
  expect(() => createHttpLink({ hubUrl, token, log })).toThrow(problem);
});
