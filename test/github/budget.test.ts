/** What an installation's client does with GitHub's budget and with ETags; the requests are Octokit's own. */

import { beforeEach, describe, expect, test } from '@jest/globals';
import { Octokit } from '@octokit/rest';
import { keepBudget, secondsAsked } from '../../src/github/budget.js';
import { askConditionally } from '../../src/github/conditional.js';
import { createForge } from '../../src/github/forge.js';

const now = new Date('2026-11-01T12:00:00Z');
type Answer = readonly [status: number, body: object | null, headers?: Record<string, string>];

let asked: { path: string; etag: string | null }[];
let told: object[];
let pauses: number[];
let room: number | null;
let answer: (path: string, etag: string | null) => Answer;

beforeEach(() => {
  asked = [];
  told = [];
  pauses = [];
  room = null;
  answer = () => [200, {}];
});

function client(): Octokit {
  const made = new Octokit({
    baseUrl: 'https://api.github.test',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: {
      fetch: async (url: string, init: RequestInit) => {
        const path = new URL(url).pathname;
        const etag = new Headers(init.headers).get('if-none-match');
        asked.push({ path, etag });
        const [status, body, headers] = answer(path, etag);
        return new Response(body === null ? null : JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json', ...headers },
        });
      },
    },
  });
  askConditionally(made, 7, new Map());
  keepBudget(
    made,
    7,
    {
      told: (id, each) => void told.push({ id, ...each }),
      asked: (_, seconds) => void pauses.push(seconds),
      room: async () => room,
    },
    () => now,
  );
  return made;
}

describe("an installation's budget", () => {
  test('is learnt from every answer, by the clock of the answer, refusals among them', async () => {
    const date = new Date(now.getTime() - 3600_000).toUTCString();
    const reset = String(now.getTime() / 1000 - 3600 + 120);
    const headers = { date, 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4321', 'x-ratelimit-reset': reset };
    answer = (path) => (path.endsWith('/gone') ? [404, {}, headers] : [200, {}, headers]);
    const octokit = client();
    await octokit.request('GET /repos/{owner}/{repo}', { owner: 'o', repo: 'r' });
    await octokit.request('GET /gone').catch(() => {});
    const expected = { id: 7, most: 5000, left: 4321, resetAt: new Date(now.getTime() + 120_000) };
    expect(told).toEqual([expected, expected]);
    // Another resource has a budget of its own.
    answer = () => [200, {}, { ...headers, 'x-ratelimit-resource': 'search' }];
    await octokit.request('GET /search/issues', { q: 'x' });
    expect(told).toHaveLength(2);
  });

  test.each<[string, Answer, number | null]>([
    ['Retry-After', [403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '600' }], 600],
    ['429 without a word', [429, { message: 'Too many' }], 60],
    [
      'a window that is used up',
      [
        403,
        { message: 'API rate limit exceeded' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now.getTime() / 1000 + 33) },
      ],
      33,
    ],
    ['a permission that is missing', [403, { message: 'Resource not accessible by integration' }], null],
    ['a server in trouble', [502, { message: 'Bad gateway' }], null],
  ])('a pause is asked for by %s', async (_, odd, seconds) => {
    answer = () => odd;
    const error = await client()
      .request('GET /anything')
      .catch((each: unknown) => each);
    expect(pauses).toEqual(seconds === null ? [] : [seconds]);
    expect(secondsAsked(new AggregateError([new Error('another'), error]), now)).toBe(seconds);
  });

  test('a refusal for want of budget is never read as "there is no such file"', async () => {
    answer = () => [403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '5' }];
    await expect(createForge(client()).file('o/r', '.github/spokebot.yml')).rejects.toMatchObject({ status: 429 });
    answer = () => [403, { message: 'Resource not accessible by integration' }];
    expect(await createForge(client()).file('o/r', '.github/spokebot.yml')).toBeNull();
  });

  test('nothing is asked while there is no room, and who wanted to knows how long to wait', async () => {
    room = 42;
    const error = await client()
      .request('GET /anything')
      .catch((each: unknown) => each);
    expect(asked).toEqual([]);
    expect(secondsAsked(error, now)).toBe(42);
  });
});

describe('files of configuration', () => {
  const file = (text: string) => ({ type: 'file', content: Buffer.from(text).toString('base64') });

  test('are asked for with the ETag of the last answer, and one that did not change is the last one', async () => {
    let text = 'one';
    answer = (_, etag) => (etag === `"${text}"` ? [304, null] : [200, file(text), { etag: `"${text}"` }]);
    const forge = createForge(client());
    const read = () => forge.file('LLNL/zfp', '.github/spokebot.yml');
    expect([await read(), await read()]).toEqual(['one', 'one']);
    text = 'two';
    expect([await read(), await read()]).toEqual(['two', 'two']);
    expect(asked.map(({ etag }) => etag)).toEqual([null, '"one"', '"one"', '"two"']);
  });

  test('at a commit are asked for plainly, and other requests too', async () => {
    answer = () => [200, file('one'), { etag: '"one"' }];
    const octokit = client();
    for (let n = 0; n < 2; n++) {
      await createForge(octokit).file('LLNL/zfp', 'package.py', 'abc');
      await octokit.request('GET /repos/{owner}/{repo}', { owner: 'LLNL', repo: 'zfp' });
    }
    expect(asked.map(({ etag }) => etag)).toEqual([null, null, null, null]);
  });
});
