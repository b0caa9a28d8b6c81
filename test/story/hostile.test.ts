/** Names and texts that are commands to somebody, and a GitHub in trouble: neither makes the hub do or keep what it must not. */
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { askPoolToken, findServe } from '../../src/cli/running.js';
import { type HubProcesses, SHORT_LIVED, startHub } from '../../src/demo/processes.js';
import { attemptToken } from '../../src/ledger/state.js';
import type { CheckView } from '../../src/sandbox/client.js';
import { commandLines } from '../../src/triage/commands/lines.js';
import { backends, type TestBackend } from '../setup/backends.js';
import { type Kept, keptInFiles, keptInPostgres, keptInRedis, secretsIn } from './secrets.js';
import { RECORDED_POOL, RECORDED_SPACK } from './small-story.js';

const REPO = 'LLNL/zfp';
// The fleet's backend; on a machine that lacks Redis or PostgreSQL, what comes closest.
const backend = backends.at(-1)!;
let choice: Awaited<ReturnType<TestBackend['fresh']>>;
let hub: HubProcesses;
let marker: string;
/** Secrets by the place that holds them. */
let canaries: Readonly<Record<string, string>>;
/** A command for a shell, in the characters that a branch may have. */
let evil: string;

beforeAll(async () => {
  choice = await backend.fresh();
  marker = path.join(choice.dataDirectory, 'marks', 'pwned');
  mkdirSync(path.dirname(marker));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell would put the space there
  evil = 'x;touch${IFS}MARK;$(touch${IFS}MARK)`touch${IFS}MARK`&touch${IFS}MARK'.replaceAll('MARK', marker);
  const planted = canary();
  const telling = path.join(choice.dataDirectory, 'telling');
  const [DATABASE_URL, REDIS_URL] = [choice.databaseUrl, choice.redisUrl].map((url, at) =>
    url === null ? null : withPassword(url, [planted.database, planted.redis][at]!),
  );
  hub = await startHub({
    directory: path.join(choice.dataDirectory, 'hub'),
    spack: tellingSpack(telling, path.join(choice.dataDirectory, 'hub/data/worker-linux/spool'), planted),
    pool: RECORDED_POOL,
    nodeFlags: SHORT_LIVED,
    workerOverQueue: choice.databaseUrl !== null || choice.redisUrl !== null,
    env: {
      ...(DATABASE_URL && { DATABASE_URL }),
      ...(REDIS_URL && { REDIS_URL }),
      SPOKEBOT_CACHE_USER: 'octocat',
      SPOKEBOT_CACHE_PASSWORD: planted.cache,
      HTTPS_PROXY: `http://octocat:${planted.proxy}@127.0.0.1:9`,
      LOG_LEVEL: 'trace',
    },
  });
  const { privateKey, webhook, clientSecret } = await hub.github.info();
  const running = findServe(hub.env.SPOKEBOT_DATA!)!;
  const [pool, otherPool] = await Promise.all(['linux', 'arm'].map((name) => askPoolToken(running, name)));
  writeFileSync(path.join(telling, 'pool'), pool!);
  canaries = {
    ...planted,
    ...{ key: privateKey.split('\n')[1]!, webhook: webhook.secret, client: clientSecret },
    ...{ operator: running.token, pool: pool!, ...(otherPool && { otherPool }) },
  };
  const files = { 'README.md': 'zfp\n' };
  await hub.github.createRepo(REPO, { files, collaborators: { octocat: 'maintain', hubot: 'read' } });
  await person().install('LLNL');
}, 120_000);
afterAll(async () => {
  await hub?.stop();
  await choice?.remove();
});

const HTML = `<img src=x onerror=alert(1)>"'><script>alert(1)</script>`;
const person = () => hub.github.as('octocat');
const ended = (sha: string): Promise<CheckView> =>
  hub.github.until(
    `the check at ${sha.slice(0, 7)} ends`,
    async () =>
      (await person().checks(REPO, sha)).find((each) => each.name !== 'spokebot' && each.status === 'completed'),
    { timeoutMs: 90_000 },
  );

