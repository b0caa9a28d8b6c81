import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { createAvailability } from '../../src/github/availability.js';
import { createForge } from '../../src/github/forge.js';

const API = 'https://api.github.test';
const repo = { installationId: 1, repositoryId: 5, fullName: 'kokkos/kokkos' };
const busy = (is: boolean) => ({ status: { indicatesLimitedAvailability: is } });

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

function asking() {
  let now = 0;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const forge = createForge(new Octokit({ baseUrl: API, auth: 'token', log }));
  const limited = createAvailability({ forge: async () => forge, now: () => new Date(now) });
  return {
    ask: async (...logins: string[]) => [...(await limited(repo, logins))],
    elsewhere: async (...logins: string[]) => [...(await limited({ ...repo, installationId: 2 }, logins))],
    pass: (ms: number) => (now += ms),
  };
}

/** One answer, by login. */
function told(status: number, people: Record<string, unknown> | null): void {
  nock(API)
    .post('/graphql')
    .reply(status, (_, body) => {
      const { variables } = body as { variables: Record<string, string> };
      const data = Object.fromEntries(
        Object.entries(variables).map(([l, login]) => [`u${l.slice(1)}`, people?.[login]]),
      );
      return people === null ? { errors: [{ message: 'no' }] } : { data, errors: [{ message: 'somebody is gone' }] };
    });
}

test('whose status says so, without case; each is asked for once an hour, all that are new at once', async () => {
  const { ask, pass } = asking();
  told(200, { octocat: busy(true), hubot: busy(false), mona: { status: null }, ghost: null });
  expect(await ask('OctoCat', 'hubot', 'mona', 'ghost')).toEqual(['octocat']);
  // No request is allowed here.
  expect([await ask('octocat'), await ask('HUBOT', 'ghost')]).toEqual([['octocat'], []]);
  told(200, { defunkt: busy(true) });
  expect(await ask('octocat', 'defunkt')).toEqual(['octocat', 'defunkt']);
  pass(3_600_000);
  told(200, { octocat: busy(false) });
  expect(await ask('octocat')).toEqual([]);
});

test('a status that one installation may see, as one for the members of its organisation, is no other one’s to know', async () => {
  const { ask, elsewhere } = asking();
  told(200, { octocat: busy(true) });
  expect(await ask('octocat')).toEqual(['octocat']);
  told(200, { octocat: { status: null } });
  expect(await elsewhere('octocat')).toEqual([]);
  expect([await ask('octocat'), await elsewhere('octocat')]).toEqual([['octocat'], []]);
});

test.each<[string, number, Record<string, unknown> | null]>([
  ['no GraphQL', 404, {}],
  ['no permission', 403, {}],
  ['trouble', 502, {}],
  ['an error alone', 200, null],
])('with %s nobody is, and nobody is asked for again at once', async (_, status, people) => {
  const { ask } = asking();
  told(status, people);
  expect(await ask('octocat')).toEqual([]);
  expect(await ask('octocat')).toEqual([]);
});
