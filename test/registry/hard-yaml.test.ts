/** Files that are small and hard to read: each is refused at its place, at once, and a mutated one never makes the reader throw. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzConfigs } from '../../bench/fuzz/configs.js';
import { diceOf } from '../../bench/fuzz/dice.js';
import { BOMBS } from '../../bench/fuzz/mutate-yaml.js';
import { parseCheckSpec } from '../../src/registry/check-spec.js';
import { nearest } from '../../src/registry/nearest.js';
import { repositoryFile } from '../../src/registry/repository-schema.js';
import { validate } from '../../src/registry/validate.js';
import { parseYaml } from '../../src/registry/yaml-source.js';

const first = (text: string) => {
  const { problems, value } = parseYaml({ path: 'x.yml', text });
  const [problem] = problems;
  return problem ? `${problem.line}:${problem.column} ${problem.message}` : value;
};

/** Any halves of characters; fast-check's own take seconds to begin. */
const anyText = fc.array(fc.nat({ max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));

describe('a file that is hard to read', () => {
  test.each([
    ['a value that stands in itself', 'a: &a\n  b: *a\n', '2:6 "*a" stands inside what it names'],
    [
      'a value that is nested without end',
      `a:\n  ${'['.repeat(40)}${']'.repeat(40)}`,
      '2:35 This is nested deeper than 32 levels',
    ],
    ['keys of keys, each of which takes twice the time', `${'? '.repeat(20)}x`, '1:3 This key is no word'],
    [
      'anchors that multiply',
      BOMBS[0]!(diceOf(1)),
      '1:1 Not usable YAML: Excessive alias count indicates a resource exhaustion attack',
    ],
    ['a NUL', 'a: b\nc: d\0e\n', '2:5 Here stands a character that no text has (U+0000)'],
    ['an escaped NUL', 'a: b\nc: "d\\0e"\n', '2:4 This text holds a character that no text has'],
    ['half a character', 'a: \ud800\n', '1:4 Here stands a character that no text has (U+D800)'],
    ['a very large file', `a: ${'b'.repeat(300_000)}\n`, '1:1 The file is larger than 256 KB'],
    ['a key that stands twice', 'a: 1\nb: {c: 1, d: 2, c: 3}\n', '2:17 This key stands here twice'],
  ])('%s', (_, text, expected) => {
    expect(first(text)).toBe(expected);
  });

  // Where the parser's stack ends while V8 compiles a regular expression, the whole process ends.
  test.each([150, 800, 2000, 8000, 40_000])('%d levels of anything are refused before they are parsed', (depth) => {
    const lines = (unit: (n: number) => string) =>
      Array.from({ length: Math.min(depth, 600) }, (_, n) => unit(n)).join('\n');
    const texts = [
      `${'- '.repeat(depth)}x`,
      `${'? '.repeat(depth)}x`,
      `${'&a '.repeat(depth)}x`,
      `${`&${'a'.repeat(400)} `.repeat(Math.min(depth, 600))}x`,
      '['.repeat(depth),
      `a: ${'{a: '.repeat(depth)}`,
      `${'[ #]\n'.repeat(depth)}`,
      `${"[a ', ".repeat(depth)}`,
      lines((n) => `${' '.repeat(n)}a:`),
      lines((n) => `${' '.repeat(n)}- - b:`),
    ];
    for (const text of texts)
      expect([text.slice(0, 12), first(text)]).toEqual([
        text.slice(0, 12),
        expect.stringMatching(/nested too deeply$/),
      ]);
  });

  test('the same text under two keys, and a key with a dot beside a section, are no repetition', () => {
    expect(first('a: &x {c: 1}\nb: *x\na.c: 2\n')).toEqual({ a: { c: 1 }, b: { c: 1 }, 'a.c': 2 });
  });

  test('of very many problems the first are told, shortly, and how many there are', () => {
    const text = Array.from({ length: 5000 }, (_, n) => `${'k'.repeat(400)}${n}: 1`).join('\n');
    const { problems } = validate(parseYaml({ path: 'x.yml', text }), repositoryFile);
    expect(problems.length).toBeLessThan(60);
    for (const { message } of problems) expect(message.length).toBeLessThanOrEqual(500);
  });

  test('a word as long as a book is near to nothing', () => {
    expect(nearest('x'.repeat(2_000_000), ['policy', 'x'.repeat(2_000_001)])).toBeNull();
    expect(nearest('polcy', ['policy'])).toBe('policy');
  });

  test('a spec as long as a book is refused before it is read', () => {
    expect(parseCheckSpec(`hypre${'+a'.repeat(100_000)}`)).toMatchObject({
      kind: 'wrong',
      message: 'must have at most 1000 characters',
    });
  });

  test('whatever it holds, reading it gives a value or problems with their places', () => {
    const texts = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          'a',
          ':',
          ' ',
          '\n',
          '-',
          '[',
          ']',
          '{',
          '}',
          '&',
          '*',
          '?',
          '!',
          '|',
          '"',
          "'",
          '#',
          '%',
          ',',
        ),
      }),
      anyText,
    );
    fc.assert(
      fc.property(texts, (text) => {
        const source = parseYaml({ path: 'x.yml', text });
        const lines = text.split(/\r\n|\n|\r/).length;
        for (const { line, column, message } of source.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).not.toBe('');
        }
        if (source.problems.length === 0) JSON.stringify(source.value);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  test('mutated files of every kind are read, and what is in force is the last one without a problem', async () => {
    const { failures, refused } = await fuzzConfigs({ count: 12, seed: 5, onDisk: 20 });
    expect(failures.filter((each) => !each.includes('of the processor'))).toEqual([]);
    expect(refused).toBeGreaterThan(6);
  });
});
