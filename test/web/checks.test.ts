import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { approvals, nightlyIssues, shownChecks, wishes } from '../../src/store/schema.js';
import { openWeb, section, type TestWeb, words } from './open-web.js';
import {
  addAttempt,
  addBuild,
  addDecision,
  addLog,
  addRepository,
  addSubject,
  ago,
  failed,
  PASSED,
  planOf,
  resultOf,
  shaOf,
} from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.empty();
  await web.db.delete(shownChecks);
  await web.db.delete(wishes);
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
  await addRepository(web.db, { id: 2, fullName: 'kokkos/secret', private: true });
  await addSubject(web.db, { repositoryId: 1, number: 7, isPull: true, title: 'View', headSha: shaOf('a') });
});

const page = async (path: string) => (await web.get(path)).text;

describe('a build beside what was before it', () => {
  test('its history holds the same check on the same pool, newest first, without private repositories', async () => {
    await addBuild(web.db, { id: 'b', createdAt: ago(5) });
    await addBuild(web.db, { id: 'before', headSha: shaOf('1'), number: 5, createdAt: ago(50), end: failed() });
    await addBuild(web.db, { id: 'other-pool', pool: 'gpu' });
    await addBuild(web.db, { id: 'other-check', name: 'spokebot / kokkos+cuda' });
    await addBuild(web.db, { id: 'hidden', repositoryId: 2, repository: 'kokkos/secret' });
    const { history } = (await web.json('/api/v1/builds/b')).body;
    expect(history.map((one: { id: string }) => one.id)).toEqual(['b', 'before']);
    const told = section(await page('/builds/b'), 'history');
    expect(told).toContain('Of its last 2 builds, 1 passed and 1 failed.');
    expect(told).toContain('kokkos/kokkos#5 at 1111111');
  });

  test('a machine’s failure that was tried again by itself is no flake', async () => {
    await addBuild(web.db, { id: 'b', attempt: 2, createdAt: ago(5) });
    await addAttempt(web.db, { buildId: 'b', attempt: 1, result: resultOf({ exitCode: 1 }), outcome: 'unknown' });
    await addAttempt(web.db, { buildId: 'b', attempt: 2, result: resultOf({ exitCode: 0 }), outcome: 'passed' });
    const { history } = (await web.json('/api/v1/builds/b')).body;
    expect(history[0].flaky).toBe(false);
  });

  test('a commit that both passed and failed is flaky; one that only the machines failed is not', async () => {
    await addBuild(web.db, { id: 'b', attempt: 2, createdAt: ago(5) });
    await addAttempt(web.db, { buildId: 'b', attempt: 1, result: resultOf({ exitCode: 1 }) });
    await addAttempt(web.db, { buildId: 'b', attempt: 2, result: resultOf({ exitCode: 0 }) });
    await addBuild(web.db, { id: 'machines', headSha: shaOf('1'), attempt: 2, createdAt: ago(9) });
    await addAttempt(web.db, {
      buildId: 'machines',
      attempt: 1,
      result: resultOf({ exitCode: 1, trouble: 'the disk is full' }),
    });
    const { history } = (await web.json('/api/v1/builds/b')).body;
    expect(history.map((one: { id: string; flaky: boolean }) => [one.id, one.flaky])).toEqual([
      ['b', true],
      ['machines', false],
    ]);
    expect(section(await page('/builds/b'), 'history')).toContain('1 commit both passed and failed');
  });

  test('says what people did about it, by whom and why', async () => {
    await addBuild(web.db, { id: 'b', end: failed(), waiver: { by: 'mona', reason: 'no <b>GPU</b> today' } });
    await web.db
      .insert(approvals)
      .values({ repositoryId: 1, number: 7, headSha: shaOf('a'), pool: 'linux', by: 'octocat', at: ago(40) });
    const did = { repositoryId: 1, repository: 'kokkos/kokkos', number: 7, outcome: {} };
    await addDecision(web.db, {
      ...did,
      kind: 'button',
      actions: [{ kind: 'retry-build', buildId: 'b', by: 'hubot', fresh: true }],
      at: ago(20),
    });
    await addDecision(web.db, {
      ...did,
      kind: 'command',
      actions: [
        { kind: 'waive-build', buildId: 'b', by: 'mona', reason: 'no <b>GPU</b> today' },
        { kind: 'cancel-build', buildId: 'another', by: 'mona' },
      ],
      at: ago(10),
    });
    expect((await web.json('/api/v1/builds/b')).body.people).toEqual([
      { did: 'approved', by: 'octocat', reason: null, at: ago(40).toISOString() },
      { did: 'ran again without cache', by: 'hubot', reason: null, at: ago(20).toISOString() },
      { did: 'waived', by: 'mona', reason: 'no <b>GPU</b> today', at: ago(10).toISOString() },
    ]);
    const text = await page('/builds/b');
    expect(text).not.toContain('<b>GPU</b>');
    expect(words(text)).toContain('Waived by mona: no <b>GPU</b> today. It holds for this commit only.');
  });

  test('tells its place in the line and when it is expected to end', async () => {
    const outlook = { workers: 2, slots: 1, ahead: 1, running: 0, seconds: 600 };
    const waiting = { state: 'queued', worker: null, phase: null, startedAt: null, outlook } as const;
    await addBuild(web.db, { id: 'first', name: 'spokebot / first', state: 'queued' });
    await addAttempt(web.db, { buildId: 'first', ...waiting, queuedAt: ago(20) });
    await addBuild(web.db, { id: 'b', state: 'queued', plan: planOf({ pins: { spack: '1.1.0', packages: null } }) });
    await addAttempt(web.db, { buildId: 'b', ...waiting, versions: null });
    const { queue } = (await web.json('/api/v1/builds/b')).body;
    expect(queue).toEqual({ ahead: 1, workers: 2, usualSeconds: 600, expectedAt: ago(-10).toISOString() });
    const told = words(await page('/builds/b'));
    expect(told).toContain('1 build is before it in pool linux . It starts by itself. It usually takes 10 min here');
    expect(told).toContain('Spack 1.1.0 (as the hub says of the pool)');
  });

  test('phases have their times, and the one that goes on says so', async () => {
    await addBuild(web.db, { id: 'b', state: 'running' });
    const phases = [
      { name: 'kokkos: fetch', at: ago(9).toISOString() },
      { name: 'kokkos: cmake', at: ago(8).toISOString() },
    ];
    await addAttempt(web.db, { buildId: 'b', state: 'running', phases, fresh: true });
    const [attempt] = (await web.json('/api/v1/builds/b')).body.attempts;
    expect([attempt.fresh, attempt.phases]).toEqual([
      true,
      [
        { name: 'kokkos: fetch', seconds: 60 },
        { name: 'kokkos: cmake', seconds: null },
      ],
    ]);
    const text = await page('/builds/b');
    expect(section(text, 'phases')).toContain('kokkos: fetch 1 min kokkos: cmake now');
    expect(section(text, 'attempts')).toContain('Attempt 1, without cache');
  });

  test('without a verdict that says which lines matter, the first error is on top', async () => {
    await addBuild(web.db, { id: 'b', end: failed({ outcome: 'unknown', fault: 'unknown', excerpt: '' }) });
    await addAttempt(web.db, { buildId: 'b' });
    await addLog(web.db, 'b', [[1, `${'noise\n'.repeat(200)}a.c:1: error: first\n${'noise\n'.repeat(200)}`]]);
    const text = await page('/builds/b');
    expect(text).toMatch(/<pre class="excerpt"><code>noise\nnoise\na\.c:1: error: first\n/);
    expect(text).toContain('<a href="/builds/b/log?attempt=1&amp;line=201#L201">Jump to the first error');
  });
});

