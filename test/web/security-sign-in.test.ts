/** Who sees what of a private repository, with people who sign in at the sandbox GitHub. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Hono } from 'hono';
import { z } from 'zod';
import { createSignIn } from '../../src/github/sign-in.js';
import { SandboxClient } from '../../src/sandbox/client.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.js';
import { installations, repositories } from '../../src/store/schema.js';
import type { WebPorts } from '../../src/web/app.js';
import { createSealer } from '../../src/web/auth/seal.js';
import { createEndedReader } from '../../src/web/read/ended.js';
import { ANYBODY, readVisible, type Visible } from '../../src/web/read/visible.js';
import { openWeb, type TestWeb } from './open-web.js';
import {
  addAttempt,
  addBuild,
  addDecision,
  addLog,
  addRepository,
  addSubject,
  failed,
  NOW,
  shaOf,
  triage,
} from './rows.js';

const PUBLIC = 'https://hub.example';
const SECRET = 'octocat/secret-solver';
const PAGES = [
  '/builds/hidden',
  '/builds/hidden/log',
  '/builds/hidden/log.txt',
  '/issues/octocat/secret-solver/5',
  '/pulls/octocat/secret-solver/7',
  '/api/v1/builds/hidden',
  '/api/v1/issues/octocat/secret-solver/5',
  '/api/v1/pulls/octocat/secret-solver/7',
];

let web: TestWeb;
let sandbox: Sandbox;
let github: SandboxClient;
let directory: string;
/** How far the clock of the pages has moved. */
let later = 0;
let app: Hono;
let ids: { repository: number; installation: number };

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'spokebot-sign-in-'));
  [web, sandbox] = await Promise.all([openWeb(), startSandbox({ directory })]);
  github = new SandboxClient(sandbox.url);
  for (const login of ['boss', 'reader', 'stranger']) await github.addUser(login);
  const { id } = await github.createRepo(SECRET, { private: true, collaborators: { reader: 'read', boss: 'admin' } });
  const other = await github.createRepo('octocat/other-secret', { private: true, collaborators: { boss: 'admin' } });
  const installation = await github.as('sandbox').install('octocat');
  ids = { repository: id, installation: installation.id };
  await github.setCallbacks(`${PUBLIC}/auth/callback`);
  await addHidden(other.id);
});
afterAll(async () => {
  await Promise.all([web?.close(), sandbox?.close()]);
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  later = 0;
  web.logged.length = 0;
  app = web.app(await ports());
});

/** What `serve` hands in, with a clock that can be moved. */
async function ports(change: Partial<WebPorts> = {}): Promise<Partial<WebPorts>> {
  const { clientId, clientSecret } = await github.info();
  const way = createSignIn({ clientId, clientSecret, pagesUrl: sandbox.url, apiUrl: sandbox.url });
  return {
    publicUrl: PUBLIC,
    signIn: { ...way, secret: clientSecret },
    now: () => new Date(NOW.getTime() + later),
    ...change,
  };
}

/** `other` is a private repository of the same installation that only its owner may read. */
async function addHidden(other: number): Promise<void> {
  const { db } = web;
  await db
    .insert(installations)
    .values({ id: ids.installation, account: 'octocat', state: 'active', firstSeenAt: NOW });
  await db.insert(repositories).values({
    id: ids.repository,
    installationId: ids.installation,
    fullName: SECRET,
    private: true,
    state: 'active',
    firstSeenAt: NOW,
  });
  await addRepository(db, { id: other, fullName: 'octocat/other-secret', private: true });
  await addBuild(db, { id: 'hidden-other', repositoryId: other, repository: 'octocat/other-secret' });
  const here = { repositoryId: ids.repository, repository: SECRET };
  await addSubject(db, { ...here, number: 5, title: 'classified issue' });
  await addDecision(db, { ...here, number: 5, outcome: triage({ reasons: ['classified reason'] }) });
  await addSubject(db, { ...here, number: 7, isPull: true, title: 'classified pull', headSha: shaOf('a') });
  const build = { ...here, name: 'classified check' };
  await addBuild(db, { id: 'hidden', ...build, end: failed({ summary: 'classified summary' }) });
  await addAttempt(db, { buildId: 'hidden' });
  await addLog(db, 'hidden', [[1, 'classified log\n']]);
  await addBuild(db, { id: 'hidden-running', ...build, state: 'running' });
  await addAttempt(db, { buildId: 'hidden-running', state: 'running' });
}

