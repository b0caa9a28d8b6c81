import { expect, test } from '@jest/globals';
import { sparingly } from '../../src/intake/sparing-log.js';

test('one line for each message and minute, and how many were left out', () => {
  const lines: [object, string][] = [];
  let now = 0;
  const tell = sparingly(
    (fields, message) => lines.push([fields, message]),
    () => now,
  );
  for (let i = 0; i < 1000; i++) tell({ from: i }, 'no signature');
  tell({ from: 1 }, 'no body');
  now = 59_999;
  tell({ from: 2 }, 'no signature');
  now = 60_000;
  tell({ from: 3 }, 'no signature');
  tell({ from: 3 }, 'no body');
  expect(lines).toEqual([
    [{ from: 0 }, 'no signature'],
    [{ from: 1 }, 'no body'],
    [{ from: 3, leftOut: 1000 }, 'no signature'],
    [{ from: 3 }, 'no body'],
  ]);
});