describe('searching a log', () => {
  test('finds lines in any case, links to each, and escapes what was searched for', async () => {
    await addBuild(web.db, { id: 'b' });
    await addAttempt(web.db, { buildId: 'b' });
    await addLog(web.db, 'b', [[1, `Linking\n${'noise\n'.repeat(2500)}linking <i>`]]);
    const found = await page('/builds/b/log?attempt=1&q=LINKING');
    expect(section(found, 'found')).toContain('2 lines hold “LINKING” 1 Linking 2502 linking <i>');
    expect(found).toContain('<a href="#L1">');
    expect(found).toContain('<a href="/builds/b/log?attempt=1&amp;line=2502#L2502">');
    const none = await page('/builds/b/log?q=%3Cscript%3Ealert(1)');
    expect(none).not.toContain('<script>alert');
    expect(section(none, 'found')).toContain('No line holds “<script>alert(1)”');
  });

  test('is not for what may not be shown', async () => {
    await addBuild(web.db, { id: 'p', repositoryId: 2, repository: 'kokkos/secret' });
    await addAttempt(web.db, { buildId: 'p' });
    await addLog(web.db, 'p', [[1, 'canary\n']]);
    const { status, text } = await web.get('/builds/p/log?q=canary');
    expect([status, text.includes('No such log')]).toEqual([404, true]);
  });
});

