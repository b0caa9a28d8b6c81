/** A hub under attack by web pages and by what people write, with a real browser where there is one; and what its App may not do. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WEBHOOK_PATH } from '../../src/intake/receive.js';
import type { LoggedRequest } from '../../src/sandbox/request-log.js';
import { signJwt } from '../sandbox/setup.js';
import { type Browser, findChromium, type Page, startChromium } from '../setup/chromium.js';
import { addHostile, HOSTILE_PAGES } from '../web/hostile-rows.js';
import { openWeb, type TestWeb } from '../web/open-web.js';
import { addDecision, addSubject } from '../web/rows.js';
import { PERMISSIONS, startTestHub, type TestHub } from './hub.js';
import { started, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
const SECRET = 'LLNL/zfp-secret';

let hub: TestHub;
let installation: number;
/** What the App asked of GitHub in a story that has everything the App is for. */
let asked: LoggedRequest[];

beforeAll(async () => {
  hub = await startTestHub({ signInAt: await freePort() });
  const { github } = hub;
  await github.createRepo(REPO, { files: { 'README.md': 'zfp\n' }, collaborators: { octocat: 'admin' } });
  const secret = await github.createRepo(SECRET, { private: true, collaborators: { octocat: 'read' } });
  const person = github.as('octocat');
  installation = (await person.install('LLNL')).id;
  const issue = await person.openIssue(REPO, { title: 'zfp crashes with a NULL stream', body: 'It crashes.' });
  await person.push(REPO, 'work', { 'src/a.c': 'int a;\n' });
  const pull = await person.openPull(REPO, { title: 'Work', head: 'work' });
  await person.comment(REPO, issue.number, '/spokebot product hdf5');
  await person.comment(REPO, pull.number, '/spokebot targets');
  await (await workerOf(hub).take()).say(started);
  await hub.settled();
  asked = (await github.requests()).requests.filter(({ actor }) => actor === `installation/${installation}`);
  const { db } = hub.running.parts.backend.store;
  const here = { repositoryId: secret.id, repository: SECRET, number: 1 };
  await addSubject(db, { ...here, title: 'classified issue' });
  await addDecision(db, here);
}, 90_000);
afterAll(() => hub?.close());

function closed(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describe('the permissions of app.yml', () => {
  const shape = ({ method, path }: LoggedRequest) =>
    `${method} ${path.replace(/\/\d+(?=\/|$)/g, '/:n').replace(/[0-9a-f]{40}/g, ':sha')}`;

  /** What of the story GitHub refuses to an App whose installation has only these. */
  async function refusedWith(permissions: Readonly<Record<string, string>>): Promise<string[]> {
    const { id, privateKey } = hub.sandbox.app;
    const path = `/app/installations/${installation}/access_tokens`;
    const { token } = (await hub.github.request('POST', path, { permissions }, signJwt(id, privateKey))) as {
      token: string;
    };
    const refused = new Set<string>();
    const done = asked.filter(({ status, path: at }) => status < 300 && at.startsWith('/repos/'));
    for (const request of new Map(done.map((each) => [each.method + each.path, each])).values()) {
      const { method } = request;
      const answer = await fetch(hub.sandbox.url + request.path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{}' }),
      });
      await answer.arrayBuffer();
      if (answer.status === 403) refused.add(shape(request));
    }
    return [...refused].sort();
  }

  test('are enough: nothing that the App asks for is refused', () => {
    expect(asked.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    expect(asked.length).toBeGreaterThan(15);
  });

  test('are all needed: with any one of them weaker, something that the App is for is refused', async () => {
    expect(await refusedWith(PERMISSIONS)).toEqual([]);
    const refused: Record<string, string[]> = {};
    for (const [name, level] of Object.entries(PERMISSIONS)) {
      // Always part of an App: without it there is no installation.
      if (name === 'metadata') continue;
      const { [name]: _, ...others } = PERMISSIONS;
      refused[`without ${name}: ${level}`] = await refusedWith(
        level === 'write' ? { ...others, [name]: 'read' } : others,
      );
    }
    const repo = `/repos/${REPO}`;
    // How often something is told anew depends on what came first.
    for (const list of Object.values(refused))
      list.splice(0, list.length, ...list.filter((each) => !each.startsWith('PATCH')));
    expect(refused).toEqual({
      'without checks: write': [`POST ${repo}/check-runs`],
      'without contents: read': [`GET ${repo}/commits/:sha`],
      'without issues: write': [
        `POST ${repo}/issues/:n/comments`,
        `POST ${repo}/issues/:n/labels`,
        `POST ${repo}/issues/comments/:n/reactions`,
      ],
      'without pull_requests: write': [`POST ${repo}/issues/:n/comments`, `POST ${repo}/issues/comments/:n/reactions`],
    });
  });
});

/** Everything that changes something, with what a form or a script of another site can send. */
const CHANGING = [
  '/auth/logout',
  '/api/v1/admin/replay',
  '/api/v1/admin/replay-builds',
  '/api/v1/admin/backfill',
  '/api/v1/workers/poll',
  '/api/v1/workers/events',
  WEBHOOK_PATH,
];

const REFUSED = [400, 401, 403, 404, 405, 415];

describe('a page of another site', () => {
  test.each(CHANGING)('changes nothing by a POST to %s', async (path) => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json']) {
      // A form cannot send JSON, and a script of another site may not without being allowed to, which nobody is.
      if (path === '/auth/logout' && type.endsWith('json')) continue;
      const answer = await fetch(hub.running.url + path, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'content-type': type },
        body: type.endsWith('json') ? '{}' : 'a=b',
        redirect: 'manual',
      });
      expect([type, REFUSED.includes(answer.status) ? 'refused' : answer.status]).toEqual([type, 'refused']);
    }
  });

  test('is not allowed to send what a form cannot send, nor to read an answer', async () => {
    for (const path of [...CHANGING, '/api/v1/hub', '/']) {
      const answer = await fetch(hub.running.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      await answer.arrayBuffer();
      expect([path, [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))]).toEqual([
        path,
        [],
      ]);
    }
  });
});

