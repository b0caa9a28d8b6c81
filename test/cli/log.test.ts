import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/cli/log.js';

const FULL = '/dev/full';
const directory = mkdtempSync(path.join(tmpdir(), 'spokebot-log-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * Writes 100 MB to a full disk and prints how many bytes more are then held. In a process of its own: to collect what the tests of a whole
 * run have left behind takes seconds each time. What is free is collected in several goes, and its buffers are freed a little after.
 */
const MEASURE = `
  const { openLog } = await import(process.argv[1]);
  const { openSync } = await import('node:fs');
  const held = async () => {
    let least = Infinity;
    for (let same = 0; same < 5; ) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { heapUsed, external } = process.memoryUsage();
      same = heapUsed + external < least - 1e6 ? 0 : same + 1;
      least = Math.min(least, heapUsed + external);
    }
    return least;
  };
  const log = openLog('info', { process: 'test' }, openSync('${FULL}', 'w'));
  const line = 'x'.repeat(10_000);
  const before = await held();
  for (let i = 0; i < 10_000; i++) log.info(line);
  console.log((await held()) - before);
`;

(existsSync(FULL) ? describe : describe.skip)('a log on a full disk', () => {
  test('costs lines and not the process, and none of them is held', async () => {
    const program = pathToFileURL(path.resolve('dist/cli/log.js')).href;
    const args = ['--expose-gc', '--input-type=module', '--eval', MEASURE, program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toMatch(/^-?\d+\n$/);
    expect(Number(stdout)).toBeLessThan(30e6);
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