/** Of the head of pull request 7. */
async function addRollUp(conclusion: 'success' | 'failure' | 'action_required', title: string): Promise<void> {
  await web.db.insert(shownChecks).values({
    id: 'r',
    installationId: 1,
    repositoryId: 1,
    repository: 'kokkos/kokkos',
    headSha: shaOf('a'),
    name: 'spokebot',
    role: 'roll-up',
    required: true,
    conclusion,
    title,
    updatedAt: ago(1),
  });
}

describe('a pull request as a whole', () => {
  test('says who has to act, the roll-up, the wishes, and folds earlier heads', async () => {
    await addBuild(web.db, { id: 'bad', end: failed() });
    await addBuild(web.db, { id: 'good', name: 'spokebot / kokkos+mpi' });
    await addBuild(web.db, { id: 'old', headSha: shaOf('9'), createdAt: ago(90) });
    await web.db.insert(wishes).values({
      repositoryId: 1,
      number: 7,
      headSha: shaOf('a'),
      spec: 'kokkos+hip',
      pool: '',
      by: 'mona',
      at: ago(9),
    });
    await addRollUp('failure', '1 of 2 failed: spokebot / kokkos');
    const { body } = await web.json('/api/v1/pulls/kokkos/kokkos/7');
    expect(body.rollUp).toEqual({ name: 'spokebot', conclusion: 'failure', title: '1 of 2 failed: spokebot / kokkos' });
    expect(body.next).toEqual({
      who: 'author',
      says: "The author pushes a fix: the error in “kokkos” is in this pull request's code.",
    });
    expect(body.heads[0].wishes).toEqual([{ spec: 'kokkos+hip', pool: null, by: 'mona', at: ago(9).toISOString() }]);
    const text = await page('/pulls/kokkos/kokkos/7');
    const told = words(text);
    expect(told).toContain('failed 1 of 2 failed: spokebot / kokkos Next: The author pushes a fix');
    expect(told).toContain('mona asked for kokkos+hip');
    expect(told.indexOf('Did not pass')).toBeLessThan(told.indexOf('Passed'));
    expect(text).toContain('<summary>Earlier head <code title="9999999999999999999999999999999999999999">9999999');
  });

  test('what a person waived is not shown as passed', async () => {
    await addBuild(web.db, { id: 'bad', end: failed(), waiver: { by: 'mona', reason: 'Known.' } });
    expect(words(await page('/builds/bad'))).toContain('Waived by mona: Known. It holds for');
    await addRollUp('success', 'Waived: 1 required check');
    const text = await page('/pulls/kokkos/kokkos/7');
    expect(words(text)).toContain(
      'waived Waived: 1 required check Next: Nothing left to do here: what did not pass, a person lets stand.',
    );
    expect(text).not.toContain('verdict ok');
    // One that nobody wants any more changes nothing; one that holds the head back does.
    await addBuild(web.db, {
      id: 'gone',
      name: 'spokebot / kokkos+old',
      end: { kind: 'ended', why: 'unplanned', detail: 'gone', bySha: null },
    });
    const badge = async () => /<section class="verdict (\w+)"/.exec(await page('/pulls/kokkos/kokkos/7'))?.[1];
    expect(await badge()).toBe('mute');
    for (const [conclusion, tone] of [
      ['action_required', 'warn'],
      ['failure', 'bad'],
      ['success', 'mute'],
    ] as const) {
      await web.db.update(shownChecks).set({ conclusion });
      expect([conclusion, await badge()]).toEqual([conclusion, tone]);
    }
  });

  test('once it is closed nobody has to act', async () => {
    await addSubject(web.db, { repositoryId: 1, number: 8, isPull: true, open: false, headSha: shaOf('a') });
    expect((await web.json('/api/v1/pulls/kokkos/kokkos/8')).body.next).toBeNull();
  });
});

