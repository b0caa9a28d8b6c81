import { expect, test } from '@jest/globals';
import { duration, relative } from '../../src/web/text.js';
import { ago, NOW } from './rows.js';

test('a span of time is never broken over two lines', () => {
  expect(duration(5)).toBe('5\u00a0s');
  expect(duration(3720)).toBe('1\u00a0h\u00a02\u00a0min');
  expect(relative(ago(2), NOW)).toBe('2\u00a0min\u00a0ago');
  expect(relative(ago(-180), NOW)).toBe('in\u00a03\u00a0h');
  expect(relative(NOW, NOW)).toBe('just\u00a0now');
});
