/** Small stories on the real `serve`, the real queue and the sandbox GitHub, with the App's permissions of app.yml. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takeTurn } from '../../src/store/settings.js';
import { eventually } from '../backend/open.js';
import { startTestHub, type TestHub } from './hub.js';
import { failEveryTry, finished, started, workerOf } from './worker.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ embedded: true });
  for (const repo of ['kokkos/kokkos', 'LLNL/zfp', 'hypre-space/hypre', 'octo-org/not-in-the-catalogue'])
    await hub.github.createRepo(repo, {
      files: { 'README.md': 'A product.\n', 'src/a.c': 'int a;\n' },
      collaborators: { octocat: 'admin', mona: 'read', hubot: 'write' },
    });
  for (const account of ['kokkos', 'LLNL', 'hypre-space', 'octo-org']) await hub.github.as('octocat').install(account);
  await hub.github.idle();
}, 60_000);
afterAll(() => hub.close());

const octocat = () => hub.github.as('octocat');
/** Check runs of a head without its roll-up, newest first; with `all` also those that a newer one of the name replaced. */
const checksOf = async (repo: string, sha: string, all = false) =>
  (await octocat().checks(repo, sha, all)).filter((check) => check.name !== 'spokebot');
const checkOf = async (repo: string, sha: string) => (await checksOf(repo, sha))[0];
const checkIn = (repo: string, sha: string, status: string) =>
  hub.github.until(`the check at ${sha.slice(0, 7)} is ${status}`, async () => {
    const check = await checkOf(repo, sha);
    return check?.status === status && check;
  });

const take = () => workerOf(hub).take();

let branches = 0;
async function openPull(repo: string, who = 'octocat'): Promise<{ number: number; sha: string; branch: string }> {
  const branch = `work-${++branches}`;
  const sha = await hub.github.as(who).push(repo, branch, { [`src/${branch}.c`]: 'int b;\n' });
  const { number } = await hub.github.as(who).openPull(repo, { title: 'Work', head: branch });
  return { number, sha, branch };
}

describe('issues', () => {
  test('a triaged issue gets its labels and one comment, in at most three writes and one read', async () => {
    const warm = await octocat().openIssue('LLNL/zfp', { title: 'zfp crashes on NULL', body: 'It crashes.' });
    await hub.github.until('a comment', async () => (await octocat().comments('LLNL/zfp', warm.number)).length > 0);
    await hub.settled();
    await hub.github.clearRequests();
    const issue = await octocat().openIssue('LLNL/zfp', { title: 'zfp crashes on a stride of 0', body: 'It crashes.' });
    await hub.github.until('a comment', async () => (await octocat().comments('LLNL/zfp', issue.number)).length > 0);
    await hub.settled();
    const { requests } = await hub.github.requests();
    const ours = requests.filter((each) => String(each.actor).startsWith('installation/'));
    const writes = ours.filter((each) => each.method !== 'GET');
    expect(writes.map((each) => `${each.method} ${each.path.split('/').at(-1)}`)).toEqual([
      'POST labels',
      'POST comments',
    ]);
    expect(ours.length - writes.length).toBeLessThanOrEqual(1);
  });

  test('ci R9: the same event many times, under one id and under several, is one comment and one set of labels', async () => {
    await hub.github.faults({
      on: 'webhook',
      event: 'issues',
      action: 'opened',
      times: 1,
      effect: { kind: 'duplicate', copies: 5 },
    });
    const issue = await octocat().openIssue('kokkos/kokkos', {
      title: 'Kokkos crashes at finalize',
      body: 'It crashes.',
    });
    await hub.github.until(
      'a comment',
      async () => (await octocat().comments('kokkos/kokkos', issue.number)).length > 0,
    );
    await hub.settled();
    expect(await octocat().comments('kokkos/kokkos', issue.number)).toHaveLength(1);
  });

  test('a lost answer to the comment does not make a second one', async () => {
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: '/repos/*/issues/*/comments',
      times: 1,
      effect: { kind: 'lose-answer' },
    });
    const issue = await octocat().openIssue('hypre-space/hypre', { title: 'hypre crashes', body: 'It crashes.' });
    await hub.github.until(
      'a comment',
      async () => (await octocat().comments('hypre-space/hypre', issue.number)).length > 0,
    );
    // The intent is tried again after its wait; only then is it known whether that made a second comment.
    await hub.github.until('the comment is found and edited', async () =>
      (await hub.github.requests()).requests.some(
        (each) => each.method === 'PATCH' && each.path.includes('/issues/comments/'),
      ),
    );
    expect(await octocat().comments('hypre-space/hypre', issue.number)).toHaveLength(1);
  });

  test('triage R13: what a person took off stays off, also when no delivery told of it', async () => {
    const issue = await octocat().openIssue('LLNL/zfp', { title: 'zfp crashes in decode', body: 'It crashes.' });
    await hub.github.until('a comment', async () => (await octocat().comments('LLNL/zfp', issue.number)).length > 0);
    await hub.settled();
    await hub.github.faults({
      on: 'webhook',
      event: 'issues',
      action: 'unlabeled',
      times: 1,
      effect: { kind: 'drop' },
    });
    await octocat().removeLabel('LLNL/zfp', issue.number, 'kind: bug');
    await octocat().editIssue('LLNL/zfp', issue.number, {
      body: 'It crashes with a segmentation fault. Traceback attached.',
    });
    await hub.settled();
    expect(await octocat().labels('LLNL/zfp', issue.number)).not.toContain('kind: bug');
  });

  test('an issue outside the catalogue is left alone', async () => {
    const issue = await octocat().openIssue('octo-org/not-in-the-catalogue', {
      title: 'Kokkos crashes',
      body: 'It crashes.',
    });
    await hub.settled();
    expect(await octocat().labels('octo-org/not-in-the-catalogue', issue.number)).toEqual([]);
    expect(await octocat().comments('octo-org/not-in-the-catalogue', issue.number)).toEqual([]);
  });
});

