import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { and, eq } from 'drizzle-orm';
import { attempts, builds } from '../../src/store/schema.js';
import { createLogStore } from '../../src/web/log/log-store.js';
import { followLog, type LogEvent } from '../../src/web/log/stream.js';
import { openWeb, type TestWeb } from './open-web.js';
import { addAttempt, addBuild, addLog, addRepository, failed, NOW, PASSED } from './rows.js';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.empty();
  await addRepository(web.db, { id: 1, fullName: 'kokkos/kokkos' });
  await addBuild(web.db, { id: 'build', state: 'running' });
  await addAttempt(web.db, { buildId: 'build', state: 'running' });
});

interface Event {
  readonly event: string;
  readonly id: string | null;
  readonly data: { from: number; lines: string[]; errors: number[]; to: number; word: string; phase: string };
}

/** Reads events one by one as a browser does; `leave` hangs up. */
async function listen(address: string, headers: Record<string, string> = {}) {
  const answer = await web.app().request(address, { headers });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    async next(): Promise<Event | null> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) return null;
          text += decoder.decode(value, { stream: true });
          continue;
        }
        const fields = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        text = text.slice(end + 2);
        if (fields.has('event'))
          return { event: fields.get('event')!, id: fields.get('id') ?? null, data: JSON.parse(fields.get('data')!) };
      }
    },
    async until(kind: string): Promise<Event> {
      for (;;) {
        const event = await this.next();
        if (event === null) throw new Error(`the stream ended before "${kind}"`);
        if (event.event === kind) return event;
      }
    },
    leave: () => reader.cancel(),
  };
}

async function finish(end = PASSED): Promise<void> {
  await web.db
    .update(attempts)
    .set({ state: 'finished', finishedAt: NOW })
    .where(and(eq(attempts.buildId, 'build'), eq(attempts.attempt, 1)));
  await web.db.update(builds).set({ state: 'completed', completedAt: NOW, end }).where(eq(builds.id, 'build'));
}

