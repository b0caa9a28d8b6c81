/** How a transfer answers to one odd response; the whole way is tested against the sandbox GitHub. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { moveIssue } from '../../src/github/move-issue.js';
import type { Intent } from '../../src/outbox/intent.js';

const NOW = new Date('2026-11-01T12:00:00Z');
const HERE = '/repos/octo/from/issues/3';
const source = { repositoryId: 5, repository: 'octo/from', number: 3 };
const to = { installationId: 1, repositoryId: 6, repository: 'octo/to' };
const transfer = { kind: 'transfer', ...source, to, by: 'lead', routing: null } satisfies Intent;
const link = {
  kind: 'link-issue',
  ...source,
  to: { ...to, installationId: 9 },
  by: 'lead',
  title: 'It fails',
  body: 'A link.',
  routing: { product: null, outside: null, spoke: 'math', cc: [], by: 'lead' },
  issueKind: null,
} satisfies Intent;

const issue = (repository: string, number: number, labels: string[] = []) => ({
  number,
  node_id: `I_${number}`,
  repository_url: `https://api.github.test/repos/${repository}`,
  labels: labels.map((name) => ({ name })),
});
const target = { id: 6, node_id: 'R_6', full_name: 'octo/to', private: false, has_issues: true };

function send(
  intent: typeof transfer | typeof link,
  { base = 'https://api.github.test', maybeSent = false, createdAt = NOW } = {},
) {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const client = new Octokit({ baseUrl: base, auth: 'token', log });
  const ports = { client: async () => client, now: () => NOW, identity: () => ({ appId: 77, slug: 'spokebot' }) };
  const { signal } = new AbortController();
  return moveIssue({ installationId: 1, intent, maybeSent, createdAt, signal }, ports);
}

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => nock.enableNetConnect());

const github = () => nock('https://api.github.test');
const looked = (change: object = {}) =>
  github()
    .get(HERE)
    .reply(200, issue('octo/from', 3, ['a', 'b']))
    .get('/repos/octo/to')
    .reply(200, { ...target, ...change });
const moved = (after: string[]) => ({
  kind: 'moved',
  to: { repositoryId: 6, repository: 'octo/to', number: 8 },
  private: false,
  before: ['a', 'b'],
  after,
});

describe('a transfer', () => {
  test('makes no labels, and tells of those before and after', async () => {
    looked();
    github()
      .post('/graphql', (body) => {
        expect(body.variables).toEqual({
          input: { issueId: 'I_3', repositoryId: 'R_6', createLabelsIfMissing: false },
        });
        return true;
      })
      .reply(200, { data: { transferIssue: { issue: { number: 8 } } } })
      .get('/repos/octo/to/issues/8')
      .reply(200, issue('octo/to', 8, ['a']));
    expect(await send(transfer)).toEqual({ kind: 'done', effect: moved(['a']) });
  });

  test('that was made before is found where GitHub redirects to, and not made again', async () => {
    github()
      .get(HERE)
      .reply(301, {}, { location: 'https://api.github.test/repositories/6/issues/8' })
      .get('/repositories/6/issues/8')
      .reply(200, issue('octo/to', 8, ['a']))
      .get('/repos/octo/to')
      .reply(200, target);
    expect(await send(transfer, { maybeSent: true })).toEqual({
      kind: 'done',
      effect: { ...moved(['a']), before: null },
    });
  });

  test('triage R6: goes out of a repository that was only renamed, and never of another one of its old name', async () => {
    github()
      .get(HERE)
      .reply(200, issue('octo/renamed', 3))
      .get('/repos/octo/renamed')
      .reply(200, { ...target, id: 5, full_name: 'octo/renamed' })
      .get('/repos/octo/to')
      .reply(200, { ...target, id: 66 });
    expect(await send(transfer)).toEqual({
      kind: 'done',
      effect: { kind: 'not-moved', why: 'octo/to is another repository now' },
    });
  });

  test.each([
    ['octo/to is private', { private: true }],
    ['octo/to takes no issues', { has_issues: false }],
  ])('is not asked for when %s by now', async (why, change) => {
    looked(change);
    expect(await send(transfer)).toEqual({ kind: 'done', effect: { kind: 'not-moved', why } });
  });

  test.each([
    ['FORBIDDEN', 'Resource not accessible by integration', 'not-moved'],
    ['UNPROCESSABLE', 'Issues are disabled', 'not-moved'],
    ['RATE_LIMITED', 'API rate limit exceeded', 'later'],
    [undefined, 'Something went wrong while executing your query', 'later'],
  ])('answered with %s: %s is %s', async (type, message, outcome) => {
    looked();
    github()
      .post('/graphql')
      .reply(200, { data: null, errors: [{ type, message }] })
      .get(HERE)
      .reply(200, issue('octo/from', 3));
    const sent = await send(transfer);
    if (outcome === 'later') expect(sent).toMatchObject({ kind: 'later' });
    else expect(sent).toEqual({ kind: 'done', effect: { kind: 'not-moved', why: message } });
  });

  test('that somebody else made between two requests is found', async () => {
    looked();
    github()
      .post('/graphql')
      .reply(200, { data: null, errors: [{ type: 'NOT_FOUND', message: 'no such node' }] })
      .get(HERE)
      .reply(200, issue('octo/else', 2))
      .get('/repos/octo/else')
      .reply(200, { ...target, id: 12, full_name: 'octo/else' });
    expect(await send(transfer)).toMatchObject({
      kind: 'done',
      effect: { kind: 'moved', to: { repositoryId: 12, repository: 'octo/else', number: 2 } },
    });
  });

  test('goes beside the REST API on GitHub Enterprise', async () => {
    const enterprise = nock('https://ghe.test');
    enterprise
      .get(`/api/v3${HERE}`)
      .reply(200, { ...issue('octo/from', 3), repository_url: 'https://ghe.test/api/v3/repos/octo/from' })
      .get('/api/v3/repos/octo/to')
      .reply(200, target)
      .post('/api/graphql')
      .reply(200, { data: { transferIssue: { issue: { number: 8 } } } })
      .get('/api/v3/repos/octo/to/issues/8')
      .reply(200, { ...issue('octo/to', 8), repository_url: 'https://ghe.test/api/v3/repos/octo/to' });
    expect(await send(transfer, { base: 'https://ghe.test/api/v3' })).toMatchObject({ effect: { kind: 'moved' } });
  });

  test('of an issue that is gone is told, and one without an answer is tried again', async () => {
    github().get(HERE).reply(404, { message: 'Not Found' });
    expect(await send(transfer)).toMatchObject({ kind: 'done', effect: { kind: 'not-moved', why: '404: Not Found' } });
    github().get(HERE).replyWithError('reset');
    expect(await send(transfer)).toMatchObject({ kind: 'later' });
  });

  test('is given up after a day, so that whoever asked for it hears of it', async () => {
    github().get(HERE).reply(502, { message: 'Bad gateway' });
    const createdAt = new Date(NOW.getTime() - 25 * 3600_000);
    expect(await send(transfer, { createdAt })).toMatchObject({
      kind: 'done',
      effect: { kind: 'not-moved', why: '502: Bad gateway' },
    });
  });
});

describe('an issue that points to another one', () => {
  const key = '<!-- spokebot:pointer:5:3 -->';
  const into = (change: object = {}) =>
    github()
      .get('/repos/octo/to')
      .reply(200, { ...target, ...change });

  test.each([
    ['octo/to is another repository now', { id: 66 }],
    ['octo/to is private', { private: true }],
    ['octo/to takes no issues', { has_issues: false }],
  ])('triage R6: is not made when %s', async (why, change) => {
    into(change);
    expect(await send(link)).toEqual({ kind: 'done', effect: { kind: 'not-moved', why } });
  });

  test('holds what it is given and its key', async () => {
    into()
      .post('/repos/octo/to/issues', { title: 'It fails', body: `A link.\n\n${key}` })
      .reply(201, { number: 4 });
    expect(await send(link)).toEqual({ kind: 'done', effect: { kind: 'linked', number: 4 } });
  });

  test('whose answer was lost is found; what others wrote with the same key is not ours', async () => {
    const listed = (login: string) => [{ number: 4, body: `A link.\n\n${key}`, user: { login } }];
    const path = (url: string) => url.startsWith('/repos/octo/to/issues?');
    github().get(path).reply(200, listed('spokebot[bot]'));
    expect(await send(link, { maybeSent: true })).toEqual({ kind: 'done', effect: { kind: 'linked', number: 4 } });
    github().get(path).reply(200, listed('mona'));
    into().post('/repos/octo/to/issues').reply(201, { number: 5 });
    expect(await send(link, { maybeSent: true })).toEqual({ kind: 'done', effect: { kind: 'linked', number: 5 } });
  });

  test('that GitHub refuses is told', async () => {
    into().post('/repos/octo/to/issues').reply(410, { message: 'Issues are disabled for this repo' });
    expect(await send(link)).toMatchObject({
      effect: { kind: 'not-moved', why: '410: Issues are disabled for this repo' },
    });
  });
});