describe('the checks of a product', () => {
  test('one that failed and passed with the same inputs is called flaky, with how often', async () => {
    await addBuild(web.db, { id: 'b', attempt: 2, createdAt: ago(5) });
    await addAttempt(web.db, { buildId: 'b', attempt: 1, outcome: 'failed' });
    await addAttempt(web.db, { buildId: 'b', attempt: 2, outcome: 'passed' });
    await addBuild(web.db, { id: 'steady', headSha: shaOf('1'), attempt: 2, createdAt: ago(9) });
    await addAttempt(web.db, { buildId: 'steady', attempt: 1, outcome: 'unknown' });
    await addAttempt(web.db, { buildId: 'steady', attempt: 2, outcome: 'passed' });
    expect(section(await page('/products/kokkos'), 'each-check')).toContain(
      'flaky one build both failed and passed without a change',
    );
  });

  test('each has its newest verdict and the share of the last 30 days; machines and private ones do not count', async () => {
    const day = 1440;
    await addBuild(web.db, { id: 'new', end: failed(), completedAt: ago(5) });
    await addBuild(web.db, { id: 'good', headSha: shaOf('1'), end: PASSED, completedAt: ago(day) });
    await addBuild(web.db, { id: 'long-ago', headSha: shaOf('2'), end: PASSED, completedAt: ago(40 * day) });
    const machines = failed({ category: 'disk-full', fault: 'infrastructure' });
    await addBuild(web.db, { id: 'machines', headSha: shaOf('3'), end: machines, completedAt: ago(9) });
    await addBuild(web.db, { id: 'hidden', repositoryId: 2, repository: 'kokkos/secret', completedAt: ago(1) });
    const superseded = { kind: 'ended', why: 'superseded', detail: '', bySha: null } as const;
    await addBuild(web.db, { id: 'gone', headSha: shaOf('4'), end: superseded, completedAt: ago(2) });
    const { checks } = (await web.json('/api/v1/products/kokkos')).body;
    expect(
      checks.map(({ name, pool, newest, verdicts, passed }: Record<string, unknown>) => [
        name,
        pool,
        (newest as { id: string }).id,
        verdicts,
        passed,
      ]),
    ).toEqual([['spokebot / kokkos', 'linux', 'new', 2, 1]]);
    expect(section(await page('/products/kokkos'), 'each-check')).toContain('50 % of the last 30 days passed (1 of 2)');
  });
});

describe('a default branch that is built by night', () => {
  test('stands on its product’s page with the issue about it, apart from the checks of pull requests', async () => {
    const night = { number: null, origin: 'nightly' as const, name: 'spokebot / kokkos (nightly)' };
    await addBuild(web.db, { id: 'n', ...night, end: failed() });
    await addBuild(web.db, { id: 'p' });
    await web.db.insert(nightlyIssues).values({
      repositoryId: 1,
      name: night.name,
      pool: 'linux',
      product: 'kokkos',
      buildId: 'n',
      broken: true,
      brokenSha: shaOf('a'),
      brokenAt: ago(60),
      issueRepositoryId: 1,
      issueRepository: 'kokkos/kokkos',
      issueNumber: 12,
      round: 1,
      updatedAt: ago(1),
    });
    const { nights, checks } = (await web.json('/api/v1/products/kokkos')).body;
    expect(nights).toMatchObject([
      { name: night.name, broken: { sha: shaOf('a') }, issue: { repository: 'kokkos/kokkos', number: 12 } },
    ]);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(['spokebot / kokkos']);
    expect(section(await page('/products/kokkos'), 'branch')).toContain('Broken since');
    await web.db.delete(nightlyIssues);
  });
});