describe('pull requests', () => {
  test('ci R15: one check run from queued to its verdict: one create and a change for each state', async () => {
    await hub.settled();
    await hub.github.clearRequests();
    const { sha } = await openPull('LLNL/zfp');
    await checkIn('LLNL/zfp', sha, 'queued');
    const build = await take();
    expect(build.plan).toMatchObject({
      package: 'zfp',
      spec: `zfp@git.${sha}`,
      sandbox: 'none',
      pull: { headSha: sha },
    });
    await build.say(started);
    await checkIn('LLNL/zfp', sha, 'in_progress');
    await build.say({ kind: 'phase', package: 'zfp', phase: 'build' });
    await build.say({ kind: 'log', text: 'src/a.c: compiling\n' });
    await build.say({ kind: 'heartbeat' });
    await build.say(finished({ stdout: '==> zfp: Successfully installed zfp\n' }));
    expect((await checkIn('LLNL/zfp', sha, 'completed')).conclusion).toBe('success');
    await hub.settled();
    const own = (await checkOf('LLNL/zfp', sha))!.id;
    const writes = (await hub.github.requests()).requests.filter(
      (each) => each.path.includes('/check-runs') && each.method !== 'GET',
    );
    expect(writes.filter((each) => each.path.endsWith(`/${own}`)).map((each) => each.method)).toEqual([
      'PATCH',
      'PATCH',
    ]);
    // The roll-up is a check of its own, with no more than that; a state that is over before it was told is left out.
    expect(writes.filter((each) => each.method === 'POST')).toHaveLength(2);
    expect(writes.length).toBeLessThanOrEqual(6);
    expect(await checksOf('LLNL/zfp', sha, true)).toHaveLength(1);
  });

  test('ci R3: the verdict is delivered after GitHub recovers, once', async () => {
    const { sha } = await openPull('LLNL/zfp');
    await checkIn('LLNL/zfp', sha, 'queued');
    const build = await take();
    await build.say(started);
    await checkIn('LLNL/zfp', sha, 'in_progress');
    await hub.github.faults({
      on: 'request',
      method: 'PATCH',
      path: '/repos/*/check-runs/*',
      times: 2,
      effect: { kind: 'status', status: 502 },
    });
    await build.say(finished({ exitCode: 1, stderr: '==> Error: ProcessError: Command exited with status 2\n' }));
    await checkIn('LLNL/zfp', sha, 'completed');
    expect(await checksOf('LLNL/zfp', sha, true)).toHaveLength(1);
  });

  test('a lost answer to the creation of a check run does not make a second one', async () => {
    await hub.github.faults({
      on: 'request',
      method: 'POST',
      path: '/repos/*/check-runs',
      times: 1,
      effect: { kind: 'lose-answer' },
    });
    const { sha } = await openPull('hypre-space/hypre');
    await checkIn('hypre-space/hypre', sha, 'queued');
    const build = await take();
    await build.say(started);
    await checkIn('hypre-space/hypre', sha, 'in_progress');
    await build.say(finished({}));
    await checkIn('hypre-space/hypre', sha, 'completed');
    expect(await checksOf('hypre-space/hypre', sha, true)).toHaveLength(1);
  });

  test('ci R14 and R22: a fork waits; only who may write can approve, only the head, and a push needs another approval', async () => {
    const mona = hub.github.as('mona');
    await mona.fork('LLNL/zfp');
    const sha = await mona.push('mona/zfp', 'fork-work', { 'src/f.c': 'int f;\n' });
    const pull = await mona.openPull('LLNL/zfp', { title: 'From a fork', head: 'mona:fork-work' });
    const held = await checkIn('LLNL/zfp', sha, 'completed');
    expect(held.conclusion).toBe('action_required');
    await mona.pressButton(held.id, 'approve').catch(() => {});
    await hub.settled();
    expect((await checkOf('LLNL/zfp', sha))?.conclusion).toBe('action_required');
    const next = await mona.push('mona/zfp', 'fork-work', { 'src/f.c': 'int g;\n' });
    const heldNext = await checkIn('LLNL/zfp', next, 'completed');
    await octocat()
      .pressButton(held.id, 'approve')
      .catch(() => {});
    await hub.settled();
    expect((await checkOf('LLNL/zfp', next))?.conclusion).toBe('action_required');
    await octocat().pressButton(heldNext.id, 'approve');
    await checkIn('LLNL/zfp', next, 'queued');
    const build = await take();
    expect(build.plan.pull).toMatchObject({ number: pull.number, headSha: next, fork: true });
    await build.say(finished({}));
    expect((await checkIn('LLNL/zfp', next, 'completed')).conclusion).toBe('success');
    const third = await mona.push('mona/zfp', 'fork-work', { 'src/f.c': 'int h;\n' });
    expect((await checkIn('LLNL/zfp', third, 'completed')).conclusion).toBe('action_required');
  });

  test('the author without write waits for approval in the repository itself too', async () => {
    await octocat().addCollaborator('hypre-space/hypre', 'mona', 'triage');
    const sha = await octocat().push('hypre-space/hypre', 'for-mona', { 'src/m.c': 'int m;\n' });
    await hub.github.as('mona').openPull('hypre-space/hypre', { title: 'By mona', head: 'for-mona' });
    expect((await checkIn('hypre-space/hypre', sha, 'completed')).conclusion).toBe('action_required');
  });

  test('cancel and re-run by button; a re-run joins nothing and is a new attempt', async () => {
    const { sha } = await openPull('kokkos/kokkos');
    const queued = await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    await build.say(started);
    await checkIn('kokkos/kokkos', sha, 'in_progress');
    await octocat().pressButton(queued.id, 'cancel');
    expect((await checkIn('kokkos/kokkos', sha, 'completed')).conclusion).toBe('cancelled');
    expect(await build.say({ kind: 'heartbeat' })).toEqual(['cancel']);
    await octocat().rerunCheck('kokkos/kokkos', queued.id);
    await checkIn('kokkos/kokkos', sha, 'queued');
    const again = await take();
    expect(again).toMatchObject({ buildId: build.buildId, attempt: 2 });
    await again.say(finished({}));
    expect((await checkIn('kokkos/kokkos', sha, 'completed')).conclusion).toBe('success');
  });

  test('“Retry without cache” opens an attempt that is told to use nothing built before; only who may retry can press it', async () => {
    const { sha } = await openPull('kokkos/kokkos');
    const { id } = await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    expect(build.fresh).toBeUndefined();
    await build.say(started);
    await build.say(finished({ exitCode: 1, stderr: '==> Error: ProcessError: Command exited with status 2\n' }));
    await checkIn('kokkos/kokkos', sha, 'completed');
    await hub.github
      .as('mona')
      .pressButton(id, 'retry-fresh')
      .catch(() => {});
    await hub.settled();
    await checkIn('kokkos/kokkos', sha, 'completed');
    await octocat().pressButton(id, 'retry-fresh');
    await checkIn('kokkos/kokkos', sha, 'queued');
    const again = await take();
    expect(again).toMatchObject({ buildId: build.buildId, attempt: 2, fresh: true });
    await again.say(finished({}));
    expect((await checkIn('kokkos/kokkos', sha, 'completed')).output.text).toContain('2, without cache');
  });

  test('closing the pull request ends its build; reopening takes it up again', async () => {
    const { sha, number } = await openPull('kokkos/kokkos');
    await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    await build.say(started);
    await octocat().closePull('kokkos/kokkos', number);
    expect((await checkIn('kokkos/kokkos', sha, 'completed')).conclusion).toBe('cancelled');
    await octocat().reopen('kokkos/kokkos', number);
    await checkIn('kokkos/kokkos', sha, 'queued');
    const again = await take();
    expect(again.attempt).toBe(2);
    await again.say(finished({}));
    await checkIn('kokkos/kokkos', sha, 'completed');
  });

  test('a draft is not built until it is ready, and the check says so', async () => {
    const sha = await octocat().push('LLNL/zfp', 'draft', { 'src/d.c': 'int d;\n' });
    const pull = await octocat().openPull('LLNL/zfp', { title: 'Draft', head: 'draft', draft: true });
    const skipped = await checkIn('LLNL/zfp', sha, 'completed');
    expect(skipped).toMatchObject({ conclusion: 'skipped', output: { title: expect.stringContaining('raft') } });
    await octocat().setDraft('LLNL/zfp', pull.number, false);
    await checkIn('LLNL/zfp', sha, 'queued');
    const build = await take();
    await build.say(finished({}));
    await checkIn('LLNL/zfp', sha, 'completed');
  });

  test('turning a red pull request into a draft and back does not turn its required check green', async () => {
    await octocat().protect('LLNL/zfp', 'main', ['spokebot / install zfp']);
    const { sha, number } = await openPull('LLNL/zfp');
    await checkIn('LLNL/zfp', sha, 'queued');
    const build = await take();
    await build.say(finished({ exitCode: 1, stderr: '==> Error: ProcessError: Command exited with status 2\n' }));
    await checkIn('LLNL/zfp', sha, 'completed');
    for (const draft of [true, false]) {
      await octocat().setDraft('LLNL/zfp', number, draft);
      await hub.settled();
      expect(await octocat().requiredChecks('LLNL/zfp', number)).toMatchObject([{ passes: false }]);
    }
    expect(await checksOf('LLNL/zfp', sha, true)).toHaveLength(1);
  });

  test('a label that holds builds back ends the one that runs, and taking it off lets it begin again', async () => {
    await octocat().createLabel('LLNL/zfp', { name: 'no-build' });
    const { sha, number } = await openPull('LLNL/zfp');
    await checkIn('LLNL/zfp', sha, 'queued');
    const build = await take();
    await build.say(started);
    await octocat().addLabels('LLNL/zfp', number, 'no-build');
    const named = async (name: string) =>
      (await octocat().checks('LLNL/zfp', sha)).find((check) => check.name === name)?.conclusion;
    await hub.github.until(
      'the build is stopped and says why',
      async () =>
        (await named('spokebot / install zfp')) === 'cancelled' && (await named('spokebot')) === 'action_required',
    );
    expect(await build.say({ kind: 'heartbeat' })).toEqual(['cancel']);
    await octocat().removeLabel('LLNL/zfp', number, 'no-build');
    await hub.github.until('what held it back is gone', async () => (await named('spokebot')) === null);
    const again = await take();
    expect(again).toMatchObject({ buildId: build.buildId, attempt: 2 });
    await again.say(finished({}));
    await hub.github.until('it is green', async () => (await named('spokebot / install zfp')) === 'success');
  });

  test('a required check that was not checked does not let the pull request through', async () => {
    await octocat().protect('LLNL/zfp', 'main', ['spokebot / install zfp']);
    const { sha, number } = await openPull('LLNL/zfp');
    await checkIn('LLNL/zfp', sha, 'queued');
    await failEveryTry(take, 'the disk is full');
    expect((await checkIn('LLNL/zfp', sha, 'completed')).conclusion).toBe('action_required');
    expect(await octocat().requiredChecks('LLNL/zfp', number)).toMatchObject([{ passes: false }]);
  });
});