const program = findChromium();
/** A directory that pictures of the pages go to, to look at. */
const PICTURES = process.env.SPOKEBOT_PICTURES;
const withBrowser = program === null ? describe.skip : describe;

withBrowser(
  `in Chromium${program === null ? ' (skipped: there is no chromium on the PATH; the same is held over HTTP)' : ''}`,
  () => {
    let browser: Browser;
    let page: Page;
    let web: TestWeb;
    /** Rows and clock of this one stand still. */
    let still: { url: string; close(): void };
    let evil: { origin(host: string): string; html: string; close(): void };

    beforeAll(async () => {
      [browser, web] = await Promise.all([startChromium(program!), openWeb()]);
      await addHostile(web.db);
      const server = serve({ fetch: web.app().fetch, hostname: '127.0.0.1', port: 0 });
      await new Promise((resolve) => server.once('listening', resolve));
      still = {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () => closed(server as Server),
      };
      const theirs = createServer((_, response) => response.setHeader('content-type', 'text/html').end(evil.html));
      await new Promise<void>((resolve) => theirs.listen(0, resolve));
      const { port } = theirs.address() as AddressInfo;
      evil = { html: '', origin: (host) => `http://${host}:${port}`, close: () => closed(theirs) };
      page = await browser.page();
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      still?.close();
      evil?.close();
      await web?.close();
    });

    test('hostile names, titles, branches, specs and logs run nothing, load nothing and break no page, wide or narrow', async () => {
      const told: string[] = [];
      for (const at of HOSTILE_PAGES) {
        await page.go(still.url + at);
        for (const width of [390, 1280]) {
          await page.width(width);
          const { foreign, wide } = await page.ask<{ foreign: string[]; wide: number }>(LOOK);
          if (foreign.length > 0) told.push(`${at} has ${foreign.join(' ')}`);
          if (wide > width) told.push(`${at} is ${wide} px wide in a window of ${width}`);
          if (PICTURES) await page.picture(`${PICTURES}/${at.replace(/\W+/g, '-').slice(0, 40)}-${width}.png`);
        }
      }
      expect(told).toEqual([]);
      expect(page.deeds.dialogs).toEqual([]);
      expect(page.deeds.complaints.filter((each) => !/status of 404/.test(each))).toEqual([]);
      expect(page.deeds.requests.filter((each) => !each.startsWith(still.url))).toEqual([]);
      expect(page.deeds.requests.some((each) => each.includes('/log/stream'))).toBe(true);
    }, 60_000);

    test('a person comes to the page of a private repository by way of GitHub, and nobody else by way of that person', async () => {
      const own = await browser.page();
      const secret = `${hub.running.url}/issues/${SECRET}/1`;
      await own.go(secret);
      expect(await own.ask('document.querySelector("h1").textContent')).toBe('Not here');
      await own.ask('[...document.querySelectorAll("main a")].find((each) => each.textContent === "sign in").click()');
      await own.until('document.title.startsWith("Authorize spokebot")');
      await own.ask(
        'document.querySelector("select[name=as]").value = "octocat"; document.querySelector("button[value=authorize]").click()',
      );
      await own.until('document.querySelector("h1")?.textContent.includes("classified issue")');
      expect(await own.ask('[location.href, document.cookie]')).toEqual([secret, '']);
      await own.width(390);
      const { foreign, wide } = await own.ask<{ foreign: string[]; wide: number }>(LOOK);
      expect([foreign, wide > 390 ? wide : 'narrow enough']).toEqual([[], 'narrow enough']);
      if (PICTURES) await own.picture(`${PICTURES}/signed-in-390.png`);
      await own.width(1280);

      // With the session in the browser, from another site, and from another port of the same host, whose cookies are the same.
      for (const host of ['localhost', '127.0.0.1']) {
        const theirs = await browser.page();
        evil.html = attack(hub.running.url, secret);
        await theirs.go(evil.origin(host));
        await theirs.until('window.over');
        expect(await theirs.ask('window.read')).toEqual([]);
        const changing = theirs.deeds.answers.filter(({ url }) =>
          CHANGING.some((each) => url === hub.running.url + each),
        );
        expect(changing.length).toBeGreaterThanOrEqual(CHANGING.length);
        expect(changing.filter(({ status }) => !REFUSED.includes(status))).toEqual([]);
        // The frame is there, and nothing is in it.
        expect(theirs.deeds.complaints.join('\n')).toMatch(/frame-ancestors/);
      }
      await own.go(secret);
      expect(await own.ask('document.querySelector("h1").textContent')).toContain('classified issue');

      await own.ask('document.querySelector("form.person button").click()');
      await own.until('location.pathname === "/" && document.querySelector("a.person") !== null');
      await own.go(secret);
      expect(await own.ask('document.querySelector("h1").textContent')).toBe('Not here');
    }, 60_000);
  },
);

