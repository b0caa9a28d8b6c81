import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BuildEnd } from '../../src/ci/report.js';
import { approvals } from '../../src/store/schema.js';
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
  NOW,
  PASSED,
  planOf,
  resultOf,
  shaOf,
  VERSIONS,
} from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.empty();
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
  await addSubject(web.db, {
    repositoryId: 1,
    number: 7,
    isPull: true,
    title: 'View: no extents',
    headSha: shaOf('a'),
  });
});

describe('the page of a build', () => {
  test('tells what failed where, whose move it is, and the lines that matter', async () => {
    await addBuild(web.db, { id: 'b', end: failed() });
    await addAttempt(web.db, { buildId: 'b' });
    const { status, text } = await web.get('/builds/b');
    const page = words(text);
    expect(status).toBe(200);
    expect(page).toContain('failed kokkos fails to compile: core/src/Kokkos_View.hpp:120');
    expect(page).toContain('Your move. The error is in the code that this pull request builds.');
    expect(page).toContain('what compile whose change package kokkos phase build');
    expect(page).toContain("error: no member named 'extents' in 'View'");
    expect(page).toContain('core/src/Kokkos_View.hpp:120:9 no member named');
    expect(text).toContain('href="https://github.example/kokkos/kokkos/runs/501"');
    expect(text).toContain(`href="https://github.example/kokkos/kokkos/commit/${shaOf('a')}"`);
  });

  test('whose stored plan cannot be read tells what is known, and nothing of what was asked for', async () => {
    const broken = { package: 7, heads: 'none' } as never;
    await addBuild(web.db, { id: 'b', plan: broken, end: { kind: 'unreadable', detail: 'plan.spec is missing' } });
    await addBuild(web.db, { id: 'c', plan: {} as never, state: 'queued' });
    const { status, text } = await web.get('/builds/b');
    const page = words(text);
    expect(status).toBe(200);
    expect(page).toContain('Not checked, not your change: the build could not be read');
    expect(page).toContain('the operators of the hub and its pools look after it');
    expect(page).toContain('What is stored of it cannot be read, so this is all that is known.');
    expect(page).toContain('plan.spec is missing');
    expect(page).not.toContain('See it at home');
    expect(page).not.toContain('Time limit');
    for (const address of ['/', '/pulls/kokkos/kokkos/7', '/products/kokkos', '/pools'])
      expect((await web.get(address)).status).toBe(200);
  });

  test('says whose it is as its check does, also when the base branch fails alike', async () => {
    const end = failed() as Extract<BuildEnd, { kind: 'verdict' }>;
    const verdict = { ...end.verdict, excerpt: '/stage/of/it/spack-src/src/view.cpp:1: error: no' };
    const onBase = { branch: 'main', sinceSha: shaOf('c') } as never;
    await addBuild(web.db, { id: 'b', end: { ...end, verdict, onBase } });
    const page = words((await web.get('/builds/b')).text);
    expect(page).toContain('Not your change. The same check fails in the same way on main since ccccccc .');
    expect(page).not.toContain('Your move.');
    expect(page).toContain('src/view.cpp:1: error: no');
    expect(page).not.toContain('spack-src');
    // It never got a concrete spec, so there is no build of this commit to repeat.
    expect(page).toContain('See at home what Spack would choose (released sources, not this commit)');
  });

  test('one that was proved by another says so in its title, and where; one that was built, where its packages came from', async () => {
    const proof = {
      buildId: 'first',
      repository: 'kokkos/kokkos',
      number: 6,
      headSha: shaOf('a'),
      dagHash: 'h'.repeat(32),
      tests: false,
      at: ago(12).toISOString(),
      secondsAgo: 720,
    };
    await addBuild(web.db, { id: 'b', end: { ...PASSED, proof } as BuildEnd });
    await addAttempt(web.db, { buildId: 'b', result: null });
    const { text } = await web.get('/builds/b');
    expect(words(text)).toContain('passed kokkos was already built and passed, 12 min ago');
    expect(text).toContain('href="/builds/first"');
    expect(words(text)).not.toContain('builds with Spack');
    const environment = { name: 'E4S 25.06', url: 'file:///e4s.yaml', sha256: 'a'.repeat(64) };
    await addBuild(web.db, { id: 'c', end: PASSED, plan: planOf({ environment }) });
    const origins = { cache: 12, built: 1, present: 1 };
    await addAttempt(web.db, { buildId: 'c', result: resultOf({ origins }) });
    const built = words((await web.get('/builds/c')).text);
    expect(built).toContain('kokkos builds within E4S 25.06');
    expect(built).toContain(
      'Packages 12 of 14 packages came from the build cache, 1 was installed before, 1 was built',
    );
    expect(built).toContain('Within E4S 25.06');
  });

  test("an infrastructure failure does not look like the contributor's", async () => {
    const end = failed({ category: 'disk-full', fault: 'infrastructure', annotations: [] });
    await addBuild(web.db, { id: 'b', end });
    const { text } = await web.get('/builds/b');
    expect(text).toContain('<span class="badge warn">not checked</span>');
    expect(text).not.toContain('badge bad');
    expect(words(text)).toContain('Not your change. The machines or the network failed.');
    expect((await web.json('/api/v1/builds/b')).body).toMatchObject({
      conclusion: 'action_required',
      ending: 'infrastructure',
    });
  });

  test('tells plan, versions, concrete spec, attempts and how to see it at home', async () => {
    await addBuild(web.db, { id: 'b', attempt: 2 });
    await addAttempt(web.db, { buildId: 'b', state: 'lost', worker: 'worker-9' });
    await addAttempt(web.db, {
      buildId: 'b',
      attempt: 2,
      logBytes: 10,
      result: resultOf({
        concreteSpec: `kokkos@git.${shaOf('a')}=4.6.0 +openmp`,
        dagHash: 'abcdefg',
        phases: [{ name: 'cmake', seconds: 61 }],
      }),
    });
    const { text } = await web.get('/builds/b');
    const page = words(text);
    expect(section(text, 'plan')).toContain('kokkos is a Spack package of Kokkos');
    // Short, for a phone; the whole is in the title and behind the button.
    expect(page).toContain(`Head ${shaOf('a').slice(0, 12)} Base`);
    expect(text).toContain(`title="${shaOf('a')}" data-whole="${shaOf('a')}"`);
    expect(page).toContain(`Base develop at ${shaOf('b').slice(0, 12)} `);
    expect(page).toContain(`Spack ${VERSIONS.spack}`);
    expect(page).toContain(`Package repository ${VERSIONS.packagesCommit.slice(0, 12)}`);
    expect(section(text, 'home')).toContain('spack -e ../spack-env add kokkos@=4.6.0');
    const attempts = section(text, 'attempts');
    expect(attempts).toContain('finished Attempt 2');
    expect(section(text, 'phases')).toContain('cmake 1 min 1 s');
    expect(attempts).toContain('worker lost Attempt 1 worker worker-9');
  });

  test('while it waits for approval it says who has to do what until when', async () => {
    await addBuild(web.db, {
      id: 'b',
      state: 'waiting-approval',
      attempt: 0,
      needsApproval: 'octocat has no write access',
      deadlineAt: new Date('2026-12-20T18:00:00Z'),
    });
    const page = words((await web.get('/builds/b')).text);
    expect(page).toContain('needs approval');
    expect(page).toContain('octocat has no write access');
    expect(page).toContain('it ends as “not checked” on 2026-12-20 18:00 UTC');
    expect(page).toContain('No log: nothing ran yet.');
  });

  test('while it runs it shows the end of the log and goes on live; its numbers point to the page of the line', async () => {
    await addBuild(web.db, { id: 'b', state: 'running' });
    await addAttempt(web.db, { buildId: 'b', state: 'running' });
    await addLog(web.db, 'b', [[4, Array.from({ length: 400 }, (_, index) => `line ${index + 1}\n`).join('')]]);
    const { text } = await web.get('/builds/b');
    expect(text).toContain('data-stream="/builds/b/log/stream?attempt=1&amp;after=4"');
    expect(text).toContain('<script src="/assets/live-log.js?v=');
    expect(text).toContain('id="L101"');
    expect(text).not.toContain('id="L100"');
    expect(text).toContain('<a href="/builds/b/log?attempt=1&amp;line=400#L400">400</a>');
    expect(words(text)).toContain('Building kokkos: build');
  });

  test('errors before the part that is shown are links into the whole log', async () => {
    await addBuild(web.db, { id: 'b', end: failed() });
    await addAttempt(web.db, { buildId: 'b' });
    await addLog(web.db, 'b', [[1, `a.c:1: error: first\n${'noise\n'.repeat(200)}==> Error: last`]]);
    const { text } = await web.get('/builds/b');
    expect(text).toContain('<a href="/builds/b/log?attempt=1&amp;line=1#L1"><span class="no">1</span>');
    expect(text).toContain('<a href="#L202"><span class="no">202</span>');
  });

  test('every way to end has words and a conclusion', async () => {
    const ends = {
      lost: { kind: 'lost', detail: 'worker-1 fell silent' },
      expired: { kind: 'expired', detail: 'nobody took it' },
      superseded: { kind: 'ended', why: 'superseded', detail: 'A newer commit.', bySha: shaOf('c') },
      cancelled: { kind: 'ended', why: 'cancelled', detail: 'Stopped by octocat.', bySha: null },
    } as const;
    for (const [id, end] of Object.entries(ends)) {
      await addBuild(web.db, { id, end });
      const { body } = await web.json(`/api/v1/builds/${id}`);
      expect([id, body.ending, body.detail]).toEqual([id, id, end.detail]);
      expect(words((await web.get(`/builds/${id}`)).text)).toContain(end.detail);
    }
    expect((await web.json('/api/v1/builds/lost')).body.nextMove).toContain('Not your change');
    expect((await web.json('/api/v1/builds/superseded')).body.nextMove).toBeNull();
  });

  test('JSON has the exact facts', async () => {
    await addBuild(web.db, { id: 'b', state: 'queued', plan: planOf({ tests: true }) });
    await addAttempt(web.db, { buildId: 'b', state: 'queued', worker: null, phase: null, startedAt: null });
    expect((await web.json('/api/v1/builds/b')).body).toEqual({
      id: 'b',
      readable: true,
      repository: 'kokkos/kokkos',
      number: 7,
      branch: null,
      headSha: shaOf('a'),
      name: 'spokebot / kokkos',
      product: 'kokkos',
      package: 'kokkos',
      pool: 'linux',
      required: true,
      state: 'queued',
      conclusion: null,
      ending: null,
      status: { tone: 'mute', word: 'queued' },
      title: 'Queued for pool linux',
      attempt: 1,
      waiver: null,
      recorded: false,
      createdAt: ago(10).toISOString(),
      startedAt: null,
      completedAt: null,
      deadlineAt: ago(-120).toISOString(),
      seconds: null,
      pullTitle: 'View: no extents',
      reasons: ['kokkos is a Spack package of Kokkos'],
      needsApproval: null,
      approvedBy: null,
      spec: `kokkos@git.${shaOf('a')}`,
      concreteSpec: null,
      dagHash: null,
      sandbox: 'none',
      tests: true,
      environment: null,
      origins: null,
      published: null,
      proof: null,
      limitSeconds: 7200,
      base: { ref: 'develop', sha: shaOf('b') },
      fork: false,
      pins: null,
      versions: VERSIONS,
      checkRunId: 501,
      verdict: null,
      detail: null,
      nextMove: null,
      reproduce: ['spack spec -lI kokkos'],
      attempts: [
        {
          attempt: 1,
          state: 'queued',
          worker: null,
          phase: null,
          recorded: false,
          queuedAt: ago(10).toISOString(),
          startedAt: null,
          heartbeatAt: NOW.toISOString(),
          finishedAt: null,
          logBytes: 0,
          fresh: false,
          phases: [],
        },
      ],
      queue: { ahead: 0, workers: null, usualSeconds: null, expectedAt: null },
      people: [],
      history: [
        {
          id: 'b',
          repository: 'kokkos/kokkos',
          number: 7,
          branch: null,
          product: 'kokkos',
          headSha: shaOf('a'),
          status: { tone: 'mute', word: 'queued' },
          conclusion: null,
          ending: null,
          attempt: 1,
          recorded: false,
          createdAt: ago(10).toISOString(),
          completedAt: null,
          seconds: null,
          flaky: false,
        },
      ],
    });
  });
});

