import { describe, expect, test } from '@jest/globals';
import { ownersAtLarge, ownersOfPath, ownersOfPaths, parseCodeowners } from '../../../src/triage/owners/codeowners.js';
import { capMentions } from '../../../src/triage/owners/mention-cap.js';

const rules = (text: string) => parseCodeowners(text).map(({ pattern, owners, line }) => [line, pattern, ...owners]);

describe('parseCodeowners', () => {
  test('reads logins and teams, and leaves comments and addresses out', () => {
    const text = [
      '# who owns what',
      '*       @octocat @Octo-Org/Solvers   # the rest',
      '',
      'docs/   writer@example.org @hubot',
      'apps/github',
      '\ufeff',
    ].join('\r\n');
    expect(rules(text)).toEqual([
      [2, '*', 'octocat', 'Octo-Org/Solvers'],
      [4, 'docs/', 'hubot'],
      [5, 'apps/github'],
    ]);
  });

  test.each([
    ['negation', '!src/ @octocat'],
    ['a range', 'src/[a-c].c @octocat'],
    ['an owner that is none', 'src/ octocat'],
    ['one wrong owner among right ones', 'src/ @octocat @-hubot'],
    ['an escaped number sign, which is a comment all the same', '#src @octocat'],
  ])('leaves out a line with %s', (_, line) => {
    expect(rules(line)).toEqual([]);
  });

  test('a backslash keeps a space in a pattern', () => {
    const [rule] = parseCodeowners('my\\ docs/ @octocat');
    expect(rule?.owners).toEqual(['octocat']);
    expect(ownersOfPath([rule!], 'my docs/a.md')).toEqual(['octocat']);
  });

  test('a file that GitHub would not read names nobody', () => {
    expect(parseCodeowners('* @octocat\n'.repeat(300_000))).toEqual([]);
  });
});

describe('ownersOfPath', () => {
  test.each<[pattern: string, matching: string[], others: string[]]>([
    ['*', ['a', 'a/b/c.txt'], []],
    ['*.js', ['a.js', 'deep/down/b.js'], ['a.jsx', 'js']],
    ['/build/logs/', ['build/logs/a', 'build/logs/b/c'], ['build/logs', 'x/build/logs/a']],
    ['docs/*', ['docs/start.md'], ['docs/build/trouble.md', 'x/docs/start.md']],
    ['/*', ['a.txt'], ['b/a.txt']],
    ['apps/', ['apps/a', 'x/apps/b/c'], ['apps', 'xapps/a']],
    ['/docs/', ['docs/a', 'docs/b/c'], ['x/docs/a']],
    ['/scripts', ['scripts', 'scripts/a/b'], ['x/scripts']],
    ['**/logs', ['logs', 'build/logs', 'a/b/logs/c'], ['logsx', 'a/blogs']],
    ['src/**/test', ['src/test', 'src/a/b/test', 'src/a/test/c'], ['a/src/test', 'src/tests']],
    ['src/**', ['src/a', 'src/a/b'], ['src', 'x/src/a']],
    ['**/src/**', ['src/a', 'x/src/a/b'], ['src', 'x/src']],
    ['lib?.c', ['lib1.c', 'x/libz.c'], ['lib.c', 'lib12.c']],
    ['a*b*c', ['abc', 'aXbYc', 'x/abbcc'], ['ab/c', 'acb']],
    ['Src/', ['Src/a'], ['src/a']],
  ])('%s', (pattern, matching, others) => {
    const parsed = parseCodeowners(`${pattern} @octocat`);
    expect(matching.filter((path) => ownersOfPath(parsed, path) === null)).toEqual([]);
    expect(others.filter((path) => ownersOfPath(parsed, path) !== null)).toEqual([]);
  });

  test('the last rule that matches wins, also one that names nobody', () => {
    const parsed = parseCodeowners('* @octocat\n/src/ @hubot @octo/team\n/src/generated/\n*.md @ghost\n');
    expect(ownersOfPath(parsed, 'README')).toEqual(['octocat']);
    expect(ownersOfPath(parsed, 'src/a.c')).toEqual(['hubot', 'octo/team']);
    expect(ownersOfPath(parsed, 'src/generated/a.c')).toEqual([]);
    expect(ownersOfPath(parsed, 'src/generated/a.md')).toEqual(['ghost']);
    expect(ownersOfPath(parseCodeowners('/src/ @hubot'), 'README')).toBe(null);
  });

  test('a pattern made of stars is matched in steps that can be counted', () => {
    const parsed = parseCodeowners(`${'a*'.repeat(60)}b @octocat\n${'**/a/'.repeat(60)}b @octocat`);
    expect(ownersOfPath(parsed, 'a'.repeat(2000))).toBe(null);
    expect(ownersOfPath(parsed, 'a/'.repeat(500))).toBe(null);
  });
});

describe('ownersAtLarge', () => {
  test.each([
    ['the last rule for everything', '* @a\n/src @b\n* @octocat @hubot\n/x @c', ['octocat', 'hubot']],
    ['without one, who stands in most rules', '/a @one\n/b @two @three\n/c @three', ['three', 'one', 'two']],
    ['a rule for everything that names nobody', '*\n/src @b', ['b']],
    ['nobody', '# empty\n', []],
  ])('%s', (_, text, expected) => {
    expect(ownersAtLarge(parseCodeowners(text))).toEqual(expected);
  });
});

test('triage R1: a change of 5,000 files that sixty people own mentions nobody and says so', () => {
  const text = Array.from({ length: 60 }, (_, n) => `/part${n}/ @owner${n}`).join('\n');
  const paths = Array.from({ length: 5000 }, (_, n) => `part${n % 60}/src/file${n}.c`);
  const owners = ownersOfPaths(parseCodeowners(text), paths);
  expect(owners).toHaveLength(60);
  expect(capMentions(owners)).toEqual({
    mention: [],
    because: 'it would mention 60 people, more than 5, so nobody is mentioned',
  });
  const few = ownersOfPaths(
    parseCodeowners(text),
    paths.filter((path) => /^part[0-4]\//.test(path)),
  );
  expect(capMentions([...few, 'OWNER1'])).toEqual({
    mention: ['owner0', 'owner1', 'owner2', 'owner3', 'owner4'],
    because: null,
  });
});
