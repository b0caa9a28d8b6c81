/** Texts that trouble parsers, databases, shells and browsers; shared by everything that is fuzzed. */
import type { Dice } from './dice.js';

/** Short ones, each hard for somebody. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e\u2066evil\u2069',
  '👩‍👩‍👧‍👦'.repeat(20),
  'é'.repeat(50),
  '\u200b@octocat',
  '@octocat @spokebot/all',
  '/spokebot product hypre',
  '@spokebot cancel\n/spokebot build all',
  '```\n<!-- -->\n</details>',
  '<script>alert(1)</script>',
  "' or 1=1 --",
  '"; drop table deliveries; --',
  '$(id)`id`;id',
  '../../../../etc/passwd',
  '..',
  '//',
  '%00%2e%2e%2f',
  'a/b/c',
  'LLNL/zfp/../../user',
  '-1',
  '1e400',
  'NaN',
  'null',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  '0'.repeat(40),
  '\r\n\r\nX: y',
  '9999999999999999999999',
  '2026-99-99T99:99:99Z',
  '==> Error: ProcessError: \u001b[31mred\u001b[0m',
];

/** One text of `length` characters that nothing can shorten. */
export function hugeText(dice: Dice, length: number): string {
  const unit = dice.pick([
    'A',
    'ab ',
    '@',
    '`',
    '> ',
    '- ',
    '[',
    '*',
    '<!--',
    '\n',
    '(',
    '👩‍👧',
    '==> Error: ',
    '/spokebot build\n',
  ]);
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}
