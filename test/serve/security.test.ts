/** A hub under attack by web pages and by what people write, with a real browser where there is one; and what its App may not do. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../src/demo/free-port.js';
import { WEBHOOK_PATH } from '../../src/intake/receive.js';
import type { LoggedRequest } from '../../src/sandbox/request-log.js';
import { isAllowed, lineOf, NEEDS, type Permissions, weakened } from '../app-yml-needs.js';
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
/** What there is to ask for, by the names that requests have for it. */
let there: { issue: object; pull: object; transfer: object } & Readonly<Record<string, unknown>>;

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
  const words = await person.comment(REPO, issue.number, '/spokebot product hdf5');
  const others = await person.comment(REPO, pull.number, '/spokebot targets');
  const waits = ({ name, status }: { name: string; status: string }) => name !== 'spokebot' && status === 'queued';
  // Else GitHub might be told of a check only when it runs already, and nothing would be changed.
  await github.until('a check that waits', async () => (await person.checks(REPO, pull.head.sha)).some(waits));
  await (await workerOf(hub).take()).say(started);
  await hub.settled();
  asked = (await github.requests()).requests.filter(({ actor }) => /^(?:app|installation)\//.test(actor));
  const repository = (await github.request('GET', `/repos/${REPO}`)) as { id: number };
  const [check] = await person.checks(REPO, pull.head.sha);
  there = {
    ...{ owner: 'LLNL', repo: 'zfp', username: 'octocat', branch: 'work', path: 'README.md', name: 'no such label' },
    ...{ ref: pull.head.sha, tree_sha: pull.head.sha, basehead: `${pull.base.sha}...${pull.head.sha}` },
    ...{ check_run_id: check!.id, pull_number: pull.number, repository_id: repository.id },
    issue: { issue_number: issue.number, comment_id: words.id },
    pull: { issue_number: pull.number, comment_id: others.id },
    transfer: {
      query: 'mutation ($input: TransferIssueInput!) { transferIssue(input: $input) { issue { number } } }',
      variables: { input: { issueId: `I_${issue.id}`, repositoryId: `R_${repository.id}` } },
    },
  };
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

describe('the permissions of app.yml', () => {
  /** Every line of the table of requests that needs any, filled in, on an issue and on a pull request where that makes a difference. */
  function everyRequest(): { line: string; on: 'issue' | 'pull'; path: string; body: unknown }[] {
    return Object.entries(NEEDS).flatMap(([line, need]) => {
      if (need === 'app') return [];
      return (['issue', 'pull'] as const)
        .filter((on) => on === 'issue' || 'pull' in need)
        .map((on) => ({
          line,
          on,
          path: line
            .split(' ')[1]!
            .replace(/\{(\w+)\}/g, (_, name: string) => String({ ...there, ...there[on] }[name])),
          // Nothing that could be done: who may is told that it is wrong.
          body: line === 'POST /graphql' ? there.transfer : {},
        }));
    });
  }

  /** What GitHub refuses to an App whose installation has only these; `answers` counts what it answers to what is not. */
  async function refusedWith(permissions: Permissions, answers: Record<number, number> = {}): Promise<string[]> {
    const { id, privateKey } = hub.sandbox.app;
    const path = `/app/installations/${installation}/access_tokens`;
    const { token } = (await hub.github.request('POST', path, { permissions }, signJwt(id, privateKey))) as {
      token: string;
    };
    const refused: string[] = [];
    for (const { line, on, path: at, body } of everyRequest()) {
      const [method = ''] = line.split(' ');
      const answer = await fetch(hub.sandbox.url + at, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (answer.status === 403 || text.includes('"FORBIDDEN"')) refused.push(`${line} on ${on}`);
      else answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    }
    return refused;
  }

  test('are held against every request: all that the App asks for is a line of the table, and refused is nothing', () => {
    const lines = asked.map(({ method, path }) => [`${method} ${path}`, lineOf(method, path) !== null]);
    expect(lines.filter(([, known]) => !known)).toEqual([]);
    expect(asked.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    const made = new Set(asked.map(({ method, path }) => lineOf(method, path)!));
    expect(made.size).toBeGreaterThan(10);
    expect([...new Set([...made].map((line) => line.split(' ')[0]))].sort()).toEqual(['GET', 'PATCH', 'POST']);
  });

  test('are all needed: with any one of them weaker GitHub refuses what the table says, by whatever method, and nothing else', async () => {
    const answers: Record<number, number> = {};
    expect(await refusedWith(PERMISSIONS, answers)).toEqual([]);
    // They came to what they name: what lacks a body is told so, and all that is not found is the label, thrice.
    expect(answers).toEqual({ 200: expect.any(Number), 404: 3, 422: expect.any(Number) });
    for (const { without, has } of weakened(PERMISSIONS)) {
      // Always part of an App: without it there is no installation.
      if (without.startsWith('metadata')) continue;
      const wanted = everyRequest().filter(({ line, on }) => !isAllowed(NEEDS[line]!, on, has));
      expect(wanted.length).toBeGreaterThan(0);
      expect([without, await refusedWith(has)]).toEqual([without, wanted.map(({ line, on }) => `${line} on ${on}`)]);
    }
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
if (program === null && process.env.CI) throw new Error('CI needs a real chromium on the PATH');
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
