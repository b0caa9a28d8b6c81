/** triage R6: a write goes to the issue that it was decided about, or nowhere. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { createSender } from '../../src/github/send.js';
import type { SendPorts } from '../../src/github/send-ports.js';
import type { Intent } from '../../src/outbox/intent.js';
import type { Sent } from '../../src/outbox/sent.js';
import { FakeGithub } from '../outbox/fake-github.js';

const API = 'https://api.github.test';
const NOW = new Date('2026-11-01T12:00:00Z');
const at = { repositoryId: 5, repository: 'octo/hypre', number: 3 };
const INTENTS: readonly Intent[] = [
  { kind: 'add-labels', ...at, labels: [{ name: 'kind: bug', color: 'ededed', description: '' }] },
  { kind: 'remove-labels', ...at, labels: ['kind: bug'] },
  { kind: 'assign', ...at, logins: ['octocat'] },
  { kind: 'unassign', ...at, logins: ['octocat'] },
  { kind: 'sticky-comment', ...at, body: 'Hello' },
  { kind: 'mention-comment', ...at, key: 'k', logins: ['octocat'], because: 'this is yours.' },
  { kind: 'react', ...at, commentId: 9, content: '+1' },
];

function send(
  intent: Intent,
  state: Partial<SendPorts['state']> = {},
  installations: number[] = [],
  client = new Octokit({ baseUrl: API, auth: 'token', log: { debug() {}, info() {}, warn() {}, error() {} } }),
): Promise<Sent> {
  const sender = createSender({
    client: async (id: number) => {
      installations.push(id);
      return client;
    },
    now: () => NOW,
    identity: () => ({ appId: 77, slug: 'spokebot' }),
    state: {
      comment: async () => ({ id: null, gone: false }),
      checkRun: async () => null,
      knownLabels: async () => ['kind: bug'],
      place: async () => null,
      tellable: async () => true,
      takenOff: async () => [],
      callable: async ({ logins }: { logins: readonly string[] }) => logins,
      ...state,
    },
  } as SendPorts);
  return sender({ installationId: 1, intent, maybeSent: false, createdAt: NOW, signal: new AbortController().signal });
}

describe('triage R6: a write', () => {
  beforeAll(() => nock.disableNetConnect());
  afterAll(() => nock.enableNetConnect());
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });
  const github = () => nock(API);
  const redirect = (place: string) =>
    github()
      .post('/repos/octo/hypre/issues/3/assignees')
      .reply(307, { message: 'Moved' }, { location: `${API}${place}/issues/3/assignees` });

  test.each(INTENTS)('about an issue that was transferred is dropped: $kind', async (intent) => {
    for (const status of [301, 302, 307, 308]) {
      const fake = new FakeGithub();
      fake.odd = ({ method, path }) => {
        const location = `${API}${path.replace('/repos/octo/hypre/issues', '/repositories/9/issues').replace('/3/', '/8/')}`;
        if (method !== 'GET' && path.startsWith('/repos/octo/hypre/'))
          return [status, { message: 'Moved Permanently' }, { location }];
        return [200, { id: 9, full_name: 'octo/other' }];
      };
      expect(await send(intent, {}, [], fake.client)).toMatchObject({ kind: 'dropped' });
      expect(fake.writes()).toHaveLength(1);
      expect(fake.writes()[0]!.path).toMatch(/^\/repos\/octo\/hypre\/issues\//);
    }
  });

  test('to another repository under the same number is dropped', async () => {
    redirect('/repositories/9');
    github().get('/repositories/9').reply(200, { id: 9, full_name: 'octo/other' });
    expect(await send(INTENTS[2]!)).toEqual({
      kind: 'dropped',
      why: '/repos/octo/hypre/issues/3/assignees is elsewhere; nothing is written there',
    });
  });

  test.each([
    ['by id', '/repositories/5'],
    ['by name', '/repos/octo/HYPRE2'],
  ])('to a repository that was renamed goes to its new name, told %s', async (_, place) => {
    redirect(place);
    github().get(place).reply(200, { id: 5, full_name: 'octo/HYPRE2' });
    github()
      .post('/repos/octo/HYPRE2/issues/3/assignees', { assignees: ['octocat'] })
      .reply(201, {});
    expect((await send(INTENTS[2]!)).kind).toBe('done');
  });

  test('goes to the name and the installation that the repository is known by now', async () => {
    const used: number[] = [];
    github().post('/repos/new/name/issues/3/assignees').reply(201, {});
    const place = async () => ({ fullName: 'new/name', installationId: 2 });
    expect((await send(INTENTS[2]!, { place }, used)).kind).toBe('done');
    expect(used).toEqual([2]);
  });

  test('to a name that another repository has taken is dropped', async () => {
    expect(await send(INTENTS[2]!, { place: async () => 'taken' })).toEqual({
      kind: 'dropped',
      why: 'octo/hypre is another repository by now',
    });
  });

  test('that is answered 404 or 410 is refused and goes nowhere else', async () => {
    for (const status of [404, 410]) {
      github().post('/repos/octo/hypre/issues/3/assignees').reply(status, { message: 'Gone' });
      expect((await send(INTENTS[2]!)).kind).toBe('refused');
    }
  });
});