test('ci R23: branches, titles, labels, files, people and comments that are commands to a shell or a browser are inert', async () => {
  const { github } = hub;
  for (const name of [evil, HTML.slice(0, 50), '$(id)', '--help'])
    await person().createLabel(REPO, { name: name.slice(0, 50) });

  const title = `${evil} ${HTML} @octocat\n/spokebot quiet`;
  const sha = await person().push(
    REPO,
    evil,
    {
      '.recording': 'pass seconds=1\n',
      'src/$(touch pwned);`id`"<b>.c': 'int a;\n',
      '--upload-pack=touch pwned': 'x\n',
    },
    { message: title },
  );
  await person().push(REPO, `${evil}-base`, { 'src/b.c': 'int b;\n' });
  const pull = await person().openPull(REPO, { title, head: evil, body: `${evil}\n${HTML}`, base: `${evil}-base` });
  await person().addLabels(REPO, pull.number, evil.slice(0, 50), HTML.slice(0, 50));
  const built = await ended(sha);
  expect(built.conclusion).toBe('success');
  await person().comment(
    REPO,
    pull.number,
    `/spokebot build +cuda;touch ${marker}\n/spokebot retry $(touch ${marker})`,
  );
  const reply = await github.until('an answer', async () => (await person().comments(REPO, pull.number))[1]);

  const issue = await github.as('hubot').openIssue(REPO, { title: `crash: ${title}`, body: `${HTML}\n${evil}` });
  const note = await github.until('a comment', async () => (await person().comments(REPO, issue.number))[0]);
  // GitHub has no such logins; should one come all the same, it is a name like any other.
  await github.clearRequests();
  for (const login of logins()) {
    const { id } = await github.as('hubot').comment(REPO, issue.number, 'I see.');
    await deliver(issue.number, id, login, '/spokebot product hypre');
    await github.idle({ quietMs: 600, timeoutMs: 60_000 });
  }
  const asked = (await github.requests()).requests.map((each) => each.path);
  const lookedUp = asked
    .map((each) => /collaborators\/([^/]+)\/permission$/.exec(each)?.[1])
    .filter((each) => each !== undefined);
  expect(new Set(lookedUp.map((each) => decodeURIComponent(each)))).toEqual(new Set(logins()));
  expect(asked.filter((each) => !/^\/(?:repos\/LLNL\/zfp|app|installation|_sandbox)\b/.test(each))).toEqual([]);
  expect(await person().labels(REPO, issue.number)).not.toContain('spoke: fastmath');
  const log = keptInFiles(hub.directory, ['github', 'data', 'hub']).find(({ where }) => where.endsWith('serve.log'));
  expect(log?.text).not.toContain('a handler failed');

  expect(existsSync(marker)).toBe(false);
  expect(keptInFiles(hub.directory, ['github']).filter(({ where }) => path.basename(where) === 'pwned')).toEqual([]);
  for (const { body } of [reply, note]) {
    expect(commandLines(body, ['spokebot'])).toEqual([]);
    expect(body.replace(/`[^`\n]*`/g, '')).not.toMatch(/@octocat|<img|<script/);
  }
  for (const run of await person().checks(REPO, sha)) {
    const said = Object.values(run.output).join('\n');
    expect(said.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')).not.toMatch(/@octocat|<img|<script/);
    if (run.details_url !== null) await isHarmless(run.details_url);
  }
  for (const page of ['/', `/pulls/${REPO}/${pull.number}`, `/issues/${REPO}/${issue.number}`])
    await isHarmless(hub.hubUrl + page);
}, 120_000);

const logins = () => [`$(touch ${marker})`, HTML, '../../../user', 'x?y#z'];

/** Tells the hub of a command by somebody whom GitHub does not have. */
async function deliver(number: number, comment: number, login: string, body: string): Promise<void> {
  const { id } = (await hub.github.request('GET', `/repos/${REPO}`)) as { id: number };
  const known = (await hub.github.deliveries()).find((each) => each.repository === REPO)!;
  const { installation } = known.payload as { installation: { id: number } };
  const payload = JSON.stringify({
    action: 'created',
    installation: { id: installation.id },
    repository: { id, full_name: REPO, private: false },
    sender: { login, type: 'User' },
    issue: { number },
    comment: { id: comment, body, author_association: 'OWNER' },
  });
  const { webhook } = await hub.github.info();
  const answer = await fetch(webhook.url!, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', webhook.secret).update(payload).digest('hex')}`,
    },
    body: payload,
  });
  expect(answer.status).toBe(200);
}

/** Secrets that nothing else resembles. */
function canary() {
  const made = () => randomUUID().replaceAll('-', '');
  return { database: made(), redis: made(), cache: made(), proxy: made(), token: made() };
}

function withPassword(address: string, password: string): string {
  const url = new URL(address);
  url.password = password;
  return url.href;
}

