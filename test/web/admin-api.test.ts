import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { announceServe } from '../../src/cli/running.js';
import { createAdminApi } from '../../src/web/admin-api.js';

const TOKEN = 'a'.repeat(48);
const asked: string[] = [];
const note = (what: string) => async () => {
  asked.push(what);
  return null as never;
};
const api = createAdminApi({
  token: TOKEN,
  explain: note('explain'),
  health: note('health'),
  poolToken: (pool) => {
    asked.push('pool-token');
    return `token of ${pool}`;
  },
  replay: note('replay'),
  replayBuilds: note('replay-builds'),
  triaged: note('triaged'),
  backfill: note('backfill'),
});
const ROUTES = [
  ['GET', '/pool-token/linux'],
  ['GET', '/health'],
  ['GET', '/explain/octo/repo/1'],
  ['GET', '/triaged/octo/repo'],
  ['POST', '/replay'],
  ['POST', '/replay-builds'],
  ['POST', '/backfill'],
] as const;

async function ask(method: string, route: string, from: string | undefined, authorization: string | undefined) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const init = { method, headers, ...(method === 'POST' && { body: '{}' }) };
  const answer = await api.request(route, init, { incoming: { socket: { remoteAddress: from } } });
  return { status: answer.status, text: await answer.text() };
}

test('with the token it is not there by way of a reverse proxy, which comes from this machine as well', async () => {
  const ask = (headers: Record<string, string>) =>
    Promise.resolve(
      api.request(
        '/health',
        { headers: { authorization: `Bearer ${TOKEN}`, ...headers } },
        { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
      ),
    );
  expect((await ask({})).status).toBe(200);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via', 'X-Forwarded-Proto', 'X-Forwarded-Host'])
    expect([name, (await ask({ [name]: 'for=203.0.113.7' })).status]).toEqual([name, 404]);
});

test.each(ROUTES)(
  '%s %s is not there for a neighbour without the token, nor for a stranger with it',
  async (method, route) => {
    asked.length = 0;
    const good = `Bearer ${TOKEN}`;
    for (const [from, authorization] of [
      ['127.0.0.1', undefined],
      ['127.0.0.1', 'Bearer '],
      ['127.0.0.1', `Bearer ${'b'.repeat(48)}`],
      ['127.0.0.1', `Bearer ${TOKEN}a`],
      ['10.0.0.7', good],
      ['::ffff:10.0.0.7', good],
      ['2001:db8::1', good],
      [undefined, good],
    ] as const)
      expect([from, await ask(method, route, from, authorization)]).toEqual([
        from,
        { status: 404, text: '{"error":"not found"}' },
      ]);
    expect(asked).toEqual([]);
  },
);

test('a command on this machine, with the token, gets its answer', async () => {
  for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    expect(await ask('GET', '/pool-token/linux', from, `Bearer ${TOKEN}`)).toEqual({
      status: 200,
      text: '{"token":"token of linux"}',
    });
});

test.each(ROUTES.filter(([method]) => method === 'POST'))(
  '%s %s of what is no request of ours is refused, and nothing begins',
  async (_, route) => {
    asked.length = 0;
    for (const body of ['', '{', 'null', '[]', '{}', '{"guid":1,"ids":1,"repository":1}']) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
      const from = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
      const answer = await api.request(route, { method: 'POST', headers, body }, from);
      expect([body, answer.status, await answer.text()]).toEqual([body, 400, expect.stringContaining('not a request')]);
    }
    expect(asked).toEqual([]);
  },
);

test('the token lies where only the user of serve can read it', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-announce-'));
  announceServe(directory, { url: 'http://127.0.0.1:1', token: TOKEN, pid: process.pid });
  expect(statSync(path.join(directory, 'serve.json')).mode & 0o777).toBe(0o600);
  rmSync(directory, { recursive: true });
});