describe('the live log', () => {
  test('tells the state, then lines as they come, then the end with the verdict', async () => {
    await addLog(web.db, 'build', [[2, 'one\ntwo\nthr']]);
    const stream = await listen('/builds/build/log/stream');
    expect((await stream.next())!.data).toMatchObject({ word: 'running', phase: 'kokkos: build', over: false });
    expect(await stream.until('lines')).toMatchObject({
      id: '2',
      data: { from: 1, lines: ['one', 'two'], errors: [] },
    });
    await addLog(web.db, 'build', [[5, 'ee\nx.c:1: error: no\n']]);
    expect(await stream.until('lines')).toMatchObject({
      id: '5',
      data: { from: 3, lines: ['three', 'x.c:1: error: no'], errors: [4] },
    });
    await addLog(web.db, 'build', [[6, 'without a break at its end']]);
    await finish(failed());
    expect((await stream.until('lines')).data).toMatchObject({ from: 5, lines: ['without a break at its end'] });
    expect((await stream.until('end')).data).toEqual({
      lines: 5,
      word: 'failed',
      tone: 'bad',
      title: 'kokkos fails to compile: core/src/Kokkos_View.hpp:120',
    });
    expect(await stream.next()).toBeNull();
  });

  test('goes on after the chunk that a browser names when it comes back', async () => {
    await addLog(web.db, 'build', [
      [2, 'one\ntwo\nthr'],
      [3, 'ee\nfour\n'],
      [7, 'five\n'],
    ]);
    await finish();
    const stream = await listen('/builds/build/log/stream?after=0', { 'last-event-id': '2' });
    const { id, data } = await stream.until('lines');
    expect([id, data.from, data.lines]).toEqual(['7', 3, ['three', 'four', 'five']]);
    await stream.until('end');
    const whole = await listen('/builds/build/log/stream?after=7');
    expect((await whole.next())!.event).toBe('state');
    expect((await whole.next())!.event).toBe('end');
  });

  test('numbers stay right when a chunk overtakes the one before it', async () => {
    const store = createLogStore(web.db);
    await addLog(web.db, 'build', [[4, 'second\n']]);
    let looks = 0;
    const told: LogEvent[] = [];
    const events = followLog('build', 1, 0, {
      store,
      state: async () => ({ word: 'running', tone: 'run', title: '', phase: null, phases: [], over: false }),
      isError: () => false,
      gone: () => looks >= 3,
      // The late one arrives between the first look, which holds the newest back, and the second.
      pause: async () => {
        looks++;
        if (looks === 1) await addLog(web.db, 'build', [[2, 'first\n']]);
      },
    });
    for await (const event of events) told.push(event);
    expect(told.filter((event) => event.kind === 'lines')).toEqual([
      { kind: 'lines', id: 4, data: { from: 1, lines: ['first', 'second'], errors: [] } },
    ]);
  });

  test('who is far behind gets the end of the log and is told so', async () => {
    await addLog(
      web.db,
      'build',
      Array.from({ length: 40 }, (_, index) => [index + 1, `line ${index}\n`.repeat(200)]),
    );
    await finish();
    const stream = await listen('/builds/build/log/stream');
    expect((await stream.until('skipped')).data.to).toBe(3001);
    let last = 3000;
    for (;;) {
      const event = (await stream.next())!;
      if (event.event === 'end') break;
      expect(event.data.from).toBe(last + 1);
      expect(event.data.lines.length).toBeLessThanOrEqual(400);
      last += event.data.lines.length;
    }
    expect(last).toBe(8000);
  });

  test('a browser that comes back in the middle of a large chunk gets no line twice under another number', async () => {
    const text = Array.from({ length: 1000 }, (_, index) => `${index + 1}`).join('\n');
    await addLog(web.db, 'build', [
      [1, 'zero\n'],
      [2, `${text}\n`],
    ]);
    await finish();
    const stream = await listen('/builds/build/log/stream');
    const first = await stream.until('lines');
    expect([first.id, first.data.lines.length]).toEqual(['1', 400]);
    await stream.leave();
    const again = await listen('/builds/build/log/stream', { 'last-event-id': first.id! });
    expect((await again.until('lines')).data).toMatchObject({ from: 2 });
    await again.leave();
  });

  test('leaving ends the stream for the server too', async () => {
    const stream = await listen('/builds/build/log/stream');
    await stream.next();
    expect(await web.metrics.text()).toContain('spokebot_log_streams 1');
    await stream.leave();
    while (!(await web.metrics.text()).includes('spokebot_log_streams 0')) await new Promise(setImmediate);
  });

  test('a HEAD request and an unknown build open no stream', async () => {
    const head = await web.app().request('/builds/build/log/stream', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect((await web.get('/builds/other/log/stream')).status).toBe(404);
    expect((await web.get('/builds/build/log/stream?attempt=2')).status).toBe(404);
  });
});

describe('the pages of a log', () => {
  const line = (number: number) => `line ${number}${number % 1500 === 0 ? ': error: odd' : ''}`;

  test('a long log is shown in pages, errors first, each line with its own address', async () => {
    const text = Array.from({ length: 4500 }, (_, index) => line(index + 1)).join('\n');
    await addLog(
      web.db,
      'build',
      Array.from({ length: Math.ceil(text.length / 5000) }, (_, index) => [
        index + 1,
        text.slice(index * 5000, index * 5000 + 5000),
      ]),
    );
    await finish();
    const first = (await web.get('/builds/build/log')).text;
    expect(first).toContain('id="L1" class="l"');
    expect(first).toContain('id="L2000"');
    expect(first).not.toContain('id="L2001"');
    expect(first).toContain('3 lines look like an error');
    expect(first).toContain('<a href="#L1500"><span class="no">1500</span>');
    expect(first).toContain('href="/builds/build/log?attempt=1&amp;line=3000#L3000"');
    expect(first.indexOf('line=3000')).toBeLessThan(first.indexOf('id="L1"'));
    const third = (await web.get('/builds/build/log?attempt=1&line=4321')).text;
    expect(third).toContain('4,001–4,500 of 4,500');
    expect(third).toContain('id="L4500" class="l err"');
    expect(third).not.toContain('data-stream');
    expect((await web.get('/builds/build/log?line=99999999')).text).toContain('id="L4500"');
  });

  test('the last page of a log that grows goes on live, without its unfinished line', async () => {
    await addLog(web.db, 'build', [
      [3, 'one\ntwo\n'],
      [9, 'half'],
    ]);
    const { text } = await web.get('/builds/build/log');
    expect(text).toContain('data-stream="/builds/build/log/stream?attempt=1&amp;after=9"');
    expect(text).toContain('id="L2"');
    expect(text).not.toContain('id="L3"');
    expect(text).toContain('<noscript><meta http-equiv="refresh" content="15"></noscript>');
  });

  test('the plain text has all of it, without terminal codes', async () => {
    await addLog(web.db, 'build', [
      [1, '\u001b[32mgreen\u001b[0m\nhal'],
      [2, 'f\nno break'],
    ]);
    const { text, headers } = await web.get('/builds/build/log.txt');
    expect(text).toBe('green\nhalf\nno break\n');
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test('a plain text of ten megabytes is sent in pieces', async () => {
    const chunk = `${'x'.repeat(99)}\n`.repeat(500);
    await addLog(
      web.db,
      'build',
      Array.from({ length: 200 }, (_, index) => [index + 1, chunk]),
    );
    const answer = await web.app().request('/builds/build/log.txt');
    const reader = answer.body!.getReader();
    let size = 0;
    let largest = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      largest = Math.max(largest, value.length);
    }
    expect(size).toBe(10_000_000);
    expect(largest).toBeLessThan(200_000);
  });

  test('a bounded number of searches goes on at a time; the others are told to come again, and are let in when there is room', async () => {
    await addLog(
      web.db,
      'build',
      Array.from({ length: 200 }, (_, n): [number, string] => [n + 1, `line ${n} of the build\n`]),
    );
    const app = web.app();
    const ask = async () => app.request('/builds/build/log?q=nothing');
    const answers = await Promise.all(Array.from({ length: 25 }, ask));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(20).fill(200), ...Array(5).fill(503)]);
    const refused = answers.find(({ status }) => status === 503)!;
    expect([refused.headers.get('retry-after'), await refused.text()]).toEqual([
      '30',
      expect.stringContaining('Too many logs are being searched'),
    ]);
    expect((await ask()).status).toBe(200);
  });

  test('whoever leaves is not searched for any longer', async () => {
    await addLog(
      web.db,
      'build',
      Array.from({ length: 100 }, (_, n): [number, string] => [n + 1, `line ${n}\n`]),
    );
    const store = createLogStore(web.db);
    const left = AbortSignal.abort();
    expect(await store.search('build', 1, 'line', 9, left)).toEqual({ lines: [], cut: true });
    expect((await store.search('build', 1, 'line', 9)).lines).toHaveLength(9);
  });

  test.each([
    '/builds/%00',
    '/builds/a%00b/log',
    '/builds/%00/log.txt',
    '/builds/%00/log/stream',
    '/api/v1/builds/%00',
  ])('%s is no build, and no line in the log of the hub', async (path) => {
    expect((await web.get(path)).status).toBe(404);
    expect(web.logged).toEqual([]);
  });

  test('a recorded run says so on every page of it and in the text', async () => {
    await web.db.update(attempts).set({ recorded: true }).where(eq(attempts.buildId, 'build'));
    await addLog(web.db, 'build', [[1, 'played\n']]);
    for (const path of ['/builds/build', '/builds/build/log', '/builds/build/log.txt', '/', '/pulls/kokkos/kokkos/7'])
      expect([path, (await web.get(path)).text.toLowerCase().includes('recorded run')]).toEqual([path, true]);
    expect((await web.json('/api/v1/builds/build')).body.recorded).toBe(true);
  });

  test('each attempt has its own log', async () => {
    await finish();
    await addAttempt(web.db, { buildId: 'build', attempt: 2, state: 'running', logBytes: 8 });
    await web.db.update(attempts).set({ logBytes: 9 }).where(eq(attempts.attempt, 1));
    await addLog(web.db, 'build', [[1, 'of one\n']], 1);
    await addLog(web.db, 'build', [[1, 'of two\n']], 2);
    const newest = (await web.get('/builds/build/log')).text;
    expect(newest).toContain('of two');
    expect(newest).toContain('href="/builds/build/log?attempt=1"');
    expect((await web.get('/builds/build/log?attempt=1')).text).toContain('of one');
    expect((await web.get('/builds/build/log?attempt=3')).status).toBe(404);
  });

  test('says where the hub stopped keeping it', async () => {
    await addLog(web.db, 'build', [[1, 'all that is kept\n']]);
    await finish();
    await web.db.update(attempts).set({ logBytes: 70_000_000 }).where(eq(attempts.buildId, 'build'));
    expect((await web.get('/builds/build/log')).text).toContain('More was written than the hub keeps');
  });
});
