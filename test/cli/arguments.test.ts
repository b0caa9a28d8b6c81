import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMANDS, noSuchCommand } from '../../src/cli/commands.js';
import { announceServe } from '../../src/cli/running.js';
import { run } from './run-command.js';

/** A `serve` that answers what the test says, and keeps what it was asked. */
let server: Server;
let data: string;
let asked: string[] = [];
let answer: unknown = {};

beforeAll(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'spokebot-arguments-'));
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  announceServe(data, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 't',
    pid: process.pid,
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(data, { recursive: true, force: true });
});

const ask = async (name: string, ...args: string[]) =>
  run(await COMMANDS[name]!(), args, { SPOKEBOT_DATA: data, DATABASE_URL: '' });

test.each([
  ['demo', 'x'],
  ['serve', 'x'],
  ['serve', '--bogus'],
  ['worker', '--pool', 'linux', 'x'],
  ['doctor', 'x'],
  ['doctor', '--bogus'],
  ['explain', 'a/b#1', 'extra'],
  ['pool-token', 'linux', 'extra'],
  ['replay', 'a.json', 'b.json'],
  ['triage', '--bogus'],
  ['triage', 'a', 'b'],
  ['serve', '--port', '3'],
  ['backfill'],
  ['check-config'],
  ['labels'],
  ['model'],
  ['model', 'predict'],
  ['model', 'train', 'x.jsonl'],
  ['model', 'predict', 'x.jsonl'],
  ['explain-config', 'foo'],
])('%s refuses what it has no use for, and says once how it is called: %s %s', async (name, ...args) => {
  const ran = await ask(name, ...args);
  expect(ran.code).toBe(2);
  expect(ran.stderr.split('Usage:')).toHaveLength(2);
  expect(ran.stderr).toContain(`\nUsage: spokebot ${name}`);
  expect(ran.stdout).toBe('');
});

test.each([
  [['--jsn'], "Unknown option '--jsn'. Did you mean --json?"],
  [['--bogus'], "triage: Unknown option '--bogus'.\n"],
  [['--hub'], 'triage: --hub needs a value.\n'],
  [['--hub', '--json'], 'triage: --hub needs a value.\n'],
])('an option that is not understood is told with the one that was probably meant: %j', async (args, message) => {
  expect((await ask('triage', ...args)).stderr).toContain(message);
});

test.each([
  [[], 'Say either --plan or --apply, and of which repository: OWNER/NAME.'],
  [['a/b'], 'Say either --plan or --apply.'],
  [['a/b', '--plan', '--apply'], 'Say either --plan or --apply, not both.'],
  [['--plan'], 'Which repository? Name it as OWNER/NAME.'],
  [['a/b', 'c/d', '--plan'], 'backfill: "c/d" is one argument too many.'],
])('backfill asks only for what is missing: %j', async (args, message) => {
  expect((await ask('backfill', ...args)).stderr).toContain(`${message}\n`);
});

test('the name of a pool is one part of the address, and an answer without a token is no success', async () => {
  asked = [];
  answer = { status: 'ok' };
  await expect(ask('pool-token', '../health')).rejects.toThrow('without a token');
  answer = { token: 'sbp_1' };
  expect(await ask('pool-token', 'linux')).toMatchObject({ code: 0, stdout: 'sbp_1\n' });
  expect(asked).toEqual(['/api/v1/admin/pool-token/..%2Fhealth', '/api/v1/admin/pool-token/linux']);
});

test('explain shows a command with what followed it, and the verb where an older serve does not tell', async () => {
  const said = { at: 'now', by: 'mona', role: 'lead', said: {}, became: {}, undone: false };
  const rest = { title: 't', decisions: [], labels: { ours: [], removedByPeople: [] }, builds: [], writes: [] };
  const commands = [
    { ...said, verb: 'product', line: 'product zfp' },
    { ...said, verb: 'route', undone: true },
  ];
  answer = { subject: 'a/b#1', ...rest, commands };
  expect((await ask('explain', 'a/b#1')).stdout).toContain(
    'commands, newest first:\n  now product zfp by mona (lead)\n  now route by mona (lead), taken back\n',
  );
});

test('explain without a serve and without records says so, and makes none', async () => {
  const empty = path.join(data, 'elsewhere');
  const ran = await run(await COMMANDS.explain!(), ['a/b#1'], { SPOKEBOT_DATA: empty, DATABASE_URL: '' });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toBe(
    `No serve runs here, and ${empty} holds no records. Run this where serve does, with the same SPOKEBOT_DATA (or DATABASE_URL).\n`,
  );
  expect(existsSync(empty)).toBe(false);
});