/** Forms into frames, requests of a script, a frame around a page of ours, and tries to read what is private. */
const attack = (url: string, secret: string) => `<!doctype html><title>evil</title><script>
window.read = [];
const changing = ${JSON.stringify(CHANGING)}.map((path) => '${url}' + path);
const noted = (what) => (text) => window.read.push(what + ': ' + text.slice(0, 200));
onload = async () => {
  for (const to of changing) {
    const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: to }));
    const form = document.body.appendChild(Object.assign(document.createElement('form'), { method: 'post', action: to, target: to }));
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    form.submit();
    await loaded;
    await fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => {});
    await fetch(to, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })
      .then((answer) => answer.text()).then(noted(to), () => {});
  }
  await fetch('${secret}', { credentials: 'include' }).then((answer) => answer.text()).then(noted('page'), () => {});
  await new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { src: '${secret}', onload: resolve });
    document.body.appendChild(frame);
  });
  window.over = true;
};
</script><body></body>`;

/** What is in the page that we did not write, and how wide the page is. */
const LOOK = `({
  foreign: [...document.querySelectorAll('*')].filter((each) =>
    ['IFRAME', 'OBJECT', 'EMBED', 'BASE'].includes(each.tagName) ||
    (each.tagName === 'IMG' && !each.getAttribute('src').startsWith('/assets/')) ||
    (each.tagName === 'SCRIPT' && !each.getAttribute('src')?.startsWith('/assets/')) ||
    [...each.attributes].some(({ name, value }) => /^on|^style$/.test(name) || /^\\s*javascript:/i.test(value)),
  ).map((each) => each.outerHTML.slice(0, 100)),
  wide: document.documentElement.scrollWidth,
})`;
