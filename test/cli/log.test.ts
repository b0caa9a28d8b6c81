import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/cli/log.js';

const FULL = '/dev/full';

describe('a log on a full disk', () => {
  (existsSync(FULL) ? test : test.skip)('costs lines and not the process, and holds only so many of them', () => {
    const fd = openSync(FULL, 'w');
    try {
      const log = openLog('info', { process: 'test' }, fd);
      const line = 'x'.repeat(10_000);
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 5000; i++) log.info(line);
      // 50 MB were written, and 1 MB of them is kept.
      expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
    } finally {
      closeSync(fd);
    }
  });
});