test('explain tells what triage decided in words, and other decisions with their outcome', async () => {
  const decision = { at: 'now', version: '1', reasons: ['why'], actions: [], delivery: null };
  const outcome = {
    product: { id: 'zfp', confidence: 0.97 },
    spokes: { accountable: 'rapids', cc: ['dav'] },
    kind: null,
    mode: 'act',
    candidates: [
      { product: 'zfp', score: 0.8 },
      { product: 'hdf5', score: 0.2 },
    ],
    missing: ['version'],
  };
  const subject = { subject: 'a/b#1', title: 't', labels: { ours: [], removedByPeople: [] }, builds: [], writes: [] };
  answer = { ...subject, decisions: [{ ...decision, kind: 'triage', outcome }] };
  const issue = (await ask('explain', 'a/b#1')).stdout;
  expect(issue).toContain(`where it stands:
  zfp (97 %); rapids answers, informed: dav
  kind: open
  how sure: act
  weighed: zfp 80 %, hdf5 20 %
  asked for: version
`);
  expect(issue).not.toContain('outcome:');
  answer = { ...subject, decisions: [{ ...decision, kind: 'plan', outcome: { checks: [] } }] };
  expect((await ask('explain', 'a/b#1')).stdout).toContain('outcome: {\n  "checks": []\n}');
});

test('explain lets no control character of a title or a reason reach the terminal', async () => {
  answer = {
    subject: 'a/b#1',
    title: 'red \u001b[31m\nnext\u009b',
    decisions: [
      { kind: 'triage', at: 'now', version: '1', reasons: ['bell \u0007'], actions: [], delivery: null, outcome: {} },
    ],
    labels: { ours: [], removedByPeople: [] },
    builds: [],
    writes: [],
  };
  const { code, stdout } = await ask('explain', 'a/b#1');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^a\/b#1 {2}red {2}\[31m next *\n/);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test.each([
  ['pull_request', { action: 'opened', pull_request: { number: 1 } }, 'pull_request.head'],
  [
    'pull_request',
    { action: 'opened', pull_request: { number: 1, head: { sha: 'a' }, base: {} } },
    'pull_request.base.sha',
  ],
  ['issues', { action: 'opened', issue: { number: 1, labels: [null] } }, 'issue.labels.0'],
  ['issues', { action: 'opened', issue: 'x' }, 'issue'],
  ['issues', { action: 'opened', repository: { id: 1, full_name: 'a/b' } }, 'issue'],
  ['issues', { action: 'opened', issue: { number: 1 } }, 'repository'],
  ['issue_comment', { action: 'created' }, 'comment'],
])('replay of a partial %s payload says what is missing', async (event, payload, where) => {
  const file = path.join(data, 'delivery.json');
  writeFileSync(file, JSON.stringify({ event, payload }));
  const ran = await ask('replay', file);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`"${where}"`);
});

test.each([
  ['isues', 'No event of GitHub that is known here is called "isues". Did you mean "issues"?'],
  [
    'nonsense',
    'No event of GitHub that is known here is called "nonsense". The name is the one of the header X-GitHub-Event.',
  ],
])('replay refuses an event that GitHub does not have: %s', async (event, message) => {
  const file = path.join(data, 'delivery.json');
  writeFileSync(file, JSON.stringify({ event, payload: {} }));
  const ran = await ask('replay', file);
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(message);
});

test('replay says of an event of GitHub that spokebot does nothing at it', async () => {
  const file = path.join(data, 'delivery.json');
  writeFileSync(file, JSON.stringify({ event: 'star', payload: { action: 'created' } }));
  const ran = await ask('replay', file);
  expect([ran.code, ran.stdout]).toEqual([0, 'star: nothing to decide.\n']);
  expect(ran.stderr).toMatch(/^spokebot does nothing at "star"; it listens to check_run, .*issues, /);
});

test.each([
  [['replay', '/no/such.json'], 'Cannot read /no/such.json: there is no such file.\n'],
  [['diagnose', '/no/such.log'], 'Cannot read /no/such.log: there is no such file.\n'],
  [['diagnose', '/'], 'Cannot read /: it is a directory.\n'],
  [['plan', '/no/such.jsonl'], 'Cannot read /no/such.jsonl: there is no such file. Name a file'],
  [['dependencies', '--packages', 'x', '/no/such'], 'Cannot read /no/such: there is no such file.\n'],
  [['model', 'predict', 'x', '--model', '/no/such'], 'Cannot read the model /no/such: there is no such file. Write'],
])('a file that cannot be read is named once: %j', async ([name, ...args], message) => {
  const ran = await ask(name!, ...args);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(message);
});

test('a misspelt command is answered with the one that was meant, not with all of them', () => {
  expect(noSuchCommand('trige')).toBe(
    'There is no command "trige". Did you mean "triage"?\nspokebot help says what each of them does.\n',
  );
  expect(noSuchCommand('\u001b[31mxyzzy')).toMatch(
    /^There is no command " \[31mxyzzy"\. The commands are demo, serve, /,
  );
});

test.each([
  ['http://127.0.0.1:9', false],
  ['http://0.0.0.0:9', true],
])('doctor minds a short webhook secret, but not that of a sandbox on this machine: %s', async (api, minds) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const given = { APP_ID: '1', PRIVATE_KEY: pem, WEBHOOK_SECRET: 'sandbox-secret', GITHUB_API_URL: api };
  const ran = await run(await COMMANDS.doctor!(), ['--json'], { ...given, SPOKEBOT_DATA: path.join(data, 'none') });
  const names = (JSON.parse(ran.stdout) as { name: string }[]).map(({ name }) => name);
  expect(names).toContain('environment');
  expect(names.includes('webhook secret')).toBe(minds);
});
