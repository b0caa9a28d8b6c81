/** Stories of commands about builds, on the real `serve` and the sandbox GitHub; the worker is played by the test. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EventBody } from '../../src/protocol.js';
import { startTestHub, type TestHub } from './hub.js';
import { failed, finished, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
/** Conduit is built on zfp, and belongs to another spoke. */
const OTHER = 'LLNL/conduit';
let hub: TestHub;
let catalogue: string;

beforeAll(async () => {
  catalogue = mkdtempSync(path.join(tmpdir(), 'spokebot-catalogue-'));
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), catalogue, { recursive: true });
  const change = (name: string, how: (text: string) => string) => {
    const file = path.join(catalogue, name);
    writeFileSync(file, how(readFileSync(file, 'utf8')));
  };
  change('spokes/rapids.yml', (text) => text.replace('leads: []', 'leads: [hubot]'));
  change('products/zfp.yml', (text) => `${text}triage: { policy: act }\ndownstream: { most: 1 }\n`);
  change(
    'products/conduit.yml',
    (text) => `${text}owners: [keeper-of-conduit]\ndownstream: { against: [zfp], critical: true }\n`,
  );
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  for (const login of ['hubot', 'stranger', 'keeper-of-conduit']) await hub.github.addUser(login);
  await hub.github.createRepo(REPO, {
    files: { 'README.md': 'A product.\n' },
    collaborators: { octocat: 'write', mona: 'read', admin: 'admin' },
  });
  await hub.github.createRepo(OTHER, {
    files: { 'README.md': 'Built on it.\n' },
    collaborators: { octocat: 'write', mona: 'read', admin: 'admin' },
  });
  await hub.github.as('admin').install('LLNL');
  await hub.github.idle();
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(catalogue, { recursive: true, force: true });
});

const settled = () => hub.settled();

async function say(number: number, who: string, line: string): Promise<void> {
  await hub.github.as(who).comment(REPO, number, line);
}