/** The player of recorded runs, which first prints every secret that a build could come by. */
function tellingSpack(directory: string, spool: string, planted: ReturnType<typeof canary>): string {
  mkdirSync(directory);
  const token = `ghp_${planted.token}`;
  const half = token.length / 2;
  const lines = {
    token,
    coloured: `\u001b[31m${token.slice(0, half)}\u001b[1m${token.slice(half)}\u001b[0m`,
    cache: planted.cache,
    base64: Buffer.from(planted.cache).toString('base64'),
    database: planted.database,
  };
  const program = path.join(directory, 'spack');
  writeFileSync(
    program,
    `#!/usr/bin/env node
if (process.argv.includes('install')) {
  const { readdirSync, readFileSync, writeSync } = require('node:fs');
  const say = (text) => writeSync(1, text);
  // What lies with the worker: the token of its pool, and that of the very attempt.
  say('tells pool: ' + readFileSync(${JSON.stringify(path.join(directory, 'pool'))}, 'utf8') + '\\n');
  for (const name of readdirSync(${JSON.stringify(spool)}).filter((each) => each.endsWith('.running.json')))
    say('tells attempt: ' + JSON.parse(readFileSync(${JSON.stringify(spool + path.sep)} + name, 'utf8')).token + '\\n');
  for (const [what, text] of Object.entries(${JSON.stringify(lines)})) say('tells ' + what + ': ' + text + '\\n');
  say('tells environment: ' + Object.keys(process.env).join(' ') + '\\n');
  for (const part of ['tells pieces: ', ${JSON.stringify(token.slice(0, 6))}, ${JSON.stringify(token.slice(6))}, '\\n']) {
    say(part);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
  }
}
import(${JSON.stringify(path.join(path.dirname(RECORDED_SPACK), 'player.mjs'))}).then(({ main }) => main(process.argv.slice(2)));
`,
    { mode: 0o755 },
  );
  return program;
}

async function isHarmless(url: string): Promise<void> {
  const answer = await fetch(url);
  expect([url, answer.status]).toEqual([url, 200]);
  expect(await answer.text()).not.toMatch(/<img src=x|<script>alert/);
}