describe('the page of a pull request', () => {
  test('tells its builds head by head, the current one first, with approvals', async () => {
    await addBuild(web.db, { id: 'new' });
    await addBuild(web.db, {
      id: 'old',
      headSha: shaOf('9'),
      createdAt: ago(60),
      end: { kind: 'ended', why: 'superseded', detail: '', bySha: shaOf('a') },
    });
    const place = { repositoryId: 1, number: 7, headSha: shaOf('a'), pool: 'linux' };
    await web.db.insert(approvals).values({ ...place, by: 'octocat', at: ago(12) });
    const { text } = await web.get('/pulls/Kokkos/KOKKOS/7');
    const page = words(text);
    expect(page.indexOf('Current head aaaaaaa')).toBeGreaterThan(0);
    expect(page.indexOf('Earlier head 9999999')).toBeGreaterThan(page.indexOf('Current head'));
    expect(page).toContain('Approved for pool linux by octocat');
    const { body } = await web.json('/api/v1/pulls/kokkos/kokkos/7');
    expect(body.heads.map((head: { current: boolean }) => head.current)).toEqual([true, false]);
    const list = (await web.json('/api/v1/pulls/kokkos/kokkos/7/builds')).body;
    expect(list.map((build: { id: string }) => build.id)).toEqual(['new', 'old']);
    expect((await web.json('/api/v1/builds/new')).body.approvedBy).toBe('octocat');
  });

  test('tells why nothing is built', async () => {
    await addDecision(web.db, {
      repositoryId: 1,
      repository: 'kokkos/kokkos',
      number: 7,
      kind: 'plan',
      outcome: { checks: [], skipped: [{ name: 'spokebot', reason: 'The label no-build is set.' }] },
    });
    expect(words((await web.get('/pulls/kokkos/kokkos/7')).text)).toContain(
      'not run spokebot The label no-build is set.',
    );
  });

  test('is no page of an issue, nor the other way round', async () => {
    await addSubject(web.db, { repositoryId: 1, number: 8 });
    expect((await web.get('/pulls/kokkos/kokkos/8')).status).toBe(404);
    expect((await web.get('/issues/kokkos/kokkos/7')).status).toBe(404);
    for (const bad of ['0', '-1', '7x', '99999999999', '2147483648'])
      expect([bad, (await web.get(`/pulls/kokkos/kokkos/${bad}`)).status]).toEqual([bad, 404]);
  });
});