async function checks(sha: string): Promise<Record<string, string>> {
  const all = await hub.github.as('octocat').checks(REPO, sha);
  return Object.fromEntries(
    all
      .map(({ name, status, conclusion }): [string, string] => [name, conclusion ?? status])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Waits until the head shows these conclusions, or what its checks are doing; fails with the difference. */
async function shows(sha: string, expected: Record<string, string>): Promise<void> {
  const same = async () =>
    JSON.stringify(Object.entries({ ...(await checks(sha)), ...expected }).sort()) ===
    JSON.stringify(Object.entries(await checks(sha)).sort());
  await hub.github.until('the checks', same).catch(() => {});
  expect(await checks(sha)).toMatchObject(expected);
}

const answer = async (number: number) =>
  (await hub.github.as('octocat').comments(REPO, number)).find(({ user }) => user.login.endsWith('[bot]'))?.body ?? '';

async function answers(number: number, part: string): Promise<void> {
  await hub.github.until('the answer', async () => (await answer(number)).includes(part)).catch(() => {});
  expect(await answer(number)).toContain(part);
}

/** Takes the next build of the queue and ends it; its spec. */
async function build(end: EventBody): Promise<string> {
  const taken = await workerOf(hub).take();
  await taken.say(end);
  return taken.plan.spec.replace(/@git\.[0-9a-f]+/, '');
}

async function nothingWaits(): Promise<void> {
  const { builds } = await hub.running.parts.hubSide.poll(
    { v: 1, worker: 'w-test', pool: 'linux', version: '1', free: 1, running: [] },
    AbortSignal.timeout(300),
  );
  expect(builds).toEqual([]);
}

test('a fork waits, is approved by naming its head, fails, is built otherwise, and is let stand by a lead', async () => {
  const mona = hub.github.as('mona');
  await mona.fork(REPO);
  const sha = await mona.push('mona/zfp', 'work', { 'src/f.c': 'int f;\n' });
  const { number } = await mona.openPull(REPO, { title: 'From a fork', head: 'mona:work' });
  await settled();
  await shows(sha, { spokebot: 'action_required', 'spokebot / install zfp': 'action_required' });

  await say(number, 'mona', `/spokebot approve ${sha}`);
  await answers(number, 'only people who can push here may do that');
  await say(number, 'octocat', `/spokebot approve ${'0'.repeat(40)}`);
  await answers(number, 'is not the head any more');
  await nothingWaits();

  await say(number, 'octocat', `/spokebot approve ${sha.slice(0, 12)}`);
  expect(await build(failed('zfp'))).toBe('zfp');
  await shows(sha, { spokebot: 'failure', 'spokebot / install zfp': 'failure' });

  await say(number, 'octocat', '/spokebot build +cuda');
  // The approval was for this head on this pool, whatever is built there.
  expect(await build(failed('zfp'))).toBe('zfp+cuda');
  await shows(sha, { 'spokebot / install zfp+cuda': 'failure' });
  await say(number, 'octocat', '/spokebot targets');
  await answers(number, '| `install zfp+cuda` | `zfp+cuda` | linux | no | did not pass |');

  await say(number, 'octocat', '/spokebot retry install zfp');
  expect(await build(failed('zfp'))).toBe('zfp');
  await say(number, 'octocat', '/spokebot waive install zfp because the compiler is broken');
  await answers(number, 'only a lead of **');
  await say(number, 'hubot', '/spokebot waive install zfp because the compiler of this pool is broken');
  await shows(sha, { spokebot: 'success', 'spokebot / install zfp': 'neutral' });

  const next = await mona.push('mona/zfp', 'work', { 'src/f.c': 'int g;\n' });
  await settled();
  // The waiver, the wish and the approval were about the other head.
  await shows(next, { spokebot: 'action_required', 'spokebot / install zfp': 'action_required' });
}, 60_000);

test('cancel by who opened it, and build for a draft', async () => {
  const octocat = hub.github.as('octocat');
  const sha = await octocat.push(REPO, 'draft', { 'src/d.c': 'int d;\n' });
  const { number } = await octocat.openPull(REPO, { title: 'Draft', head: 'draft', draft: true });
  await settled();
  await shows(sha, { 'spokebot / install zfp': 'skipped' });
  await say(number, 'octocat', '/spokebot build');
  await shows(sha, { 'spokebot / install zfp': 'queued', spokebot: 'queued' });
  await say(number, 'octocat', '/spokebot cancel');
  await shows(sha, { 'spokebot / install zfp': 'cancelled', spokebot: 'action_required' });
  await nothingWaits();
  await say(number, 'octocat', '/spokebot retry');
  expect(await build(finished({}))).toBe('zfp');
  await shows(sha, { 'spokebot / install zfp': 'success', spokebot: 'success' });
}, 60_000);

/** Conduit fails with this head of zfp; `base` is how it fares with the base. */
function conduitFails(head: string, base: { sha: string; exitCode: number }): EventBody {
  const event = failed('conduit') as Extract<EventBody, { kind: 'finished' }>;
  const stdout = `==> zfp: Successfully installed zfp-git.${head}=1.0.1-abc\n${event.result.stdout}`;
  const stderr = base.exitCode === 0 ? '' : event.result.stderr;
  const more = { stdout, headVersions: { zfp: '1.0.1' }, base: { ...base, signal: null, stdout: '', stderr } };
  return { kind: 'finished', result: { ...event.result, ...more } };
}

test('ci row 22: a dependent of another spoke that a change breaks, and its owners, who are told once', async () => {
  const octocat = hub.github.as('octocat');
  const sha = await octocat.push(REPO, 'breaks', { 'include/zfp.h': 'int renamed;\n' });
  const { number, base } = await octocat.openPull(REPO, { title: 'Rename', head: 'breaks' });
  await settled();
  expect(await build(finished({}))).toBe('zfp');
  await say(number, 'octocat', '/spokebot build downstream');
  await shows(sha, { 'spokebot / downstream / conduit': 'queued' });
  const taken = await workerOf(hub).take();
  expect(taken.plan).toMatchObject({
    spec: `conduit ^zfp@git.${sha}`,
    package: 'conduit',
    dependent: 'conduit',
    heads: [{ package: 'zfp', fullName: REPO, number, headSha: sha }],
  });
  await taken.say(conduitFails(sha, { sha: base.sha, exitCode: 0 }));
  await shows(sha, { 'spokebot / downstream / conduit': 'failure', spokebot: 'success' });
  const shown = (await octocat.checks(REPO, sha)).find(({ name }) => name.endsWith('conduit'));
  expect(shown?.output.title).toBe('This change breaks conduit: conduit fails to compile');
  expect(shown?.output.summary).toContain(
    `**This change breaks conduit.** It builds with zfp of \`main\` (\`${base.sha.slice(0, 7)}\`), and not with \`zfp\` at \`${sha.slice(0, 7)}\`.`,
  );
  expect(shown?.output.text).toContain('Its owners declare it critical that zfp does not break it');
  expect(shown?.output.text).toContain('zfp@=1.0.1');

  const calls = async () =>
    (await octocat.comments(REPO, number))
      .map(({ body }) => body)
      .filter((body) => body.includes('@keeper-of-conduit'));
  await hub.running.parts.sweep();
  await settled();
  expect(await calls()).toEqual([expect.stringContaining(`commit ${sha.slice(0, 7)} of this pull request`)]);

  // The next push breaks it again: that is known already. What fails with the base too is nobody's news.
  const next = await octocat.push(REPO, 'breaks', { 'include/zfp.h': 'int again;\n' });
  await settled();
  expect(await build(finished({}))).toBe('zfp');
  await say(number, 'octocat', '/spokebot build downstream');
  await build(conduitFails(next, { sha: base.sha, exitCode: 0 }));
  await shows(next, { 'spokebot / downstream / conduit': 'failure' });
  await hub.running.parts.sweep();
  await settled();
  expect(await calls()).toHaveLength(1);
  await say(number, 'octocat', '/spokebot retry downstream / conduit');
  await build(conduitFails(next, { sha: base.sha, exitCode: 1 }));
  await shows(next, { 'spokebot / downstream / conduit': 'neutral', spokebot: 'success' });
}, 60_000);

test('ci row 23: two pull requests together, each approved where it is, until one of them moves', async () => {
  const octocat = hub.github.as('octocat');
  const mona = hub.github.as('mona');
  await mona.fork(OTHER);
  const theirs = await mona.push('mona/conduit', 'work', { 'src/c.c': 'int c;\n' });
  const other = await mona.openPull(OTHER, { title: 'Follows', head: 'mona:work' });
  const sha = await octocat.push(REPO, 'together', { 'src/t.c': 'int t;\n' });
  const { number } = await octocat.openPull(REPO, { title: 'Leads', head: 'together' });
  await settled();
  expect(await build(finished({}))).toBe('zfp');

  for (const [line, says] of [
    [`with ${REPO}#${number}`, 'that is this pull request itself'],
    ['with octo/unknown#1', '`octo/unknown` belongs to no product of this hub'],
    ['with LLNL/hiop#1', 'it has to be public, and spokebot installed there'],
    [`with ${OTHER}#9999`, '9999` that spokebot can see'],
    [`with ${OTHER}`, 'write `build [SPEC] [with OWNER/NAME#N] [on POOL], or downstream`'],
  ] as const) {
    await say(number, 'octocat', `/spokebot build ${line}`);
    await answers(number, says);
  }

  const name = `spokebot / with ${OTHER}#${other.number}`;
  await say(number, 'octocat', `/spokebot build with ${OTHER}#${other.number}`);
  await shows(sha, { [name]: 'action_required', spokebot: 'success' });
  const waiting = (await octocat.checks(REPO, sha)).find((check) => check.name === name);
  expect(waiting?.output.summary).toContain(`For ${OTHER}`);
  // An approval of this head is none of the other.
  await octocat.pressButton(waiting!.id, 'approve');
  await settled();
  await nothingWaits();
  await hub.github.as('octocat').comment(OTHER, other.number, `/spokebot approve ${theirs.slice(0, 12)}`);
  await shows(sha, { [name]: 'queued' });
  const plans = [(await workerOf(hub).take()).plan, (await workerOf(hub).take()).plan];
  expect(plans.find(({ heads }) => heads !== undefined)).toMatchObject({
    spec: `conduit@git.${theirs} ^zfp@git.${sha}`,
    package: 'conduit',
    heads: [
      { package: 'conduit', fullName: OTHER, number: other.number, headSha: theirs },
      { package: 'zfp', fullName: REPO, number, headSha: sha },
    ],
  });

  const moved = await mona.push('mona/conduit', 'work', { 'src/c.c': 'int d;\n' });
  await settled();
  await shows(sha, { [name]: 'cancelled', spokebot: 'success' });
  const ended = (await octocat.checks(REPO, sha)).find((check) => check.name === name);
  expect(ended?.output.summary).toContain(`${moved.slice(0, 7)} now; say the command again`);
}, 60_000);
