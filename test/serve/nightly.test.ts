/** Nights of a default branch: built without a pull request, one issue while it is broken, told when it is green again. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { like, sql } from 'drizzle-orm';
import { startNights } from '../../src/handlers/nightly.js';
import { tellNights } from '../../src/handlers/nightly-issues.js';
import { NO_RULES } from '../../src/ledger/fleet.js';
import { releaseBuilds } from '../../src/ledger/release.js';
import { builds, nightlyIssues, settings } from '../../src/store/schema.js';
import { startTestHub, type TestHub } from './hub.js';
import { failed, finished, started, workerOf } from './worker.js';

const REPO = 'LLNL/zfp';
const CHECK = 'spokebot / install zfp (nightly)';
let hub: TestHub;
let catalogue: string;

beforeAll(async () => {
  catalogue = mkdtempSync(path.join(tmpdir(), 'spokebot-catalogue-'));
  cpSync(fileURLToPath(new URL('../../hub', import.meta.url)), catalogue, { recursive: true });
  const zfp = path.join(catalogue, 'products/zfp.yml');
  writeFileSync(
    zfp,
    `${readFileSync(zfp, 'utf8')}nightly: { at: "00:00" }\ntriage: { policy: act, actWithoutRecord: true }\n`,
  );
  hub = await startTestHub({ env: { SPOKEBOT_HUB: catalogue } });
  await hub.github.createRepo(REPO, {
    files: { 'src/a.c': 'int a;\n' },
    collaborators: { octocat: 'admin', mona: 'read' },
  });
  await octocat().install('LLNL');
  await hub.github.idle();
  await hub.settled();
}, 60_000);
afterAll(async () => {
  await hub.close();
  rmSync(catalogue, { recursive: true, force: true });
});

const octocat = () => hub.github.as('octocat');
const handlers = () => hub.running.parts.handlers;

async function aDayPasses(): Promise<void> {
  const { db } = handlers();
  await startNights(handlers());
  await db.update(settings).set({ value: 0 }).where(like(settings.key, 'nightly.%'));
  const day = sql`interval '1 day'`;
  await db.update(builds).set({ completedAt: sql`${builds.completedAt} - ${day}` });
  await db.update(nightlyIssues).set({ updatedAt: sql`${nightlyIssues.updatedAt} - ${day}` });
}

/** The night begins: whatever was kept of the last one is a day older. */
async function night(): Promise<Awaited<ReturnType<ReturnType<typeof workerOf>['take']>>> {
  await aDayPasses();
  await startNights(handlers());
  return workerOf(hub).take();
}

async function morning(
  end: Parameters<Awaited<ReturnType<typeof night>>['say']>[0],
  build: Awaited<ReturnType<typeof night>>,
) {
  await build.say(started);
  await build.say(end);
  await tellNights(handlers());
  await hub.settled();
}

const issues = async () => {
  const found = [];
  for (let number = 1; number < 20; number++) {
    const issue = await octocat()
      .issue(REPO, number)
      .catch(() => null);
    if (issue?.title.startsWith('Nightly:')) found.push(issue);
  }
  return found;
};
const labelsOf = (number: number) => octocat().labels(REPO, number);