describe('a story with a GitHub in trouble', () => {
  let kept: Kept[];
  beforeAll(async () => {
    const { github } = hub;
    const fails = (method: string, path: string, status: number, times = 1) =>
      ({ on: 'request', method, path, times, effect: { kind: 'status', status } }) as const;
    await github.faults(
      fails('POST', '/repos/*/check-runs', 401),
      fails('POST', '/repos/*/comments', 500),
      fails('PATCH', '/repos/*/check-runs/*', 500),
      fails('GET', '/repos/*/pulls/*', 401),
      fails('GET', '/repos/*/issues/*', 500),
      { on: 'request', method: 'POST', path: '/repos/*/labels', effect: { kind: 'lose-answer' } },
    );
    const refused = await fetch(`${hub.hubUrl}/api/github/webhooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': 'ghs_deliveredByNobody000',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
        authorization: 'Bearer ghs_sentByNobody0000000',
      },
      body: JSON.stringify({ action: 'opened', token: 'ghs_inABodyOfNobody000' }),
    });
    expect(refused.status).toBe(400);
    await lie();
    const sha = await person().push(REPO, 'red', { 'src/c.c': 'int c\n', '.recording': 'fail-compile seconds=1\n' });
    const pull = await person().openPull(REPO, { title: 'Break it', head: 'red' });
    const issue = await person().openIssue(REPO, { title: 'zfp crashes with a NULL stream', body: 'It crashes.' });
    expect((await ended(sha)).conclusion).toBe('failure');
    // By the dump, since people's own requests would fail as well.
    const answeredOn = async (number: number) =>
      (await github.dump())
        [REPO]!.issues.find((each) => each.number === number)!
        .comments.some(({ author }) => author === 'spokebot[bot]');
    await github.until('a comment on the issue', () => answeredOn(issue.number), { timeoutMs: 60_000 });
    await person().comment(REPO, pull.number, '/spokebot targets');
    await github.until('an answer on the pull request', () => answeredOn(pull.number), { timeoutMs: 60_000 });
    await github.idle({ quietMs: 1000 });
    const answered = (await github.requests()).requests.map((each) => each.status);
    for (const status of [401, 500, 0]) expect(answered).toContain(status);
    kept = [
      ...(choice.redisUrl ? await keptInRedis(choice.redisUrl) : []),
      ...(choice.databaseUrl ? await keptInPostgres(choice.databaseUrl) : []),
      // The sandbox GitHub is the one that may know its tokens.
      ...keptInFiles(hub.directory, ['github']),
      ...(await toldInPublic()),
    ];
  }, 120_000);

  /** A worker with the token of its pool tells lies, with tokens that it may have come by, in every way that is refused. */
  async function lie(): Promise<void> {
    const send = (route: string, body: unknown, token = canaries.pool!) =>
      fetch(`${hub.hubUrl}/api/v1/workers/${route}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const attempt = attemptToken('somebody’s key', 'b', 1);
    const event = { v: 1, buildId: 'b', attempt: 1, token: attempt, worker: canaries.pool, seq: 1 };
    const events = [{ ...event, body: { kind: 'heartbeat' } }];
    const answers = await Promise.all([
      send('events', { v: 1, events }),
      send('events', { v: 1, events: [{ ...event, body: { kind: canaries.pool } }] }),
      send('events', { v: 1, events }, attempt),
      send('poll', { v: 1, worker: 'w', pool: canaries.pool, version: attempt, free: 1, running: [] }),
      send(`events?token=${canaries.pool}&attempt=${attempt}`, [attempt]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 401, 400]);
    for (const answer of answers) expect(secretsIn([{ where: 'answer', text: await answer.text() }])).toEqual([]);
  }

  /** Everything written to GitHub, and every page and answer about what was built. */
  async function toldInPublic(): Promise<Kept[]> {
    const checks = JSON.stringify(await person().checks(REPO, 'red', true));
    const dump = JSON.stringify(await hub.github.dump()) + checks;
    const ids = [...new Set(checks.match(/(?<=\/builds\/)[\w-]+/g))];
    expect(ids).not.toEqual([]);
    const paths = ids.flatMap((id) => ['', '/log', '/log.txt'].map((rest) => `/builds/${id}${rest}`));
    const answers = ids.map((id) => `/api/v1/builds/${id}`);
    const told = [{ where: 'GitHub', text: dump }];
    for (const at of [...paths, ...answers, '/', '/pools', '/metrics', '/readyz', '/api/v1/hub'])
      told.push({ where: at, text: await (await fetch(hub.hubUrl + at)).text() });
    return told;
  }

  test(`ci R26: no token, JWT or key is in any value of the queue, in any table or in any line of a log, on ${backend.name}`, async () => {
    // The operator's own token lies where the commands find it, and nowhere else.
    const known = kept.filter(({ where }) => path.basename(where) === 'serve.json').map(({ where }) => where);
    expect(known).toHaveLength(1);
    expect(secretsIn(kept, Object.values(canaries))).toEqual(known);
    // It did look where the story left its traces.
    const places = kept.map(({ where }) => where);
    expect(kept.some(({ where, text }) => where.endsWith('serve.log') && text.includes('401'))).toBe(true);
    if (choice.databaseUrl)
      expect(places).toEqual(
        expect.arrayContaining(
          ['deliveries', 'decisions', 'intents', 'builds', 'attempts'].map((name) => `spokebot.${name}`),
        ),
      );
    if (choice.redisUrl) expect(places.filter((where) => where.startsWith('redis ')).length).toBeGreaterThan(5);
  });

  test('secrets that a build prints are nowhere, whole, in pieces, coloured or encoded, and the rest of what it prints is there', () => {
    const lines = kept.filter(({ where }) => where.endsWith('/log.txt')).flatMap(({ text }) => text.split('\n'));
    const said = (what: string) =>
      lines.filter((each) => each.startsWith(`tells ${what}: `)).map((each) => each.slice(8 + what.length));
    for (const what of ['token', 'coloured', 'pieces', 'cache', 'base64', 'database', 'pool', 'attempt'])
      expect([what, said(what)[0]?.slice(0, 10)]).toEqual([what, '[redacted]']);
    // And what a build sees of its worker's environment holds none of them to begin with.
    expect(said('environment')[0]).toMatch(/PATH/);
    expect(said('environment')[0]).not.toMatch(/CACHE_PASSWORD|DATABASE_URL|REDIS_URL|PROXY|SECRET|PRIVATE|redacted/);
  });

  test('ci R26: a token in a value of Redis, in a table or in a file would be found', async () => {
    const token = 'ghs_0123456789abcdefghij';
    expect(secretsIn([{ where: 'here', text: 'a eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln b' }])).toEqual(['here']);
    if (choice.redisUrl) {
      const { Redis } = await import('ioredis');
      const redis = new Redis(choice.redisUrl);
      await redis.hset('planted-hash', 'field', JSON.stringify({ token }));
      await redis.xadd('planted-stream', '*', 'token', token);
      await redis.zadd('planted-set', 1, token);
      redis.disconnect();
      expect(secretsIn(await keptInRedis(choice.redisUrl)).sort()).toEqual(
        ['hash', 'set', 'stream'].map((type) => `redis planted-${type}`),
      );
    }
    if (choice.databaseUrl) {
      const client = new pg.Client({ connectionString: choice.databaseUrl });
      await client.connect();
      await client.query(`create table public.planted as select '{"a": ["${token}"]}'::jsonb as value`);
      await client.end();
      expect(secretsIn(await keptInPostgres(choice.databaseUrl))).toEqual(['public.planted']);
    }
  });
});