/** The reconciler's own turn of a minute begins anew, so that none falls into the next scene. */
async function noRoundByItself(): Promise<void> {
  const { db } = hub.running.parts.backend.store;
  await takeTurn(db, 'reconcile', 0, new Date());
}

describe('what no delivery told', () => {
  test.each([
    ['with the list of deliveries', [] as const],
    [
      'on a GitHub without that list and without /installation/repositories',
      ['deliveries', 'installation-repositories', 'reactions', 'graphql'] as const,
    ],
  ])('is found by the reconciler, %s', async (_, off) => {
    await hub.github.switchOff(...off);
    await noRoundByItself();
    await hub.github.faults({ on: 'webhook', times: 100, effect: { kind: 'drop' } });
    const issue = await octocat().openIssue('kokkos/kokkos', {
      title: 'Kokkos crashes in deep_copy',
      body: 'It crashes.',
    });
    const { sha } = await openPull('kokkos/kokkos');
    await hub.settled();
    await hub.github.clearFaults();
    expect(await octocat().comments('kokkos/kokkos', issue.number)).toEqual([]);
    await hub.running.parts.reconcile();
    await hub.github.until(
      'a comment',
      async () => (await octocat().comments('kokkos/kokkos', issue.number)).length > 0,
    );
    await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    await build.say(finished({}));
    await checkIn('kokkos/kokkos', sha, 'completed');
    // Nothing is left to find: another look makes nothing.
    await hub.settled();
    expect(await hub.running.parts.reconcile()).toBe(0);
    await hub.github.switchOff();
  });
});

