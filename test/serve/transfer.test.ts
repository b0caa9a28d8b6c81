/** Stories of issues that change their repository, by command and by hand, on the real `serve` and the sandbox GitHub. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explainSubject } from '../../src/store/explain.js';
import { startTestHub, type TestHub } from './hub.js';

const FROM = 'kokkos/kokkos';
const TO = 'kokkos/kokkos-kernels';
const FAR = 'LLNL/zfp';
const OUTSIDE = 'kokkos/not-in-the-catalogue';
const TRACKER = 'E4S-Project/e4s';

let hub: TestHub;
let catalogue: string;
beforeAll(async () => {
  catalogue = mkdtempSync(path.join(tmpdir(), 'spokebot-catalogue-'));
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), catalogue, { recursive: true });
  const spoke = path.join(catalogue, 'spokes/s4pst.yml');
  writeFileSync(spoke, readFileSync(spoke, 'utf8').replace('leads: []', 'leads: [lead]'));
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  for (const login of ['lead', 'stranger']) await hub.github.addUser(login);
  for (const repo of [FROM, TO, FAR, OUTSIDE, TRACKER])
    await hub.github.createRepo(repo, {
      files: { 'README.md': 'A product.\n' },
      collaborators: { mona: 'read', admin: 'admin' },
    });
  for (const account of ['kokkos', 'LLNL', 'E4S-Project']) await hub.github.as('admin').install(account);
  await hub.github.idle();
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(catalogue, { recursive: true, force: true });
});

const person = (login: string) => hub.github.as(login);
const settled = () => hub.settled();
const ours = async (repo: string, number: number) =>
  (await person('mona').comments(repo, number)).filter((each) => each.user.login.endsWith('[bot]'));
const comment = async (repo: string, number: number) => (await ours(repo, number))[0]?.body ?? '';
const labels = (repo: string, number: number) => person('mona').labels(repo, number);
const issues = async (repo: string) => {
  const answer = await fetch(`${hub.sandbox.url}/repos/${repo}/issues?state=all&per_page=100`);
  return (await answer.json()) as { number: number; title: string; body: string; user: { login: string } }[];
};
const inDb = () => hub.running.parts.backend.store.db;

async function openIssue(title: string, repo = FROM): Promise<number> {
  const { number } = await person('mona').openIssue(repo, { title, body: 'It crashes with a segmentation fault.' });
  await hub.github.until('a comment', async () => (await ours(repo, number)).length > 0);
  await settled();
  return number;
}

async function say(repo: string, number: number, who: string, ...lines: string[]): Promise<void> {
  await person(who).comment(repo, number, lines.join('\n'));
  await settled();
}

async function reads(title: string, repo = TO) {
  const found = await hub.github.until(`"${title}" in ${repo}`, async () =>
    (await issues(repo)).find((each) => each.title === title),
  );
  await settled();
  return found;
}

describe('inside one organisation', () => {
  test('a command moves an issue with everything that is known of it: one comment, the same words, no second greeting', async () => {
    const title = 'Kokkos crashes in deep_copy';
    const number = await openIssue(title);
    await say(FROM, number, 'lead', '/spokebot kind build', '/spokebot label gpu: hip');
    await person('admin').createLabel(FROM, { name: 'discuss' });
    await person('admin').addLabels(FROM, number, 'discuss');
    await person('admin').removeLabel(FROM, number, 'spoke: s4pst');
    await settled();
    const [before] = await ours(FROM, number);
    expect(await labels(FROM, number)).toEqual(['discuss', 'gpu: hip', 'kind: build', 'spoke: rapids']);

    await say(FROM, number, 'lead', '/spokebot transfer kokkos-kernels');
    const moved = await reads(title);
    const after = await ours(TO, moved.number);
    expect(after.map(({ id }) => id)).toEqual([before!.id]);
    expect(after[0]!.body).toContain(`Moved here from \`${FROM}#${number}\` by lead.`);
    expect(after[0]!.body).toContain('left behind: `discuss`');
    // What a person said stays said, although the repository had none of these labels; into its repository it is for that product.
    expect(await labels(TO, moved.number)).toEqual(['gpu: hip', 'kind: build', 'spoke: fastmath']);
    const told = await explainSubject(inDb(), FROM, number);
    expect(told?.subject).toBe(`${TO}#${moved.number}`);
    expect(told?.decisions.flatMap(({ kind, reasons }) => (kind === 'command' ? reasons : []))).toEqual([
      'lead said "transfer", as lead',
      'lead said "kind", as lead',
      'lead said "label", as lead',
    ]);
    expect(told?.labels.removedByPeople).toEqual(['spoke: s4pst']);
    await say(TO, moved.number, 'admin', '/spokebot undo');
    expect(await labels(TO, moved.number)).toEqual(['kind: build', 'spoke: fastmath']);
    expect(await ours(TO, moved.number)).toHaveLength(1);
  });

  test('triage R22: a transfer whose answer is lost, told of and asked for again, is one transfer', async () => {
    const title = 'Kokkos crashes in parallel_scan';
    const number = await openIssue(title);
    await hub.github.clearRequests();
    await hub.github.faults(
      { on: 'request', method: 'POST', path: '/graphql', effect: { kind: 'lose-answer' } },
      { on: 'webhook', event: 'issue_comment', times: 1, effect: { kind: 'duplicate', copies: 3 } },
      { on: 'webhook', event: 'issues', times: 2, effect: { kind: 'duplicate', copies: 2 } },
    );
    await say(FROM, number, 'lead', '/spokebot transfer kokkos/kokkos-kernels', '/spokebot transfer kokkos-kernels');
    const moved = await reads(title);
    await hub.github.until('the comment tells of it', async () =>
      (await comment(TO, moved.number)).includes('Moved here'),
    );
    await settled();
    await hub.github.clearFaults();
    expect((await issues(TO)).filter((each) => each.title === title)).toHaveLength(1);
    expect(await ours(TO, moved.number)).toHaveLength(1);
    const mutations = (await hub.github.requests()).requests.filter(
      (each) => each.path === '/graphql' && String(each.actor).startsWith('installation/'),
    );
    expect(mutations).toHaveLength(1);
  });

  test('a person moves one by hand, in whatever order GitHub tells of it', async () => {
    const numbers = await Promise.all(
      ['in order', 'the new place first'].map((order) => openIssue(`A view crashes, ${order}`)),
    );
    await Promise.all(
      numbers.map((number) =>
        person('lead').comment(FROM, number, '/spokebot kind question\n/spokebot needs-info Which compiler?'),
      ),
    );
    await settled();
    const first = await person('admin').transferIssue(FROM, numbers[0]!, TO);
    await hub.github.idle();
    await hub.github.faults({
      on: 'webhook',
      event: 'issues',
      action: 'transferred',
      effect: { kind: 'delay', ms: 500 },
    });
    const second = await person('admin').transferIssue(FROM, numbers[1]!, TO);
    for (const { number } of [first, second]) {
      await hub.github.until('the comment tells of it', async () => (await comment(TO, number)).includes('Moved here'));
      await hub.settled();
      expect(await ours(TO, number)).toHaveLength(1);
      expect(await comment(TO, number)).toContain('The reporter was asked: Which compiler?');
      expect(await labels(TO, number)).toEqual(expect.arrayContaining(['kind: question', 'needs: info']));
    }
    await hub.github.clearFaults();
    await say(TO, second.number, 'mona', 'GCC 13.');
    expect(await labels(TO, second.number)).not.toContain('needs: info');
  });

  test('nobody told of the move: GitHub does, once the issue is looked at', async () => {
    const title = 'Kokkos crashes in a barrier';
    const number = await openIssue(title);
    await say(FROM, number, 'lead', '/spokebot kind question');
    await hub.github.faults({ on: 'webhook', event: 'issues', times: 2, effect: { kind: 'drop' } });
    const moved = await person('admin').transferIssue(FROM, number, TO);
    await hub.github.idle();
    await hub.github.clearFaults();
    await person('mona').editIssue(TO, moved.number, { body: 'It crashes with a segmentation fault, always.' });
    await settled();
    expect(await ours(TO, moved.number)).toHaveLength(1);
    expect(await labels(TO, moved.number)).toContain('kind: question');
  });

  test('what may not be, or GitHub refuses, is told; what leaves the catalogue is left alone', async () => {
    const number = await openIssue('Kokkos crashes in a graph');
    await say(FROM, number, 'lead', `/spokebot transfer ${OUTSIDE}`);
    expect(await comment(FROM, number)).toContain("is not in the hub's catalogue");
    await say(FROM, number, 'stranger', '/spokebot transfer kokkos-kernels');
    expect(await comment(FROM, number)).toContain('was refused: only an owner of **');
    await hub.github.switchOff('graphql');
    await say(FROM, number, 'lead', '/spokebot transfer kokkos-kernels');
    await hub.github.switchOff();
    const before = await comment(FROM, number);
    expect(before).toContain(`This could not be brought to \`${TO}\``);
    const moved = await person('admin').transferIssue(FROM, number, OUTSIDE);
    await say(OUTSIDE, moved.number, 'lead', '/spokebot kind question');
    expect(await comment(OUTSIDE, moved.number)).toBe(before);
  });
});

describe('into another organisation', () => {
  test('an issue that points here is made once the reporter agrees, with a link and no text', async () => {
    const title = 'Kokkos view is wrong after zfp decompression';
    const number = await openIssue(title);
    await say(FROM, number, 'lead', '/spokebot transfer zfp');
    expect(await comment(FROM, number)).toContain(`lead would like \`${FAR}\` to look at this`);
    await say(FROM, number, 'stranger', '/spokebot accept');
    expect(await issues(FAR)).toEqual([]);
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: `/repos/${FAR}/issues`,
      effect: { kind: 'lose-answer' },
    });
    await say(FROM, number, 'mona', '/spokebot accept');
    await hub.github.until('a link back', async () => (await comment(FROM, number)).includes(`${FAR}#1 points here`));
    await settled();
    await hub.github.clearFaults();
    const made = await issues(FAR);
    expect(made.map((each) => [each.title, each.user.login])).toEqual([[title, 'spokebot[bot]']]);
    expect(made[0]!.body).toContain(`[${FROM}#${number}](${hub.sandbox.url}/${FROM}/issues/${number})`);
    expect(made[0]!.body).toContain('lead asked for this pointer');
    expect(made[0]!.body).not.toContain('segmentation');
    // It has its place at once, and nobody is greeted twice.
    expect(await labels(FAR, 1)).toEqual(expect.arrayContaining(['kind: bug']));
    expect((await labels(FAR, 1)).filter((name) => name.startsWith('needs:'))).toEqual([]);
    expect(await ours(FAR, 1)).toEqual([]);
    expect((await person('mona').issue(FROM, number)).state).toBe('open');
    await say(FROM, number, 'mona', '/spokebot accept');
    await say(FROM, number, 'lead', '/spokebot transfer zfp');
    expect(await issues(FAR)).toHaveLength(1);
  });
});

test('triage R13: who put a routing label on before the delivery is looked at has routed it, whatever the delivery says', async () => {
  const open = async (title: string, label: string | null) => {
    await hub.github.faults({ on: 'webhook', event: 'issues', action: 'opened', effect: { kind: 'hold' } });
    const { number } = await person('mona').openIssue(TRACKER, { title, body: 'It does not work.' });
    if (label !== null) await person('admin').addLabels(TRACKER, number, label);
    await hub.github.releaseHeld();
    await hub.github.until('a comment', async () => (await ours(TRACKER, number)).length > 0);
    await settled();
    return labels(TRACKER, number);
  };
  // By itself it is the hub's.
  expect(await open('Something is odd', null)).toEqual(['spoke: peso']);
  expect(await open('Something else is odd', 'spoke: dav')).toEqual(['spoke: dav']);
});