describe('the nights of a default branch', () => {
  test('a head that does not build has a check on the commit and one issue, routed and labelled', async () => {
    const sha = await octocat().push(REPO, 'main', { 'src/a.c': 'int a\n' });
    const build = await night();
    expect(build.plan).toMatchObject({ pull: null, branch: { name: 'main', headSha: sha }, spec: `zfp@git.${sha}` });
    await morning(failed('zfp'), build);
    const [check] = (await octocat().checks(REPO, sha)).filter(({ name }) => name === CHECK);
    expect(check?.conclusion).toBe('failure');
    expect(check?.output.summary).toContain("The product's own code.");
    const [issue, ...more] = await issues();
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ state: 'open', title: 'Nightly: zfp does not build from main (pool linux)' });
    expect(issue!.body).toContain('expected');
    expect(await labelsOf(issue!.number)).toEqual([
      'kind: build',
      'nightly: broken',
      'platform: linux',
      'spoke: dav',
      'spoke: rapids',
    ]);
    // Nobody's pull request is held by it: the commit has no roll-up.
    expect((await octocat().checks(REPO, sha)).map(({ name }) => name)).toEqual([CHECK]);
  });

  test('a pull request that fails in the same way is told that it is not its change, and since when', async () => {
    const [check] = (await issues()).map(({ body }) => /does not build\*\* since ([0-9a-f]{7})/.exec(body ?? '')?.[1]);
    const sha = await octocat().push(REPO, 'topic', { 'src/other.c': 'int other;\n' });
    const { number } = await octocat().openPull(REPO, { title: 'Another file', head: 'topic' });
    const build = await workerOf(hub).take();
    await build.say(started);
    await build.say(failed('zfp'));
    await hub.settled();
    const own = (await octocat().checks(REPO, sha)).find(({ name }) => name === 'spokebot / install zfp');
    expect(own).toMatchObject({ conclusion: 'failure', output: { annotations_count: 0 } });
    expect(own!.output.title).toMatch(new RegExp(`^Fails on main since ${check}, not this change: zfp`));
    expect(own!.output.summary).toContain('**Not your change.**');
    await octocat().closePull(REPO, number);
    await hub.settled();
  });

  test('still broken by the next commit, the same issue is kept up to date', async () => {
    const sha = await octocat().push(REPO, 'main', { 'src/b.c': 'int b;\n' });
    const build = await night();
    await morning(failed('zfp'), build);
    await tellNights(handlers());
    const found = await issues();
    expect(found).toHaveLength(1);
    expect(found[0]!.body).toContain(`Last tried`);
    expect(found[0]!.body).toContain(sha.slice(0, 12));
  });

  test('a failure of the machines changes nothing', async () => {
    await octocat().push(REPO, 'main', { 'src/c.c': 'int c;\n' });
    const before = (await issues())[0]!.body;
    const build = await night();
    await morning(finished({ exitCode: null, cancelled: true }), build);
    expect((await issues())[0]!.body).toBe(before);
  });

  test('green again, the issue says so, its label goes, and it stays for a person to close', async () => {
    await octocat().push(REPO, 'main', { 'src/a.c': 'int a;\n' });
    await octocat().assign(REPO, (await issues())[0]!.number, 'octocat');
    await morning(finished({}), await night());
    const [issue] = await issues();
    // An edit tells nobody, so who is assigned gets one new comment.
    const told = (await octocat().comments(REPO, issue!.number)).filter(({ body }) => body.includes('green again'));
    expect(told.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^@octocat: `spokebot \/ install zfp \(nightly\)`/),
    ]);
    expect(issue!.body).toContain('**Green again:**');
    expect(issue!.state).toBe('open');
    expect(await labelsOf(issue!.number)).not.toContain('nightly: broken');
  });

  test('broken again while it is open, it is the same issue; the same commit is built every night', async () => {
    const build = await night();
    expect(build.attempt).toBe(2);
    await morning(failed('zfp'), build);
    const found = await issues();
    expect(found).toHaveLength(1);
    expect(found[0]!.body).toContain('does not build');
    expect(await labelsOf(found[0]!.number)).toContain('nightly: broken');
  });

  test('one that a person closed is left alone until the check was green in between', async () => {
    const [issue] = await issues();
    await octocat().closeIssue(REPO, issue!.number);
    await hub.settled();
    await morning(failed('zfp'), await night());
    expect(await issues()).toHaveLength(1);
    expect((await issues())[0]!.state).toBe('closed');
    await morning(finished({}), await night());
    expect((await issues())[0]!.state).toBe('closed');
    await morning(failed('zfp'), await night());
    expect((await issues()).map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  test('where GitHub refused the issue, the next night that is broken asks for it again', async () => {
    await octocat().closeIssue(REPO, (await issues())[1]!.number);
    await morning(finished({}), await night());
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: `/repos/${REPO}/issues`,
      times: 1,
      effect: { kind: 'status', status: 410 },
    });
    await morning(failed('zfp'), await night());
    expect((await issues()).map(({ state }) => state)).toEqual(['closed', 'closed']);
    await morning(failed('zfp'), await night());
    expect((await issues()).map(({ state }) => state)).toEqual(['closed', 'closed', 'open']);
  });

  test('nothing of a night is released while a worker does not understand it, and pull requests go first', async () => {
    await octocat().push(REPO, 'main', { 'src/d.c': 'int d;\n' });
    const { db, now } = handlers();
    await workerOf(hub, 'linux', 'of-an-older-version', null).hello();
    await aDayPasses();
    await startNights(handlers());
    expect(await releaseBuilds(db, 'linux', NO_RULES, now())).toEqual([]);
    const branch = await octocat().push(REPO, 'work', { 'src/e.c': 'int e;\n' });
    await octocat().openPull(REPO, { title: 'Work', head: 'work' });
    const first = await workerOf(hub).take();
    expect(first.plan.pull?.headSha).toBe(branch);
  });
});
