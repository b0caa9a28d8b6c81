import { expect, test } from '@jest/globals';
import type { AttemptHeader, BuildMessage } from '../../src/protocol.js';
import { readBuild } from '../../src/workers/read-build.js';
import { buildMessage } from './build-worker/build-messages.js';

async function read(raw: unknown) {
  const built: BuildMessage[] = [];
  const unread: [AttemptHeader, string][] = [];
  const logged: object[] = [];
  const on = {
    onBuild: async (message: BuildMessage) => void built.push(message),
    onControl: () => {},
    onUnread: async (header: AttemptHeader, problem: string) => void unread.push([header, problem]),
  };
  await readBuild(raw, on, { error: (fields) => void logged.push(fields) });
  return { built, unread, logged };
}

test('a build message goes to who builds', async () => {
  const message = buildMessage('b1');
  expect(await read(message)).toEqual({ built: [message], unread: [], logged: [] });
});

test('one whose plan is not understood is told about, with what it is', async () => {
  const { built, unread, logged } = await read({
    ...buildMessage('b1'),
    plan: { ...buildMessage('b1').plan, limits: {} },
  });
  expect(built).toEqual([]);
  expect(unread).toEqual([
    [{ v: 1, buildId: 'b1', attempt: 1, token: 'token-b1-1' }, expect.stringMatching(/^plan\.limits\.seconds: /)],
  ]);
  expect(logged).toHaveLength(1);
});

test.each([null, 'text', {}, { v: 2, buildId: 'b1', attempt: 1, token: 't' }])('%j can only be logged', async (raw) => {
  const { built, unread, logged } = await read(raw);
  expect([built, unread]).toEqual([[], []]);
  expect(logged).toHaveLength(1);
});
