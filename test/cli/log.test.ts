import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/cli/log.js';

const FULL = '/dev/full';
const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-log-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Bytes that are still referred to. What is none is collected in several goes, and its buffers are freed a little after. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Number.POSITIVE_INFINITY;
  for (let same = 0; same < 5; ) {
    collect();
    await setTimeout(50);
    const { heapUsed, external } = process.memoryUsage();
    same = heapUsed + external < least - 1e6 ? 0 : same + 1;
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

(existsSync(FULL) ? describe : describe.skip)('a log on a full disk', () => {
  test('costs lines and not the process, and none of them is held', async () => {
    const fd = openSync(FULL, 'w');
    try {
      const log = openLog('info', { process: 'test' }, fd);
      const line = 'x'.repeat(10_000);
      const before = await heldBytes();
      for (let i = 0; i < 10_000; i++) log.info(line);
      // 100 MB were written, and none of them is kept.
      expect((await heldBytes()) - before).toBeLessThan(30e6);
    } finally {
      closeSync(fd);
    }
  });

  test('goes on when there is room again', () => {
    const fd = openSync(FULL, 'w');
    const log = openLog('info', { process: 'test' }, fd);
    for (let i = 0; i < 5000; i++) log.info('x'.repeat(1000));
    closeSync(fd);
    // The number that was closed last is given again.
    const file = path.join(directory, 'after');
    expect(openSync(file, 'w')).toBe(fd);
    for (let i = 0; i < 100; i++) log.info(`line ${i}`);
    const text = readFileSync(file, 'utf8');
    closeSync(fd);
    const messages = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    expect(messages).toEqual(Array.from({ length: 100 }, (_, i) => `line ${i}`));
  });

  test('waits for a reader that is slow, and leaves a line out for one that never reads', async () => {
    const fifo = path.join(directory, 'pipe');
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    const log = openLog('info', { process: 'test' }, fd);
    // More than a pipe holds.
    for (let i = 0; i < 2; i++) log.info('x'.repeat(60_000));
    const buffer = Buffer.alloc(200_000);
    let seen = '';
    for (let n = readSync(reader, buffer); n > 0; n = tryRead(reader, buffer)) seen += buffer.toString('utf8', 0, n);
    expect(JSON.parse(seen.split('\n')[0]!).msg).toHaveLength(60_000);
    log.info('after');
    expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toContain('"msg":"after"');
    closeSync(fd);
    closeSync(reader);
  });
});

function tryRead(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch {
    return 0;
  }
}
