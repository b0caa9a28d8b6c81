/** How the sender answers to one odd response; the whole way is tested against the sandbox GitHub. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import type { CheckRunContent } from '../../src/check-run.js';
import { classifyFailure } from '../../src/github/failure.js';
import { createSender } from '../../src/github/send.js';
import type { Intent } from '../../src/outbox/intent.js';
import type { Sent } from '../../src/outbox/sent.js';

const API = 'https://api.github.test';
const NOW = new Date('2026-11-01T12:00:00Z');
const place = { repositoryId: 5, repository: 'kokkos/kokkos' };

interface State {
  comment?: { id: number | null; gone: boolean; former?: { repositoryId: number; number: number }[] };
  checkRun?: number | null;
  known?: string[];
  place?: { fullName: string; installationId: number } | 'taken';
  muted?: string[];
  takenOff?: string[];
  hidden?: boolean;
}

function send(
  intent: Intent,
  state: State = {},
  maybeSent = false,
  signal = new AbortController().signal,
): Promise<Sent> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const client = new Octokit({ baseUrl: API, auth: 'token', log });
  const sender = createSender({
    client: async () => client,
    now: () => NOW,
    identity: () => ({ appId: 77, slug: 'spokebot' }),
    state: {
      comment: async () => state.comment ?? { id: null, gone: false },
      checkRun: async () => state.checkRun ?? null,
      knownLabels: async () => state.known ?? [],
      place: async () => state.place ?? null,
      tellable: async () => state.hidden !== true,
      takenOff: async () => state.takenOff ?? [],
      callable: async ({ logins }) => logins.filter((login) => !state.muted?.includes(login)),
    },
  });
  return sender({ installationId: 1, intent, maybeSent, createdAt: NOW, signal });
}

test('a label that somebody took off before GitHub’s answer came is not put again', async () => {
  const taken = { known: ['kind: bug', 'spoke: xsdk'], takenOff: ['kind: bug'] };
  expect(await send(addBug, taken, true)).toMatchObject({ kind: 'dropped' });
  const both: Intent = { kind: 'add-labels', ...place, number: 3, labels: [label('kind: bug'), label('spoke: xsdk')] };
  nock(API)
    .post('/repos/kokkos/kokkos/issues/3/labels', { labels: ['spoke: xsdk'] })
    .reply(200, []);
  expect(await send(both, taken, true)).toMatchObject({
    kind: 'done',
    effect: { kind: 'labels-added', labels: ['spoke: xsdk'] },
    wrote: { labels: [label('spoke: xsdk')] },
  });
});

const label = (name: string) => ({ name, color: 'ededed', description: '' });
const addBug: Intent = { kind: 'add-labels', ...place, number: 3, labels: [label('kind: bug')] };
const sticky: Intent = { kind: 'sticky-comment', ...place, number: 3, body: 'Hello' };
const KEY = '<!-- spokebot:sticky:5:3 -->';

function content(annotations = 0): CheckRunContent {
  return {
    name: 'spokebot / install kokkos',
    status: 'completed',
    conclusion: 'failure',
    output: {
      title: 'Broken',
      summary: 'It broke.',
      annotations: Array.from({ length: annotations }, (_, n) => ({
        path: 'core/src/a.hpp',
        start_line: n + 1,
        end_line: n + 1,
        annotation_level: 'failure' as const,
        message: 'expected ;',
      })),
    },
    actions: [],
  };
}
const check = (annotations = 0): Intent => ({
  kind: 'check-run',
  ...place,
  buildId: 'build-1',
  headSha: 'a'.repeat(40),
  content: content(annotations),
});

test('triage R7: an issue of ours about a repository that has turned private is neither opened nor written anew', async () => {
  const of = { repositoryId: 9, pause: true as const };
  const open: Intent = { kind: 'open-issue', ...place, of, round: 1, title: 'A title', body: 'A text', label: null };
  const edit: Intent = { kind: 'edit-issue', ...place, number: 3, about: 9, body: 'A text' };
  const why = 'the repository that it names is private by now';
  // No request is allowed here.
  expect(await send(open, { hidden: true })).toEqual({ kind: 'dropped', why });
  expect(await send(edit, { hidden: true })).toEqual({ kind: 'dropped', why });
});

describe('the sender', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });
  const github = () => nock(API);

  test('a label that the repository is known to have is not created', async () => {
    github()
      .post('/repos/kokkos/kokkos/issues/3/labels', { labels: ['kind: bug'] })
      .reply(200, []);
    expect(await send(addBug, { known: ['kind: bug'] })).toEqual({
      kind: 'done',
      effect: { kind: 'labels-added', labels: ['kind: bug'], known: ['kind: bug'] },
    });
  });

  test('a label that somebody else created first is as good as created', async () => {
    github()
      .post('/repos/kokkos/kokkos/labels')
      .reply(422, { message: 'Validation Failed', errors: [{ code: 'already_exists' }] });
    github().post('/repos/kokkos/kokkos/issues/3/labels').reply(200, []);
    expect((await send(addBug)).kind).toBe('done');
  });

  test('a label that cannot be created for another reason is an error', async () => {
    github()
      .post('/repos/kokkos/kokkos/labels')
      .reply(422, { message: 'Validation Failed', errors: [{ code: 'invalid' }] });
    expect((await send(addBug)).kind).toBe('refused');
  });

  test('a label that is already off counts as taken off', async () => {
    github()
      .delete('/repos/kokkos/kokkos/issues/3/labels/kind%3A%20bug')
      .reply(404, { message: 'Label does not exist' });
    expect((await send({ kind: 'remove-labels', ...place, number: 3, labels: ['kind: bug'] })).kind).toBe('done');
  });

  test('a first comment is created without looking', async () => {
    github()
      .post('/repos/kokkos/kokkos/issues/3/comments', { body: `Hello\n\n${KEY}` })
      .reply(201, { id: 9 });
    expect(await send(sticky)).toEqual({ kind: 'done', effect: { kind: 'comment', id: 9 } });
  });

  test('a comment whose answer was lost is found by its key, on any page, and only among those of our own App', async () => {
    const strangers = Array.from({ length: 100 }, (_, n) => ({ id: n, body: KEY, performed_via_github_app: null }));
    github()
      .get('/repos/kokkos/kokkos/issues/3/comments?per_page=100')
      .reply(200, strangers, {
        link: `<${API}/repos/kokkos/kokkos/issues/3/comments?per_page=100&page=2>; rel="next"`,
      });
    github()
      .get('/repos/kokkos/kokkos/issues/3/comments?per_page=100&page=2')
      .reply(200, [
        { id: 500, body: KEY, performed_via_github_app: { id: 8 }, user: { login: 'other[bot]' } },
        { id: 501, body: `Hello\n\n${KEY}`, performed_via_github_app: { id: 77 } },
      ]);
    github().patch('/repos/kokkos/kokkos/issues/comments/501').reply(200, {});
    expect(await send(sticky, {}, true)).toEqual({ kind: 'done', effect: { kind: 'comment', id: 501 } });
  });

  test('the comment of an issue that was moved is found under a new number, by the key of where it was', async () => {
    const comment = { id: 9, gone: false, former: [{ repositoryId: 4, number: 8 }] };
    const list = '/repos/kokkos/kokkos/issues/3/comments?per_page=100';
    const old = '<!-- spokebot:sticky:4:8 -->';
    github().patch('/repos/kokkos/kokkos/issues/comments/9').reply(404, { message: 'Not Found' });
    github()
      .get(list)
      .times(2)
      .reply(200, [{ id: 77, body: `Hello\n\n${old}`, user: { login: 'spokebot[bot]' } }]);
    github()
      .patch('/repos/kokkos/kokkos/issues/comments/77', { body: `Hello\n\n${KEY}` })
      .reply(200, {});
    expect(await send(sticky, { comment })).toEqual({ kind: 'done', effect: { kind: 'comment', id: 77 } });
    github().patch('/repos/kokkos/kokkos/issues/comments/9').reply(404, { message: 'Not Found' });
    github().get(list).times(2).reply(200, []);
    expect(await send(sticky, { comment })).toEqual({ kind: 'done', effect: { kind: 'comment', id: null } });
  });

  test('a comment that a person deleted stays deleted', async () => {
    github().patch('/repos/kokkos/kokkos/issues/comments/9').reply(404, { message: 'Not Found' });
    expect(await send(sticky, { comment: { id: 9, gone: false } })).toEqual({
      kind: 'done',
      effect: { kind: 'comment', id: null },
    });
    expect(await send(sticky, { comment: { id: 9, gone: true } })).toEqual({ kind: 'done', effect: null });
  });

  test('a check run is created once and then changed by its stored id', async () => {
    github()
      .post(
        '/repos/kokkos/kokkos/check-runs',
        (body) => body.external_id === 'build-1' && body.head_sha === 'a'.repeat(40),
      )
      .reply(201, { id: 40 });
    expect(await send(check())).toEqual({ kind: 'done', effect: { kind: 'check-run', id: 40 } });
    github().patch('/repos/kokkos/kokkos/check-runs/40').reply(200, { id: 40 });
    expect(await send(check(), { checkRun: 40 })).toEqual({ kind: 'done', effect: { kind: 'check-run', id: 40 } });
  });

  test('a check run whose answer was lost is found by its external id', async () => {
    github()
      .get(`/repos/kokkos/kokkos/commits/${'a'.repeat(40)}/check-runs`)
      .query(true)
      .reply(200, {
        total_count: 2,
        check_runs: [
          { id: 1, external_id: 'other' },
          { id: 2, external_id: 'build-1' },
        ],
      });
    github().patch('/repos/kokkos/kokkos/check-runs/2').reply(200, { id: 2 });
    expect(await send(check(), {}, true)).toEqual({ kind: 'done', effect: { kind: 'check-run', id: 2 } });
  });

  test('120 annotations go out in three requests of at most 50', async () => {
    const sizes: number[] = [];
    const size = (body: { output: { annotations: unknown[] } }) => {
      sizes.push(body.output.annotations.length);
      return true;
    };
    github()
      .post('/repos/kokkos/kokkos/check-runs', size as never)
      .reply(201, { id: 40 });
    github()
      .patch('/repos/kokkos/kokkos/check-runs/40', size as never)
      .times(2)
      .reply(200, { id: 40 });
    await send(check(120));
    expect(sizes).toEqual([50, 50, 20]);
  });

  const existing = '/repos/kokkos/kokkos/check-runs/40/annotations?per_page=100';
  const lines = (list: { start_line: number }[]) => list.map((each) => each.start_line);

  test('a final request whose answer was lost is repeated without the annotations that arrived', async () => {
    github().get(existing).reply(200, content(3).output.annotations);
    github()
      .patch(
        '/repos/kokkos/kokkos/check-runs/40',
        (body) => body.conclusion === 'failure' && body.output.title === 'Broken' && !body.output.annotations.length,
      )
      .reply(200, { id: 40 });
    expect((await send(check(3), { checkRun: 40 }, true)).kind).toBe('done');
  });

  test('a second batch that failed goes out alone; what the first brought is read over pages', async () => {
    const all = content(120).output.annotations;
    github()
      .get(existing)
      .reply(200, all.slice(0, 40), { link: `<${API}${existing}&page=2>; rel="next"` });
    github().get(`${existing}&page=2`).reply(200, all.slice(40, 50));
    const batches: number[][] = [];
    github()
      .patch('/repos/kokkos/kokkos/check-runs/40', (body) => batches.push(lines(body.output.annotations)) > 0)
      .times(2)
      .reply(200, { id: 40 });
    await send(check(120), { checkRun: 40 }, true);
    expect(batches.map((each) => each.length)).toEqual([50, 20]);
    expect(batches.flat()).toEqual(lines(all.slice(50)));
  });

  test('a check that is run again adds only annotations that are new in path, line or message', async () => {
    const [one, two, three] = content(3).output.annotations as [object, object, object];
    github()
      .get(existing)
      .reply(200, [one, { ...two, message: 'another message' }, { ...three, path: 'core/src/b.hpp' }]);
    let sent: number[] = [];
    github()
      .patch('/repos/kokkos/kokkos/check-runs/40', (body) => {
        sent = lines(body.output.annotations);
        return true;
      })
      .reply(200, { id: 40 });
    await send(check(3), { checkRun: 40 });
    expect(sent).toEqual([2, 3]);
  });

  test('nothing is written when the time for it is over', async () => {
    const over = await send(check(), {}, false, AbortSignal.abort());
    expect(over.kind).toBe('later');
    const label = await send(addBug, { known: ['kind: bug'] }, false, AbortSignal.abort());
    expect(label.kind).toBe('later');
  });

  test('an answer that never comes is tried later', async () => {
    github().post('/repos/kokkos/kokkos/check-runs').replyWithError('socket hang up');
    expect(await send(check())).toMatchObject({ kind: 'later', seconds: null });
  });
});

describe('classifyFailure', () => {
  const failure = (status: number, headers: Record<string, string> = {}, message = 'x') => ({
    status,
    response: { headers, data: { message } },
  });
  test.each([
    ['502', failure(502), { kind: 'later', seconds: null }],
    ['401: the token may have run out', failure(401), { kind: 'later', seconds: null }],
    ['429 with Retry-After', failure(429, { 'retry-after': '600' }), { kind: 'later', seconds: 600 }],
    ['429 without', failure(429), { kind: 'later', seconds: 60 }],
    ['403 with Retry-After', failure(403, { 'retry-after': '30' }), { kind: 'later', seconds: 30 }],
    [
      '403 with a spent budget',
      failure(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW.getTime() / 1000 + 90) }),
      { kind: 'later', seconds: 90 },
    ],
    [
      'a spent budget, told by a clock two hours behind ours',
      failure(403, {
        date: new Date(NOW.getTime() - 7200_000).toUTCString(),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(NOW.getTime() / 1000 - 7200 + 90),
      }),
      { kind: 'later', seconds: 90 },
    ],
    [
      '403 secondary limit without a header',
      failure(403, {}, 'You have exceeded a secondary rate limit.'),
      { kind: 'later', seconds: 60 },
    ],
    [
      '403 for want of a permission',
      failure(403, { 'x-ratelimit-remaining': '4000' }, 'Resource not accessible by integration'),
      { kind: 'refused' },
    ],
    [
      '403 while the installation is suspended',
      failure(403, { 'x-ratelimit-remaining': '4000' }, 'This installation has been suspended'),
      { kind: 'later', seconds: 300 },
    ],
    ['404', failure(404), { kind: 'refused' }],
    ['422', failure(422), { kind: 'refused' }],
    ['no status', new Error('fetch failed'), { kind: 'later', seconds: null }],
  ])('%s', (_, error, expected) => {
    expect(classifyFailure(error, NOW)).toMatchObject(expected);
  });
});