const cookiesOf = (answer: Response) => answer.headers.getSetCookie();
/** As a browser would send them back. */
const pairs = (answer: Response) =>
  cookiesOf(answer)
    .map((each) => each.split(';')[0]!)
    .filter((each) => !each.endsWith('='))
    .join('; ');
const look = (at: string, cookie = '', init: RequestInit = {}) =>
  Promise.resolve(app.request(at, { ...init, headers: { cookie, ...(init.headers as Record<string, string>) } }));
const statuses = async (cookie: string) =>
  Object.fromEntries(await Promise.all(PAGES.map(async (each) => [each, (await look(each, cookie)).status] as const)));
const all = (status: number) => Object.fromEntries(PAGES.map((each) => [each, status]));

/** Begins to sign in; what the browser holds then, and where it was sent. */
async function begin(to = '/'): Promise<{ cookie: string; sentTo: URL; answer: Response }> {
  const answer = await look(`/auth/login?to=${encodeURIComponent(to)}`);
  expect(answer.status).toBe(302);
  return { cookie: pairs(answer), sentTo: new URL(answer.headers.get('location')!), answer };
}

/** What the person does at GitHub; the address that the browser is sent back to. */
async function atGithub(sentTo: URL, login: string, act = 'authorize'): Promise<string> {
  const shown = await fetch(sentTo);
  expect([shown.status, (await shown.text()).includes('Authorize spokebot')]).toEqual([200, true]);
  const body = new URLSearchParams([...sentTo.searchParams, ['as', login], ['do', act]]);
  const answer = await fetch(`${sentTo.origin}${sentTo.pathname}`, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location')!);
  expect(back.origin + back.pathname).toBe(`${PUBLIC}/auth/callback`);
  return back.pathname + back.search;
}

async function signIn(login: string, to = '/'): Promise<{ cookie: string; answer: Response }> {
  const { cookie, sentTo } = await begin(to);
  const answer = await look(await atGithub(sentTo, login), cookie);
  return { cookie: pairs(answer), answer };
}

describe('a private repository', () => {
  test('is shown on every page and in every answer to a person who may read it on GitHub, and to nobody else', async () => {
    expect(await statuses('')).toEqual(all(404));
    const { cookie, answer } = await signIn('reader', '/builds/hidden');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/builds/hidden']);
    expect(await statuses(cookie)).toEqual(all(200));
    // Reading one does not open another of the same owner.
    expect((await look('/builds/hidden-other', cookie)).status).toBe(404);
    const page = await (await look('/builds/hidden', cookie)).text();
    expect(page).toContain('classified summary');
    expect(page).toMatch(/reader<\/span> <button type="submit">Sign out/);
    const other = await signIn('stranger');
    expect(other.answer.status).toBe(303);
    expect(await statuses(other.cookie)).toEqual(all(404));
    expect(await (await look('/builds/hidden', other.cookie)).text()).toContain('stranger may not');
    expect(await statuses('')).toEqual(all(404));
  });

  test('is in the lists of those who may read it only, also when both look at the same moment', async () => {
    const { cookie } = await signIn('reader');
    // So that all three are on their way at once.
    await look('/builds/hidden', cookie);
    const [theirs, ours, again] = await Promise.all(
      [cookie, '', cookie].map(async (each) => (await look('/api/v1/hub', each)).text()),
    );
    expect([theirs, ours, again].map((text) => text!.includes('secret-solver'))).toEqual([true, false, true]);
    expect((await (await look('/')).text()).includes('secret-solver')).toBe(false);
    expect(await (await look('/metrics', cookie)).text()).not.toContain('secret-solver');
  });

  test('is not in what is kept for others of what ended lately, nor are they shown less, whoever looked first', async () => {
    const [anybody, reader] = await Promise.all(
      [ANYBODY, { reads: new Set([ids.repository]) }].map((viewer) => readVisible(web.db, viewer)),
    );
    // One reader for all of them, as in `serve`; nothing ends between the looks.
    const read = createEndedReader(web.db);
    const seen = async (who: Visible) => {
      const { recent, lastChecks } = await read(who);
      return [recent, lastChecks].map((list) => list.map(({ id }) => id));
    };
    const nothing = [[], []];
    const theirs = [['hidden'], ['hidden']];
    for (const [first, second, wanted] of [
      [reader!, anybody!, [theirs, nothing]],
      [anybody!, reader!, [nothing, theirs]],
    ] as const) {
      expect([await seen(first), await seen(second), await seen(first)]).toEqual([...wanted, wanted[0]]);
      expect(await Promise.all([first, second, first].map(seen))).toEqual([...wanted, wanted[0]]);
    }
  });

  test('is hidden a minute after the right to read it was taken away, and at once when GitHub does not answer', async () => {
    const { cookie } = await signIn('reader');
    expect((await look('/builds/hidden', cookie)).status).toBe(200);
    await github.as('boss').addCollaborator(SECRET, 'reader', 'none');
    later = 61_000;
    expect((await look('/builds/hidden', cookie)).status).toBe(404);
    await github.as('boss').addCollaborator(SECRET, 'reader', 'read');
    later = 122_000;
    expect((await look('/builds/hidden', cookie)).status).toBe(200);
    later = 183_000;
    await github.faults({
      ...{ on: 'request', path: '/user/installations', times: 100, effect: { kind: 'status', status: 502 } },
    });
    expect(await statuses(cookie)).toEqual(all(404));
    expect(web.logged.map(({ message }) => message)).toContain(
      'GitHub did not tell what a person may read: nothing private is shown',
    );
    await github.clearFaults();
    expect((await look('/builds/hidden', cookie)).status).toBe(200);
    await github.as('boss').suspend('octocat');
    later = 244_000;
    expect((await look('/builds/hidden', cookie)).status).toBe(404);
    await github.as('boss').suspend('octocat', false);
  });

  test('keeps nobody else waiting while GitHub does not say who may read it', async () => {
    const cookies = await Promise.all(Array.from({ length: 6 }, async () => (await signIn('reader')).cookie));
    const { signIn: way } = await ports();
    let answer = (_: ReadonlySet<number>) => {};
    const readable = new Promise<ReadonlySet<number>>((resolve) => {
      answer = resolve;
    });
    app = web.app(await ports({ signIn: { ...way!, readable: () => readable } }));
    const theirs = cookies.map((cookie) => look('/builds/hidden', cookie));
    await look('/healthz');
    const anybody = look('/builds/hidden');
    const rounds = (async () => {
      for (let round = 0; round < 500; round++) await new Promise(setImmediate);
      return null;
    })();
    expect((await Promise.race([anybody, rounds]))?.status).toBe(404);
    answer(new Set([ids.repository]));
    expect((await Promise.all(theirs)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  test('is hidden when the session is over, and a live log of it ends', async () => {
    const { cookie } = await signIn('reader');
    const answer = await look('/builds/hidden-running/log/stream', cookie);
    expect(answer.status).toBe(200);
    const reader = answer.body!.getReader();
    await reader.read();
    later = 8 * 3_600_000 + 1000;
    await addLog(web.db, 'hidden-running', [[1, 'classified news\n']]);
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read())
      rest += new TextDecoder().decode(part.value);
    expect(rest).not.toContain('classified');
    expect((await look('/builds/hidden', cookie)).status).toBe(404);
  });
});

describe('signing in', () => {
  test('is asked of GitHub with a state, a challenge and the exact callback, and what is remembered is sealed', async () => {
    const { sentTo, answer } = await begin('/builds/hidden');
    expect(`${sentTo.origin}${sentTo.pathname}`).toBe(`${sandbox.url}/login/oauth/authorize`);
    expect(Object.fromEntries(sentTo.searchParams)).toEqual({
      client_id: expect.stringMatching(/^Iv1\./),
      redirect_uri: `${PUBLIC}/auth/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      allow_signup: 'false',
    });
    const [cookie] = cookiesOf(answer);
    expect(cookie).toMatch(/^__Host-spokebot-sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(open64(cookie!)).not.toMatch(/state|verifier|builds/);
  });

  test('leaves one cookie that no script and no other site can read, in which the token is sealed, and no token anywhere else', async () => {
    const { cookie, answer } = await signIn('reader');
    const session = cookiesOf(answer).find((each) => each.startsWith('__Host-spokebot-session='))!;
    expect(session).toMatch(/; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(cookiesOf(answer).some((each) => /^__Host-spokebot-sign-in=; Max-Age=0/.test(each))).toBe(true);
    for (const each of ['/', ...PAGES]) expect(await (await look(each, cookie)).text()).not.toMatch(/ghu_/);
    expect(open64(session)).not.toMatch(/ghu_|reader/);
    const elsewhere = JSON.stringify(await Promise.all([web.db.select().from(repositories), web.logged]));
    expect(elsewhere).not.toMatch(/ghu_/);
  });

  test('is not finished by an answer that another browser, another sign-in or nobody asked for', async () => {
    const victim = await begin();
    const attacker = await begin();
    const theirs = await atGithub(attacker.sentTo, 'stranger');
    // Signing somebody in as somebody else: the answer to the attacker's request in the victim's browser.
    expect(await refusal(theirs, victim.cookie)).toMatch(/does not belong to a sign-in that was begun in this browser/);
    expect(await refusal(theirs, '')).toMatch(/does not belong/);
    const code = new URL(theirs, PUBLIC).searchParams.get('code')!;
    const state = victim.sentTo.searchParams.get('state')!;
    // The code of one flow with the state of another: the verifier does not fit.
    expect(await refusal(`/auth/callback?code=${code}&state=${state}`, victim.cookie)).toMatch(/did not confirm/);
    // And after that wrong try it is used up.
    expect(await refusal(theirs, attacker.cookie)).toMatch(/did not confirm/);
    expect(JSON.stringify(web.logged)).not.toContain(code);
  });

  test('is not finished twice with one code, nor after ten minutes, nor when the person cancels', async () => {
    const once = await begin();
    const back = await atGithub(once.sentTo, 'reader');
    expect((await look(back, once.cookie)).status).toBe(303);
    expect(await refusal(back, once.cookie)).toMatch(/did not confirm/);
    const late = await begin();
    const toLate = await atGithub(late.sentTo, 'reader');
    later = 10 * 60_000;
    expect(await refusal(toLate, late.cookie)).toMatch(/within the last ten minutes/);
    later = 0;
    const cancelled = await begin();
    expect(await refusal(await atGithub(cancelled.sentTo, 'reader', 'cancel'), cancelled.cookie)).toMatch(/cancelled/);
  });

  test('is not helped by a cookie that was made up, changed, kept from the way to GitHub, or sealed by another hub', async () => {
    const { cookie } = await signIn('reader');
    const value = cookie.split('=')[1]!;
    const { cookie: pending } = await begin();
    const changed = `${value.slice(0, 20)}${value[20] === 'A' ? 'B' : 'A'}${value.slice(21)}`;
    for (const forged of ['', 'x', value.slice(0, 30), changed, pending.split('=')[1]!])
      expect((await look('/builds/hidden', `__Host-spokebot-session=${forged}`)).status).toBe(404);
    // Without the prefix any host below the same name could have set it.
    expect((await look('/builds/hidden', `spokebot-session=${value}`)).status).toBe(404);
    const { signIn: way } = await ports();
    app = web.app(await ports({ signIn: { ...way!, secret: 'another secret of another hub' } }));
    expect((await look('/builds/hidden', cookie)).status).toBe(404);
  });

  test.each([
    ['an address elsewhere', 'https://evil.example/'],
    ['an address without its scheme', '//evil.example'],
    ['a backslash, which browsers take for a slash', '/\\evil.example'],
    ['a way up', '/x/..//evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['signing in again', '/auth/login'],
    ['a path that is too long', `/${'x'.repeat(1001)}`],
  ])('leads to no other place than a page of ours: not to %s', async (_, to) => {
    expect((await signIn('reader', to)).answer.headers.get('location')).toBe('/');
  });

  test('sends nobody to GitHub for a callback that the App did not register', async () => {
    const { sentTo } = await begin();
    sentTo.searchParams.set('redirect_uri', 'https://evil.example/auth/callback');
    expect((await fetch(sentTo)).status).toBe(422);
  });

  test('is over when the person signs out: the token is revoked, and a copy of the cookie is worth nothing', async () => {
    const { cookie } = await signIn('reader');
    const out = await look('/auth/logout', cookie, { method: 'POST', headers: { origin: PUBLIC } });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/']);
    expect(cookiesOf(out)).toEqual([expect.stringMatching(/^__Host-spokebot-session=; Max-Age=0/)]);
    later = 61_000;
    expect((await look('/builds/hidden', cookie)).status).toBe(404);
  });

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another host below the same name', { origin: 'https://other.hub.example', 'sec-fetch-site': 'same-site' }],
    ['a page without an origin', { origin: 'null' }],
    ['nobody knows where', {}],
  ])('out is refused to a form of %s', async (_, headers: Record<string, string>) => {
    const { cookie } = await signIn('reader');
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      expect(
        (await look('/auth/logout', cookie, { method: 'POST', headers: { ...headers, 'content-type': type } })).status,
      ).toBe(403);
    expect((await look('/builds/hidden', cookie)).status).toBe(200);
  });

  test('is not there where a hub has no client secret, or nobody said where its pages are', async () => {
    for (const change of [{ signIn: null }, { publicUrl: null }]) {
      app = web.app(await ports(change));
      expect((await look('/auth/login')).status).toBe(404);
      expect((await look('/auth/logout', '', { method: 'POST', headers: { origin: PUBLIC } })).status).toBe(405);
      expect(await (await look('/')).text()).not.toContain('Sign in');
      expect(await (await look('/builds/hidden')).text()).toContain('Private repositories are never shown');
      expect(await (await look('/api/v1/builds/hidden')).text()).toContain('Private repositories are never shown');
    }
  });

  test('is named by the API to whoever finds nothing, the same for what is not there', async () => {
    const { cookie } = await signIn('stranger');
    for (const [at, how] of [
      ['', 'to those who may read it on GitHub, once they have signed in.'],
      [cookie, 'to those who may read it on GitHub; stranger may not, or GitHub did not tell.'],
    ] as const)
      for (const path of ['/api/v1/builds/hidden', '/api/v1/builds/none'])
        expect(await (await look(path, at)).json()).toEqual({
          error: `Not found. What is of a private repository is shown ${how}`,
        });
  });

  test('on loopback works without TLS, and only there cookies are not kept to it', async () => {
    app = web.app(await ports({ publicUrl: 'http://127.0.0.1:3000' }));
    const [cookie] = cookiesOf(await look('/auth/login'));
    expect(cookie).toMatch(/^spokebot-sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});

test('what was sealed for one purpose opens for no other, and not with one bit changed', () => {
  const sealer = createSealer('a secret');
  const sealed = sealer.seal('one', { a: 1 });
  const form = z.object({ a: z.number() });
  expect(sealer.open('one', sealed, form)).toEqual({ a: 1 });
  expect(sealer.open('other', sealed, form)).toBeNull();
  expect(sealer.open('one', sealed, z.object({ a: z.string() }))).toBeNull();
  expect(createSealer('another').open('one', sealed, form)).toBeNull();
  expect(sealer.seal('one', { a: 1 })).not.toBe(sealed);
  const bytes = Buffer.from(sealed, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(sealer.open('one', changed.toString('base64url'), form)).toBeNull();
  }
});

async function refusal(back: string, cookie: string): Promise<string> {
  const answer = await look(back, cookie);
  expect(answer.status).toBe(400);
  expect(cookiesOf(answer).some((each) => each.includes('session='))).toBe(false);
  return answer.text();
}

/** What a cookie would say if it were only encoded. */
function open64(cookie: string): string {
  const value = /=([^;]*)/.exec(cookie)![1]!;
  return value + Buffer.from(value, 'base64url').toString('latin1');
}
