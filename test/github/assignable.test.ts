import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { createAssignable } from '../../src/github/assignable.js';
import { createForge } from '../../src/github/forge.js';

const API = 'https://api.github.test';
const LIST = '/repos/kokkos/kokkos/assignees';
const repo = { installationId: 1, repositoryId: 5, fullName: 'kokkos/kokkos' };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

function asking() {
  let now = 0;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const forge = createForge(new Octokit({ baseUrl: API, auth: 'token', log }));
  const assignable = createAssignable({ forge: async () => forge, now: () => new Date(now) });
  return { ask: (login: string) => assignable(repo, login), pass: (ms: number) => (now += ms) };
}

test('who is on the list can be, without case, and the list is read once a day', async () => {
  const { ask, pass } = asking();
  nock(API)
    .get(LIST)
    .query({ per_page: 100 })
    .reply(200, [{ login: 'OctoCat' }]);
  expect([await ask('octocat'), await ask('hubot'), await ask('OCTOCAT')]).toEqual([true, false, true]);
  pass(24 * 3600 * 1000);
  nock(API)
    .get(LIST)
    .query({ per_page: 100 })
    .reply(200, [{ login: 'hubot' }]);
  expect([await ask('octocat'), await ask('hubot')]).toEqual([false, true]);
});

test.each([
  ['no such list', 404, { message: 'Not Found' }],
  ['no permission', 403, { message: 'Forbidden' }],
  ['trouble', 500, {}],
  ['nobody on it', 200, []],
])('%s: everybody is tried, and it is asked again after ten minutes', async (_, status, body) => {
  const { ask, pass } = asking();
  nock(API).get(LIST).query(true).reply(status, body);
  expect([await ask('octocat'), await ask('hubot')]).toEqual([true, true]);
  pass(10 * 60 * 1000);
  nock(API)
    .get(LIST)
    .query(true)
    .reply(200, [{ login: 'octocat' }]);
  expect([await ask('octocat'), await ask('hubot')]).toEqual([true, false]);
});

test('a list of more than three pages says nothing about who is not on it', async () => {
  const { ask } = asking();
  for (let page = 1; page <= 4; page++)
    nock(API)
      .get(LIST)
      .query((query) => (query.page ?? '1') === String(page))
      .reply(200, [{ login: `person${page}` }], { link: `<${API}${LIST}?per_page=100&page=${page + 1}>; rel="next"` });
  expect(await ask('octocat')).toBe(true);
});
