import { describe, expect, it } from '@jest/globals';
import { firstMatch, matchesPath } from '../../src/ci/paths.js';

describe('path filters', () => {
  it.each([
    ['docs/**', 'docs/a/b.rst', true],
    ['docs/**', 'docs', true],
    ['docs/', 'docs/a.rst', true],
    ['docs/*', 'docs/a/b.rst', false],
    ['*.md', 'README.md', true],
    ['*.md', 'a/b/README.md', true],
    ['/*.md', 'a/README.md', false],
    ['/*.md', 'README.md', true],
    ['src/**/*.c', 'src/a.c', true],
    ['src/**/*.c', 'src/a/b/c.c', true],
    ['src/**/*.c', 'src/a.cc', false],
    ['**/CMakeLists.txt', 'CMakeLists.txt', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['[x]', 'x', false],
  ])('%s against %s is %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it('a pattern with ! takes back what an earlier one wanted', () => {
    expect(firstMatch(['src/**', '!src/doc/**'], ['src/doc/a.c'])).toBeNull();
    expect(firstMatch(['src/**', '!src/doc/**'], ['src/doc/a.c', 'src/b.c'])).toBe('src/b.c');
  });

  it('a hostile pattern is answered at once', () => {
    expect(matchesPath(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matchesPath(`${'**/'.repeat(200)}b`, 'a/'.repeat(2000))).toBe(false);
  });
});
