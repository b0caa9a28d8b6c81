/** Stories of commands in comments, on the real `serve` and the sandbox GitHub, with the packaged catalogue and people named in it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { onTheWay } from '../../src/store/on-the-way.js';
import { repositories } from '../../src/store/schema.js';
import { startTestHub, type TestHub } from './hub.js';

/** hubot leads RAPIDS, monalisa DAV, lead S4PST; keeper keeps the hub. */
function hubDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-catalogue-'));
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), directory, { recursive: true });
  const change = (file: string, from: string | RegExp, to: string) => {
    const text = readFileSync(path.join(directory, file), 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to change in ${file}`);
    writeFileSync(path.join(directory, file), changed);
  };
  change('hub.yml', 'keepers: []', 'keepers: [keeper]');
  change('hub.yml', /^labels:$/m, "labels:\n  - { name: security, color: 'ee0701' }");
  change('spokes/dav.yml', 'leads: []', 'leads: [monalisa]');
  change('spokes/rapids.yml', 'leads: []', 'leads: [hubot]');
  change('spokes/s4pst.yml', 'leads: []', 'leads: [lead]');
  return directory;
}

let hub: TestHub;
let catalogue: string;
const TRACKER = 'E4S-Project/e4s';
beforeAll(async () => {
  catalogue = hubDirectory();
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  for (const login of ['monalisa', 'hubot', 'lead', 'keeper', 'stranger']) await hub.github.addUser(login);
  for (const repo of [TRACKER, 'LLNL/zfp'])
    await hub.github.createRepo(repo, {
      files: { 'README.md': 'A product.\n' },
      collaborators: { octocat: 'write', mona: 'read', triager: 'triage', admin: 'admin' },
    });
  for (const account of ['E4S-Project', 'LLNL']) await hub.github.as('admin').install(account);
  await hub.github.idle();
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(catalogue, { recursive: true, force: true });
});

const person = (login: string) => hub.github.as(login);
const settled = () => hub.settled();

async function openIssue(repo: string, title: string, body = 'It crashes.', who = 'mona'): Promise<number> {
  const { number } = await person(who).openIssue(repo, { title, body });
  await hub.github.until('a comment', async () => (await person(who).comments(repo, number)).length > 0);
  await settled();
  return number;
}

async function say(repo: string, number: number, who: string, ...lines: string[]): Promise<number> {
  const { id } = await person(who).comment(repo, number, lines.join('\n'));
  await settled();
  return id;
}

const ours = async (repo: string, number: number) =>
  (await person('mona').comments(repo, number)).filter((each) => each.user.login.endsWith('[bot]'));
const comment = async (repo: string, number: number) => (await ours(repo, number))[0]?.body ?? '';
const labels = (repo: string, number: number) => person('mona').labels(repo, number);

async function reactions(id: number, repo = TRACKER): Promise<string[]> {
  const answer = await fetch(`${hub.sandbox.url}/repos/${repo}/issues/comments/${id}/reactions`, {
    headers: { authorization: `token ${(await hub.github.addUser(`reader-${id}`)).token}` },
  });
  return ((await answer.json()) as { content: string }[]).map(({ content }) => content);
}

const assignees = async (repo: string, number: number) =>
  (await person('admin').issue(repo, number)).assignees.map(({ login }) => login);

describe('a routing', () => {
  test('is corrected by a spoke lead with one word, and later edits do not change it back', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is closed');
    expect(await labels(TRACKER, number)).toEqual(['kind: bug', 'product: hdf5', 'spoke: dav', 'spoke: rapids']);
    const id = await say(TRACKER, number, 'lead', '/spokebot product kokkos');
    expect(await reactions(id)).toEqual(['+1']);
    expect(await labels(TRACKER, number)).toEqual(['kind: bug', 'product: kokkos', 'spoke: rapids', 'spoke: s4pst']);
    expect(await comment(TRACKER, number)).toContain('This is for **Kokkos**; **S4PST** answers for it.');
    await person('mona').editIssue(TRACKER, number, {
      title: 'hdf5: crash when a file is closed twice',
      body: '==> Error: Failed to install hdf5 due to ChildError: CompilationError',
    });
    await settled();
    expect(await labels(TRACKER, number)).toContain('spoke: s4pst');
    expect(await comment(TRACKER, number)).toContain('This is for **Kokkos**');
    expect(await ours(TRACKER, number)).toHaveLength(1);
  });

  test('by a stranger is refused with the reason, and nothing moves', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is opened');
    const before = await labels(TRACKER, number);
    const id = await say(TRACKER, number, 'stranger', '/spokebot product kokkos', '/spokebot label security');
    expect(await reactions(id)).toEqual(['-1']);
    expect(await labels(TRACKER, number)).toEqual(before);
    expect(await comment(TRACKER, number)).toContain(
      '`product kokkos` was refused: only a lead of **RAPIDS** or **S4PST**, people who can push here, a keeper of the hub or the reporter may do that. Ask hubot, lead or keeper.',
    );
  });

  test('to another spoke waits for that spoke, is accepted there, and undone step by step', async () => {
    const number = await openIssue(TRACKER, 'zfp: wrong result for a stride of 0');
    await say(TRACKER, number, 'hubot', '/spokebot accept');
    await say(TRACKER, number, 'hubot', '/spokebot route s4pst');
    expect(await labels(TRACKER, number)).toContain('spoke: rapids');
    expect(await comment(TRACKER, number)).toMatch(/hubot proposes to give it to \*\*S4PST\*\*.* Ask lead or keeper\./);
    await say(TRACKER, number, 'lead', '/spokebot accept');
    expect(await labels(TRACKER, number)).toEqual(['kind: bug', 'spoke: s4pst']);
    expect(await comment(TRACKER, number)).not.toMatch(/propos|accept/);
    await say(TRACKER, number, 'lead', '/spokebot undo');
    expect(await comment(TRACKER, number)).toContain('hubot proposes');
    expect(await labels(TRACKER, number)).toEqual(['kind: bug', 'product: zfp', 'spoke: dav', 'spoke: rapids']);
    await say(TRACKER, number, 'hubot', '/spokebot undo', '/spokebot undo', '/spokebot undo');
    expect(await labels(TRACKER, number)).toEqual([]);
    expect(await comment(TRACKER, number)).toContain("spokebot's decision is taken back");
    await person('mona').editIssue(TRACKER, number, { body: 'It crashes with a traceback.' });
    await settled();
    expect(await labels(TRACKER, number)).toEqual([]);
  });

  test('a label that a person puts on after the command is the newer word', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is copied');
    await say(TRACKER, number, 'hubot', '/spokebot product zfp');
    await person('admin').addLabels(TRACKER, number, 'spoke: s4pst');
    await person('mona').editIssue(TRACKER, number, { body: 'It crashes with a segmentation fault.' });
    await settled();
    expect(await comment(TRACKER, number)).toContain('A person chose **S4PST**');
    // And a command after that is newer still.
    await say(TRACKER, number, 'keeper', '/spokebot product hdf5');
    expect(await labels(TRACKER, number)).toEqual(['kind: bug', 'product: hdf5', 'spoke: dav', 'spoke: rapids']);
    expect(await comment(TRACKER, number)).toContain('This is for **HDF5**');
  });
});

describe('an issue', () => {
  test('that should be left alone is, until the next command', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is renamed');
    const before = await comment(TRACKER, number);
    const id = await say(TRACKER, number, 'triager', '/spokebot quiet');
    expect(await reactions(id)).toEqual(['+1']);
    await person('mona').editIssue(TRACKER, number, { title: 'How can I install Kokkos?', body: 'Just a question.' });
    await say(TRACKER, number, 'stranger', '/spokebot help');
    expect(await comment(TRACKER, number)).toBe(before);
    await say(TRACKER, number, 'triager', '/spokebot kind question');
    expect(await labels(TRACKER, number)).toContain('kind: question');
    expect(await comment(TRACKER, number)).not.toBe(before);
  });

  test('is labelled, assigned, asked about; the reporter’s answer ends the question', async () => {
    const number = await openIssue('LLNL/zfp', 'zfp crashes in encode');
    await say(
      'LLNL/zfp',
      number,
      'triager',
      '/spokebot label gpu: cuda',
      '/spokebot assign @octocat',
      '/spokebot needs-info Which GPU?',
    );
    expect(await labels('LLNL/zfp', number)).toEqual(expect.arrayContaining(['gpu: cuda', 'needs: info']));
    expect(await assignees('LLNL/zfp', number)).toEqual(['octocat']);
    expect(await comment('LLNL/zfp', number)).toContain('The reporter was asked: Which GPU?');
    await say('LLNL/zfp', number, 'mona', 'An old one.');
    expect(await labels('LLNL/zfp', number)).not.toContain('needs: info');
    expect(await labels('LLNL/zfp', number)).toContain('gpu: cuda');
    expect(await comment('LLNL/zfp', number)).not.toContain('was asked');
    await say('LLNL/zfp', number, 'triager', '/spokebot unassign @octocat', '/spokebot label -gpu: cuda');
    expect(await assignees('LLNL/zfp', number)).toEqual([]);
    expect(await labels('LLNL/zfp', number)).not.toContain('gpu: cuda');
  });

  test('is explained, and help is shown, in the one comment there is', async () => {
    const number = await openIssue('LLNL/zfp', 'zfp crashes in decode');
    await say('LLNL/zfp', number, 'stranger', '/spokebot explain');
    expect(await comment('LLNL/zfp', number)).toContain('<details open>');
    expect(await comment('LLNL/zfp', number)).toContain(`/issues/LLNL/zfp/${number}) tells how`);
    await say('LLNL/zfp', number, 'stranger', '/spokebot help');
    expect(await comment('LLNL/zfp', number)).toContain('- `who`: shows');
    expect(await comment('LLNL/zfp', number)).toContain('- `accept`, `route`; also for whoever can push here');
    await say('LLNL/zfp', number, 'stranger', '/spokebot hlep');
    expect(await comment('LLNL/zfp', number)).toContain('Did you mean `help`?');
    expect(await comment('LLNL/zfp', number)).not.toContain('`who`: shows');
    expect(await ours('LLNL/zfp', number)).toHaveLength(1);
  });
});

test('what is taken back while it is still on its way to GitHub is as it was', async () => {
  const number = await openIssue('LLNL/zfp', 'zfp crashes with a NULL stream');
  const here = async () => [...(await labels('LLNL/zfp', number)), ...(await assignees('LLNL/zfp', number))].toSorted();
  await say('LLNL/zfp', number, 'admin', '/spokebot assign @octocat');
  const before = await here();
  expect(before).toEqual(expect.arrayContaining(['kind: bug', 'octocat']));
  const { db } = hub.running.parts.backend.store;
  const [row] = await db.select().from(repositories).where(eq(repositories.fullName, 'LLNL/zfp'));
  const ref = { installationId: 0, repositoryId: row!.id, fullName: 'LLNL/zfp', number };
  await hub.github.faults({
    on: 'request',
    method: 'DELETE',
    path: `/repos/LLNL/zfp/issues/${number}/*`,
    effect: { kind: 'status', status: 502 },
  });
  await person('admin').comment('LLNL/zfp', number, '/spokebot unassign @octocat\n/spokebot kind docs');
  await hub.github.until('both on their way', async () => {
    const { labels: named, people } = await onTheWay(db, ref);
    return named.leaving.includes('kind: bug') && people.leaving.includes('octocat');
  });
  await say('LLNL/zfp', number, 'admin', '/spokebot undo\n/spokebot undo');
  await hub.github.until('all as before', async () => (await here()).join() === before.join());
});

test('whoever is muted is not assigned by command, anywhere, until they take it back', async () => {
  const number = await openIssue('LLNL/zfp', 'zfp crashes in the reader');
  await say(TRACKER, await openIssue(TRACKER, 'hdf5: crash when a file is read'), 'octocat', '/spokebot mute-me');
  const id = await say('LLNL/zfp', number, 'triager', '/spokebot assign @octocat');
  expect(await reactions(id, 'LLNL/zfp')).toEqual(['-1']);
  expect(await assignees('LLNL/zfp', number)).toEqual([]);
  // A day takes the place of "for good"; one that is over changes nothing.
  await say('LLNL/zfp', number, 'octocat', '/spokebot mute-me until 2999-12-31');
  const over = await say('LLNL/zfp', number, 'octocat', '/spokebot mute-me until 2020-02-29');
  expect(await reactions(over, 'LLNL/zfp')).toEqual(['-1']);
  expect(await comment('LLNL/zfp', number)).toContain('`mute-me until 2020-02-29` was refused: 2020-02-29 is over');
  await say('LLNL/zfp', number, 'triager', '/spokebot assign @octocat');
  expect(await comment('LLNL/zfp', number)).toContain('octocat (until 2999-12-31) asked spokebot not to be assigned');
  await say('LLNL/zfp', number, 'octocat', '/spokebot mute-me off');
  await say('LLNL/zfp', number, 'triager', '/spokebot assign @octocat');
  expect(await assignees('LLNL/zfp', number)).toEqual(['octocat']);
});

describe('a comment', () => {
  test('ci R11: that is edited runs only what is new, with the rights of who edited it', async () => {
    const number = await openIssue('LLNL/zfp', 'zfp crashes in the writer');
    const id = await say('LLNL/zfp', number, 'stranger', 'I think so too.', '/spokebot label gpu: cuda');
    expect(await labels('LLNL/zfp', number)).not.toContain('gpu: cuda');
    await person('admin').editComment('LLNL/zfp', id, 'I think so, too.\n/spokebot label gpu: cuda');
    await settled();
    // The same command is not new, whoever edits around it.
    expect(await labels('LLNL/zfp', number)).not.toContain('gpu: cuda');
    await person('admin').editComment(
      'LLNL/zfp',
      id,
      'I think so, too.\n/spokebot label gpu: cuda\n/spokebot label gpu: hip',
    );
    await settled();
    expect(await labels('LLNL/zfp', number)).toContain('gpu: hip');
    await person('admin').removeLabel('LLNL/zfp', number, 'gpu: hip');
    await settled();
    await person('admin').editComment(
      'LLNL/zfp',
      id,
      'Never mind.\n/spokebot label gpu: cuda\n/spokebot label gpu: hip',
    );
    await settled();
    expect(await labels('LLNL/zfp', number)).not.toContain('gpu: hip');
  });

  test('ci R9: that is told of five times runs once', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is deleted');
    await say(TRACKER, number, 'hubot', '/spokebot kind build');
    await say(TRACKER, number, 'hubot', '/spokebot kind question');
    await hub.github.faults({
      on: 'webhook',
      event: 'issue_comment',
      times: 1,
      effect: { kind: 'duplicate', copies: 5 },
    });
    await say(TRACKER, number, 'hubot', '/spokebot undo');
    await hub.github.clearFaults();
    expect(await labels(TRACKER, number)).toContain('kind: build');
  });

  test('triage R3: of a bot is data, and ours answers nothing', async () => {
    const number = await openIssue(TRACKER, 'hdf5: crash when a file is moved');
    const { id } = (await ours(TRACKER, number))[0]!;
    // Our own comment, in a person's words, over and over: the fixed point is reached at once.
    const text = await comment(TRACKER, number);
    await hub.github.clearRequests();
    await say(TRACKER, number, 'keeper', text);
    await say(TRACKER, number, 'keeper', `/spokebot-x\n${text}`);
    const writes = (await hub.github.requests()).requests.filter(
      (each) => String(each.actor).startsWith('installation/') && each.method !== 'GET',
    );
    expect(writes).toEqual([]);
    expect((await ours(TRACKER, number)).map((each) => each.id)).toEqual([id]);
  });

  test('ci R12: fifty events are one comment of ours', async () => {
    const number = await openIssue('LLNL/zfp', 'zfp crashes everywhere');
    const lines = [
      'explain',
      'help',
      'kind bug',
      'kind build',
      'nonsense',
      'label gpu: cuda',
      'label -gpu: cuda',
      'undo',
      'assign me',
      'quiet',
    ];
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 5 === 4
          ? person('mona').editIssue('LLNL/zfp', number, { body: `It crashes with error ${n}.` })
          : person(n % 2 ? 'octocat' : 'mona').comment('LLNL/zfp', number, `/spokebot ${lines[n % lines.length]}`),
      ),
    );
    await hub.settled();
    expect(await ours('LLNL/zfp', number)).toHaveLength(1);
  }, 180_000);

  test('on a GitHub without reactions still does its work', async () => {
    const number = await openIssue('LLNL/zfp', 'zfp crashes at night');
    await hub.github.switchOff('reactions');
    await say('LLNL/zfp', number, 'octocat', '/spokebot label gpu: cuda');
    await hub.github.switchOff();
    expect(await labels('LLNL/zfp', number)).toContain('gpu: cuda');
  });
});

test('ci R12: on a pull request commands are answered in one comment, which is made only when there is something to say', async () => {
  const { number } = await (async () => {
    await person('octocat').push('LLNL/zfp', 'commands', { 'src/c.c': 'int c;\n' });
    return person('octocat').openPull('LLNL/zfp', { title: 'Commands', head: 'commands' });
  })();
  await settled();
  await say('LLNL/zfp', number, 'octocat', '/spokebot label gpu: cuda');
  expect(await ours('LLNL/zfp', number)).toEqual([]);
  expect(await labels('LLNL/zfp', number)).toContain('gpu: cuda');
  await say('LLNL/zfp', number, 'octocat', '/spokebot route dav', '/spokebot help');
  const [first] = await ours('LLNL/zfp', number);
  // Several at once, as builds and people do it: the same comment is edited.
  await Promise.all([
    person('octocat').comment('LLNL/zfp', number, '/spokebot explain'),
    person('mona').comment('LLNL/zfp', number, '/spokebot targets'),
    person('octocat').comment('LLNL/zfp', number, '/spokebot waive nonsense'),
    person('octocat').push('LLNL/zfp', 'commands', { 'src/c.c': 'int d;\n' }),
  ]);
  await settled();
  await say('LLNL/zfp', number, 'octocat', '/spokebot explain');
  expect((await ours('LLNL/zfp', number)).map(({ id }) => id)).toEqual([first?.id]);
  expect(await comment('LLNL/zfp', number)).toContain('To octocat');
});

test('a pull request gets the labels of its changed files, and one that a person took off stays off', async () => {
  const octocat = person('octocat');
  const file = "labels: { paths: { 'gpu: hip': ['*.hip', /src/hip/], 'gpu: cuda': ['*.cu'] } }\n";
  await octocat.push('LLNL/zfp', 'main', { '.github/spokebot.yml': file });
  await octocat.push('LLNL/zfp', 'paths', { 'src/hip/a.c': 'int a;\n' });
  const { number } = await octocat.openPull('LLNL/zfp', { title: 'Paths', head: 'paths' });
  await settled();
  expect(await labels('LLNL/zfp', number)).toEqual(['gpu: hip']);
  await octocat.removeLabel('LLNL/zfp', number, 'gpu: hip');
  await octocat.push('LLNL/zfp', 'paths', { 'b.hip': 'int b;\n', 'c.cu': 'int c;\n' });
  await settled();
  expect(await labels('LLNL/zfp', number)).toEqual(['gpu: cuda']);
  expect(await ours('LLNL/zfp', number)).toEqual([]);
});

test('a label of a pull request that a person took off before we were told that it had arrived stays off', async () => {
  const octocat = person('octocat');
  const path = '/repos/*/issues/*/labels';
  await hub.github.faults({ on: 'request', method: 'POST', path, times: 1, effect: { kind: 'lose-answer' } });
  await octocat.push('LLNL/zfp', 'early', { 'd.cu': 'int d;\n' });
  const { number } = await octocat.openPull('LLNL/zfp', { title: 'Early', head: 'early' });
  await hub.github.until('the label', async () => (await labels('LLNL/zfp', number)).includes('gpu: cuda'));
  await octocat.removeLabel('LLNL/zfp', number, 'gpu: cuda');
  await settled();
  expect(await labels('LLNL/zfp', number)).toEqual([]);
});

test('what people corrected is kept: what was said and what it became', async () => {
  const { corrections } = await import('../../src/store/schema.js');
  const rows = await hub.running.parts.backend.store.db.select().from(corrections);
  const first = rows.find((row) => row.verb === 'product' && row.by === 'lead');
  expect(first).toMatchObject({
    role: 'lead',
    said: { product: 'hdf5', spoke: 'rapids', kind: 'bug' },
    became: { product: 'kokkos', spoke: 's4pst', kind: 'bug' },
    undoneAt: null,
  });
  expect(rows.some((row) => row.undoneAt !== null)).toBe(true);
});

test('a hub whose file says that it is paused pauses without a restart, and goes on when that is taken back', async () => {
  const file = path.join(catalogue, 'hub.yml');
  const text = readFileSync(file, 'utf8');
  const look = hub.running.parts.hubDirectory!.look;
  const written = async (now: string) => {
    writeFileSync(file, now);
    await look();
    await look();
  };
  await written(text.replace('paused: false', 'paused: true'));
  const { number } = await person('mona').openIssue(TRACKER, { title: 'hdf5 crashes', body: 'It crashes.' });
  await settled();
  expect([await labels(TRACKER, number), await ours(TRACKER, number)]).toEqual([[], []]);
  await written(text);
  await person('mona').editIssue(TRACKER, number, { body: 'It crashes always.' });
  await settled();
  expect(await labels(TRACKER, number)).toContain('kind: bug');
});