describe('a reopened pull request', () => {
  test('that no delivery told of is built again', async () => {
    const { sha, number } = await openPull('kokkos/kokkos');
    await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    await octocat().closePull('kokkos/kokkos', number);
    await checkIn('kokkos/kokkos', sha, 'completed');
    await hub.github.faults({
      on: 'webhook',
      event: 'pull_request',
      action: 'reopened',
      times: 1,
      effect: { kind: 'drop' },
    });
    await hub.github.switchOff('deliveries');
    await octocat().reopen('kokkos/kokkos', number);
    await hub.settled();
    await hub.running.parts.reconcile();
    const again = await take();
    expect(again).toMatchObject({ buildId: build.buildId, attempt: 2 });
    await again.say(finished({}));
    await checkIn('kokkos/kokkos', sha, 'completed');
    await hub.github.switchOff();
  });
});

describe('installations', () => {
  test('after a suspension what had to be dropped begins again', async () => {
    const { sha } = await openPull('kokkos/kokkos');
    await checkIn('kokkos/kokkos', sha, 'queued');
    const build = await take();
    await build.say(started);
    await checkIn('kokkos/kokkos', sha, 'in_progress');
    await octocat().suspend('kokkos', true);
    await eventually(async () => (await build.say({ kind: 'heartbeat' })).includes('cancel'));
    await octocat().suspend('kokkos', false);
    await hub.settled();
    await hub.running.parts.reconcile();
    const again = await take();
    expect(again).toMatchObject({ buildId: build.buildId, attempt: 2 });
    await again.say(finished({}));
  });

  test('after a removal every queued build ends, and nothing more is written', async () => {
    const { sha } = await openPull('hypre-space/hypre');
    await checkIn('hypre-space/hypre', sha, 'queued');
    await octocat().uninstall('hypre-space');
    const { db } = hub.running.parts.backend.store;
    const { builds } = await import('../../src/store/schema.js');
    await eventually(async () => {
      const rows = await db.select().from(builds);
      return rows.filter((row) => row.headSha === sha).every((row) => row.state === 'completed');
    });
    await hub.settled();
    await hub.github.clearRequests();
    const issue = await octocat().openIssue('hypre-space/hypre', { title: 'hypre crashes again', body: 'It crashes.' });
    await hub.running.parts.reconcile();
    await hub.settled();
    expect(await octocat().comments('hypre-space/hypre', issue.number)).toEqual([]);
  });
});
